import type { Quota } from '../facts/quota';
import { type QuotaKey, quotaOf } from '../facts/quotas';
import type { Finding } from '../findings';
import { type Limits, type LimitSource } from './known-quotas';
import { number, percent, placesText } from './say';
import type { Usage } from './usage';

/** One line of the preflight table. */
export interface QuotaLine {
  readonly quota: QuotaKey;
  readonly account: string;
  readonly region?: string;
  /** The fullest one, when the quota is one of a resource. */
  readonly resource?: string;
  /** How many resources the line stands for. @default - the quota is not one of a resource */
  readonly resources?: number;
  /** What the templates need. */
  readonly used: number;
  /** What others use already in the account, when that could be read. */
  readonly inUse?: number;
  readonly limit: number;
  readonly limitFrom: LimitSource;
  /** Needed and in use, as a share of the limit: 1 is full. Rounded to a thousandth. */
  readonly share: number;
  readonly ok: boolean;
}

/** What others use of a quota in an account: the same places as usages have. */
export type InUse = (usage: Usage) => number | undefined;

/** Compares what is needed with the limits, and says for each one that is too small what to do. */
export function checkQuotas(
  usages: readonly Usage[],
  limits: Limits,
  inUse: InUse = () => undefined,
): { readonly lines: QuotaLine[]; readonly findings: Finding[] } {
  const places = groupBy(
    usages.map((usage) => toLine(usage, limits, inUse)),
    placeOf,
  ).map((lines) => ({
    line: fullest(lines),
    over: lines.filter((line) => !line.ok),
  }));
  // Regions of one account with the same limit are one finding: what to ask for is the same.
  const same = groupBy(
    places,
    ({ line }) => `${line.quota}\0${line.account}\0${line.limit}\0${line.limitFrom}\0${String(line.ok)}`,
  );
  return { lines: places.map(({ line }) => line), findings: same.flatMap((group) => judge(group)) };
}

interface JudgedPlace {
  readonly line: QuotaLine;
  readonly over: readonly QuotaLine[];
}

/** From this share on, a limit that is not reached yet is worth a word. */
const NEAR = 0.8;
/** Up to this limit of one resource, being near says nothing: it is what the resource is like. */
const SMALL = 20;

function toLine(usage: Usage, limits: Limits, inUse: InUse): QuotaLine {
  const { limit, from } = limits.of(usage);
  const others = inUse(usage);
  const total = usage.used + (others ?? 0);
  return {
    ...usage,
    ...(others !== undefined && { inUse: others }),
    limit,
    limitFrom: from,
    share: limit > 0 ? Math.round((total / limit) * 1000) / 1000 : total > 0 ? Infinity : 0,
    ok: total <= limit,
  };
}

/** Lines of resources that share quota, account and Region belong together; every other line is a group of its own. */
function placeOf({ quota, account, region = '', resource = '' }: QuotaLine): string {
  return `${quota}\0${account}\0${region}\0${quotaOf(quota).scope === 'availability-zone' ? resource : ''}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return [...groups.values()];
}

function fullest(lines: readonly QuotaLine[]): QuotaLine {
  const line = lines.reduce((most, other) => (other.share > most.share ? other : most));
  const { scope } = quotaOf(line.quota);
  return line.resource === undefined || scope === 'availability-zone' ? line : { ...line, resources: lines.length };
}

function judge(places: readonly JudgedPlace[]): Finding[] {
  const lines = places.map(({ line }) => line);
  const line = lines.reduce((most, other) => (other.share > most.share ? other : most));
  const quota = quotaOf(line.quota);
  const unsure = quota.confidence === 'low' && line.limitFrom === 'default';
  const where = { path: [line.quota] };
  if (!line.ok) {
    const over = places.flatMap((place) => place.over.map(({ resource }) => resource ?? ''));
    const all = lines.reduce((total, { resources = 1 }) => total + resources, 0);
    const others =
      line.resources !== undefined && over.length > 1
        ? `; ${number(over.length)} of ${number(all)} are over it: ${over.slice(0, 3).join(', ')}${over.length > 3 ? ', …' : ''}`
        : '';
    const notSure = unsure ? '. That default is not confirmed and differs from account to account' : '';
    return [
      {
        code: unsure ? 'quota-unconfirmed' : quota.adjustable ? 'quota-exceeded' : 'limit-exceeded',
        severity: unsure ? 'warning' : 'error',
        where,
        message: `${placesText(lines)}: ${amount(line, quota, lines.length > 1)}${others}${notSure}`,
        fix: quota.adjustable ? raise(line, quota, unsure) : (quota.wayOut ?? MOVE_OUT),
      },
    ];
  }
  const near = lines.filter(({ share }) => share >= NEAR);
  const small = line.resource !== undefined && line.limit <= SMALL;
  if (near.length === 0 || small || unsure) return [];
  return [
    {
      code: 'quota-near',
      severity: 'warning',
      where,
      message: `${placesText(near)}: ${amount(line, quota, near.length > 1)}`,
      fix: quota.adjustable
        ? 'Request an increase before the fleet grows, or before something else in the account takes the rest.'
        : (quota.wayOut ?? MOVE_OUT),
    },
  ];
}

const MOVE_OUT = 'AWS does not raise this limit: move something out of this stack, or split the group.';

function amount(line: QuotaLine, quota: Quota, upTo: boolean): string {
  const code = [quota.serviceCode, quota.quotaCode].filter((part) => part !== undefined).join(' ');
  const others = line.inUse === undefined ? '' : `, beside ${number(line.inUse)} in use by others`;
  return `the fleet needs ${upTo ? 'up to ' : ''}${number(line.used)} of "${quota.name}"${others}: ${percent(line.share)} of ${number(line.limit)}, ${FROM[line.limitFrom]} (${code}; ${quota.source})`;
}

const FROM: Record<LimitSource, string> = {
  default: 'AWS’s default',
  configured: 'from quotas in fleet.yaml',
  live: 'read from the account',
  given: 'as given',
};

function raise(line: QuotaLine, quota: Quota, unsure: boolean): string {
  const needed = line.used + (line.inUse ?? 0) + (quota.keptBack ?? 0);
  const say = `--quota ${quota.quotaCode ?? line.quota}=${needed}`;
  if (quota.ceiling !== undefined && needed > quota.ceiling) {
    return `AWS raises it to ${number(quota.ceiling)} at most: spread the groups over more accounts.`;
  }
  return unsure
    ? `Look it up (--live does), request an increase to at least ${number(needed)} where it is lower, and say what it is: ${say}.`
    : `Request an increase to at least ${number(needed)} before deploying, or, where it is raised already, say so: ${say}.`;
}
