import type { DnsAssumptionName } from '../assumptions';
import { type Policy, evenly, listed } from './choice';

/** Location of everybody whose address is in no block. */
const DEFAULT_LOCATION = '*';

/**
 * IP-based: the record of the location that the client's address falls into, else the one of the default location, else no answer.
 * What happens when they are unhealthy is not documented (aws-facts 1.3): assumed as for geolocation.
 */
export const chooseIpBased: Policy = ({ group, isHealthy, seen }) => {
  const rule = '1.3 IP-based';
  const locationOf = (name: string) => group.records.filter(({ set }) => set.CidrRoutingConfig?.LocationName === name);
  const own = seen.cidrLocation === undefined || seen.cidrLocation === DEFAULT_LOCATION ? [] : locationOf(seen.cidrLocation);
  const fallback = locationOf(DEFAULT_LOCATION);
  const assumptions: DnsAssumptionName[] = seen.cidrLocation === undefined ? ['ipBasedLocationUnknown'] : [];
  const inOrder = [own, fallback].filter((records) => records.length > 0);
  const first = inOrder[0];
  if (first === undefined) {
    return {
      picks: [],
      failOpen: false,
      rule,
      reason: () => 'no location matches the client, and there is no default: no answer',
      assumptions,
    };
  }
  if (!first.every(isHealthy) && inOrder.length > 1) assumptions.push('ipBasedFallback');
  const healthy = inOrder.map((records) => records.filter(isHealthy)).find((records) => records.length > 0);
  return {
    picks: evenly(healthy ?? first),
    failOpen: healthy === undefined,
    rule,
    reason: () =>
      healthy === undefined
        ? `no matching location is healthy: ${listed(first)} all the same`
        : `${listed(healthy)} is the location of the client`,
    assumptions,
  };
};
