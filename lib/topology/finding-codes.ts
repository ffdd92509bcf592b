import type { Finding } from '../findings';

/** Every code that topology reports, with its one-line meaning. Codes are contracts: never renamed, never reused. */
export const TOPOLOGY_FINDING_CODES = {
  // The lock.
  'lock-outdated': 'fleet.lock.yaml does not hold what the configuration needs',
  'lock-of-another-fleet': 'fleet.lock.yaml belongs to a fleet of another name',
  'lock-entry-twice': 'a stamp has both an address and a tombstone',
  'lock-range-invalid': 'a range in the lock is not a CIDR',
  'lock-ranges-overlap': 'two ranges in the lock overlap',
  'allocation-overlaps-reserved': 'a range was allocated before it was reserved',
  'allocation-outside-pool': 'a range was allocated from an earlier pool',
  'release-of-living-stamp': 'a range cannot be released because its stamp still exists',
  'release-of-unknown-tombstone': 'a range cannot be released because there is no such tombstone',
  'rehome-impossible': 'a home Region cannot be moved as asked',
  'rehome-needless': 'a group is at home already where it should be moved to',
  'home-region-left': 'the Region where a group was born is none of its Regions any more',
  'region-code-repointed': 'a Region code is pointed at another Region',
  'control-table-owner-left': 'the Region that owns the control table is no control Region any more',
  'control-table-region-gone': 'a Region of the control table is no Region of the fleet any more',
  'control-table-stays': 'the control Regions changed, and the control table stays where it was made',
  // Addresses.
  'pool-invalid': 'the address pool is not a CIDR',
  'pool-smaller-than-stamp': 'the address pool holds no range of the stamp prefix',
  'pool-exhausted': 'the address pool has no free range left',
  'stamp-prefix-out-of-range': 'ranges of the stamp prefix cannot be split into usable subnets',
  'stamp-range-unusable': 'the range of a stamp cannot be split for its zones',
  // Names.
  'name-too-long': 'a name is longer than AWS accepts',
  'name-not-accepted': 'a name has a form that AWS does not accept',
  'stack-name-clash': 'two stacks would have one name',
} as const;

/** A code of {@link TOPOLOGY_FINDING_CODES}. */
export type TopologyFindingCode = keyof typeof TOPOLOGY_FINDING_CODES;

/** A finding of topology: one of its own codes. */
export interface TopologyFinding extends Finding {
  readonly code: TopologyFindingCode;
}
