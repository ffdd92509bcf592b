import type { ResourceKey } from '../resources';
import type { CallAction, CallKind, Permission } from './action';

const CLUSTERS: readonly ResourceKey[] = ['global-cluster', 'database-cluster'];
const CLUSTER_GROUPS: readonly ResourceKey[] = ['subnet-group', 'cluster-parameter-group', 'option-group'];
const INSTANCE_GROUPS: readonly ResourceKey[] = ['subnet-group', 'parameter-group', 'option-group'];
/** What RDS asks for besides when it makes something: its groups, and the keys of the volume. */
const MAKES_CLUSTER: readonly Permission[] = [
  { action: 'rds:AddTagsToResource', on: ['database-cluster', 'database-instance'] },
  { action: 'kms:DescribeKey', on: ['key-of-rds'] },
  { action: 'kms:CreateGrant', on: ['key-of-rds'] },
];
const READS_ITEMS: readonly Permission[] = [{ action: 'kms:Decrypt', on: ['key-of-dynamodb'] }];

function rds(call: string, kind: CallKind, on: readonly ResourceKey[], also?: readonly Permission[]): CallAction {
  return { service: 'rds', call, kind, action: `rds:${call}`, on, ...(also && { also }) };
}

function table(call: string, kind: CallKind, on: readonly ResourceKey[], also?: readonly Permission[]): CallAction {
  return { service: 'dynamodb', call, kind, action: `dynamodb:${call}`, on, ...(also && { also }) };
}

function backup(call: string, kind: CallKind, on: readonly ResourceKey[], also?: readonly Permission[]): CallAction {
  return { service: 'backup', call, kind, action: `backup:${call}`, on, ...(also && { also }) };
}

/** Calls of databases, tables, capacity, backups, validations and divergences. */
export const DATA_ACTIONS: readonly CallAction[] = [
  rds('DescribeGlobalClusters', 'read', ['global-cluster']),
  rds('DescribeDBClusters', 'read', ['database-cluster']),
  rds('DescribeDBInstances', 'read', ['database-instance']),
  rds('DescribeDBClusterSnapshots', 'read', ['database-cluster', 'cluster-snapshot']),
  rds('SwitchoverGlobalCluster', 'change', CLUSTERS),
  rds('FailoverGlobalCluster', 'change', CLUSTERS),
  rds('RemoveFromGlobalCluster', 'change', CLUSTERS),
  rds('CreateGlobalCluster', 'change', CLUSTERS),
  rds('DeleteGlobalCluster', 'change', ['global-cluster']),
  rds('CreateDBCluster', 'change', [...CLUSTERS, ...CLUSTER_GROUPS], MAKES_CLUSTER),
  rds('ModifyDBCluster', 'change', ['restored-cluster']),
  rds('DeleteDBCluster', 'change', ['restored-cluster']),
  rds('AddTagsToResource', 'change', ['restored-cluster']),
  rds(
    'CreateDBInstance',
    'change',
    ['database-cluster', 'database-instance', ...INSTANCE_GROUPS],
    [...MAKES_CLUSTER, { action: 'iam:PassRole', on: ['role-of-rds-monitoring'] }],
  ),
  rds('DeleteDBInstance', 'change', ['restored-instance']),
  rds('RestoreDBClusterFromSnapshot', 'change', ['database-cluster', 'cluster-snapshot', ...CLUSTER_GROUPS], MAKES_CLUSTER),
  rds('RestoreDBClusterToPointInTime', 'change', ['database-cluster', ...CLUSTER_GROUPS], MAKES_CLUSTER),

  table('DescribeTable', 'read', ['group-table']),
  table('ListTagsOfResource', 'read', ['group-table']),
  table('DescribeContinuousBackups', 'read', ['group-table']),
  { ...table('Scan', 'read', ['group-table'], READS_ITEMS), operatorOnly: true },
  { ...table('BatchGetItem', 'read', ['group-table'], READS_ITEMS), operatorOnly: true },
  table(
    'CreateTable',
    'change',
    ['restored-table'],
    [
      { action: 'dynamodb:TagResource', on: ['restored-table'] },
      { action: 'kms:DescribeKey', on: ['key-of-dynamodb'] },
      { action: 'kms:CreateGrant', on: ['key-of-dynamodb'] },
    ],
  ),
  table(
    'UpdateTable',
    'change',
    ['restored-table'],
    [
      // What a replica needs in its own Region (aws-facts 4.2).
      { action: 'dynamodb:CreateTableReplica', on: ['restored-table'] },
      { action: 'dynamodb:DeleteTableReplica', on: ['restored-table'] },
      { action: 'dynamodb:CreateGlobalTableWitness', on: ['restored-table'] },
      { action: 'dynamodb:DeleteGlobalTableWitness', on: ['restored-table'] },
      { action: 'dynamodb:UpdateItem', on: ['restored-table'] },
      { action: 'dynamodb:DeleteItem', on: ['restored-table'] },
      { action: 'dynamodb:Query', on: ['restored-table'] },
      { action: 'iam:CreateServiceLinkedRole', on: ['role-of-dynamodb-replication'] },
    ],
  ),
  table('DeleteTable', 'change', ['restored-table'], [{ action: 'dynamodb:DeleteTableReplica', on: ['restored-table'] }]),
  table('TagResource', 'change', ['restored-table']),
  table('UpdateContinuousBackups', 'change', ['restored-table']),
  table(
    'RestoreTableToPointInTime',
    'change',
    ['group-table'],
    [
      { action: 'dynamodb:BatchWriteItem', on: ['restored-table'] },
      { action: 'dynamodb:UpdateItem', on: ['restored-table'] },
      { action: 'dynamodb:DeleteItem', on: ['restored-table'] },
      { action: 'dynamodb:GetItem', on: ['restored-table'] },
      { action: 'dynamodb:Query', on: ['restored-table'] },
    ],
  ),

  { service: 'ecs', call: 'DescribeServices', kind: 'read', action: 'ecs:DescribeServices', on: ['ecs-service'] },
  { service: 'ecs', call: 'DescribeClusters', kind: 'read', action: 'ecs:DescribeClusters', on: ['ecs-cluster'] },
  {
    service: 'ecs',
    call: 'DescribeCapacityProviders',
    kind: 'read',
    action: 'ecs:DescribeCapacityProviders',
    on: ['everything'],
  },
  { service: 'ecs', call: 'UpdateService', kind: 'change', action: 'ecs:UpdateService', on: ['ecs-service'] },
  {
    service: 'application-auto-scaling',
    call: 'DescribeScalableTargets',
    kind: 'read',
    action: 'application-autoscaling:DescribeScalableTargets',
    on: ['everything'],
  },
  {
    service: 'application-auto-scaling',
    call: 'RegisterScalableTarget',
    kind: 'change',
    action: 'application-autoscaling:RegisterScalableTarget',
    on: ['scalable-target'],
  },
  {
    service: 'auto-scaling',
    call: 'DescribeAutoScalingGroups',
    kind: 'read',
    action: 'autoscaling:DescribeAutoScalingGroups',
    on: ['everything'],
  },
  {
    service: 'auto-scaling',
    call: 'UpdateAutoScalingGroup',
    kind: 'change',
    action: 'autoscaling:UpdateAutoScalingGroup',
    on: ['auto-scaling-group'],
  },
  {
    service: 'elastic-load-balancing-v2',
    call: 'DescribeTargetHealth',
    kind: 'read',
    action: 'elasticloadbalancing:DescribeTargetHealth',
    on: ['everything'],
  },

  backup('DescribeBackupVault', 'read', ['backup-vault']),
  backup('ListRecoveryPointsByBackupVault', 'read', ['backup-vault']),
  backup('DescribeRecoveryPoint', 'read', ['recovery-point', 'table-backup', 'cluster-snapshot']),
  backup('GetRestoreTestingPlan', 'read', ['restore-testing-plan']),
  backup('ListRestoreJobs', 'read', ['everything']),
  backup('GetRestoreJobMetadata', 'read', ['everything']),
  backup('StartRestoreJob', 'change', ['recovery-point', 'table-backup'], [{ action: 'iam:PassRole', on: ['role-of-backup'] }]),
];
