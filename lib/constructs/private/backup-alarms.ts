import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { StampError } from '../../errors';

export interface BackupAlarmsProps {
  readonly vaultName: string;
  readonly copyVaultArns: readonly string[];
  readonly maxAge: Duration;
}

/** With periods of an hour or longer, an alarm looks back 7 days at most. */
const MOST_HOURS = 7 * 24;

/**
 * AWS Backup publishes no age of recovery points, so age is watched by what is missing: no job completed in as many hours as the newest
 * recovery point may be old. What that can and cannot see:
 * - the metrics come every five minutes as far as they come at all, and only when there is something to count, so silence is the alarm;
 * - CloudWatch keeps a datapoint in view somewhat longer than asked for, so the alarm is a few hours late on long ages, never early;
 * - it looks back 7 days at most: a longer age is watched as 7 days;
 * - a continuous backup's jobs count as well; a scheduled backup that fails beside it shows in the alarm on failed jobs, one that ends
 *   "completed with issues" shows nowhere in CloudWatch. `stampkit backups` and the restore tests read the recovery points themselves.
 * A new stamp is in alarm until its first backup has completed.
 */
export function backupAlarms(scope: Construct, props: BackupAlarmsProps): cloudwatch.Alarm[] {
  const hours = ageInHours(props.maxAge);
  const alarms = [
    ageAlarm(scope, 'RecoveryPointAgeAlarm', {
      metric: jobs('NumberOfBackupJobsCompleted', props.vaultName),
      hours,
      description: `No backup has been completed into the vault ${props.vaultName} for ${hours} hours: the newest recovery point is too old.`,
    }),
    anyAlarm(scope, 'FailedBackupsAlarm', {
      metric: jobs('NumberOfBackupJobsFailed', props.vaultName),
      description: `A backup into the vault ${props.vaultName} has failed.`,
    }),
    anyAlarm(scope, 'ExpiredBackupsAlarm', {
      metric: jobs('NumberOfBackupJobsExpired', props.vaultName),
      description: `A backup into the vault ${props.vaultName} could not start in its window.`,
    }),
  ];
  props.copyVaultArns.forEach((arn, index) => {
    const destination = vaultNameOf(arn);
    alarms.push(
      ageAlarm(scope, `CopyAgeAlarm${index + 1}`, {
        metric: jobs('NumberOfCopyJobsCompleted', destination),
        hours,
        description: `No copy has been completed into ${arn} for ${hours} hours: the newest copy there is too old.`,
      }),
      anyAlarm(scope, `FailedCopiesAlarm${index + 1}`, {
        metric: jobs('NumberOfCopyJobsFailed', destination),
        description: `A copy into ${arn} has failed.`,
      }),
    );
  });
  return alarms;
}

function ageInHours(maxAge: Duration): number {
  const hours = Math.ceil(maxAge.toHours({ integral: false }));
  if (hours < 1) {
    throw new StampError('BACKUP_AGE', 'the newest recovery point cannot be younger than zero', 'Choose an hour or more');
  }
  return Math.min(hours, MOST_HOURS);
}

function ageAlarm(
  scope: Construct,
  id: string,
  props: { readonly metric: cloudwatch.Metric; readonly hours: number; readonly description: string },
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: props.metric,
    alarmDescription: props.description,
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: props.hours,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
}

function jobs(metricName: string, vaultName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Backup',
    metricName,
    dimensionsMap: { BackupVaultName: vaultName },
    statistic: 'Sum',
    period: Duration.hours(1),
  });
}

/** One is too many; nothing is published while there is none. */
function anyAlarm(
  scope: Construct,
  id: string,
  props: { readonly metric: cloudwatch.Metric; readonly description: string },
): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    metric: props.metric,
    alarmDescription: props.description,
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}

/**
 * Copy jobs are counted in the source Region under the name of the destination vault: the seventh part of its ARN. CloudFormation
 * takes it out, because the ARN may be a stamp value, which no construct may parse (design 11).
 */
function vaultNameOf(arn: string): string {
  return Token.asString({ 'Fn::Select': [6, { 'Fn::Split': [':', arn] }] });
}
