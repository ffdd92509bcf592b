import type { CreateDBClusterMessage, DBCluster } from '@aws-sdk/client-rds';

/** What a cluster takes over from another one of the same Region: network, keys, parameters, scaling, logs, protection. */
export type ClusterSettings = Pick<
  CreateDBClusterMessage,
  | 'DBSubnetGroupName'
  | 'VpcSecurityGroupIds'
  | 'DBClusterParameterGroupName'
  | 'Port'
  | 'KmsKeyId'
  | 'EnableIAMDatabaseAuthentication'
  | 'EnableCloudwatchLogsExports'
  | 'CopyTagsToSnapshot'
  | 'BackupRetentionPeriod'
  | 'ServerlessV2ScalingConfiguration'
  | 'StorageType'
  | 'NetworkType'
  | 'DeletionProtection'
>;

export function settingsOf(like: DBCluster): ClusterSettings {
  const { MinCapacity, MaxCapacity } = like.ServerlessV2ScalingConfiguration ?? {};
  return defined({
    DBSubnetGroupName: like.DBSubnetGroup,
    VpcSecurityGroupIds: like.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: id }) => (id === undefined ? [] : [id])),
    DBClusterParameterGroupName: like.DBClusterParameterGroup,
    Port: like.Port,
    KmsKeyId: like.KmsKeyId,
    EnableIAMDatabaseAuthentication: like.IAMDatabaseAuthenticationEnabled,
    EnableCloudwatchLogsExports: like.EnabledCloudwatchLogsExports,
    CopyTagsToSnapshot: like.CopyTagsToSnapshot,
    BackupRetentionPeriod: like.BackupRetentionPeriod,
    ServerlessV2ScalingConfiguration:
      MinCapacity === undefined && MaxCapacity === undefined ? undefined : defined({ MinCapacity, MaxCapacity }),
    StorageType: like.StorageType,
    NetworkType: like.NetworkType,
    // What a restore or a rebuild makes becomes live data: it is protected from the first moment, unless the live one is not.
    DeletionProtection: like.DeletionProtection ?? true,
  });
}

/** Without the members that are not there: AWS takes an empty value for one that was given. */
export function defined<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}
