import { QUOTA_KEYS, type QuotaKey, quotaOf } from '../facts/quotas';
import type { Usage } from './usage';

/** Where a limit comes from; the first one that says something wins. */
export type LimitSource = 'given' | 'live' | 'configured' | 'default';

/** The value of a quota that differs from AWS's default, or was read from the account. */
export interface KnownQuota {
  readonly quota: QuotaKey;
  readonly value: number;
  /** @default - all accounts */
  readonly account?: string;
  /** @default - all Regions */
  readonly region?: string;
  readonly from: Exclude<LimitSource, 'default'>;
}

export interface Limit {
  /** What can be used: the quota without what AWS keeps back. */
  readonly limit: number;
  readonly from: LimitSource;
}

/** The limits that hold in each place. */
export class Limits {
  private readonly known = new Map<QuotaKey, KnownQuota[]>();
  private readonly found = new Map<string, Limit>();

  public constructor(known: readonly KnownQuota[] = []) {
    for (const entry of known) {
      // A hard limit is what it is.
      if (!quotaOf(entry.quota).adjustable) continue;
      this.known.set(entry.quota, [...(this.known.get(entry.quota) ?? []), entry]);
    }
  }

  /** The limit for one account and Region; of a usage, for its place. */
  public of({ quota, account, region }: Pick<Usage, 'quota' | 'region'> & { readonly account?: string }): Limit {
    const key = `${quota}\0${account ?? ''}\0${region ?? ''}`;
    const known = this.found.get(key);
    if (known !== undefined) return known;
    const limit = this.find(quota, account, region);
    this.found.set(key, limit);
    return limit;
  }

  private find(quota: QuotaKey, account: string | undefined, region: string | undefined): Limit {
    const { defaultValue, keptBack = 0 } = quotaOf(quota);
    const fitting = (this.known.get(quota) ?? []).filter(
      (entry) => [undefined, account].includes(entry.account) && [undefined, region].includes(entry.region),
    );
    const [best] = fitting.sort((a, b) => SOURCES.indexOf(a.from) - SOURCES.indexOf(b.from) || detail(b) - detail(a));
    return { limit: (best?.value ?? defaultValue) - keptBack, from: best?.from ?? 'default' };
  }
}

const SOURCES: readonly LimitSource[] = ['given', 'live', 'configured', 'default'];

/** How closely an entry names its place. */
function detail({ account, region }: KnownQuota): number {
  return (account === undefined ? 0 : 2) + (region === undefined ? 0 : 1);
}

/** The quota that a key (`elasticIps`) or code (`L-0263D0A3`) names; undefined for what nothing counts. */
export function quotaNamed(name: string): QuotaKey | undefined {
  return QUOTA_KEYS.find((key) => key === name || quotaOf(key).quotaCode === name);
}

/** Keys and codes of the quotas that AWS raises on request. */
export function raisableQuotaNames(): string[] {
  return QUOTA_KEYS.flatMap((key) => {
    const { adjustable, quotaCode } = quotaOf(key);
    return !adjustable ? [] : quotaCode === undefined ? [key] : [key, quotaCode];
  });
}
