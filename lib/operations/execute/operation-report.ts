import type { OperationFinding } from '../finding-codes';
import type { OperationResult } from '../journal/journal-entry';
import type { Plan } from '../plan';
import type { StepResult } from './run-step';

/** What an operation did, for people and as JSON. */
export interface OperationReport {
  readonly schemaVersion: 1;
  /** Empty when it was refused before it began. */
  readonly operation: string;
  readonly kind: Plan['operation'];
  readonly group: string;
  readonly variant: string;
  readonly hash: string;
  readonly result: OperationResult | 'refused';
  /** One line. */
  readonly detail: string;
  readonly findings: readonly OperationFinding[];
  readonly steps: readonly StepResult[];
  /** Steps that were not reached. */
  readonly open: readonly string[];
  readonly pending: readonly string[];
  /** Seconds from the first entry to the last step. */
  readonly seconds: number;
  /** Restores: how old the data is that came back, in seconds before the request. */
  readonly achievedRpoSeconds?: number;
  /** Restores: seconds until the data was validated. Failovers: until the database took writes, or traffic was moved. */
  readonly achievedRtoSeconds?: number;
  /** What to do now, most urgent first. */
  readonly next: readonly string[];
}

/** Exit code of the command line (design 12). */
export function exitCode(report: Pick<OperationReport, 'result'>): 0 | 1 | 3 {
  switch (report.result) {
    case 'completed':
      return 0;
    case 'failed':
      return 1;
    case 'refused':
    case 'aborted':
    case 'interrupted':
      return 3;
  }
}

/** What somebody has to do after a run that is not complete. */
export function nextSteps(
  plan: Plan,
  run: {
    readonly operation: string;
    readonly result: OperationResult;
    readonly steps: readonly StepResult[];
    readonly pending: readonly string[];
    /** Nothing is left to go on with. */
    readonly over: boolean;
    /** It ran without the control table: its journal is on this machine only. */
    readonly dark: boolean;
  },
): string[] {
  const { operation, result, steps, pending, over, dark } = run;
  const next: string[] = [];
  if (result !== 'completed') {
    if (!over) next.push(`Go on where it stopped: stampkit journal resume ${operation}`);
    next.push(`Look at what was done: stampkit journal show ${operation}`);
  }
  for (const step of steps) {
    if (step.outcome === 'unconfirmed') next.push(`Look at "${step.step}": ${step.detail}`);
  }
  next.push(...pending);
  if (dark) next.push('When the control table answers again, bring the journal to it: stampkit journal reconcile --go');
  if (result === 'completed' && plan.operation === 'failover' && plan.variant !== 'switchover') {
    next.push(`When the old Region is back, bring its stamp back as a replica: ${returnCommand(plan)}`);
  }
  return next;
}

/** The stamps that a failover took out are those that may come back. */
function returnCommand(plan: Plan): string {
  const out = plan.steps.flatMap(({ action }) =>
    action.do === 'put-switch' && action.state === 'evacuated' ? [action.stamp] : [],
  );
  return (out.length === 0 ? ['STAMP'] : out).map((stamp) => `stampkit return ${stamp}`).join(', ');
}
