import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as backup from 'aws-cdk-lib/aws-backup';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { BackupResourceType, BackupSchedule, BackupLock, RestoreTestSchedule } from './backup-settings';
import { BACKUP_TAG_KEY, RESTORE_TEST_TAG_KEY } from './backup-tag';
import { acknowledgeManagedPolicies } from './private/acknowledge';
import { backupAlarms } from './private/backup-alarms';
import { backupRules, retentionDays, shortestRetention } from './private/backup-rules';
import { vaultPolicy } from './private/vault-policy';
import { RestoreTesting } from './restore-testing';

/** Properties of {@link StampBackup}. */
export interface StampBackupProps {
  /** Name of the vault; the peers copy into it by name. */
  readonly vaultName: string;
  /** Value of the backup tag on the data of this stamp: the stamp's id. */
  readonly stampId: string;
  /** Kind of what is backed up. */
  readonly resourceType: BackupResourceType;
  /** Whole days to keep backups in this vault. */
  readonly retention: Duration;
  /**
   * Customer-managed key of the vault; copies into it are encrypted with it.
   * @default - the AWS managed key of AWS Backup, with which copies to other accounts do not work (aws-facts 5.3)
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * When backups are made.
   * @default BackupSchedule.DAILY
   */
  readonly schedule?: BackupSchedule;
  /**
   * Continuous backup besides the schedule, Aurora only: any second of the last 35 days at most (aws-facts 5.4). A resource has one
   * continuous backup over all plans, so no other plan may take one.
   * @default true
   */
  readonly continuous?: boolean;
  /**
   * Vaults that every scheduled backup is copied to, whatever the role of this stamp today: other Regions, and other accounts of the
   * organization whose vault allows it.
   * @default - no copies
   */
  readonly copyVaultArns?: string[];
  /**
   * Whole days to keep the copies.
   * @default - like `retention`
   */
  readonly copyRetention?: Duration;
  /**
   * Other accounts that may copy into this vault; its own account always may.
   * @default - none
   */
  readonly copySourceAccounts?: string[];
  /**
   * IAM roles that may delete recovery points in an emergency; nobody else may, within what the lock still allows.
   * @default - nobody
   */
  readonly breakGlassRoleArns?: string[];
  /**
   * Whether retention can be shortened or backups deleted.
   * @default BackupLock.GOVERNANCE
   */
  readonly vaultLock?: BackupLock;
  /**
   * Least retention that the lock accepts. Jobs below it fail, copies from the peers included (aws-facts 5.2).
   * @default - the shortest retention of this plan's rules and copies
   */
  readonly lockMinRetention?: Duration;
  /**
   * Grace time of a compliance lock, at least 3 days, in which it can still be taken back.
   * @default Duration.days(3)
   */
  readonly lockChangeableFor?: Duration;
  /**
   * When a restore is tested.
   * @default RestoreTestSchedule.WEEKLY
   */
  readonly restoreTest?: RestoreTestSchedule;
  /**
   * Name of the restore testing plan: letters, digits and underscores, 50 at most. Required unless `restoreTest` is NONE.
   * @default - no restore tests
   */
  readonly restoreTestingPlanName?: string;
  /**
   * Overrides for test restores, such as `AuroraMember.restoreMetadata`, which keeps them out of the default VPC.
   * @default - what AWS Backup infers
   */
  readonly restoreMetadata?: { readonly [key: string]: string };
  /**
   * Age of the newest backup, and of the newest copy in each destination, that raises the alarm. CloudWatch looks back 7 days at most:
   * above that, the alarm is raised after 7 days.
   * @default - 4 hours for hourly backups, 50 hours for daily and 7 days for weekly ones
   */
  readonly maxRecoveryPointAge?: Duration;
  /**
   * What happens to the vault when the stack goes. A vault that holds recovery points cannot be deleted anyway.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

const DEFAULT_MAX_AGE: Record<BackupSchedule, Duration> = {
  [BackupSchedule.HOURLY]: Duration.hours(4),
  [BackupSchedule.DAILY]: Duration.hours(50),
  [BackupSchedule.WEEKLY]: Duration.days(7),
};

/** Least grace time of a compliance lock (aws-facts 5.2). */
const LEAST_CHANGEABLE_DAYS = 3;

/**
 * Backups of one stamp's data: a locked vault, a plan with continuous and scheduled backups, copies to the vaults of the peers, a selection
 * by tag, restore tests, and alarms when the newest backup or copy is too old.
 *
 * Everything in here is the same whatever the role of the stamp (R1): the standby backs up its own replica, so losing the
 * primary's Region loses no backups.
 */
export class StampBackup extends Construct {
  /** The vault. */
  public readonly vault: backup.BackupVault;
  /** The backup plan. */
  public readonly plan: backup.CfnBackupPlan;
  /** What the plan backs up. */
  public readonly selection: backup.CfnBackupSelection;
  /** Role that AWS Backup takes for backups, copies and restores; an operator's restore passes it as well. */
  public readonly role: iam.Role;
  /** Present unless `restoreTest` is NONE. */
  public readonly restoreTesting?: RestoreTesting;
  /** Without actions: who composes the stamp adds them. */
  public readonly alarms: cloudwatch.Alarm[];

  /** @throws StampError for retentions and locks that AWS Backup would refuse */
  public constructor(scope: Construct, id: string, props: StampBackupProps) {
    super(scope, id);
    const schedule = props.schedule ?? BackupSchedule.DAILY;
    const rules = {
      vaultName: props.vaultName,
      schedule,
      // DynamoDB has no continuous backup in AWS Backup: the rule would silently take snapshots (aws-facts 5.4).
      continuous: props.resourceType === BackupResourceType.AURORA && (props.continuous ?? true),
      retention: props.retention,
      copyVaultArns: props.copyVaultArns ?? [],
      copyRetention: props.copyRetention ?? props.retention,
      recoveryPointTags: { [BACKUP_TAG_KEY]: props.stampId },
    };
    const shortest = shortestRetention(rules);

    this.vault = new backup.BackupVault(this, 'Vault', {
      backupVaultName: props.vaultName,
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
      accessPolicy: vaultPolicy(this, props.copySourceAccounts ?? [], props.breakGlassRoleArns ?? []),
      ...lockConfiguration(props, shortest),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.role = this.createRole();
    this.plan = new backup.CfnBackupPlan(this, 'Plan', {
      backupPlan: { backupPlanName: props.vaultName, backupPlanRule: backupRules(rules) },
    });
    // The plan names the vault as text, so that the name may be a token and the order has to be said.
    this.plan.node.addDependency(this.vault);
    this.selection = this.createSelection(props);
    const restoreTest = props.restoreTest ?? RestoreTestSchedule.WEEKLY;
    if (restoreTest !== RestoreTestSchedule.NONE) {
      if (props.restoreTestingPlanName === undefined) {
        throw new StampError(
          'RESTORE_TEST_NAME',
          'restore tests need the name of their plan',
          'Give restoreTestingPlanName, or set restoreTest to NONE',
        );
      }
      this.restoreTesting = new RestoreTesting(this, 'RestoreTesting', {
        planName: props.restoreTestingPlanName,
        schedule: restoreTest,
        vaultArn: this.vault.backupVaultArn,
        resourceType: props.resourceType,
        stampId: props.stampId,
        role: this.role,
        ...(props.restoreMetadata !== undefined && { restoreMetadata: props.restoreMetadata }),
      });
    }
    this.alarms = backupAlarms(this, {
      vaultName: props.vaultName,
      copyVaultArns: rules.copyVaultArns,
      maxAge: props.maxRecoveryPointAge ?? DEFAULT_MAX_AGE[schedule],
    });
  }

  private createRole(): iam.Role {
    const policies = [
      'service-role/AWSBackupServiceRolePolicyForBackup',
      'service-role/AWSBackupServiceRolePolicyForRestores',
    ].map((name) => iam.ManagedPolicy.fromAwsManagedPolicyName(name));
    const role = new iam.Role(this, 'Role', {
      description: 'AWS Backup: backups, copies and restores of the stamp',
      assumedBy: new iam.ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: policies,
    });
    acknowledgeManagedPolicies(
      role,
      'The policies AWS maintains for AWS Backup: what a backup, copy or restore has to call changes with the service, and a restore must not fail for a missing permission.',
      ...policies.map((policy) => policy.managedPolicyArn),
    );
    return role;
  }

  /** Conditions are joined by AND; the list of ARNs narrows them to the one kind of resource this plan is for. */
  private createSelection(props: StampBackupProps): backup.CfnBackupSelection {
    const { partition } = Stack.of(this);
    return new backup.CfnBackupSelection(this, 'Selection', {
      backupPlanId: this.plan.ref,
      backupSelection: {
        selectionName: 'data-of-the-stamp',
        iamRoleArn: this.role.roleArn,
        resources: [
          props.resourceType === BackupResourceType.AURORA
            ? `arn:${partition}:rds:*:*:cluster:*`
            : `arn:${partition}:dynamodb:*:*:table/*`,
        ],
        conditions: {
          StringEquals: [{ ConditionKey: `aws:ResourceTag/${BACKUP_TAG_KEY}`, ConditionValue: props.stampId }],
          // A restore test may copy the tags of its source: what it restored is not to be backed up.
          StringNotLike: [{ ConditionKey: `aws:ResourceTag/${RESTORE_TEST_TAG_KEY}`, ConditionValue: '*' }],
        },
      },
    });
  }
}

function lockConfiguration(props: StampBackupProps, shortest: Duration): Pick<backup.BackupVaultProps, 'lockConfiguration'> {
  const lock = props.vaultLock ?? BackupLock.GOVERNANCE;
  if (lock === BackupLock.NONE) return {};
  const minRetention = props.lockMinRetention ?? shortest;
  if (retentionDays('lockMinRetention', minRetention) > shortest.toDays()) {
    throw new StampError(
      'BACKUP_LOCK_RETENTION',
      `the lock wants ${minRetention.toDays()} days, but a rule of the plan keeps ${shortest.toDays()}`,
      'Jobs below the least retention of the lock fail: lower lockMinRetention or raise the retentions',
    );
  }
  if (lock === BackupLock.GOVERNANCE) return { lockConfiguration: { minRetention } };
  const changeableFor = props.lockChangeableFor ?? Duration.days(LEAST_CHANGEABLE_DAYS);
  if (changeableFor.toHours() < LEAST_CHANGEABLE_DAYS * 24) {
    throw new StampError(
      'BACKUP_LOCK_GRACE',
      `a grace time of ${changeableFor.toHours()} hours is too short`,
      `Give a compliance lock ${LEAST_CHANGEABLE_DAYS} days or more`,
    );
  }
  return { lockConfiguration: { minRetention, changeableFor } };
}
