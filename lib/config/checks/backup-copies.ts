import { BACKUP_WINDOWS } from '../../facts/backup-windows';
import { NUMBER_RANGES } from '../../facts/limits';
import { awsRegion } from '../../facts/regions';
import type { Finding } from '../../findings';
import type { BackupConfig, GroupConfig, RegionCode } from '../types';
import { type CheckContext, durationText, groupPlace, memberCodes, repeated, report, spansRegions } from './context';

/** A vault that copies go to, as seen from the whole group. */
interface Target {
  readonly text: string;
  readonly index: number;
  /** Member whose vault it is; undefined for vaults outside the group. */
  readonly code?: RegionCode;
  readonly region: string;
  readonly account: string;
}

const VAULT_ARN = /^arn:aws:backup:([a-z0-9-]+):(\d{12}):backup-vault:[A-Za-z0-9_-]{2,50}$/;

/** Where scheduled backups are copied, and whether that can work for every stamp (aws-facts 5.3). */
export function checkCopies(group: GroupConfig, backup: BackupConfig, context: CheckContext): Finding[] {
  const where = groupPlace(group, 'backup', 'copyTo');
  if (backup.copyTo !== 'peers' && backup.copyTo.length === 0) {
    if (backup.copyReason !== undefined) return [];
    const message = 'no backup leaves its Region, and no copyReason says why: losing the Region loses the backups';
    return [report('copy-without-reason', where, message, 'Write copyTo: peers, or copyReason')];
  }
  const members = memberCodes(group.placement);
  const { targets, findings } = readTargets(group, backup.copyTo, members, context);
  if (findings.length > 0) return findings;
  return [
    ...members.flatMap((code) => checkStampTargets(group, backup, code, targets, context)),
    ...checkFullCopies(group, backup, context),
    ...otherAccounts(group, targets),
  ];
}

function readTargets(
  group: GroupConfig,
  copyTo: BackupConfig['copyTo'],
  members: readonly RegionCode[],
  context: CheckContext,
): { targets: Target[]; findings: Finding[] } {
  const own = (code: RegionCode, index: number): Target => ({
    text: code,
    index,
    code,
    region: context.regionOf(code) ?? code,
    account: group.account,
  });
  if (copyTo === 'peers') return { targets: members.map(own), findings: [] };
  const targets: Target[] = [];
  const findings = repeated(copyTo).map(({ item, index }) =>
    report(
      'copy-target-duplicate',
      groupPlace(group, 'backup', 'copyTo', index),
      `"${item}" is given twice`,
      'List every target once',
    ),
  );
  for (const [index, text] of copyTo.entries()) {
    const where = groupPlace(group, 'backup', 'copyTo', index);
    const [, region, account] = VAULT_ARN.exec(text) ?? [];
    if (region !== undefined && account !== undefined && awsRegion(region) !== undefined) {
      targets.push({ text, index, region, account });
    } else if (text.startsWith('arn:')) {
      const fix = 'Write arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME';
      findings.push(report('copy-vault-arn-invalid', where, `"${text}" is no ARN of a backup vault in an AWS Region`, fix));
    } else if (members.includes(text)) {
      targets.push(own(text, index));
    } else if (context.regions.has(text)) {
      const message = `backups are copied to ${text}, where group ${group.group} has no stamp and so no vault`;
      const fix = `Choose among ${members.join(', ')}, or give the ARN of an existing vault in ${text}`;
      findings.push(report('copy-not-member', where, message, fix));
    }
  }
  return { targets, findings };
}

function checkStampTargets(
  group: GroupConfig,
  backup: BackupConfig,
  code: RegionCode,
  targets: readonly Target[],
  context: CheckContext,
): Finding[] {
  const where = groupPlace(group, 'backup', 'copyTo');
  const others = targets.filter((target) => target.code !== code);
  if (others.length === 0) {
    // A group that names one Region twice has its finding already.
    if (backup.copyTo === 'peers' && spansRegions(group.placement)) return [];
    const message = `backups of ${group.group}-${code} have nowhere to go: copyTo leaves no vault but its own`;
    const fix =
      'Add a vault in another Region (copyTo: peers in a group of several Regions, or its ARN), or write copyTo: [] with copyReason';
    return [report('copy-nowhere', where, message, fix)];
  }
  const { max } = NUMBER_RANGES.copyActionsPerRule;
  if (others.length > max) {
    const message = `backups of ${group.group}-${code} are copied to ${others.length} vaults; a rule of AWS Backup takes ${max} copies`;
    return [report('copy-count', where, message, `Name at most ${max} targets in copyTo`)];
  }
  const region = context.regionOf(code);
  if (others.some((target) => target.region !== region)) return [];
  const message = `every copy of ${group.group}-${code} stays in ${region ?? code}: losing the Region loses them all`;
  return [report('copy-same-region', where, message, 'Add a vault in another Region')];
}

/** Aurora copies are always full, so a copy must be done before the next one starts. */
function checkFullCopies(group: GroupConfig, backup: BackupConfig, context: CheckContext): Finding[] {
  const { engine } = group.database;
  if (engine !== 'aurora-postgresql' && engine !== 'aurora-mysql') return [];
  const { interval } = BACKUP_WINDOWS[backup.schedule];
  const least = context.assumed('auroraFullCopyMinimumInterval').pessimistic;
  if (interval >= least) return [];
  const message =
    `schedule: ${backup.schedule} copies the whole cluster every ${durationText(interval)}, because Aurora copies are never incremental: ` +
    `${durationText(least)} is the least that is assumed to work (auroraFullCopyMinimumInterval)`;
  const fix =
    'Write schedule: daily (continuous: true keeps the local recovery point minutes old), or override the assumption with a measured time';
  return [report('copy-interval-too-short', groupPlace(group, 'backup', 'schedule'), message, fix)];
}

function otherAccounts(group: GroupConfig, targets: readonly Target[]): Finding[] {
  return targets
    .filter((target) => target.account !== group.account)
    .map(({ text, index, account }) => {
      const message =
        `${text} lies in account ${account}: the copy needs one organization with cross-account backup enabled, a policy on that vault, ` +
        'and a restore there or a copy back, because recovery points are not restored across accounts';
      const fix = 'Check these before relying on it; restore tests do not cover that vault';
      return report('copy-other-account', groupPlace(group, 'backup', 'copyTo', index), message, fix);
    });
}
