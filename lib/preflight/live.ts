import { CHECKER_RANGES, CHECKER_RANGES_AS_OF } from '../facts/checker-ranges';
import type { QuotaKey } from '../facts/quotas';
import type { Finding } from '../findings';
import { compareText } from '../order';
import type { InUse } from './check-quotas';
import type { KnownQuota } from './known-quotas';
import type { Usage } from './usage';

/** How much of a quota is used in an account, the fleet's own stacks included. */
export interface TotalInUse {
  readonly quota: QuotaKey;
  readonly account: string;
  readonly region?: string;
  readonly resource?: string;
  readonly used: number;
}

/** What an account could not be asked for. */
export interface Unread {
  readonly account: string;
  readonly region?: string;
  /** What was asked, in words. */
  readonly what: string;
  readonly reason: string;
}

/** Everything that was read live. */
export interface LiveReadings {
  readonly known: readonly KnownQuota[];
  readonly inUse: readonly TotalInUse[];
  /** `account/region/stack` of the fleet's stacks that exist already. */
  readonly deployed: ReadonlySet<string>;
  /** Ranges of the health checkers; absent when they could not be read. */
  readonly checkerRanges?: readonly string[];
  /** Environments without a bootstrap. */
  readonly notBootstrapped: readonly { readonly account: string; readonly region: string }[];
  /** Zones that their account does not have. */
  readonly missingZones: readonly { readonly account: string; readonly hostedZoneId: string }[];
  readonly unread: readonly Unread[];
}

/**
 * What others use: the total without what the fleet's own deployed stacks have. Their templates of today stand for what was deployed.
 *
 * @param own what each deployed stack of the fleet needs
 */
export function usedByOthers(readings: LiveReadings, own: readonly Usage[]): InUse {
  const key = ({ quota, account, region, resource }: Omit<TotalInUse, 'used'>): string =>
    `${quota}\0${account}\0${region ?? ''}\0${resource ?? ''}`;
  const ours = new Map<string, number>();
  for (const usage of own) ours.set(key(usage), (ours.get(key(usage)) ?? 0) + usage.used);
  const others = new Map(
    readings.inUse.map((total): [string, number] => [key(total), Math.max(0, total.used - (ours.get(key(total)) ?? 0))]),
  );
  return (usage) => others.get(key(usage));
}

/** What the live answers say beyond numbers. */
export function liveFindings(readings: LiveReadings): Finding[] {
  return [
    ...checkerFindings(readings.checkerRanges),
    ...readings.notBootstrapped.map(({ account, region }): Finding => ({
      code: 'not-bootstrapped',
      severity: 'error',
      where: {},
      message: `account ${account}, ${region} has no CDK bootstrap: nothing can be deployed there`,
      fix: `Run npx cdk bootstrap aws://${account}/${region} with the account's administrator.`,
    })),
    ...readings.missingZones.map(({ account, hostedZoneId }): Finding => ({
      code: 'zone-missing',
      severity: 'error',
      where: {},
      message: `account ${account} has no hosted zone ${hostedZoneId}, which records and certificates are written to`,
      fix: 'Create and delegate the zone in that account, or correct zone.hostedZoneId.',
    })),
    ...unreadFindings(readings.unread),
  ];
}

/** Health checkers that the web ACL and the switch buckets would turn away. */
function checkerFindings(live: readonly string[] | undefined): Finding[] {
  if (live === undefined) return [];
  const missing = live.filter((range) => !CHECKER_RANGES.includes(range)).sort(compareText);
  const gone = CHECKER_RANGES.filter((range) => !live.includes(range));
  return [
    ...(missing.length > 0
      ? [
          {
            code: 'checker-range-missing',
            severity: 'error' as const,
            where: {},
            message: `Route 53 checks health from ${missing.join(', ')} too, which the list of ${CHECKER_RANGES_AS_OF} in this stampkit does not have: the web ACL and the switch buckets turn those checkers away`,
            fix: 'Update stampkit and deploy again; until then the other checkers decide (more than 18 % of them have to see a stamp healthy).',
          },
        ]
      : []),
    ...(gone.length > 0
      ? [
          {
            code: 'checker-range-gone',
            severity: 'info' as const,
            where: {},
            message: `Route 53 no longer checks health from ${gone.join(', ')}`,
            fix: 'Nothing is needed; the next version of stampkit leaves them out.',
          },
        ]
      : []),
  ];
}

/** One finding for each reason in an account, however many calls it stopped. */
function unreadFindings(unread: readonly Unread[]): Finding[] {
  const groups = new Map<string, Unread[]>();
  for (const entry of unread) {
    const key = `${entry.account}\0${entry.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, entries]) => {
      const [first] = entries;
      if (first === undefined) return [];
      const what = [...new Set(entries.map((entry) => entry.what))].sort(compareText);
      const shown = `${what.slice(0, 3).join(', ')}${what.length > 3 ? ` and ${what.length - 3} more` : ''}`;
      return [
        {
          code: 'live-not-read',
          severity: 'info' as const,
          where: {},
          message: `account ${first.account}: could not read ${shown} (${first.reason})`,
          fix: 'AWS’s defaults, and what quotas in fleet.yaml and --quota say, are used instead. The look-up role of the CDK bootstrap may read all of it.',
        },
      ];
    });
}
