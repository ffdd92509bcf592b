import { seconds } from '../measure/judge';
import type { Looseness } from '../measure/compare';
import type { DrillReport } from './document';

/** From here on bounds of real terms are so wide that the reader has to know. */
const SLOW = 2;

/** What somebody should do or know after a drill, most urgent first. */
export function followUps(report: Omit<DrillReport, 'verdict' | 'followUps'>): string[] {
  const run = report.runs[report.worst];
  const measurement = run?.measurement;
  const found: string[] = [];
  if (report.status === 'aborted')
    found.push('Find out why the fleet was not steady before anything was broken: nothing was learned');
  if (report.status === 'interrupted')
    found.push('Look at the rollbacks in the journal: what is left has to be finished by hand');
  for (const deviation of run?.deviations ?? []) found.push(`Explain: ${deviation}`);
  if (measurement?.rtoComparison.state === 'above' || measurement?.rpoComparison.state === 'above') {
    found.push(
      'A measured value is above its bound: either the product is slower than it may be, or the proof has to learn it. Nothing else is as important',
    );
  }
  for (const { do: what, operation, steps } of run?.operations ?? []) {
    for (const { step, outcome, detail } of steps) {
      if (outcome === 'unconfirmed')
        found.push(`Look at "${step}" of the ${what} (${operation ?? 'no id'}), which was not confirmed: ${detail}`);
    }
  }
  const slowness = Math.max(1, ...report.runs.map((each) => each.measurement?.slowness?.factor ?? 1));
  if (slowness > SLOW) {
    found.push(
      `This machine took up to ${slowness.toFixed(1)} times as long for the same work as an idle one with two cores: bounds are wider by so much in what is work. Run it again on a machine that has less to do`,
    );
  }
  found.push(...slack('RTO', report.looseness.rto), ...slack('RPO', report.looseness.rpo));
  if (report.target === 'lab') {
    found.push(
      'Emulated terms are waits that the lab was told to make: that they fit says nothing about AWS. Only real terms are measured here, on this machine and not on AWS',
    );
  }
  return found;
}

function slack(what: string, looseness: Looseness | undefined): string[] {
  if (looseness === undefined || !looseness.loose) return [];
  const terms = looseness.terms.map(({ name, seconds: allowed, nature }) => `${name} ${seconds(allowed)} (${nature})`).join(', ');
  const factor = looseness.factor >= 100 ? 'more than 100' : looseness.factor.toFixed(1);
  return [
    `The bound of the ${what} is loose: ${seconds(looseness.bound)} is ${factor} times the worst that was seen (${seconds(looseness.worst)}). Its largest terms: ${terms}`,
  ];
}
