import { QUOTAS, type Quota, type QuotaKey } from '../facts/quotas';
import type { Finding } from '../findings';
import type { Usage } from './count-usage';

/** One line of the preflight table. */
export interface QuotaLine extends Usage {
  readonly limit: number;
  /** `default` from AWS's defaults, `given` when the caller knows this account's own value. */
  readonly limitFrom: 'default' | 'given';
  readonly ok: boolean;
}

/** Values of an account's quotas that differ from AWS's defaults, by quota code (`L-0263D0A3`) or by key (`elasticIps`). */
export type KnownQuotas = Readonly<Record<string, number>>;

/** What AWS does not let a fleet take of a quota: Lambda keeps 100 executions for functions without a reservation (recalled). */
const KEPT_BACK: Partial<Record<QuotaKey, number>> = { lambdaConcurrency: 100 };

/** Compares what the fleet needs with the quotas, and says for each one that is too small what to ask for. */
export function checkQuotas(usages: readonly Usage[], known: KnownQuotas = {}): { lines: QuotaLine[]; findings: Finding[] } {
  const lines = usages.map((usage) => toLine(usage, known));
  return { lines, findings: lines.filter((line) => !line.ok).map(toFinding) };
}

function toLine(usage: Usage, known: KnownQuotas): QuotaLine {
  const quota: Quota = QUOTAS[usage.quota];
  const given = quota.adjustable
    ? (known[usage.quota] ?? (quota.quotaCode === undefined ? undefined : known[quota.quotaCode]))
    : undefined;
  const limit = (given ?? quota.defaultValue) - (KEPT_BACK[usage.quota] ?? 0);
  return { ...usage, limit, limitFrom: given === undefined ? 'default' : 'given', ok: usage.used <= limit };
}

function toFinding(line: QuotaLine): Finding {
  const quota: Quota = QUOTAS[line.quota];
  const place = [`account ${line.account}`, line.region, line.resource].filter((part) => part !== undefined).join(', ');
  const needed = line.used + (KEPT_BACK[line.quota] ?? 0);
  const code = [quota.serviceCode, quota.quotaCode].filter((part) => part !== undefined).join(' ');
  const message = `${place}: the fleet needs ${line.used.toLocaleString('en-US')} of "${quota.name}", the ${line.limitFrom === 'given' ? 'given' : 'default'} quota is ${line.limit.toLocaleString('en-US')} (${code}; ${quota.source})`;
  return quota.adjustable
    ? {
        code: 'quota-exceeded',
        severity: 'error',
        where: { path: [line.quota] },
        message,
        fix: `Request an increase to at least ${needed.toLocaleString('en-US')} before deploying, or, where it is raised already, say so: --quota ${quota.quotaCode ?? line.quota}=${needed}.`,
      }
    : {
        code: 'limit-exceeded',
        severity: 'error',
        where: { path: [line.quota] },
        message,
        fix: 'AWS does not raise this limit: move something out of this stack, or split the group.',
      };
}

/** Keys and quota codes that {@link checkQuotas} understands. */
export function knownQuotaNames(): string[] {
  return (Object.keys(QUOTAS) as QuotaKey[]).flatMap((key) => {
    const quota: Quota = QUOTAS[key];
    return !quota.adjustable ? [] : quota.quotaCode === undefined ? [key] : [key, quota.quotaCode];
  });
}
