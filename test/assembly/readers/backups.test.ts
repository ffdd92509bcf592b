import { describe, expect, test } from 'vitest';
import { factsOfTemplates } from '../../support/template-stacks';

const TAG = [{ Key: 'backup', Value: 'gold' }];
const data = {
  Cluster: ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'main', Tags: TAG }],
  Untagged: ['AWS::RDS::DBCluster', { DBClusterIdentifier: 'other' }],
  Table: [
    'AWS::DynamoDB::GlobalTable',
    { TableName: 'orders', Replicas: [{ Region: 'us-east-1', Tags: TAG }, { Region: 'us-west-2' }] },
  ],
  Instance: ['AWS::RDS::DBInstance', { DBInstanceIdentifier: 'single', Tags: TAG }],
} as const;

function plan(selection: Record<string, unknown>, rule: Record<string, unknown> = {}) {
  return factsOfTemplates({
    resources: {
      ...data,
      Vault: ['AWS::Backup::BackupVault', { BackupVaultName: 'vault' }],
      Plan: [
        'AWS::Backup::BackupPlan',
        {
          BackupPlan: {
            BackupPlanName: 'plan',
            BackupPlanRule: [{ RuleName: 'r', TargetBackupVault: { Ref: 'Vault' }, ...rule }],
          },
        },
      ],
      Selection: [
        'AWS::Backup::BackupSelection',
        { BackupPlanId: { Ref: 'Plan' }, BackupSelection: { SelectionName: 's', ...selection } },
      ],
    },
  }).backupPlans[0];
}

describe('what a plan protects', () => {
  const condition = { ConditionKey: 'aws:ResourceTag/backup', ConditionValue: 'gold' };
  test.each([
    ['everything with a tag', { Conditions: { StringEquals: [condition] } }, ['app/Cluster', 'app/Instance', 'app/Table']],
    [
      'everything with one of some tags',
      { ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'gold' }] },
      ['app/Cluster', 'app/Instance', 'app/Table'],
    ],
    [
      'clusters with a tag',
      { Resources: ['arn:aws:rds:*:*:cluster:*'], Conditions: { StringEquals: [condition] } },
      ['app/Cluster'],
    ],
    ['a cluster by its ARN', { Resources: [{ 'Fn::GetAtt': ['Untagged', 'DBClusterArn'] }] }, ['app/Untagged']],
    [
      'everything but tables',
      { Resources: ['*'], NotResources: ['arn:aws:dynamodb:*'] },
      ['app/Cluster', 'app/Instance', 'app/Untagged'],
    ],
    [
      'nothing with two tags',
      { Conditions: { StringEquals: [condition, { ...condition, ConditionKey: 'aws:ResourceTag/more' }] } },
      [],
    ],
    ['nothing of another Region', { Resources: ['arn:aws:dynamodb:us-west-2:111111111111:table/orders'] }, []],
  ])('%s', (_name, selection, ids) => {
    expect(plan(selection)?.protects).toEqual(ids.map((databaseId) => ({ databaseId, region: 'us-east-1' })));
  });

  test('conditions that are not evaluated are counted', () => {
    expect(
      plan({ Conditions: { StringEquals: [condition], StringNotLike: [condition, condition] } })?.selections[0],
    ).toMatchObject({ otherConditions: 2, tags: { backup: 'gold' } });
  });
});

describe('rules', () => {
  test('what the template leaves out has the service’s defaults', () => {
    expect(plan({})?.rules[0]).toEqual({
      ...{
        name: 'r',
        vaultName: 'vault',
        vaultId: 'app/Vault',
        schedule: 'cron(0 5 ? * * *)',
        scheduleInterval: 86_400,
        continuous: false,
      },
      ...{ startWindowMinutes: 480, completionWindowMinutes: 10_080, copies: [] },
    });
  });

  test('copies find vaults of other Regions by a literal ARN', () => {
    const DestinationBackupVaultArn = 'arn:aws:backup:us-west-2:111111111111:backup-vault:far';
    const { backupPlans, findings } = factsOfTemplates(
      {
        name: 'east',
        resources: {
          Vault: ['AWS::Backup::BackupVault', { BackupVaultName: 'near' }],
          Plan: [
            'AWS::Backup::BackupPlan',
            {
              BackupPlan: {
                BackupPlanName: 'p',
                BackupPlanRule: [
                  {
                    RuleName: 'r',
                    TargetBackupVault: 'near',
                    Lifecycle: { DeleteAfterDays: 35 },
                    CopyActions: [{ DestinationBackupVaultArn, Lifecycle: { DeleteAfterDays: 90 } }],
                  },
                  {
                    RuleName: 'lost',
                    TargetBackupVault: 'nowhere',
                    CopyActions: [{ DestinationBackupVaultArn: 'arn:aws:backup:us-west-2:999999999999:backup-vault:archive' }],
                  },
                ],
              },
            },
          ],
        },
      },
      {
        name: 'west',
        region: 'us-west-2',
        resources: {
          Vault: [
            'AWS::Backup::BackupVault',
            { BackupVaultName: 'far', LockConfiguration: { MinRetentionDays: 7, ChangeableForDays: 3 } },
          ],
        },
      },
    );
    expect(backupPlans[0]?.rules).toMatchObject([
      {
        retentionDays: 35,
        copies: [
          {
            destinationArn: DestinationBackupVaultArn,
            region: 'us-west-2',
            account: '111111111111',
            vaultId: 'west/Vault',
            retentionDays: 90,
          },
        ],
      },
      { vaultName: 'nowhere', copies: [{ account: '999999999999' }] },
    ]);
    expect(findings.map(({ severity, message }) => [severity, /the vault (\S+),/.exec(message)?.[1]])).toEqual([
      ['warning', 'nowhere'],
      ['info', 'arn:aws:backup:us-west-2:999999999999:backup-vault:archive'],
    ]);
  });
});

describe('vaults and restore tests', () => {
  test('locks, and who may copy into a vault', () => {
    const policy = (principal: unknown) => ({
      Statement: [{ Effect: 'Allow', Principal: principal, Action: 'backup:CopyIntoBackupVault', Resource: '*' }],
    });
    const { vaults } = factsOfTemplates({
      resources: {
        A: [
          'AWS::Backup::BackupVault',
          {
            BackupVaultName: 'a',
            LockConfiguration: { MinRetentionDays: 7 },
            AccessPolicy: policy({ AWS: ['arn:aws:iam::222222222222:root'] }),
          },
        ],
        B: ['AWS::Backup::BackupVault', { BackupVaultName: 'b', AccessPolicy: policy('*') }],
        C: ['AWS::Backup::LogicallyAirGappedBackupVault', { BackupVaultName: 'c', MinRetentionDays: 7, MaxRetentionDays: 30 }],
      },
    });
    expect(vaults).toMatchObject([
      { lock: { mode: 'governance', minRetentionDays: 7 }, copiesFrom: ['222222222222'] },
      { copiesFrom: ['*'] },
      { lock: { mode: 'compliance', minRetentionDays: 7, maxRetentionDays: 30 }, copiesFrom: [] },
    ]);
  });

  test('restore tests with their selections', () => {
    const { restoreTests } = factsOfTemplates({
      resources: {
        Vault: ['AWS::Backup::BackupVault', { BackupVaultName: 'a' }],
        Test: [
          'AWS::Backup::RestoreTestingPlan',
          {
            RestoreTestingPlanName: 'weekly',
            ScheduleExpression: 'cron(0 5 ? * SUN *)',
            RecoveryPointSelection: { IncludeVaults: [{ 'Fn::GetAtt': ['Vault', 'BackupVaultArn'] }, '*'] },
          },
        ],
        Of: [
          'AWS::Backup::RestoreTestingSelection',
          {
            RestoreTestingPlanName: { Ref: 'Test' },
            RestoreTestingSelectionName: 'aurora',
            ProtectedResourceType: 'Aurora',
            ValidationWindowHours: 4,
          },
        ],
      },
    });
    expect(restoreTests).toMatchObject([
      {
        scheduleInterval: 604_800,
        vaultIds: ['app/Vault'],
        selections: [{ name: 'aurora', resourceType: 'Aurora', validationWindowHours: 4 }],
      },
    ]);
  });
});
