import { viewOf } from '../../../operations/group-view';
import { attempt, inParallel } from '../../../operations/observe/bounded';
import { controlReplicas } from '../../../operations/execute/control';
import { listOperations, type OperationSummary } from '../../../operations/journal/operation-index';
import type { OperationPorts } from '../../../ports';
import { compareText } from '../../../order';
import type { Fleet, TenantGroup } from '../../../topology/types';
import { groupNameOf } from './operation-id';
import { readOperation } from './read-operation';

/** How many groups are asked for at once. */
const GROUPS_AT_ONCE = 16;

export interface ListedOperation extends OperationSummary {
  readonly group: string;
  /** True when only this machine knows of it, or knows more than the control table: break-glass, or a crash. */
  readonly onlyHere: boolean;
}

export interface JournalList {
  /** Newest first. */
  readonly operations: readonly ListedOperation[];
  /** Groups whose list could not be read from the control table. */
  readonly silent: readonly string[];
}

/** Operations of groups, from the control table and from this machine. */
export async function listJournal(ports: OperationPorts, fleet: Fleet, groups: readonly TenantGroup[]): Promise<JournalList> {
  const silent: string[] = [];
  const lists = await inParallel(
    GROUPS_AT_ONCE,
    groups.map((group) => async (): Promise<ListedOperation[]> => {
      const view = viewOf(fleet, group.name);
      const read = await attempt(() => listOperations(controlReplicas(ports, view), group.name));
      if (!read.ok) silent.push(group.name);
      return (read.ok ? read.value : []).map((each) => ({ ...each, group: group.name, onlyHere: false }));
    }),
  );
  const known = new Map(lists.flat().map((each) => [each.operation, each]));
  for (const operation of await ports.localJournal.list()) {
    const group = groups.find((candidate) => candidate.name === groupNameOf(operation));
    if (group === undefined || known.has(operation)) continue;
    const local = await fromThisMachine(ports, fleet, group, operation);
    if (local !== undefined) known.set(operation, local);
  }
  const operations = [...known.values()].sort((a, b) => compareText(b.operation, a.operation));
  return { operations, silent: silent.sort(compareText) };
}

async function fromThisMachine(
  ports: OperationPorts,
  fleet: Fleet,
  group: TenantGroup,
  operation: string,
): Promise<ListedOperation | undefined> {
  try {
    const { plan, entries, end } = await readOperation(ports, viewOf(fleet, group.name), operation);
    const begin = entries.find((entry) => entry.kind === 'begin');
    return {
      operation,
      group: group.name,
      kind: plan.operation,
      variant: plan.variant,
      operator: begin?.kind === 'begin' ? begin.operator : 'unknown',
      begun: entries[0]?.at ?? '',
      hash: plan.hash,
      onlyHere: true,
      ...(end !== undefined && { result: end.result, ended: end.at }),
    };
  } catch {
    // Begun and cut off before its plan was on disk: it has changed nothing.
    return undefined;
  }
}
