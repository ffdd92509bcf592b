import { StampError } from '../../../errors';
import type { GroupView } from '../../../operations/group-view';
import { attempt } from '../../../operations/observe/bounded';
import { controlReplicas } from '../../../operations/execute/control';
import { outcomesOf } from '../../../operations/execute/run-plan';
import type { StepResult } from '../../../operations/execute/run-step';
import { readJournal } from '../../../operations/journal/journal';
import { hasEnded } from '../../../operations/journal/reconcile';
import type { JournalEntry } from '../../../operations/journal/journal-entry';
import type { Plan, Step } from '../../../operations/plan';
import type { OperationPorts } from '../../../ports';

/** An operation as its journal tells it. */
export interface RecordedOperation {
  readonly operation: string;
  readonly plan: Plan;
  readonly entries: readonly JournalEntry[];
  readonly outcomes: ReadonlyMap<string, StepResult>;
  /** Steps that a resumed run would look at and do, in the order of the plan. */
  readonly left: readonly Step[];
  /** How it ended; absent while it has not. */
  readonly end?: Extract<JournalEntry, { kind: 'end' }>;
  /** Entries that the control table has not, and this machine has. */
  readonly onlyHere: number;
  /** False when no replica of the control table answered: only this machine was asked. */
  readonly tableAnswered: boolean;
}

const OVER: readonly string[] = ['done', 'already', 'unconfirmed'];

/**
 * Reads an operation from this machine and, if that answers, from the control table.
 *
 * @throws StampError OPERATION_UNKNOWN
 */
export async function readOperation(ports: OperationPorts, view: GroupView, operation: string): Promise<RecordedOperation> {
  const [inTable, here] = await Promise.all([
    attempt(() => readJournal(ports.localJournal, controlReplicas(ports, view), operation)),
    readJournal(ports.localJournal, undefined, operation),
  ]);
  const entries = inTable.ok ? inTable.value : here;
  const begin = entries.find((entry) => entry.kind === 'begin');
  if (begin?.kind !== 'begin') {
    throw new StampError(
      'OPERATION_UNKNOWN',
      inTable.ok
        ? `neither this machine nor the control table has a journal of ${operation}`
        : `this machine has no journal of ${operation}, and the control table does not answer`,
      `List the operations: stampkit journal list ${view.group.name}.`,
    );
  }
  const outcomes = outcomesOf(entries);
  const end = entries.findLast((entry) => entry.kind === 'end');
  const resumed = entries.findLastIndex((entry) => entry.kind === 'resume');
  const ended = end?.kind === 'end' && entries.indexOf(end) > resumed ? end : undefined;
  const { plan } = begin;
  return {
    operation,
    plan,
    entries,
    outcomes,
    left: plan.steps.filter((step) => !OVER.includes(outcomes.get(step.id)?.outcome ?? '')),
    ...(ended !== undefined && { end: ended }),
    onlyHere: inTable.ok ? await unreplicated(ports, view, operation, here) : here.length,
    tableAnswered: inTable.ok,
  };
}

/** True when nothing is left to resume. */
export function isOver({ entries }: Pick<RecordedOperation, 'entries'>): boolean {
  return hasEnded(entries);
}

async function unreplicated(
  ports: OperationPorts,
  view: GroupView,
  operation: string,
  here: readonly JournalEntry[],
): Promise<number> {
  if (here.length === 0) return 0;
  const items = await attempt(() => controlReplicas(ports, view).query(`journal#${operation}`));
  if (!items.ok) return here.length;
  const there = new Set(items.value.map((item) => item.body as JournalEntry).map(({ token, seq }) => `${token}#${seq}`));
  return here.filter(({ token, seq }) => !there.has(`${token}#${seq}`)).length;
}
