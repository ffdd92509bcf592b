import type { Cancellation, OperationPorts } from '../../ports';
import { StampError } from '../../errors';
import type { GroupView } from '../group-view';
import { Journal, readJournal } from '../journal/journal';
import type { JournalEntry } from '../journal/journal-entry';
import type { ControlReplicas } from '../lease/control-replicas';
import { breakGlassHold, type Hold } from '../lease/hold';
import { acquireLease } from '../lease/lease';
import type { Plan } from '../plan';
import { controlReplicas } from './control';
import { carryOut, type Identity, inProgress, unfinished } from './execute';
import { refused } from './finish';
import type { OperationReport } from './operation-report';

export interface ResumeOptions {
  readonly view: GroupView;
  readonly operation: string;
  readonly identity: Identity;
  readonly cancellation: Cancellation;
  readonly above: number;
  readonly breakGlass?: string;
  readonly patient?: boolean;
}

/**
 * Goes on with an operation after a crash, a failure or a stop: the same plan from the journal, under a new token. Steps that are over
 * stay so; the others look first and do what is missing.
 *
 * @throws StampError `OPERATION_UNKNOWN`, `OPERATION_OVER`
 */
export async function resume(ports: OperationPorts, options: ResumeOptions): Promise<OperationReport> {
  const { view, operation, identity } = options;
  const table = options.breakGlass === undefined ? controlReplicas(ports, view) : undefined;
  const first = await readJournal(ports.localJournal, table, operation);
  const plan = planOf(first, operation);
  const replicas = table === undefined ? undefined : controlReplicas(ports, view, plan);
  const hold = await takeHold(ports, options, plan, replicas);
  if ('refused' in hold) return hold.refused;
  // Read again under the lease: whoever held it before may have written since.
  const history = await readJournal(ports.localJournal, replicas, operation);
  const last = history.findLast((entry) => entry.kind === 'end');
  if (last?.kind === 'end' && (last.result === 'completed' || last.detail.startsWith('replaced by '))) {
    await hold.release(undefined);
    throw new StampError('OPERATION_OVER', `${operation} has ended: ${last.detail}`, 'Nothing is left to resume');
  }
  const journal = new Journal(ports.localJournal, ports.clock, { operation, token: hold.token, ...(replicas && { replicas }) });
  const { operator } = identity;
  const { breakGlass } = options;
  await journal.append({ kind: 'resume', operator, ...(breakGlass !== undefined && { breakGlass }) }, replicas !== undefined);
  const begun = history[0]?.at ?? new Date(ports.clock.now()).toISOString();
  const findings = history.flatMap((entry) => (entry.kind === 'begin' ? entry.findings : []));
  return carryOut(ports, { ...options, plan, findings }, { operation, hold, journal, history, begun, replicas });
}

function planOf(history: readonly JournalEntry[], operation: string): Plan {
  const begin = history.find((entry) => entry.kind === 'begin');
  if (begin?.kind === 'begin') return begin.plan;
  throw new StampError(
    'OPERATION_UNKNOWN',
    `neither this machine nor the control table has a journal of ${operation} that begins`,
    'List the operations: stampkit journal list. One that never began has changed nothing: replace it with --supersede',
  );
}

async function takeHold(
  ports: OperationPorts,
  { identity, above, operation, breakGlass, patient, cancellation }: ResumeOptions,
  plan: Plan,
  replicas: ControlReplicas | undefined,
): Promise<Hold | { readonly refused: OperationReport }> {
  if (replicas === undefined || breakGlass !== undefined)
    return breakGlassHold({ token: above + 1, operator: identity.operator, operation });
  const result = await acquireLease(replicas, ports.clock, {
    group: plan.group,
    operation,
    takesOver: operation,
    ...identity,
    above,
    patient: patient ?? true,
    cancelled: () => cancellation.level > 0,
  });
  if (result.kind === 'acquired') return result.lease;
  const { operator, unfinished: other } = result.record;
  return {
    refused: refused(plan, [
      result.kind === 'held' ? inProgress(plan.group, operator, other) : unfinished(plan.group, operator, other ?? ''),
    ]),
  };
}
