import { type QuotaKey, quotaOf } from '../facts/quotas';
import { compareText } from '../order';
import type { Limits } from './known-quotas';
import { addsUp, Tally, type Usage } from './usage';

/** A quota to be raised, and to how much at least. */
export interface QuotaRaise {
  readonly quota: QuotaKey;
  /** Absent for quotas of the whole account. */
  readonly region?: string;
  readonly from: number;
  readonly to: number;
  /** False when AWS is known not to raise it that far. */
  readonly possible: boolean;
}

export interface ProposedAccount {
  /** Account id, or `new account 1` and so on. */
  readonly account: string;
  /** Groups that go there, sorted. */
  readonly groups: readonly string[];
  /** What is still to be raised there: quotas of one Region, and those that a single group exceeds. */
  readonly raises: readonly QuotaRaise[];
}

/** Two ways out for one account that is too small. */
export interface Proposal {
  readonly account: string;
  /** First way: raise these. */
  readonly raises: readonly QuotaRaise[];
  /** Second way: spread the groups so that no quota of a whole account is exceeded. Absent when that would change nothing. */
  readonly split?: readonly ProposedAccount[];
}

/** What one account has to carry. */
export interface AccountLoad {
  readonly account: string;
  /** What each group needs: all its stacks are in one account (its members share it). */
  readonly groups: ReadonlyMap<string, readonly Usage[]>;
  /** What stays in this account in any case: control stacks, and what others use already. */
  readonly fixed: readonly Usage[];
}

/**
 * What to do about an account whose quotas are exceeded: which to raise, or how many accounts to take and which group goes where. The split
 * looks at quotas of whole accounts, such as health checks and roles: those of a Region are raised as a matter of course.
 *
 * First-fit decreasing over all those quotas at once, ties by name: the same input gives the same proposal.
 */
export function proposeSplit({ account, groups, fixed }: AccountLoad, limits: Limits): Proposal | undefined {
  const everything = sums([...fixed, ...[...groups.values()].flat()]);
  const raises = raisesFor(everything, account, limits);
  if (raises.length === 0) return undefined;
  const tooSmall = raises.some(({ quota }) => isOfAccount(quota));
  if (!tooSmall || groups.size < 2) return { account, raises };

  const capacity = (quota: QuotaKey, of: string): number => limits.of({ quota, account: of }).limit;
  const bins: Bin[] = [new Bin(account, ofAccount(fixed))];
  const loads = [...groups].map(([group, usages]) => ({ group, usages, load: ofAccount(usages) }));
  loads.sort((a, b) => largestShare(b.load, limits) - largestShare(a.load, limits) || compareText(a.group, b.group));
  for (const { group, usages, load } of loads) {
    let bin = bins.find((candidate) => candidate.holds(load, capacity));
    if (bin === undefined) {
      bin = new Bin(`new account ${bins.length}`, new Map());
      bins.push(bin);
    }
    bin.add(group, usages, load);
  }
  const split = bins.map((bin) => ({
    account: bin.account,
    groups: [...bin.groups].sort(compareText),
    raises: raisesFor(sums([...(bin.account === account ? fixed : []), ...bin.usages]), bin.account, limits),
  }));
  return { account, raises, split };
}

type Load = ReadonlyMap<QuotaKey, number>;

class Bin {
  public readonly groups: string[] = [];
  public readonly usages: Usage[] = [];
  private readonly load: Map<QuotaKey, number>;

  public constructor(
    public readonly account: string,
    fixed: Load,
  ) {
    this.load = new Map(fixed);
  }

  /** Whether a group fits too. A new account takes its first group in any case: what one group needs cannot be split. */
  public holds(load: Load, capacity: (quota: QuotaKey, account: string) => number): boolean {
    return [...load].every(([quota, used]) => (this.load.get(quota) ?? 0) + used <= capacity(quota, this.account));
  }

  public add(group: string, usages: readonly Usage[], load: Load): void {
    this.groups.push(group);
    this.usages.push(...usages);
    for (const [quota, used] of load) this.load.set(quota, (this.load.get(quota) ?? 0) + used);
  }
}

/** Quotas that a split respects. How many checks a day can be made is a matter of patience, not of accounts. */
function isOfAccount(quota: QuotaKey): boolean {
  return quotaOf(quota).scope === 'account' && quotaOf(quota).adjustable;
}

function ofAccount(usages: readonly Usage[]): Map<QuotaKey, number> {
  const load = new Map<QuotaKey, number>();
  for (const { quota, used } of usages) if (isOfAccount(quota)) load.set(quota, (load.get(quota) ?? 0) + used);
  return load;
}

function largestShare(load: Load, limits: Limits): number {
  return Math.max(0, ...[...load].map(([quota, used]) => used / limits.of({ quota }).limit));
}

function sums(usages: readonly Usage[]): Usage[] {
  const tally = new Tally();
  for (const usage of usages) if (addsUp(usage)) tally.add(usage);
  return tally.sorted();
}

/** Per quota and Region the highest need above the limit; of Availability Zones and hosted zones the fullest one counts. */
function raisesFor(usages: readonly Usage[], account: string, limits: Limits): QuotaRaise[] {
  const raises = new Map<string, QuotaRaise>();
  for (const { quota, region, used } of usages) {
    const { adjustable, ceiling, keptBack = 0, confidence } = quotaOf(quota);
    const { limit, from } = limits.of({ quota, account, ...(region !== undefined && { region }) });
    if (!adjustable || used <= limit || (confidence === 'low' && from === 'default')) continue;
    const key = `${quota} ${region ?? ''}`;
    const to = Math.max(used + keptBack, raises.get(key)?.to ?? 0);
    raises.set(key, {
      quota,
      ...(region !== undefined && { region }),
      from: limit + keptBack,
      to,
      possible: ceiling === undefined || to <= ceiling,
    });
  }
  return [...raises].sort(([a], [b]) => compareText(a, b)).map(([, raise]) => raise);
}
