import { greatCircleDistance } from '../../facts/great-circle';
import { PLACES_AS_OF, regionPlace } from '../../facts/region-places';
import type { SeenLocation } from './location';

/**
 * Latencies in milliseconds that somebody measured: from a Region, country (`DE`) or state (`US/CA`) of clients to a Region. They
 * replace the estimate by distance.
 */
export type MeasuredLatencies = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Version of the table behind the estimates. */
export const LATENCY_TABLE_AS_OF = PLACES_AS_OF;

/**
 * Kilometres of great circle per millisecond of round trip. Light in fibre makes 100; cables make detours. Only the order of Regions
 * depends on it, and only where estimates meet measured values.
 */
const KILOMETRES_PER_MILLISECOND = 75;

export interface Latency {
  /** Milliseconds; infinite when the Region's place is not known. */
  readonly milliseconds: number;
  readonly measured: boolean;
}

/** Latency from where the client is seen to a Region; undefined when nothing says where that is. */
export function latencyTo(region: string, from: SeenLocation, measured: MeasuredLatencies = {}): Latency | undefined {
  for (const origin of originsOf(from)) {
    const row = Object.hasOwn(measured, origin) ? measured[origin] : undefined;
    if (row !== undefined && Object.hasOwn(row, region)) return { milliseconds: row[region] ?? 0, measured: true };
  }
  if (from.region === region) return { milliseconds: 0, measured: false };
  if (from.place === undefined) return undefined;
  const place = regionPlace(region);
  if (place === undefined) return { milliseconds: Infinity, measured: false };
  return { milliseconds: greatCircleDistance(from.place, place) / KILOMETRES_PER_MILLISECOND, measured: false };
}

/** Names under which latencies of a client may be given, the most exact first. */
function originsOf({ region, country, subdivision }: SeenLocation): string[] {
  return [
    ...(region !== undefined ? [region] : []),
    ...(country !== undefined && subdivision !== undefined ? [`${country}/${subdivision}`] : []),
    ...(country !== undefined ? [country] : []),
  ];
}
