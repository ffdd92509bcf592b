import { Duration } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { RestoreTestSchedule, type BackupResourceType } from './backup-settings';
import { BACKUP_TAG_KEY } from './backup-tag';

/** Properties of {@link RestoreTesting}. */
export interface RestoreTestingProps {
  /** Letters, digits and underscores, 50 at most; cannot be changed later. */
  readonly planName: string;
  /** Not NONE. */
  readonly schedule: RestoreTestSchedule;
  /** Vault whose recovery points are restored. */
  readonly vaultArn: string;
  /** Kind of what is restored. */
  readonly resourceType: BackupResourceType;
  /** Value of the backup tag on what may be restored. */
  readonly stampId: string;
  /** Role that AWS Backup takes for the restore. */
  readonly role: iam.IRole;
  /**
   * Overrides of what AWS Backup infers for the restore.
   * @default - none
   */
  readonly restoreMetadata?: { readonly [key: string]: string };
  /**
   * How long a restored resource is kept for validation, 1 to 168 whole hours; then AWS Backup deletes it.
   * @default Duration.hours(4)
   */
  readonly validationWindow?: Duration;
}

/** Clear of the scheduled and continuous backups, and never "every 12 hours" (aws-facts 5.5). */
const EXPRESSIONS: Record<RestoreTestSchedule, string | undefined> = {
  [RestoreTestSchedule.NONE]: undefined,
  [RestoreTestSchedule.DAILY]: 'cron(0 10 ? * * *)',
  [RestoreTestSchedule.WEEKLY]: 'cron(0 10 ? * TUE *)',
  [RestoreTestSchedule.MONTHLY]: 'cron(0 10 1 * ? *)',
};

/** Bounds of the validation window in hours (aws-facts 5.5). */
const WINDOW_HOURS = { least: 1, most: 168 };

/** Restores the newest recovery point of the stamp's data on a schedule, beside the live data, and throws it away again. */
export class RestoreTesting extends Construct {
  /** When restores are tested. */
  public readonly plan: backup.CfnRestoreTestingPlan;
  /** What is restored. */
  public readonly selection: backup.CfnRestoreTestingSelection;

  /** @throws StampError without a schedule or with a validation window AWS Backup would refuse */
  public constructor(scope: Construct, id: string, props: RestoreTestingProps) {
    super(scope, id);
    const scheduleExpression = EXPRESSIONS[props.schedule];
    if (scheduleExpression === undefined) {
      throw new StampError('RESTORE_TEST_SCHEDULE', 'a restore test needs a schedule', 'Choose DAILY, WEEKLY or MONTHLY');
    }
    this.plan = new backup.CfnRestoreTestingPlan(this, 'Plan', {
      restoreTestingPlanName: props.planName,
      scheduleExpression,
      scheduleExpressionTimezone: 'Etc/UTC',
      startWindowHours: 4,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [props.vaultArn],
        // Snapshots: what the copies are made of, and the only thing left when the Region with the continuous backup is gone.
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: 30,
      },
    });
    this.selection = new backup.CfnRestoreTestingSelection(this, 'Selection', {
      restoreTestingPlanName: this.plan.restoreTestingPlanName,
      restoreTestingSelectionName: 'data_of_the_stamp',
      protectedResourceType: props.resourceType,
      iamRoleArn: props.role.roleArn,
      protectedResourceArns: ['*'],
      protectedResourceConditions: {
        stringEquals: [{ key: `aws:ResourceTag/${BACKUP_TAG_KEY}`, value: props.stampId }],
      },
      ...(props.restoreMetadata !== undefined && { restoreMetadataOverrides: { ...props.restoreMetadata } }),
      validationWindowHours: windowHours(props.validationWindow ?? Duration.hours(4)),
    });
    this.selection.addResourceDependency(this.plan);
  }
}

function windowHours(window: Duration): number {
  const hours = window.toHours({ integral: false });
  if (!Number.isInteger(hours) || hours < WINDOW_HOURS.least || hours > WINDOW_HOURS.most) {
    throw new StampError(
      'RESTORE_TEST_WINDOW',
      `a validation window of ${hours} hours is not possible`,
      `Choose ${WINDOW_HOURS.least} to ${WINDOW_HOURS.most} whole hours`,
    );
  }
  return hours;
}
