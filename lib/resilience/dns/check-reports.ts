import type { DnsAssumptionName } from './assumptions';
import type { CheckerReport } from './types';

/** Locations that probe when a check does not choose (aws-facts 2.2). */
export const CHECKER_LOCATIONS: readonly string[] = [
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-west-1',
  'us-west-2',
];

/** The verdict of all checkers together, before inversion. */
export interface Aggregate {
  readonly passes: boolean;
  readonly detail: string;
  readonly assumptions: readonly DnsAssumptionName[];
}

/** How many checkers say what. */
interface Tally {
  pass: number;
  fail: number;
  noData: number;
  lost: number;
}

/**
 * Healthy when more than `healthyShare` (18 %) of the checkers say so; at exactly that share unhealthy (aws-facts 2.3). Without any
 * verdict yet: healthy. A report that does not arrive counts as not healthy, which is why the share is so small (aws-facts 1.1).
 */
export function aggregateReports(reports: readonly CheckerReport[], healthyShare: number, inverted: boolean): Aggregate {
  const tally = countReports(reports);
  const { pass, fail, noData, lost } = tally;
  const total = pass + fail + noData + lost;
  if (total === 0 || noData === total) {
    return { passes: true, detail: 'not enough data yet', assumptions: [] };
  }
  const isHealthy = (share: number): boolean => share > healthyShare;
  const passes = isHealthy((pass + noData) / total);
  const assumptions: DnsAssumptionName[] = [];
  if (lost > 0 && (total === lost || isHealthy((pass + noData) / (total - lost)) !== passes)) assumptions.push('lostReports');
  if (noData > 0 && isHealthy(pass / total) !== passes) assumptions.push('partialData');
  // Inverting each report first would give another verdict: see the assumption.
  if (inverted && isHealthy((total - pass - noData) / total) === passes) assumptions.push('inversionOfAggregate');
  return { passes, detail: describe(tally, total, healthyShare), assumptions };
}

function countReports(reports: readonly CheckerReport[]): Tally {
  const tally: Tally = { pass: 0, fail: 0, noData: 0, lost: 0 };
  for (const { verdict, checkers = 1 } of reports) tally[verdict === 'no-data' ? 'noData' : verdict] += checkers;
  return tally;
}

function describe({ pass, noData, lost }: Tally, total: number, healthyShare: number): string {
  const share = percent((pass + noData) / total);
  const missing = [...(noData > 0 ? [`${noData} without a verdict yet`] : []), ...(lost > 0 ? [`${lost} unheard`] : [])];
  const rest = missing.length > 0 ? ` (${missing.join(', ')})` : '';
  if (pass === total) return 'every checker passes';
  if (pass + noData + lost === 0) return 'every checker fails';
  return `${pass + noData} of ${total} checkers pass${rest}: ${share}, more than ${percent(healthyShare)} are needed`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
