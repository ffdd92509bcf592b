import { countryPlace, statePlace } from '../../facts/countries';
import type { Place } from '../../facts/great-circle';
import { regionPlace } from '../../facts/region-places';
import type { DnsAssumptionName } from './assumptions';
import type { Client, Location } from './types';

/** Where Route 53 takes the client to be. Everything that can be derived is filled in. */
export interface SeenLocation {
  readonly region: string | undefined;
  readonly country: string | undefined;
  readonly subdivision: string | undefined;
  readonly continent: string | undefined;
  readonly cidrLocation: string | undefined;
  readonly place: Place | undefined;
  /** The continent comes from the table, nobody said it. */
  readonly continentDerived: boolean;
  /** Nothing at all is known. */
  readonly unknown: boolean;
  /** How it came about, for policies that look at it. */
  readonly assumptions: readonly DnsAssumptionName[];
}

/**
 * The place that counts: the client's own when its resolver sends EDNS client subnet, else the resolver's (aws-facts 1.3).
 */
export function seenLocation(client: Client): SeenLocation {
  const byResolver = !client.ednsSubnet;
  const seen: Location = byResolver && client.resolver !== undefined ? client.resolver : client;
  const region = seen.region === undefined ? undefined : regionPlace(seen.region);
  const country = seen.country ?? region?.country;
  const sameCountry = country === region?.country;
  const subdivision = seen.subdivision ?? (sameCountry ? region?.subdivision : undefined);
  const countryAt = country === undefined ? undefined : countryPlace(country);
  const continent = seen.continent ?? countryAt?.continent;
  const stateAt = country === 'US' && subdivision !== undefined ? statePlace(subdivision) : undefined;
  const place = region ?? stateAt ?? countryAt;
  const unknown = seen.region === undefined && country === undefined && continent === undefined;
  return {
    region: seen.region,
    country,
    subdivision,
    continent,
    cidrLocation: seen.cidrLocation,
    place,
    continentDerived: seen.continent === undefined && continent !== undefined,
    unknown,
    assumptions: byResolver && client.resolver === undefined && !unknown ? ['resolverNearClient'] : [],
  };
}
