import { type Cidr, cidrSize, formatCidr, parseCidr } from '../cidr';
import { StampError } from '../errors';
import { NUMBER_RANGES } from '../facts/limits';

/** Subnet CIDRs of a stamp, one per zone and tier, in the order of the zones. */
export interface StampSubnets {
  readonly publicSubnets: readonly string[];
  readonly privateSubnets: readonly string[];
  readonly isolatedSubnets: readonly string[];
}

/** A stamp's range is a VPC's. */
export const SHORTEST_STAMP_PREFIX = NUMBER_RANGES.vpcPrefix.min;
/** Public subnets must stay at /27 or shorter: a load balancer wants at least 8 free addresses in each. */
export const LONGEST_STAMP_PREFIX = 21;
/** No Region has a zone beyond `f`. */
const ZONE_SLOTS = 'abcdef';

/**
 * Splits a stamp's range into public, private and isolated subnets.
 *
 * The layout has a fixed slot for each of the six zone letters, whichever of them are in use. So adding, removing or
 * reordering zones never moves the subnet of another zone. In eighths of the stamp's range:
 *
 * | Eighth | Holds                                            | in a /20                    |
 * | ------ | ------------------------------------------------ | --------------------------- |
 * | 0-5    | private subnet of zone a-f, one eighth each      | /23, 507 usable addresses   |
 * | 6      | public subnets, an eighth of that eighth per zone | /26, 59 usable addresses    |
 * | 7      | isolated subnets, likewise                       | /26, 59 usable addresses    |
 *
 * Private subnets are the largest because each task and each function takes an address there; public ones hold load balancer nodes and
 * a NAT gateway, isolated ones the database. The last quarter of eighths 6 and 7 stays free.
 *
 * @throws StampError STAMP_RANGE_UNUSABLE when {@link stampRangeProblem} has something to say
 */
export function subnetsOf(cidr: string, zones: readonly string[]): StampSubnets {
  const problem = stampRangeProblem(cidr, zones);
  const range = parseCidr(cidr);
  if (problem !== undefined || range === undefined) {
    throw new StampError('STAMP_RANGE_UNUSABLE', problem ?? `${cidr} is not a CIDR`, 'Correct the range or the zones');
  }
  const slots = zones.map((zone) => ZONE_SLOTS.indexOf(zone));
  return {
    privateSubnets: slots.map((slot) => part(range, 3, slot)),
    publicSubnets: slots.map((slot) => part(range, 6, 48 + slot)),
    isolatedSubnets: slots.map((slot) => part(range, 6, 56 + slot)),
  };
}

/** Why a range cannot be split for these zones, as the part of a sentence; `undefined` when it can. */
export function stampRangeProblem(cidr: string, zones: readonly string[]): string | undefined {
  const range = parseCidr(cidr);
  if (range === undefined) return `${JSON.stringify(cidr)} is not an aligned IPv4 CIDR`;
  if (range.prefix < SHORTEST_STAMP_PREFIX) return `${cidr} is larger than the largest VPC, a /${SHORTEST_STAMP_PREFIX}`;
  if (range.prefix > LONGEST_STAMP_PREFIX) {
    return `${cidr} is too small: its public subnets would be /${range.prefix + 6}, and a load balancer needs /27 with 8 free addresses`;
  }
  const strange = zones.find((zone) => zone.length !== 1 || !ZONE_SLOTS.includes(zone));
  if (strange !== undefined) return `zone ${JSON.stringify(strange)} has no slot in the layout, which knows the letters a to f`;
  return undefined;
}

/** The `index`-th of 2^bits equal parts. */
function part(range: Cidr, bits: number, index: number): string {
  const prefix = range.prefix + bits;
  return formatCidr({ base: range.base + index * cidrSize(prefix), prefix });
}
