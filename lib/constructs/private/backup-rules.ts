import { Duration } from 'aws-cdk-lib';
import type * as backup from 'aws-cdk-lib/aws-backup';
import { StampError } from '../../errors';
import { BackupSchedule } from '../backup-settings';

/** Continuous backups are kept 1 to 35 days (aws-facts 5.4). */
const CONTINUOUS_MOST_DAYS = 35;
/** Least start window (aws-facts 5.1). */
const START_WINDOW_MINUTES = 60;

interface Schedule {
  readonly expression: string;
  /** Minutes from the scheduled time within which a job has to be complete, an hour or more beyond the start window. */
  readonly completionWindowMinutes: number;
}

const SCHEDULES: Record<BackupSchedule, Schedule> = {
  [BackupSchedule.HOURLY]: { expression: 'cron(0 * * * ? *)', completionWindowMinutes: 120 },
  [BackupSchedule.DAILY]: { expression: 'cron(0 5 * * ? *)', completionWindowMinutes: 720 },
  [BackupSchedule.WEEKLY]: { expression: 'cron(0 5 ? * SUN *)', completionWindowMinutes: 1440 },
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
    startWindowMinutes: START_WINDOW_MINUTES,
    completionWindowMinutes: 720,
    lifecycle: { deleteAfterDays: continuousDays(props) },
    recoveryPointTags: props.recoveryPointTags,
  };
}

function scheduledRule(props: BackupRulesProps): backup.CfnBackupPlan.BackupRuleResourceTypeProperty {
  const { expression, completionWindowMinutes } = SCHEDULES[props.schedule];
  return {
    ruleName: 'scheduled',
    targetBackupVault: props.vaultName,
    scheduleExpression: expression,
    scheduleExpressionTimezone: 'Etc/UTC',
    startWindowMinutes: START_WINDOW_MINUTES,
    completionWindowMinutes,
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

function continuousDays(props: BackupRulesProps): number {
  return Math.min(retentionDays('retention', props.retention), CONTINUOUS_MOST_DAYS);
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
