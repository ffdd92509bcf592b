import { compareText } from '../../order';
import type { GroupDemand } from '../demand';
import type { ClientModel, DnsModel } from './types';

/**
 * Where clients are, as far as the routing of the group's name tells them apart. How the demand is spread over them is an assumption:
 * as the configuration's capacity is, in equal shares by Region, and within a Region in equal shares by area.
 */
export function clientsOf({ members }: GroupDemand, { policy, records, name }: DnsModel): readonly ClientModel[] {
  if (policy === 'latency') {
    return members.map(({ region, share }) => ({ name: region, share, region }));
  }
  if (policy === 'geolocation') {
    const areas = records.filter((record) => record.Name === name).map(({ GeoLocation }) => areaOf(GeoLocation));
    const unique = new Map(areas.map((area) => [area.name, area]));
    return [...unique.values()].sort((a, b) => compareText(a.name, b.name)).map((area) => ({ ...area, share: 1 / unique.size }));
  }
  return [{ name: 'anywhere', share: 1 }];
}

function areaOf(location: DnsModel['records'][number]['GeoLocation']): Omit<ClientModel, 'share'> {
  const { ContinentCode: continent, CountryCode: country, SubdivisionCode: subdivision } = location ?? {};
  if (continent !== undefined) return { name: `continent:${continent}`, continent };
  if (country === undefined || country === '*') return { name: 'elsewhere' };
  if (subdivision !== undefined) return { name: `country:${country}/state:${subdivision}`, country, subdivision };
  return { name: `country:${country}`, country };
}
