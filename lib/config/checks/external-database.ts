import { AWS_REGION_NAMES } from '../../facts/regions';
import type { Finding } from '../../findings';
import type { ExternalDatabaseConfig, GroupConfig } from '../types';
import { type CheckContext, groupPlace, memberCodes, report } from './context';

/** A database that somebody else runs: an endpoint for every stamp, and reads that stay in its Region (R10). */
export function checkExternalDatabase(
  group: GroupConfig,
  { endpoints }: ExternalDatabaseConfig,
  context: CheckContext,
): Finding[] {
  const members = memberCodes(group.placement);
  const missing = members
    .filter((code) => !Object.hasOwn(endpoints, code))
    .map((code) => {
      const message = `the stamp in ${code} has no database endpoint`;
      return report(
        'endpoint-missing',
        groupPlace(group, 'database', 'endpoints'),
        message,
        `Add endpoints.${code} with writer, reader and port`,
      );
    });
  const given = Object.entries(endpoints).flatMap(([code, { reader }]) => {
    if (!members.includes(code)) {
      const message = `an endpoint is given for ${code}, which holds no stamp of ${group.group}`;
      return [report('endpoint-not-member', groupPlace(group, 'database', 'endpoints', code), message, 'Remove it')];
    }
    const own = context.regionOf(code);
    const other = namedRegion(reader);
    if (own === undefined || other === undefined || other === own) return [];
    const message = `the stamp in ${code} (${own}) reads from ${reader}, which lies in ${other}: it cannot serve without that Region`;
    const where = groupPlace(group, 'database', 'endpoints', code, 'reader');
    return [report('endpoint-other-region', where, message, `Write the endpoint of a replica in ${own}`)];
  });
  return [...missing, ...given];
}

/** The AWS Region a host name or URL spells out as a part of its own, if any. */
export function namedRegion(text: string): string | undefined {
  const parts = new Set(text.toLowerCase().split(/[^a-z0-9-]+/));
  return AWS_REGION_NAMES.find((region) => parts.has(region));
}
