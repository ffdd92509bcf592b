import { type Cancellation, isPortError, type OperationPorts } from '../../ports';
import { StampError } from '../../errors';
import type { OperationFinding } from '../finding-codes';
import type { GroupView } from '../group-view';
import { Journal, readJournal } from '../journal/journal';
import type { JournalEntry } from '../journal/journal-entry';
import { hasEnded, runsInTheDark } from '../journal/reconcile';
import type { ControlReplicas } from '../lease/control-replicas';
import { breakGlassHold, type Hold } from '../lease/hold';
import { acquireLease, type LeaseAttempt } from '../lease/lease';
import type { Plan } from '../plan';
import { controlReplicas } from './control';
import { carryOut, type Identity, inProgress, noTable, unfinished } from './execute';
import { refused } from './finish';
import type { OperationReport } from './operation-report';
import { judgeResume } from './resume-safety';

export interface ResumeOptions {
  readonly view: GroupView;
  readonly operation: string;
  readonly identity: Identity;
  readonly cancellation: Cancellation;
  /** Highest token of any switch that was seen: ours is higher. */
  readonly above: number;
  readonly breakGlass?: string;
  readonly patient?: boolean;
}

/**
 * Goes on with an operation after a crash, a failure or a stop: the same plan from the journal, under a new token. Steps that are over
 * stay so; the others look first and do what is missing. Only what the group's lease names can be resumed: what ended, or was replaced, was
 * decided upon a world that is gone. While the step that matters has not begun, the world is judged again.
 *
 * @throws StampError `OPERATION_UNKNOWN`, `OPERATION_OVER`
 */
export async function resume(ports: OperationPorts, options: ResumeOptions): Promise<OperationReport> {
  const { view, operation, identity, breakGlass } = options;
  const found = await find(ports, options);
  if ('refused' in found) return found.refused;
  const { plan, replicas } = found;
  // A run in the dark may have had a token that no switch has seen: entries of two runs must not have one number.
  const above = Math.max(options.above, ...found.entries.map((entry) => entry.token));
  const hold = await takeHold(ports, { ...options, above }, found);
  if ('refused' in hold) return hold.refused;
  // Read again under the lease: whoever held it before may have written since.
  const history = await readJournal(ports.localJournal, replicas, operation);
  if (hasEnded(history)) {
    await hold.release(undefined);
    throw isOver(operation, history);
  }
  const problems = await judgeResume(ports, {
    view,
    plan,
    history,
    operation,
    identity,
    breakGlass: breakGlass !== undefined,
  }).catch(async (error: unknown) => {
    await hold.release(operation);
    throw error;
  });
  if (problems.length > 0) {
    await hold.release(operation);
    return refused(plan, problems);
  }
  const journal = new Journal(ports.localJournal, ports.clock, { operation, token: hold.token, ...(replicas && { replicas }) });
  const { operator } = identity;
  await journal.append({ kind: 'resume', operator, ...(breakGlass !== undefined && { breakGlass }) }, replicas !== undefined);
  const begun = history[0]?.at ?? new Date(ports.clock.now()).toISOString();
  const findings = history.flatMap((entry) => (entry.kind === 'begin' ? entry.findings : []));
  return carryOut(ports, { ...options, plan, findings }, { operation, hold, journal, history, begun, replicas });
}

interface Found {
  readonly plan: Plan;
  readonly entries: readonly JournalEntry[];
  readonly replicas: ControlReplicas | undefined;
}

/** The journal, from this machine first: its plan says which Regions not to ask. */
async function find(
  ports: OperationPorts,
  { view, operation, breakGlass }: ResumeOptions,
): Promise<Found | { readonly refused: OperationReport }> {
  const local = await readJournal(ports.localJournal, undefined, operation);
  const known = planIn(local);
  if (breakGlass !== undefined) return { plan: needed(known, operation), entries: local, replicas: undefined };
  try {
    const entries = await readJournal(ports.localJournal, controlReplicas(ports, view, known), operation);
    const plan = needed(planIn(entries), operation);
    return { plan, entries, replicas: controlReplicas(ports, view, plan) };
  } catch (error) {
    if (!isPortError(error) || known === undefined) throw error;
    return { refused: refused(known, [noTable(view.group.name, error)]) };
  }
}

function planIn(entries: readonly JournalEntry[]): Plan | undefined {
  const begin = entries.find((entry) => entry.kind === 'begin');
  return begin?.kind === 'begin' ? begin.plan : undefined;
}

function needed(plan: Plan | undefined, operation: string): Plan {
  if (plan !== undefined) return plan;
  throw new StampError(
    'OPERATION_UNKNOWN',
    `neither this machine nor the control table has a journal of ${operation} that begins`,
    'List the operations: stampkit journal list. One that never began has changed nothing: replace it with --supersede',
  );
}

function isOver(operation: string, entries: readonly JournalEntry[]): StampError {
  const end = entries.findLast((entry) => entry.kind === 'end');
  const why = end?.kind === 'end' ? end.detail : 'the group does not wait for it';
  return new StampError('OPERATION_OVER', `${operation} has ended: ${why}`, 'Nothing is left to resume; ask for a new operation');
}

async function takeHold(
  ports: OperationPorts,
  { identity, above, operation, breakGlass, patient, cancellation }: ResumeOptions,
  { plan, entries, replicas }: Found,
): Promise<Hold | { readonly refused: OperationReport }> {
  if (replicas === undefined || breakGlass !== undefined)
    return breakGlassHold({ token: above + 1, operator: identity.operator, operation });
  let result: LeaseAttempt;
  try {
    result = await acquireLease(replicas, ports.clock, {
      group: plan.group,
      operation,
      takesOver: operation,
      // The lease could not be told of a run in the dark.
      resumes: !entries.some(runsInTheDark),
      yields: plan.operation === 'restore',
      ...identity,
      above,
      patient: patient ?? true,
      cancelled: () => cancellation.level > 0,
    });
  } catch (error) {
    return { refused: refused(plan, [noTable(plan.group, error)]) };
  }
  const refuseWith = (finding: OperationFinding): { readonly refused: OperationReport } => ({
    refused: refused(plan, [finding]),
  });
  switch (result.kind) {
    case 'acquired':
      return result.lease;
    case 'held':
      return refuseWith(inProgress(plan.group, result.record.operator, result.record.unfinished));
    case 'unfinished':
      return refuseWith(unfinished(plan.group, result.record.operator, result.record.unfinished ?? ''));
    case 'over':
      throw isOver(operation, entries);
  }
}
