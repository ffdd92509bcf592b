import { greatCircleDistance, type Place } from '../../../facts/great-circle';
import { regionPlace } from '../../../facts/region-places';
import type { IndexedRecord } from '../zone-index';
import type { DnsAssumptionName } from '../assumptions';
import { type Policy, evenly, healthyOrAll, listed, smallest } from './choice';

/** Geoproximity: the least biased distance among the healthy records; among all when none is (aws-facts 1.3). */
export const chooseGeoproximity: Policy = (input) => {
  const { group, seen } = input;
  const { candidates, failOpen } = healthyOrAll(input);
  const rule = '1.3 geoproximity';
  const assumptions: DnsAssumptionName[] = [];
  if (failOpen && group.records.length > 1) assumptions.push('geoproximityAllUnhealthy');
  if (!failOpen && candidates.length < group.records.length) assumptions.push('geoproximityNextNearest');
  if (candidates.length < 2)
    return { picks: evenly(candidates), failOpen, rule, reason: () => `${listed(candidates)} is the only one left`, assumptions };
  const { place } = seen;
  if (place === undefined) {
    return {
      picks: evenly(candidates),
      failOpen,
      rule,
      reason: () => `nothing says where the client is: any of ${listed(candidates)}`,
      assumptions: [...assumptions, 'locationUnknown'],
    };
  }
  const nearest = smallest(candidates, (record) => biasedDistance(record, place));
  const table = () => candidates.map((record) => `${record.label} ${kilometres(biasedDistance(record, place))}`).join(', ');
  return {
    picks: evenly(nearest),
    failOpen,
    rule,
    reason: () =>
      `${failOpen ? 'no record is healthy, so all count as healthy: ' : ''}${listed(nearest)} has the least biased distance (${table()})`,
    assumptions: [...assumptions, 'geoproximityDistance', ...seen.assumptions],
  };
};

/** A positive bias draws traffic from farther away, a negative one less far: d*(1-bias/100), d/(1+bias/100). */
function biasedDistance(record: IndexedRecord, from: Place): number {
  const location = record.set.GeoProximityLocation;
  const to = placeOf(location);
  if (to === undefined) return Infinity;
  const distance = greatCircleDistance(from, to);
  const bias = location?.Bias ?? 0;
  return bias >= 0 ? distance * (1 - bias / 100) : distance / (1 + bias / 100);
}

function placeOf(location: IndexedRecord['set']['GeoProximityLocation']): Place | undefined {
  if (location?.Coordinates !== undefined) {
    return { latitude: Number(location.Coordinates.Latitude), longitude: Number(location.Coordinates.Longitude) };
  }
  if (location?.AWSRegion !== undefined) return regionPlace(location.AWSRegion);
  // `us-east-1-bos-1` counts as its parent Region: AWS publishes no places of Local Zones.
  const parent = /^([a-z]+-[a-z]+-\d)-/.exec(location?.LocalZoneGroup ?? '')?.[1];
  return parent === undefined ? undefined : regionPlace(parent);
}

function kilometres(distance: number): string {
  return distance === Infinity ? 'unknown' : `${Math.round(distance)} km`;
}
