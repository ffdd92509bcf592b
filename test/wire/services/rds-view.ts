import type { Cluster, GlobalCluster, Instance, RdsState, Snapshot } from './rds-state';

type Shown = Readonly<Record<string, unknown>>;

export function showGlobal(state: RdsState, global: GlobalCluster): Shown {
  const { change } = global;
  const arn = (region: string, cluster: string): string => state.arn({ account: global.account, region }, cluster);
  return {
    GlobalClusterIdentifier: global.id,
    GlobalClusterArn: `arn:aws:rds::${global.account}:global-cluster:${global.id}`,
    Status: change === undefined ? 'available' : change.kind,
    Engine: global.engine,
    EngineVersion: global.engineVersion,
    GlobalClusterMembers: global.members.map((member) => ({
      DBClusterArn: arn(member.region, member.cluster),
      IsWriter: member.writer,
      Readers: member.writer
        ? global.members.filter((each) => each !== member).map((each) => arn(each.region, each.cluster))
        : [],
      SynchronizationStatus: member.connectedAt > state.world.now ? 'pending-resync' : 'connected',
    })),
    ...(change !== undefined && {
      FailoverState: {
        Status: change.kind,
        FromDbClusterArn: arn(change.from.region, change.from.cluster),
        ToDbClusterArn: arn(change.to.region, change.to.cluster),
        IsDataLossAllowed: change.kind === 'failing-over',
      },
    }),
  };
}

export function showCluster(state: RdsState, cluster: Cluster): Shown {
  const { settings } = cluster;
  const host = (kind: string): string => `${cluster.id}.${kind}-abc123.${cluster.region}.rds.amazonaws.com`;
  return {
    DBClusterIdentifier: cluster.id,
    DBClusterArn: state.arn(cluster, cluster.id),
    Status: state.status(cluster),
    Engine: settings.Engine,
    EngineVersion: settings.EngineVersion,
    Endpoint: host('cluster'),
    ReaderEndpoint: host('cluster-ro'),
    Port: settings.Port ?? 5432,
    DBSubnetGroup: settings.DBSubnetGroupName,
    VpcSecurityGroups: (settings.VpcSecurityGroupIds ?? []).map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    DBClusterParameterGroup: settings.DBClusterParameterGroupName,
    KmsKeyId: settings.KmsKeyId,
    StorageEncrypted: settings.StorageEncrypted ?? true,
    IAMDatabaseAuthenticationEnabled: settings.EnableIAMDatabaseAuthentication ?? false,
    EnabledCloudwatchLogsExports: settings.EnableCloudwatchLogsExports ?? [],
    BackupRetentionPeriod: settings.BackupRetentionPeriod ?? 1,
    CopyTagsToSnapshot: settings.CopyTagsToSnapshot ?? false,
    ServerlessV2ScalingConfiguration: settings.ServerlessV2ScalingConfiguration,
    DatabaseInsightsMode: settings.DatabaseInsightsMode,
    DeletionProtection: cluster.deletionProtection,
    ClusterCreateTime: new Date(cluster.createdAt),
    EarliestRestorableTime: new Date(Math.max(cluster.createdAt, state.world.now - 35 * 86_400_000)),
    LatestRestorableTime: new Date(Math.max(cluster.createdAt, state.world.now - 300_000)),
    GlobalClusterIdentifier: cluster.global,
    TagList: [...cluster.tags].map(([Key, Value]) => ({ Key, Value })),
    DBClusterMembers: state.instancesOf(cluster).map((instance, at) => ({
      DBInstanceIdentifier: instance.id,
      IsClusterWriter: at === 0,
      PromotionTier: 1,
    })),
  };
}

export function showInstance(state: RdsState, instance: Instance): Shown {
  const { settings } = instance;
  const status =
    instance.deletedAt !== undefined ? 'deleting' : instance.availableAt > state.world.now ? 'creating' : 'available';
  return {
    DBInstanceIdentifier: instance.id,
    DBInstanceArn: state.arn(instance, instance.id, 'db'),
    DBClusterIdentifier: instance.cluster,
    DBInstanceStatus: status,
    DBInstanceClass: settings.DBInstanceClass,
    Engine: settings.Engine,
    PromotionTier: settings.PromotionTier,
    PubliclyAccessible: settings.PubliclyAccessible ?? false,
    AutoMinorVersionUpgrade: settings.AutoMinorVersionUpgrade ?? true,
    CACertificateIdentifier: settings.CACertificateIdentifier,
    MonitoringInterval: settings.MonitoringInterval ?? 0,
    MonitoringRoleArn: settings.MonitoringRoleArn,
    DBParameterGroups:
      settings.DBParameterGroupName === undefined
        ? []
        : [{ DBParameterGroupName: settings.DBParameterGroupName, ParameterApplyStatus: 'in-sync' }],
    TagList: settings.Tags,
  };
}

export function showSnapshot(state: RdsState, snapshot: Snapshot): Shown {
  return {
    DBClusterSnapshotIdentifier: snapshot.id,
    DBClusterSnapshotArn: state.arn(snapshot, snapshot.id, 'cluster-snapshot'),
    DBClusterIdentifier: snapshot.cluster,
    SnapshotCreateTime: new Date(snapshot.createdAt),
    SnapshotType: snapshot.type,
    Status: 'available',
    Engine: snapshot.engine,
    EngineVersion: snapshot.engineVersion,
  };
}
