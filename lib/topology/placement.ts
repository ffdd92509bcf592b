import type { PlacementConfig, RegionCode } from '../config/types';
import type { PreferredRole } from './types';

/** Codes of the Regions that hold a stamp of the group, sorted and without repetition. */
export function memberCodes(placement: PlacementConfig): RegionCode[] {
  switch (placement.mode) {
    case 'active-passive':
      return sortedUnique([placement.primary, placement.standby]);
    case 'active-active':
      return sortedUnique(placement.regions);
    case 'single':
      return [placement.region];
  }
}

/** Where a new group's data is born; from then on the lock decides. */
export function birthRegion(placement: PlacementConfig): RegionCode | undefined {
  switch (placement.mode) {
    case 'active-passive':
      return placement.primary;
    case 'active-active':
      return placement.regions[0];
    case 'single':
      return placement.region;
  }
}

export function preferredRole(placement: PlacementConfig, code: RegionCode): PreferredRole {
  switch (placement.mode) {
    case 'active-passive':
      return placement.primary === code ? 'primary' : 'standby';
    case 'active-active':
      return 'active';
    case 'single':
      return 'single';
  }
}

function sortedUnique(codes: readonly RegionCode[]): RegionCode[] {
  return [...new Set(codes)].sort();
}
