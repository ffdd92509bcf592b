import type { ResourceRecordSet } from '../../../assembly/route53-types';
import type { DnsAssumptionName } from '../assumptions';
import type { SeenLocation } from '../location';
import type { IndexedRecord } from '../zone-index';
import { type Choice, type Policy, evenly, listed } from './choice';

type Area = NonNullable<ResourceRecordSet['GeoLocation']>;

/** How narrow an area is: subdivision, country, continent, default. */
const BREADTH = ['subdivision', 'country', 'continent', 'default'] as const;

/**
 * Geolocation: the narrowest area around the client whose record is healthy, walking outward from subdivision to country, continent
 * and default. A client that no area matches gets no answer. When no matching record is healthy, the narrowest (aws-facts 1.3).
 */
export const chooseGeolocation: Policy = ({ group, isHealthy, seen }): Choice => {
  const rule = '1.3 geolocation';
  const matching = group.records
    .flatMap((record) => {
      const breadth = matchBreadth(record.set.GeoLocation, seen);
      return breadth === undefined ? [] : [{ record, breadth }];
    })
    .sort((a, b) => BREADTH.indexOf(a.breadth) - BREADTH.indexOf(b.breadth));
  const healthy = matching.find(({ record }) => isHealthy(record));
  const chosen = healthy ?? matching[0];
  const assumptions = locationAssumptions(seen, chosen?.breadth, group.records);
  if (chosen === undefined) {
    const reason = () => `no area matches ${describePlace(seen)}, and there is no default: no answer`;
    return { picks: [], failOpen: false, rule, reason, assumptions };
  }
  // Equal areas twice are refused by Route 53; here they share.
  const picks = evenly(
    matching
      .filter(({ record, breadth }) => breadth === chosen.breadth && isHealthy(record) === (healthy !== undefined))
      .map(({ record }) => record),
  );
  const chosenLabels = listed(picks.map(({ record }) => record));
  if (healthy === undefined) {
    return {
      picks,
      failOpen: true,
      rule,
      reason: () => `no area around ${describePlace(seen)} is healthy: falls open to the narrowest, ${chosenLabels}`,
      assumptions: [...assumptions, ...(matching.length > 1 ? (['geolocationAllUnhealthy'] as const) : [])],
    };
  }
  const passed = matching
    .filter(({ breadth }) => BREADTH.indexOf(breadth) < BREADTH.indexOf(chosen.breadth))
    .map(({ record }) => record);
  const walked = passed.length === 0 ? '' : `, outward past the unhealthy ${listed(passed)}`;
  return {
    picks,
    failOpen: false,
    rule,
    reason: () => `${chosenLabels} is the ${chosen.breadth} around ${describePlace(seen)}${walked}`,
    assumptions,
  };
};

function matchBreadth(area: Area | undefined, seen: SeenLocation): (typeof BREADTH)[number] | undefined {
  if (area === undefined) return undefined;
  const { ContinentCode, CountryCode, SubdivisionCode } = area;
  if (CountryCode === '*') return 'default';
  if (SubdivisionCode !== undefined)
    return CountryCode === seen.country && SubdivisionCode === seen.subdivision ? 'subdivision' : undefined;
  if (CountryCode !== undefined) return CountryCode === seen.country ? 'country' : undefined;
  return ContinentCode === seen.continent ? 'continent' : undefined;
}

function locationAssumptions(
  seen: SeenLocation,
  breadth: (typeof BREADTH)[number] | undefined,
  records: readonly IndexedRecord[],
): DnsAssumptionName[] {
  if (seen.unknown) return records.length > 1 ? ['locationUnknown'] : [];
  const wide = breadth === 'continent' || breadth === 'default' || breadth === undefined;
  const byContinent = wide && seen.continentDerived && records.some(({ set }) => set.GeoLocation?.ContinentCode !== undefined);
  return [...seen.assumptions, ...(byContinent ? (['continentOfCountry'] as const) : [])];
}

function describePlace({ unknown, country, subdivision, continent }: SeenLocation): string {
  if (unknown) return 'an unknown place';
  if (country === undefined) return `continent ${continent ?? '?'}`;
  return `${country}${subdivision === undefined ? '' : `/${subdivision}`}`;
}
