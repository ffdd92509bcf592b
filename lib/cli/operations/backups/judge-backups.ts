import type { OperationFinding } from '../../../operations/finding-codes';
import { refuse, warn } from '../../../operations/finding-codes';
import { engineOf, type GroupView, stampSpec } from '../../../operations/group-view';
import { durationText } from '../../../operations/render-plan';
import type { BackupShape, TenantGroup } from '../../../topology/types';
import { partitionOf } from '../../../assembly/partition';
import { ageText } from '../times';
import { newestPoint, type VaultReading } from './read-backups';

const DAY_MS = 86_400_000;
/** Days between two restore tests. */
const TEST_EVERY: Readonly<Record<BackupShape['restoreTest'], number>> = { none: 0, daily: 1, weekly: 7, monthly: 31 };

/** What is wrong with the backups of a group: what is missing, too old, unprotected or never tried. */
export function judgeBackups(view: GroupView, vaults: readonly VaultReading[], now: number): OperationFinding[] {
  if (engineOf(view) === 'none') return [];
  const receives = copyTargets(view.group);
  return vaults.flatMap((vault) => {
    const shape = stampSpec(view, vault.stamp).shape.backup;
    if (shape === undefined) return [];
    const uncovered = judgeCoverage(view, vault);
    if (vault.points === undefined) {
      const why = vault.unreadable[0] ?? 'no answer';
      const fix = `Look again: stampkit backups ${view.group.name}`;
      const message = `the vault ${vault.vault} in ${vault.region} cannot be read: ${why}`;
      return [...uncovered, warn('backups-unreadable', vault.stamp, message, fix)];
    }
    return [
      ...uncovered,
      ...judgeAge(view.group, vault, now),
      ...(receives.has(`${vault.region}/${vault.vault}`) ? judgeCopies(view.group, vault, now) : []),
      ...judgeLock(vault, shape),
      ...judgeTest(vault, shape, now),
    ];
  });
}

/** What a stamp lives on after a cut-over was not made by its template, which would have put it into the backup plan. */
function judgeCoverage(view: GroupView, { stamp, region, resource, coverage }: VaultReading): OperationFinding[] {
  if (coverage === undefined || (coverage.stamp === stamp && coverage.continuous)) return [];
  const aurora = engineOf(view) === 'aurora';
  const tag = `Key=stampkit:backup,Value=${stamp}`;
  const arn = `arn:${partitionOf(region)}:${aurora ? 'rds' : 'dynamodb'}:${region}:${view.group.account}:${aurora ? 'cluster:' : 'table/'}${resource}`;
  const missing = [
    ...(coverage.stamp === stamp ? [] : [`is in no backup plan of ${stamp}`]),
    ...(coverage.continuous ? [] : ['has no continuous backup']),
  ];
  const commands = [
    ...(coverage.stamp === stamp
      ? []
      : [
          aurora
            ? `aws rds add-tags-to-resource --region ${region} --resource-name ${arn} --tags ${tag}`
            : `aws dynamodb tag-resource --region ${region} --resource-arn ${arn} --tags ${tag}`,
        ]),
    ...(coverage.continuous
      ? []
      : [
          `aws dynamodb update-continuous-backups --region ${region} --table-name ${resource} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
        ]),
  ];
  return [refuse('not-backed-up', stamp, `${resource} in ${region} ${missing.join(' and ')}`, commands.join('; '))];
}

function judgeAge({ objectives }: TenantGroup, vault: VaultReading, now: number): OperationFinding[] {
  const newest = newestPoint(vault);
  const { rpo } = objectives.recovery;
  if (newest === undefined) {
    const before = vault.points?.some((point) => !vault.live.includes(point.resource)) === true;
    const fix = before
      ? 'The backups that are there hold what was used before: until the plan runs again, take one now (aws backup start-backup-job)'
      : 'Look at the backup jobs of the stamp’s plan in AWS Backup: it may never have run, or fail';
    return [
      refuse(
        'backup-missing',
        vault.stamp,
        `the vault ${vault.vault} in ${vault.region} holds nothing of ${vault.resource} to restore`,
        fix,
      ),
    ];
  }
  const age = now - newest.createdAt;
  if (age <= rpo * 1000) return [];
  return [
    refuse(
      'backup-too-old',
      vault.stamp,
      `the newest recovery point in ${vault.region} is ${ageText(age)} old, the objective is ${durationText(rpo)}`,
      `Look at the failed jobs of the vault ${vault.vault} in AWS Backup; take one now: aws backup start-backup-job`,
    ),
  ];
}

/** What a Region gets from its peers is all that is left of them when they are lost. */
function judgeCopies({ objectives }: TenantGroup, vault: VaultReading, now: number): OperationFinding[] {
  const copy = newestPoint(vault, true);
  const age = copy === undefined ? undefined : now - copy.createdAt;
  if (age !== undefined && age <= objectives.recovery.rpo * 1000) return [];
  return [
    refuse(
      'backup-copy-missing',
      vault.stamp,
      age === undefined
        ? `no copy of another Region’s backups has reached ${vault.vault} in ${vault.region}`
        : `the newest copy in ${vault.region} is ${ageText(age)} old, the objective is ${durationText(objectives.recovery.rpo)}`,
      'Look at the copy jobs of the source vaults in AWS Backup: keys and vault policies of the target decide',
    ),
  ];
}

function judgeLock(vault: VaultReading, { lock }: BackupShape): OperationFinding[] {
  const live = newestPoint(vault)?.lock;
  if (lock === 'none' || live === undefined || live === lock || live === 'compliance') return [];
  const message = `the vault ${vault.vault} in ${vault.region} is locked as "${live}", the template says "${lock}"`;
  return [warn('backup-not-locked', vault.stamp, message, 'Deploy the stamp: somebody has changed the lock by hand')];
}

function judgeTest(vault: VaultReading, { restoreTest }: BackupShape, now: number): OperationFinding[] {
  if (restoreTest === 'none') return [];
  const { lastTest, stamp, region } = vault;
  const look = 'docs/restore-testing.md says where the result is and what to do';
  if (lastTest === undefined)
    return [warn('restore-test-missing', stamp, `no restore test in ${region} has finished yet, or nobody may read it`, look)];
  const age = now - lastTest.at;
  if (!lastTest.passed)
    return [refuse('restore-test-failed', stamp, `the restore test in ${region} failed ${ageText(age)} ago`, look)];
  if (age <= 2 * TEST_EVERY[restoreTest] * DAY_MS) return [];
  const message = `the last restore test in ${region} was ${ageText(age)} ago, it should be ${restoreTest}`;
  return [warn('restore-test-old', stamp, message, look)];
}

/** `region/vault` of every vault that some stamp of the group copies to. */
function copyTargets({ stamps }: TenantGroup): ReadonlySet<string> {
  const arns = stamps.flatMap((stamp) => stamp.values.backupCopyVaultArns);
  return new Set(
    arns.map((arn) => {
      const [, , , region = '', , , vault = ''] = arn.split(':');
      return `${region}/${vault}`;
    }),
  );
}
