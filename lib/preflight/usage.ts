import { type QuotaKey, quotaOf } from '../facts/quotas';
import { compareText } from '../order';

/** How much of one quota is needed in one place. */
export interface Usage {
  readonly quota: QuotaKey;
  readonly account: string;
  /** AWS Region; absent for what is counted once per account. */
  readonly region?: string;
  /** What the number is about when the quota is not one of an account or Region: a stack, a hosted zone, a role, an Availability Zone. */
  readonly resource?: string;
  readonly used: number;
}

/** Sums of usages with the same quota and place. */
export class Tally {
  private readonly sums = new Map<string, { readonly usage: Usage; used: number }>();

  public add(usage: Usage): void {
    const key = `${usage.quota}\0${usage.account}\0${usage.region ?? ''}\0${usage.resource ?? ''}`;
    const known = this.sums.get(key);
    if (known === undefined) this.sums.set(key, { usage, used: usage.used });
    else known.used += usage.used;
  }

  public addAll(usages: Iterable<Usage>): void {
    for (const usage of usages) this.add(usage);
  }

  /** In a fixed order: by quota, account, Region and resource. */
  public sorted(): Usage[] {
    return [...this.sums.entries()]
      .sort(([a], [b]) => compareText(a, b))
      .map(([, { usage, used }]) => (usage.used === used ? usage : { ...usage, used }));
  }
}

/** True when the usages of several stacks add up in one account or Region: what moving groups elsewhere makes smaller. */
export function addsUp({ quota, resource }: Usage): boolean {
  const { scope } = quotaOf(quota);
  return scope === 'account' || scope === 'region' || scope === 'availability-zone' || scope === 'zone' || resource === undefined;
}
