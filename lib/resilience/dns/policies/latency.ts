import type { DnsAssumptionName } from '../assumptions';
import { LATENCY_TABLE_AS_OF, type Latency, latencyTo } from '../latency';
import { type Policy, evenly, healthyOrAll, listed, smallest } from './choice';

/** Latency: the Region with the lowest latency to the client, among the healthy ones; among all when none is (aws-facts 1.3). */
export const chooseLatency: Policy = (input) => {
  const { seen, measuredLatencies } = input;
  const { candidates, failOpen } = healthyOrAll(input);
  const open = failOpen ? 'no record is healthy, so all count as healthy: ' : '';
  const rule = '1.3 latency';
  const [only, ...others] = candidates;
  if (only === undefined || others.length === 0) {
    const reason = () => `${open}the only ${failOpen || input.group.records.length === 1 ? '' : 'healthy '}Region`;
    return { picks: evenly(candidates), failOpen, rule, reason, assumptions: [] };
  }
  const latencies = new Map(candidates.map((record) => [record, latencyTo(record.set.Region ?? '', seen, measuredLatencies)]));
  if ([...latencies.values()].includes(undefined)) {
    return {
      picks: evenly(candidates),
      failOpen,
      rule,
      reason: () => `${open}nothing says where the client is: any of ${listed(candidates)}`,
      assumptions: ['locationUnknown'],
    };
  }
  const nearest = smallest(candidates, (record) => latencies.get(record)?.milliseconds ?? Infinity);
  const estimated = [...latencies.values()].some((latency) => latency?.measured !== true);
  const table = () => candidates.map((record) => `${record.set.Region ?? '?'} ${shown(latencies.get(record))}`).join(', ');
  const assumptions: DnsAssumptionName[] = [...seen.assumptions, ...(estimated ? (['latencyByDistance'] as const) : [])];
  return {
    picks: evenly(nearest),
    failOpen,
    rule,
    reason: () => `${open}${listed(nearest)} is nearest (${table()}${estimated ? `; distances of ${LATENCY_TABLE_AS_OF}` : ''})`,
    assumptions,
  };
};

function shown(latency: Latency | undefined): string {
  if (latency === undefined || latency.milliseconds === Infinity) return 'unknown';
  return `${latency.measured ? '' : 'about '}${Math.round(latency.milliseconds)} ms`;
}
