import { didYouMean } from '../../config/suggest';
import { StampError } from '../../errors';
import { countryPlace, statePlace } from '../../facts/countries';
import { PLACED_REGIONS, regionPlace } from '../../facts/region-places';
import type { Location } from '../../resilience/dns';

const CONTINENTS = ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'];

/**
 * Where somebody is, as the command line writes it: an AWS Region or one of the fleet's Region codes, a country (`DE`), a state (`US/CA`)
 * or a continent (`continent:EU`). The longer forms of stamps/ (`country:US/state:CA`) are understood, too.
 *
 * @throws StampError PLACE_UNKNOWN
 */
export function parsePlace(text: string, regionCodes: ReadonlyMap<string, string> = new Map()): Location {
  const region = regionCodes.get(text) ?? text.toLowerCase();
  if (regionPlace(region) !== undefined) return { region };
  const continent = /^continent:([A-Z]{2})$/i.exec(text)?.[1]?.toUpperCase();
  if (continent !== undefined && CONTINENTS.includes(continent)) return { continent };
  const match = /^(?:country:)?([A-Z]{2})(?:[/-](?:state:)?([A-Z0-9]{2}))?$/i.exec(text);
  const country = match?.[1]?.toUpperCase();
  const subdivision = match?.[2]?.toUpperCase();
  if (country !== undefined && countryPlace(country) !== undefined) {
    if (subdivision === undefined) return { country };
    // Route 53 tells the subdivisions of these two apart.
    if ((country === 'US' && statePlace(subdivision) !== undefined) || country === 'UA') return { country, subdivision };
  }
  throw new StampError(
    'PLACE_UNKNOWN',
    `"${text}" is no place that Route 53 tells apart`,
    `${didYouMean(text, [...PLACED_REGIONS, ...regionCodes.keys()])}give an AWS Region (eu-west-1), a country (DE), a state (US/CA) or a continent (continent:EU)`,
  );
}
