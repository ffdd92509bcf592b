import { type QuotaKey, quotaOf } from '../../facts/quotas';
import type { QuotaLine } from '../../preflight/check-quotas';
import type { HealthCheckCost } from '../../preflight/health-check-cost';
import type { PreflightReport } from '../../preflight/preflight';
import type { Prerequisite, PrerequisiteKind } from '../../preflight/prerequisites';
import type { Proposal, ProposedAccount, QuotaRaise } from '../../preflight/propose-split';
import { dollars, number, percent } from '../../preflight/say';
import { counted, renderTable } from '../terminal';

/** Lines from this share on are shown without `--all`. */
const WORTH_SHOWING = 0.5;

export function renderQuotaLines(lines: readonly QuotaLine[], all: boolean): string {
  const shown = all ? lines : lines.filter((line) => !line.ok || line.share >= WORTH_SHOWING);
  if (shown.length === 0) return '';
  const inUse = shown.some((line) => line.inUse !== undefined);
  const rows = shown.map((line) => [
    stateOf(line),
    line.quota,
    line.account,
    line.region ?? 'global',
    number(line.used),
    ...(inUse ? [line.inUse === undefined ? '?' : number(line.inUse)] : []),
    `${number(line.limit)}${line.limitFrom === 'default' ? '' : ` (${line.limitFrom})`}`,
    percent(line.share),
    resourceOf(line),
  ]);
  const header = ['STATE', 'QUOTA', 'ACCOUNT', 'REGION', 'NEEDED', ...(inUse ? ['OTHERS'] : []), 'LIMIT', 'SHARE', 'FULLEST'];
  return renderTable(header, rows);
}

function stateOf(line: QuotaLine): string {
  if (line.ok) return 'ok';
  return quotaOf(line.quota).confidence === 'low' && line.limitFrom === 'default' ? 'over?' : 'OVER';
}

function resourceOf({ resource, resources }: QuotaLine): string {
  if (resource === undefined) return '';
  return resources === undefined || resources === 1 ? resource : `${resource} (of ${number(resources)})`;
}

/** Health checks, what they cost, and how that was reckoned. */
export function renderHealthChecks({
  kinds,
  accounts,
  checks,
  awsEndpoints,
  otherEndpoints,
  pricesAsOf,
  source,
}: HealthCheckCost): string {
  if (checks === 0) return '';
  const types = new Map<string, number>();
  for (const { type, options, count } of kinds) {
    const name = `${type}${options === 0 ? '' : ` with ${counted(options, 'option')}`}`;
    types.set(name, (types.get(name) ?? 0) + count);
  }
  const parts = [...types].map(([name, count]) => `${number(count)} ${name}`).join(', ');
  const where = accounts.length === 1 ? '' : ` in ${counted(accounts.length, 'account')}`;
  return (
    `health checks: ${number(checks)}${where} (${parts})\n` +
    `  about ${dollars(awsEndpoints)} a month when Route 53 counts the endpoints as AWS's own, ${dollars(otherEndpoints)} when it does not\n` +
    `  (prices of ${pricesAsOf}, ${source}; calculated checks reckoned as basic ones, which is not confirmed)\n`
  );
}

/** Both ways out of each account that is too small. */
export function renderProposals(proposals: readonly Proposal[], all: boolean): string {
  return proposals.map((proposal) => renderProposal(proposal, all)).join('');
}

function renderProposal({ account, raises, split }: Proposal, all: boolean): string {
  const first = `proposal for account ${account}: raise ${renderRaises(raises, all)}\n`;
  if (split === undefined) return first;
  const quotas = [...new Set(raises.map(({ quota }) => quota).filter((quota) => quotaOf(quota).scope === 'account'))];
  const accounts = split.map((part) => `    ${renderAccount(part, all)}\n`).join('');
  return (
    `${first}  or spread its groups over ${counted(split.length, 'account')}, each with its own delegated zone (keeps ${quotas.join(', ')} inside the limits):\n` +
    `${accounts}  a group that is deployed moves only by restoring its data: spread new ones\n`
  );
}

function renderAccount({ account, groups, raises }: ProposedAccount, all: boolean): string {
  const shown = all || groups.length <= 3 ? groups.join(', ') : `${groups.slice(0, 3).join(', ')}, … (--all names them)`;
  const rest = raises.length === 0 ? '' : `; raise there ${renderRaises(raises, all)}`;
  return `${account}: ${counted(groups.length, 'group')}${groups.length === 0 ? '' : `: ${shown}`}${rest}`;
}

/** A quota that several Regions need is one phrase, with the highest number. */
function renderRaises(raises: readonly QuotaRaise[], all: boolean): string {
  const quotas = new Map<QuotaKey, { to: number; regions: string[]; possible: boolean }>();
  for (const { quota, region, to, possible } of raises) {
    const known = quotas.get(quota) ?? { to: 0, regions: [], possible: true };
    if (region !== undefined) known.regions.push(region);
    quotas.set(quota, { ...known, to: Math.max(known.to, to), possible: known.possible && possible });
  }
  const phrases = [...quotas].map(([quota, { to, regions, possible }]) => {
    const where =
      regions.length === 0 ? '' : ` in ${all || regions.length <= 2 ? regions.join(', ') : counted(regions.length, 'Region')}`;
    return `${quota} to ${number(to)}${where}${possible ? '' : ` (AWS gives ${number(quotaOf(quota).ceiling ?? 0)} at most)`}`;
  });
  return phrases.join('; ');
}

/** One, and several. */
const PREREQUISITES: Record<PrerequisiteKind, readonly [string, string]> = {
  bootstrap: ['bootstrapped environment', 'bootstrapped environments'],
  'region-opt-in': ['enabled Region', 'enabled Regions'],
  'hosted-zone': ['hosted zone', 'hosted zones'],
  secret: ['secret', 'secrets'],
  image: ['container image', 'container images'],
  'backup-vault': ['existing backup vault', 'existing backup vaults'],
  'transit-gateway': ['transit gateway', 'transit gateways'],
  subscription: ['address to confirm', 'addresses to confirm'],
};

/** What has to be there first: numbers, or with `--all` each one. */
export function renderPrerequisites(prerequisites: readonly Prerequisite[], all: boolean): string {
  if (prerequisites.length === 0) return '';
  if (all) {
    const rows = prerequisites.map(({ kind, account, region, name }) => [
      PREREQUISITES[kind][0],
      account,
      region ?? 'global',
      name,
    ]);
    return `\n${renderTable(['NEEDED BEFORE', 'ACCOUNT', 'REGION', 'NAME'], rows)}`;
  }
  const counts = new Map<PrerequisiteKind, number>();
  for (const { kind } of prerequisites) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => `${number(count)} ${PREREQUISITES[kind][count === 1 ? 0 : 1]}`);
  return `needed before deploying: ${parts.join(', ')} (--all lists them)\n`;
}

export function renderNotJudged({ notJudged }: PreflightReport): string {
  if (notJudged.length === 0) return '';
  const types = notJudged.map(({ type, count }) => `${type} (${number(count)})`).join(', ');
  return `not judged, no limit is known here: ${types}\n`;
}
