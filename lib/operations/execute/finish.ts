import type { OperationPorts } from '../../ports';
import type { OperationFinding } from '../finding-codes';
import type { JournalEntry, OperationResult } from '../journal/journal-entry';
import { noteOperation } from '../journal/operation-index';
import type { Plan } from '../plan';
import type { ExecuteOptions, Started } from './execute';
import { report } from './context';
import { nextSteps, type OperationReport } from './operation-report';
import { OVER, type PlanOutcome } from './run-plan';
import type { StepResult } from './run-step';

/** Ends an operation: journal, lease, report. After a stop at once nothing is written: the journal says that it is not over. */
export async function finish(
  ports: OperationPorts,
  { plan, findings, identity, cancellation }: Pick<ExecuteOptions, 'plan' | 'findings' | 'identity' | 'cancellation'>,
  { operation, hold, journal, history, begun, replicas }: Started,
  outcome: PlanOutcome | 'stopped',
): Promise<OperationReport> {
  const results = outcome === 'stopped' ? [] : outcome.results;
  const { result, detail } = judge(plan, outcome, cancellation.level > 0);
  const open = plan.steps.map((step) => step.id).filter((id) => !results.some((each) => each.step === id));
  const seconds = Math.max(0, Math.round((ports.clock.now() - Date.parse(begun)) / 100) / 10);
  const reached = achieved(plan, results, seconds, begun);
  const over = isOver(plan, results, history);
  if (outcome !== 'stopped' && outcome.lost === undefined) {
    await journal.append({ kind: 'end', result, detail, ...(over && { over }), ...reached });
    await hold.release(over ? undefined : operation);
    if (replicas !== undefined) {
      const ended = new Date(ports.clock.now()).toISOString();
      const summary = {
        operation,
        kind: plan.operation,
        variant: plan.variant,
        operator: identity.operator,
        begun,
        hash: plan.hash,
      };
      await noteOperation(replicas, plan.group, { ...summary, result, ended, ...reached }).catch(() => undefined);
    }
  }
  report(ports, {
    level: result === 'completed' ? 'info' : 'error',
    code: `operation-${result}`,
    message: detail,
    data: { operation },
  });
  const pending = [...plan.pending, ...results.flatMap(pendingOf)];
  return {
    ...base(plan, findings),
    operation,
    result,
    detail,
    steps: results,
    open,
    pending,
    seconds,
    ...reached,
    next: nextSteps(plan, {
      operation,
      result,
      steps: results,
      pending,
      over: over && outcome !== 'stopped',
      dark: replicas === undefined,
    }),
  };
}

/** Whether nothing is left to go on with: every step is over, or nothing was changed, by this run or by those before it. */
function isOver(plan: Plan, results: readonly StepResult[], history: readonly JournalEntry[]): boolean {
  if (results.length === plan.steps.length && results.every((each) => OVER.has(each.outcome))) return true;
  const cleanup = plan.steps.filter((step) => step.cleanup === true);
  if (cleanup.length > 0 && cleanup.every(({ id }) => results.some((each) => each.step === id && OVER.has(each.outcome))))
    return true;
  const touched = results.some((each) => !['already', 'aborted', 'compensated'].includes(each.outcome));
  return !touched && !history.some((entry) => entry.kind === 'intent');
}

/** A report of something that did not begin. */
export function refused(plan: Plan, findings: readonly OperationFinding[]): OperationReport {
  const errors = findings.filter((finding) => finding.severity === 'error');
  return {
    ...base(plan, findings),
    operation: '',
    result: 'refused',
    detail: errors[0]?.message ?? 'refused',
    steps: [],
    open: plan.steps.map((step) => step.id),
    pending: [],
    seconds: 0,
    next: errors.map((finding) => finding.fix),
  };
}

function base(
  plan: Plan,
  findings: readonly OperationFinding[],
): Pick<OperationReport, 'schemaVersion' | 'kind' | 'group' | 'variant' | 'hash' | 'findings'> {
  return { schemaVersion: 1, kind: plan.operation, group: plan.group, variant: plan.variant, hash: plan.hash, findings };
}

function judge(plan: Plan, outcome: PlanOutcome | 'stopped', cancelled: boolean): { result: OperationResult; detail: string } {
  if (outcome === 'stopped') return { result: 'interrupted', detail: 'stopped at once; the step at hand may be half done' };
  if (outcome.lost !== undefined) return { result: 'interrupted', detail: `stopped: ${outcome.lost}` };
  const failed = outcome.results.find((each) => each.outcome === 'failed');
  // What fails while the operator stops it was stopped.
  if (failed !== undefined) return { result: cancelled ? 'aborted' : 'failed', detail: `${failed.step}: ${failed.detail}` };
  if (outcome.results.length === plan.steps.length && outcome.results.every((each) => OVER.has(each.outcome))) {
    return { result: 'completed', detail: `${plan.operation} of ${plan.group} is done` };
  }
  const undone = outcome.results.find((each) => each.outcome === 'compensated');
  if (undone !== undefined) return { result: cancelled ? 'aborted' : 'failed', detail: `${undone.step}: ${undone.detail}` };
  return { result: 'aborted', detail: `stopped by the operator after ${outcome.results.length} of ${plan.steps.length} steps` };
}

function pendingOf(step: StepResult): string[] {
  const data = step.data as { readonly pending?: readonly string[] } | undefined;
  return data?.pending === undefined ? [] : [`${step.step} is pending in ${data.pending.join(', ')}: repeat it when they answer`];
}

/** When the purpose of the operation was reached, and what it cost. */
function achieved(
  plan: Plan,
  results: readonly StepResult[],
  seconds: number,
  begun: string,
): Pick<OperationReport, 'achievedRpoSeconds' | 'achievedRtoSeconds'> {
  const complete = results.length === plan.steps.length;
  if (!complete) return {};
  const rpo = plan.steps.flatMap(({ action }) => (action.do === 'record-restore' ? [action.record.dataOf] : []))[0];
  switch (plan.operation) {
    case 'restore':
      return {
        achievedRtoSeconds: seconds,
        ...(rpo !== undefined && { achievedRpoSeconds: Math.max(0, Math.round((Date.parse(begun) - rpo) / 1000)) }),
      };
    case 'failover':
    case 'failback':
    case 'cutover':
      return { achievedRtoSeconds: seconds };
    default:
      return {};
  }
}
