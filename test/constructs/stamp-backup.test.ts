import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { BackupLock, BackupResourceType, BackupSchedule, RestoreTestSchedule } from '../../lib/constructs/backup-settings';
import { StampBackup, type StampBackupProps } from '../../lib/constructs/stamp-backup';
import type { StampValues } from '../../lib/topology/types';
import { codeOf, expectRetained, found, importedKey, KEY_ARN, propertiesOf, withActions } from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

const PEER = 'arn:aws:backup:us-west-2:111111111111:backup-vault:shop-enterprise-usw2';
const OTHER_ACCOUNT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:archive';
const { names } = EXAMPLE_VALUES;

function backup(stack: Stack, overrides: Partial<StampBackupProps> = {}, values: StampValues = EXAMPLE_VALUES): StampBackup {
  return new StampBackup(stack, 'Backup', {
    vaultName: values.names.backupVault,
    stampId: values.names.stampId,
    resourceType: BackupResourceType.AURORA,
    retention: Duration.days(90),
    copyVaultArns: [...values.backupCopyVaultArns],
    copyRetention: Duration.days(30),
    encryptionKey: importedKey(stack),
    restoreTestingPlanName: values.names.restoreTestingPlan,
    ...overrides,
  });
}

function templateOf(overrides: Partial<StampBackupProps> = {}): Template {
  return synthesize((stack) => {
    backup(stack, overrides);
  });
}

function only(type: string, overrides: Partial<StampBackupProps> = {}): Record<string, any> {
  const all = propertiesOf(templateOf(overrides), type);
  expect(all.length).toBe(1);
  return all[0]!;
}

function rules(overrides: Partial<StampBackupProps> = {}): Record<string, any>[] {
  return only('AWS::Backup::BackupPlan', overrides)['BackupPlan'].BackupPlanRule as Record<string, any>[];
}

describe('vault', () => {
  test('is named, encrypted with the key of the stamp, and outlives the stack', () => {
    expect(only('AWS::Backup::BackupVault')).toMatchObject({ BackupVaultName: names.backupVault, EncryptionKeyArn: KEY_ARN });
    expectRetained(templateOf(), ['AWS::Backup::BackupVault']);
    templateOf({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::Backup::BackupVault', { DeletionPolicy: 'Delete' });
  });

  test.each([
    ['governance, the default', {}, { MinRetentionDays: 30 }],
    ['governance', { vaultLock: BackupLock.GOVERNANCE, lockMinRetention: Duration.days(7) }, { MinRetentionDays: 7 }],
    ['compliance', { vaultLock: BackupLock.COMPLIANCE }, { MinRetentionDays: 30, ChangeableForDays: 3 }],
    [
      'compliance',
      { vaultLock: BackupLock.COMPLIANCE, lockChangeableFor: Duration.days(10) },
      { MinRetentionDays: 30, ChangeableForDays: 10 },
    ],
    ['none', { vaultLock: BackupLock.NONE }, undefined],
  ])('lock %s', (_name, overrides, lock) => {
    expect(only('AWS::Backup::BackupVault', overrides)['LockConfiguration']).toEqual(lock);
  });

  test('the lock accepts every retention of the plan, the continuous one of 35 days at most included', () => {
    const copyRetention = Duration.days(365);
    expect(only('AWS::Backup::BackupVault', { copyRetention })['LockConfiguration']).toEqual({ MinRetentionDays: 35 });
    expect(only('AWS::Backup::BackupVault', { copyRetention, continuous: false })['LockConfiguration']).toEqual({
      MinRetentionDays: 90,
    });
  });

  test.each([
    ['a lock that a copy cannot keep', { lockMinRetention: Duration.days(31) }, 'BACKUP_LOCK_RETENTION'],
    [
      'a grace time below 3 days',
      { vaultLock: BackupLock.COMPLIANCE, lockChangeableFor: Duration.hours(71) },
      'BACKUP_LOCK_GRACE',
    ],
    ['a retention of no day', { retention: Duration.days(0) }, 'BACKUP_RETENTION'],
    ['a retention of hours', { retention: Duration.hours(36) }, 'BACKUP_RETENTION'],
    ['a copy retention of hours', { copyRetention: Duration.hours(36) }, 'BACKUP_RETENTION'],
    ['restore tests without a name', { restoreTestingPlanName: undefined }, 'RESTORE_TEST_NAME'],
    ['an age of nothing', { maxRecoveryPointAge: Duration.seconds(0) }, 'BACKUP_AGE'],
  ])('fails with %s', (_name, overrides, code) => {
    expect(codeOf(() => templateOf(overrides as Partial<StampBackupProps>))).toBe(code);
  });

  test('its own account may copy into it, and accounts that are named', () => {
    expect(only('AWS::Backup::BackupVault', { copySourceAccounts: ['222222222222'] })['AccessPolicy'].Statement[0]).toEqual({
      Sid: 'CopyIntoThisVault',
      Effect: 'Allow',
      Action: 'backup:CopyIntoBackupVault',
      Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] },
      Resource: '*',
    });
  });

  test('nobody deletes recovery points or shortens their life', () => {
    expect(only('AWS::Backup::BackupVault')['AccessPolicy'].Statement[1]).toEqual({
      Sid: 'KeepRecoveryPoints',
      Effect: 'Deny',
      Action: ['backup:DeleteRecoveryPoint', 'backup:DisassociateRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
      Principal: { AWS: '*' },
      Resource: '*',
    });
  });

  test('but the break-glass roles', () => {
    const role = 'arn:aws:iam::111111111111:role/break-glass';
    const statement = only('AWS::Backup::BackupVault', { breakGlassRoleArns: [role] })['AccessPolicy'].Statement[1];
    expect(statement).toMatchObject({ Effect: 'Deny', Condition: { ArnNotLike: { 'aws:PrincipalArn': [role] } } });
  });
});

describe('plan', () => {
  test('continuous backups stay here, scheduled ones are copied to every vault', () => {
    const [continuous, scheduled] = rules({ copyVaultArns: [PEER, OTHER_ACCOUNT] });
    expect(continuous).toMatchObject({
      RuleName: 'continuous',
      EnableContinuousBackup: true,
      Lifecycle: { DeleteAfterDays: 35 },
    });
    expect(continuous).not.toHaveProperty('CopyActions');
    expect(scheduled).toMatchObject({
      RuleName: 'scheduled',
      Lifecycle: { DeleteAfterDays: 90 },
      CopyActions: [
        { DestinationBackupVaultArn: PEER, Lifecycle: { DeleteAfterDays: 30 } },
        { DestinationBackupVaultArn: OTHER_ACCOUNT, Lifecycle: { DeleteAfterDays: 30 } },
      ],
    });
    expect(scheduled).not.toHaveProperty('EnableContinuousBackup');
  });

  test('everything goes into the own vault and carries the tag of the stamp', () => {
    for (const rule of rules()) {
      expect(rule).toMatchObject({
        TargetBackupVault: names.backupVault,
        RecoveryPointTags: { 'stampkit:backup': names.stampId },
      });
    }
  });

  test.each([
    [1, 1],
    [35, 35],
    [36, 35],
  ])('a retention of %d days keeps continuous backups %d days', (days, continuous) => {
    expect(rules({ retention: Duration.days(days) })[0]!['Lifecycle']).toEqual({ DeleteAfterDays: continuous });
  });

  test.each([
    ['it is switched off', { continuous: false }],
    ['a table has its own', { resourceType: BackupResourceType.DYNAMODB }],
  ])('there is no continuous rule when %s', (_name, overrides) => {
    expect(rules(overrides).map((rule) => rule['RuleName'])).toEqual(['scheduled']);
  });

  test('without destinations there are no copies', () => {
    expect(rules({ copyVaultArns: [] })[1]).not.toHaveProperty('CopyActions');
  });

  test.each([
    [BackupSchedule.HOURLY, 'cron(0 * * * ? *)'],
    [BackupSchedule.DAILY, 'cron(0 5 * * ? *)'],
    [BackupSchedule.WEEKLY, 'cron(0 5 ? * SUN *)'],
  ])('%s, with windows that AWS Backup accepts', (schedule, expression) => {
    const all = rules({ schedule });
    expect(all[1]).toMatchObject({ ScheduleExpression: expression, ScheduleExpressionTimezone: 'Etc/UTC' });
    for (const rule of all) {
      expect(rule['StartWindowMinutes']).toBeGreaterThanOrEqual(60);
      expect(rule['CompletionWindowMinutes']).toBeGreaterThanOrEqual((rule['StartWindowMinutes'] as number) + 60);
    }
  });

  test('the vault is there before the plan that names it', () => {
    const template = templateOf();
    const [vault] = Object.keys(template.findResources('AWS::Backup::BackupVault'));
    template.hasResource('AWS::Backup::BackupPlan', { DependsOn: [vault] });
  });
});

describe('selection', () => {
  test.each([
    [BackupResourceType.AURORA, 'arn:aws:rds:*:*:cluster:*'],
    [BackupResourceType.DYNAMODB, 'arn:aws:dynamodb:*:*:table/*'],
  ])('%s by the tag of the stamp, without what restore tests made', (resourceType, resources) => {
    expect(only('AWS::Backup::BackupSelection', { resourceType })['BackupSelection']).toMatchObject({
      Resources: [resources],
      Conditions: {
        StringEquals: [{ ConditionKey: 'aws:ResourceTag/stampkit:backup', ConditionValue: 'enterprise-use1' }],
        StringNotLike: [{ ConditionKey: 'aws:ResourceTag/awsbackup-restore-test', ConditionValue: '*' }],
      },
    });
    // ListOfTags would be joined to the conditions by OR.
    expect(only('AWS::Backup::BackupSelection', { resourceType })['BackupSelection']).not.toHaveProperty('ListOfTags');
  });
});

describe('restore tests', () => {
  test('restore the newest snapshot of this vault every week', () => {
    const template = templateOf({ restoreMetadata: { dbSubnetGroupName: 'isolated' } });
    const [vault] = Object.keys(template.findResources('AWS::Backup::BackupVault'));
    template.hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
      RestoreTestingPlanName: names.restoreTestingPlan,
      ScheduleExpression: 'cron(0 10 ? * TUE *)',
      RecoveryPointSelection: {
        Algorithm: 'LATEST_WITHIN_WINDOW',
        IncludeVaults: [{ 'Fn::GetAtt': [vault, 'BackupVaultArn'] }],
        RecoveryPointTypes: ['SNAPSHOT'],
      },
    });
    template.hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      RestoreTestingPlanName: names.restoreTestingPlan,
      ProtectedResourceType: 'Aurora',
      ProtectedResourceConditions: { StringEquals: [{ Key: 'aws:ResourceTag/stampkit:backup', Value: 'enterprise-use1' }] },
      RestoreMetadataOverrides: { dbSubnetGroupName: 'isolated' },
    });
  });

  test.each([
    [RestoreTestSchedule.DAILY, 'cron(0 10 ? * * *)'],
    [RestoreTestSchedule.MONTHLY, 'cron(0 10 1 * ? *)'],
  ])('%s', (restoreTest, ScheduleExpression) => {
    templateOf({ restoreTest }).hasResourceProperties('AWS::Backup::RestoreTestingPlan', { ScheduleExpression });
  });

  test('a table restores as a table', () => {
    templateOf({ resourceType: BackupResourceType.DYNAMODB }).hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      ProtectedResourceType: 'DynamoDB',
      RestoreMetadataOverrides: Match.absent(),
    });
  });

  test('none is none', () => {
    const template = templateOf({
      restoreTest: RestoreTestSchedule.NONE,
      restoreTestingPlanName: undefined,
    });
    template.resourceCountIs('AWS::Backup::RestoreTestingPlan', 0);
    template.resourceCountIs('AWS::Backup::RestoreTestingSelection', 0);
  });
});

describe('alarms', () => {
  function alarm(metricName: string, overrides: Partial<StampBackupProps> = {}): Record<string, any> {
    return propertiesOf(templateOf(overrides), 'AWS::CloudWatch::Alarm').find((each) => each['MetricName'] === metricName)!;
  }

  test.each([
    [BackupSchedule.HOURLY, undefined, 4],
    [BackupSchedule.DAILY, undefined, 50],
    [BackupSchedule.WEEKLY, undefined, 168],
    [BackupSchedule.DAILY, Duration.hours(26), 26],
    [BackupSchedule.DAILY, Duration.minutes(90), 2],
    // CloudWatch looks back 7 days at most.
    [BackupSchedule.WEEKLY, Duration.days(9), 168],
  ])('silence is the alarm: %s, age %s', (schedule, maxRecoveryPointAge, hours) => {
    const overrides = { schedule, ...(maxRecoveryPointAge !== undefined && { maxRecoveryPointAge }) };
    for (const metricName of ['NumberOfBackupJobsCompleted', 'NumberOfCopyJobsCompleted']) {
      expect(alarm(metricName, overrides)).toMatchObject({
        Period: 3600,
        EvaluationPeriods: hours,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
    }
  });

  test('backups are counted in this vault, copies under the name of their destination', () => {
    const dimension = (metricName: string): unknown => alarm(metricName)['Dimensions'];
    expect(dimension('NumberOfBackupJobsCompleted')).toEqual([{ Name: 'BackupVaultName', Value: names.backupVault }]);
    expect(dimension('NumberOfCopyJobsCompleted')).toEqual([
      { Name: 'BackupVaultName', Value: { 'Fn::Select': [6, { 'Fn::Split': [':', EXAMPLE_VALUES.backupCopyVaultArns[0]] }] } },
    ]);
  });

  test('every failure counts', () => {
    for (const metricName of ['NumberOfBackupJobsFailed', 'NumberOfBackupJobsExpired', 'NumberOfCopyJobsFailed']) {
      expect(alarm(metricName)).toMatchObject({ Threshold: 0, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
    }
  });

  test('each destination has its own alarms', () => {
    const template = templateOf({ copyVaultArns: [PEER, OTHER_ACCOUNT] });
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm').length).toBe(3 + 2 * 2);
  });
});

test('AWS Backup may take the role, with the policies it maintains', () => {
  templateOf().hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: Match.objectLike({
      Statement: [Match.objectLike({ Principal: { Service: 'backup.amazonaws.com' } })],
    }),
  });
  expect(JSON.stringify(only('AWS::IAM::Role')['ManagedPolicyArns'])).toMatch(
    /AWSBackupServiceRolePolicyForBackup.*AWSBackupServiceRolePolicyForRestores/,
  );
});

test.each([
  ['Aurora', {}],
  ['a table', { resourceType: BackupResourceType.DYNAMODB, vaultLock: BackupLock.COMPLIANCE }],
  ['no copies', { copyVaultArns: [] }],
])('is the same with plain values and with tokens: %s', (_name, overrides) => {
  synthesizeBothWays((stack, values) => {
    backup(stack, overrides, values);
  });
});

test.each([
  ['Aurora', {}],
  ['a table, AWS managed key', { resourceType: BackupResourceType.DYNAMODB, encryptionKey: undefined }],
])('has no unacknowledged finding: %s', (_name, overrides) => {
  const { violations } = synthesizeChecked((stack) => {
    withActions(stack, backup(stack, overrides).alarms);
  });
  expect(found(violations)).toEqual([]);
});
