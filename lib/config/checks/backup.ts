import { BACKUP_WINDOWS } from '../../facts/backup-windows';
import { NUMBER_RANGES } from '../../facts/limits';
import type { Finding } from '../../findings';
import type { BackupConfig, GroupConfig } from '../types';
import { checkCopies } from './backup-copies';
import { type CheckContext, durationText, groupPlace, report } from './context';

const DAY = 86_400;

/** Backups of what the stamp holds itself. */
export function checkBackup(group: GroupConfig, context: CheckContext): Finding[] {
  const { backup, database } = group;
  if (backup === undefined) {
    if (database.engine === 'none' || database.engine === 'external') return [];
    const message = `group ${group.group} has a database (${database.engine}) and no backups: replication copies a deletion within seconds`;
    return [report('backup-missing', groupPlace(group, 'backup'), message, 'Add backup:')];
  }
  return [
    ...checkRetention(group, backup),
    ...checkGuards(group, backup),
    ...checkValidation(group, backup),
    ...checkCopies(group, backup, context),
  ];
}

function checkRetention(group: GroupConfig, backup: BackupConfig): Finding[] {
  const { schedule, continuous, retain, copyRetain } = backup;
  const { interval } = BACKUP_WINDOWS[schedule];
  const copies = backup.copyTo === 'peers' || backup.copyTo.length > 0;
  const kept = [{ key: 'retain', value: retain }, ...(copies ? [{ key: 'copyRetain', value: copyRetain }] : [])];
  const findings = kept.flatMap(({ key, value }) => {
    const where = groupPlace(group, 'backup', key);
    if (value < DAY || value % DAY !== 0) {
      const message = `${key} ${durationText(value)} is no whole number of days, which is how AWS Backup counts`;
      return [report('retention-not-days', where, message, `Write ${Math.max(1, Math.ceil(value / DAY))}d`)];
    }
    if (value >= interval) return [];
    const message = `${key} ${durationText(value)} ends before the next ${schedule} backup: in between there is no recovery point at all`;
    return [report('retention-below-interval', where, message, `Write ${durationText(2 * interval)} or more`)];
  });
  const { max } = NUMBER_RANGES.continuousRetentionDays;
  if (continuous && retain > max * DAY) {
    const message = `retain ${durationText(retain)} is refused: continuous backups are kept for at most ${max} days`;
    const fix = `Write retain: ${max}d, and keep older states as copies with copyRetain`;
    findings.push(report('continuous-retention', groupPlace(group, 'backup', 'retain'), message, fix));
  }
  return findings;
}

function checkGuards(group: GroupConfig, backup: BackupConfig): Finding[] {
  const findings: Finding[] = [];
  if (backup.lock === 'none' && backup.lockReason === undefined) {
    const message = 'lock: none lets anybody with enough permissions delete every backup, and no lockReason says why';
    findings.push(
      report('vault-lock-without-reason', groupPlace(group, 'backup', 'lock'), message, 'Write lock: governance, or lockReason'),
    );
  }
  if (backup.lock === 'compliance') {
    const message =
      'lock: compliance becomes final three days after the first deployment: nobody, AWS included, can shorten it or delete the vault ' +
      'while recovery points exist';
    const fix = 'Nothing, if a regulator asks for it; write lock: governance in accounts that you tear down';
    findings.push(report('vault-lock-compliance', groupPlace(group, 'backup', 'lock'), message, fix));
  }
  if (backup.restoreTest === 'none') {
    const message = 'restoreTest: none: whether the backups can be restored, and how fast, shows on the worst day';
    findings.push(report('restore-test-none', groupPlace(group, 'backup', 'restoreTest'), message, 'Write restoreTest: weekly'));
  }
  return findings;
}

function checkValidation(group: GroupConfig, { validation, restoreTest }: BackupConfig): Finding[] {
  if (validation === undefined) return [];
  const place = (...path: string[]) => groupPlace(group, 'backup', 'validation', ...path);
  const findings: Finding[] = [];
  const { newest, query } = validation;
  if (group.database.engine === 'dynamodb') {
    if (newest !== undefined && newest.attribute === undefined) {
      const message = 'validation.newest names a table and a column, and items of a DynamoDB table have attributes';
      findings.push(report('restore-validation-engine', place('newest'), message, 'Write newest: { attribute: <name> }'));
    }
    if (query !== undefined) {
      const message = 'validation.query is SQL, which DynamoDB does not speak';
      findings.push(
        report('restore-validation-engine', place('query'), message, 'Remove it; minimumRows and newest work for items'),
      );
    }
  } else if (newest?.attribute !== undefined) {
    const message = `validation.newest names the attribute ${newest.attribute}, and ${group.database.engine} has tables with columns`;
    findings.push(
      report('restore-validation-engine', place('newest'), message, 'Write newest: { table: <table>, column: <column> }'),
    );
  }
  if (restoreTest === 'none') {
    const message = 'validation is configured, but restoreTest: none never restores anything that could be checked';
    findings.push(report('restore-validation-unused', place(), message, 'Write restoreTest: weekly, or remove validation'));
  }
  return findings;
}
