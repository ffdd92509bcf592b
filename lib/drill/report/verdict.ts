import { seconds } from '../measure/judge';
import type { DrillStatus } from '../run/run-drill';
import { boundText } from './bound-text';
import type { DrillReport } from './document';

const ORDER: readonly DrillStatus[] = ['completed', 'deviated', 'failed', 'aborted', 'interrupted'];

/** Status of several runs: the one that is furthest from completed. */
export function worstStatus(statuses: readonly DrillStatus[]): DrillStatus {
  return statuses.reduce<DrillStatus>(
    (worst, status) => (ORDER.indexOf(status) > ORDER.indexOf(worst) ? status : worst),
    'completed',
  );
}

/** Everything in one line. */
export function verdictLine(report: Omit<DrillReport, 'verdict' | 'followUps'>): string {
  const run = report.runs[report.worst];
  const times = report.runs.length === 1 ? '' : `, ${report.runs.length} runs`;
  const where = `${report.drill} on ${report.target}${report.speed === 1 ? '' : ` at speed ${report.speed}`}${times}`;
  if (report.status !== 'completed') return `${report.status.toUpperCase()}: ${where}: ${run?.detail ?? 'it did not run'}`;
  const { rto, rpo } = report;
  const bound = run?.measurement && boundText(run.measurement.rtoComparison, run.measurement.slowness);
  const numbers = [
    ...(rto.worst === undefined
      ? []
      : [`RTO ${seconds(rto.worst)}${bound === undefined ? '' : ` of ${bound} that the proof allows`}`]),
    ...(rpo.worst === undefined ? [] : [`RPO ${seconds(rpo.worst)}`]),
  ];
  return `COMPLETED: ${where}: every expectation held; ${numbers.join(', ')}`;
}

/** Exit code of the command (design 12). */
export function drillExitCode(status: DrillStatus): 0 | 1 | 3 {
  switch (status) {
    case 'completed':
      return 0;
    case 'deviated':
    case 'failed':
      return 1;
    case 'aborted':
    case 'interrupted':
      return 3;
  }
}
