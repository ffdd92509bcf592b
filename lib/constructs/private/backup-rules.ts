import { Duration } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import { StampError } from '../../errors';
import { BACKUP_WINDOWS } from '../../facts/backup-windows';
import { NUMBER_RANGES } from '../../facts/limits';
import { BackupSchedule } from '../backup-settings';

const EXPRESSIONS: Record<BackupSchedule, string> = {
  [BackupSchedule.HOURLY]: 'cron(0 * * * ? *)',
  [BackupSchedule.DAILY]: 'cron(0 5 * * ? *)',
  [BackupSchedule.WEEKLY]: 'cron(0 5 ? * SUN *)',
};

export interface BackupRulesProps {
  readonly vaultName: string;
  readonly schedule: BackupSchedule;
  readonly continuous: boolean;
  readonly retention: Duration;
  readonly copyVaultArns: readonly string[];
  readonly copyRetention: Duration;
  readonly recoveryPointTags: Record<string, string>;
}

/** One rule for the continuous backup, which cannot be copied as such (aws-facts 5.3), and one for the scheduled backups and their copies. */
export function backupRules(props: BackupRulesProps): backup.CfnBackupPlan.BackupRuleResourceTypeProperty[] {
  return props.continuous ? [continuousRule(props), scheduledRule(props)] : [scheduledRule(props)];
}

function continuousRule(props: BackupRulesProps): backup.CfnBackupPlan.BackupRuleResourceTypeProperty {
  return {
    ruleName: 'continuous',
    targetBackupVault: props.vaultName,
    enableContinuousBackup: true,
    // Away from the scheduled backups: a resource runs one backup job at a time (aws-facts 5.6).
    scheduleExpression: 'cron(30 0 * * ? *)',
    scheduleExpressionTimezone: 'Etc/UTC',
    ...windows(BackupSchedule.DAILY),
    lifecycle: { deleteAfterDays: continuousDays(props) },
    recoveryPointTags: props.recoveryPointTags,
  };
}

function scheduledRule(props: BackupRulesProps): backup.CfnBackupPlan.BackupRuleResourceTypeProperty {
  return {
    ruleName: 'scheduled',
    targetBackupVault: props.vaultName,
    scheduleExpression: EXPRESSIONS[props.schedule],
    scheduleExpressionTimezone: 'Etc/UTC',
    ...windows(props.schedule),
    lifecycle: { deleteAfterDays: retentionDays('retention', props.retention) },
    recoveryPointTags: props.recoveryPointTags,
    ...(props.copyVaultArns.length > 0 && {
      copyActions: props.copyVaultArns.map((destinationBackupVaultArn) => ({
        destinationBackupVaultArn,
        lifecycle: { deleteAfterDays: retentionDays('copyRetention', props.copyRetention) },
      })),
    }),
  };
}

/** The age of the newest recovery point is calculated from the same windows. */
function windows(schedule: BackupSchedule): { startWindowMinutes: number; completionWindowMinutes: number } {
  const { startWindow, completionWindow } = BACKUP_WINDOWS[schedule];
  return { startWindowMinutes: startWindow / 60, completionWindowMinutes: completionWindow / 60 };
}

function continuousDays(props: BackupRulesProps): number {
  return Math.min(retentionDays('retention', props.retention), NUMBER_RANGES.continuousRetentionDays.max);
}

/** Whole days of a retention; throws a StampError for less than a day or a fraction of one. */
export function retentionDays(name: string, retention: Duration): number {
  const days = retention.toDays({ integral: false });
  if (!Number.isInteger(days) || days < 1) {
    throw new StampError('BACKUP_RETENTION', `${name} of ${days} days is not a number of whole days`, 'Choose 1 day or more');
  }
  return days;
}

/** The shortest retention that anything written by this plan, or by a peer's equal plan, has. */
export function shortestRetention(props: BackupRulesProps): Duration {
  const days = [retentionDays('retention', props.retention), retentionDays('copyRetention', props.copyRetention)];
  if (props.continuous) days.push(continuousDays(props));
  return Duration.days(Math.min(...days));
}
