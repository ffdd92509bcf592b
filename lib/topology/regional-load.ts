import type { ActiveActivePlacement, PlacementConfig, RegionCode } from '../config/types';
import { entryOf } from '../entry-of';
import { memberCodes } from './placement';

/** How much of a group's peak one stamp has to carry, as shares of 1. */
export interface RegionalLoad {
  /** While every Region of the group serves. */
  readonly usual: number;
  /** At worst after the loss of one other Region: what the stamp's capacity is made for. */
  readonly failover: number;
  /** What it may have to grow to: for a standby the whole group, otherwise the same as `failover`. */
  readonly full: number;
  /** How the numbers came about, for people. */
  readonly because: string;
}

/**
 * The load a stamp is built for.
 *
 * - `single`, and the primary of `active-passive`: the whole peak.
 * - The standby: `standbyCapacity` of it, growing to the whole.
 * - `active-active`, weighted: shares by weight; after the loss of a Region the others take its share in proportion to their
 *   weights. A Region of weight 0 is answered only when no other is left (aws-facts 1.3).
 * - `active-active`, latency or geolocation: **assumption: the peak comes in equal shares, and all clients of a lost Region may
 *   turn to one and the same neighbour**, which then carries two shares. Route 53 sends each client to its next best Region
 *   and looks at nobody's load (aws-facts 1.1), so an even spread over the survivors must not be counted on.
 */
export function regionalLoad(placement: PlacementConfig, code: RegionCode): RegionalLoad {
  if (placement.mode === 'single') return { usual: 1, failover: 1, full: 1, because: 'the only stamp carries the whole peak' };
  if (placement.mode === 'active-active') return sharedLoad(placement, code);
  if (placement.primary === code) return { usual: 1, failover: 1, full: 1, because: 'the primary carries the whole peak' };
  const share = placement.standbyCapacity / 100;
  const because = `the standby holds ${placement.standbyCapacity} % of the peak ready and grows to all of it`;
  return { usual: 0, failover: share, full: Math.max(1, share), because };
}

function sharedLoad(placement: ActiveActivePlacement, code: RegionCode): RegionalLoad {
  const codes = memberCodes(placement);
  const others = codes.filter((other) => other !== code);
  if (placement.routing.policy !== 'weighted') {
    const usual = 1 / codes.length;
    const failover = others.length === 0 ? 1 : 2 * usual;
    const because =
      others.length === 0
        ? 'the only Region carries the whole peak'
        : `1/${codes.length} of the peak, and as much again when all clients of a lost Region turn to this one`;
    return { usual, failover, full: failover, because };
  }
  const { weights } = placement.routing;
  const weightOf = (region: RegionCode): number => entryOf(weights, region) ?? 0;
  const usual = weightedShare(code, codes, weightOf);
  const afterLoss = others.map((lost) =>
    weightedShare(
      code,
      codes.filter((kept) => kept !== lost),
      weightOf,
    ),
  );
  const failover = Math.max(usual, ...afterLoss);
  const because = `weight ${weightOf(code)} of ${sum(codes.map(weightOf))}; at worst ${percent(failover)} of the peak once another Region is lost`;
  return { usual, failover, full: failover, because };
}

/** Route 53's rule: by weight, and evenly when every remaining weight is 0 (aws-facts 1.3). */
function weightedShare(code: RegionCode, remaining: readonly RegionCode[], weightOf: (code: RegionCode) => number): number {
  const total = sum(remaining.map(weightOf));
  return total > 0 ? weightOf(code) / total : 1 / remaining.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
