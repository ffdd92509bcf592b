import { StampError } from '../../errors';
import type { Fleet, StampSpec, TenantGroup } from '../../topology/types';

/**
 * @throws StampError GROUP_UNKNOWN
 */
export function groupOf(fleet: Fleet, name: string): TenantGroup {
  const group = fleet.groups.find((candidate) => candidate.name === name);
  if (group !== undefined) return group;
  const known = fleet.groups.map((candidate) => candidate.name).join(', ');
  throw new StampError('GROUP_UNKNOWN', `no group "${name}"`, `Name one of: ${known}.`);
}

/**
 * The stamp and the group it belongs to.
 *
 * @throws StampError STAMP_UNKNOWN
 */
export function stampOf(fleet: Fleet, id: string): { readonly group: TenantGroup; readonly stamp: StampSpec } {
  for (const group of fleet.groups) {
    const stamp = group.stamps.find((candidate) => candidate.id === id);
    if (stamp !== undefined) return { group, stamp };
  }
  const group = fleet.groups.find((candidate) => candidate.name === id);
  const known = (group === undefined ? fleet.groups : [group]).flatMap(({ stamps }) => stamps.map((stamp) => stamp.id));
  throw new StampError(
    'STAMP_UNKNOWN',
    group === undefined ? `no stamp "${id}"` : `"${id}" is a group`,
    `Name one of its stamps: ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', ...' : ''}.`,
  );
}
