import { StampError } from '../errors';
import { entryOf } from '../entry-of';
import { compareText } from '../order';
import type { Fleet, StampSpec, TenantGroup } from '../topology/types';

/** The stamp that a deployment goes to first, alone. */
export interface Canary {
  readonly stamp: StampSpec;
  /** Why this one, for people. */
  readonly because: string;
}

/**
 * The stamp whose failure would reach the fewest users: least requests per second at the group's peak, then fewest tenants, then by
 * id. Deterministic, so that the written workflow changes only when the fleet does.
 *
 * A member of an Aurora global cluster that is no home stamp is not chosen: on a first deployment the home stamp's
 * cluster has to be there before it (aws-facts 16). By name it can be had, once the home stamp is deployed.
 *
 * @param wanted stamp id to take instead
 * @throws StampError STAMP_UNKNOWN for an id that the fleet does not have, CANARY_MISSING when no stamp can go first
 */
export function chooseCanary(fleet: Fleet, wanted?: string): Canary {
  const all = fleet.groups.flatMap((group) => group.stamps.map((stamp) => ({ stamp, group })));
  if (wanted !== undefined) {
    const found = all.find(({ stamp }) => stamp.id === wanted);
    if (found === undefined)
      throw new StampError(
        'STAMP_UNKNOWN',
        `no stamp "${wanted}"`,
        `Name one of: ${all.map(({ stamp }) => stamp.id).join(', ')}.`,
      );
    return { stamp: found.stamp, because: 'chosen by --canary' };
  }
  const [first] = all
    .filter(({ stamp }) => canGoFirst(stamp))
    .map(({ stamp, group }) => ({ stamp, group, load: usualLoad(group, stamp) }))
    .sort((a, b) => a.load - b.load || a.group.tenants.length - b.group.tenants.length || compareText(a.stamp.id, b.stamp.id));
  if (first === undefined)
    throw new StampError('CANARY_MISSING', 'no stamp can be deployed before all others', 'Add a group with a home stamp.');
  const total = fleet.groups.reduce((sum, group) => sum + group.peakRequestsPerSecond, 0);
  return {
    stamp: first.stamp,
    because: `smallest blast radius: ${rate(first.load)} of the fleet's ${rate(total)} requests/s at peak`,
  };
}

function canGoFirst({ home, shape }: StampSpec): boolean {
  return home || !('global' in shape.database) || !shape.database.global;
}

/** Requests per second at the group's peak that Route 53 sends to the stamp while every Region serves (aws-facts 1.1, 1.3). */
function usualLoad({ routing, stamps, peakRequestsPerSecond }: TenantGroup, { preferredRole, regionCode }: StampSpec): number {
  if (preferredRole === 'standby') return 0;
  if (preferredRole !== 'active') return peakRequestsPerSecond;
  if (routing?.policy !== 'weighted') return peakRequestsPerSecond / stamps.length;
  const weightOf = (code: string): number => entryOf(routing.weights, code) ?? 0;
  const total = stamps.reduce((sum, stamp) => sum + weightOf(stamp.regionCode), 0);
  return total > 0 ? (peakRequestsPerSecond * weightOf(regionCode)) / total : peakRequestsPerSecond / stamps.length;
}

function rate(requests: number): string {
  return Number(requests.toFixed(1)).toLocaleString('en-US');
}
