import { CreateDBInstanceCommand, type CreateDBInstanceMessage, type DBCluster, type DBInstance } from '@aws-sdk/client-rds';
import type { Guard } from '../../../ports';
import { copiedTags, restoreOf } from '../restore-tag';
import { defined } from './cluster-settings';
import { invalid, type RdsApi } from './rds-api';

/** Longest identifier of an instance. */
const IDENTIFIER_LENGTH = 63;

/**
 * Gives a cluster the instances that another one of the Region has: as many, of the same classes. Those that exist already are left alone,
 * so that a repeated call makes what is missing.
 *
 * @throws PortError `invalid` when nobody knows of which class, `conflict` when a name is somebody else's
 */
export async function addInstances(
  rds: RdsApi,
  {
    region,
    cluster,
    like,
    guard,
  }: { readonly region: string; readonly cluster: string; readonly like: string; readonly guard: Guard },
): Promise<void> {
  const call = 'CreateDBInstance';
  const [own, present, patterns] = await Promise.all([
    rds.cluster(region, cluster),
    rds.instances(region, cluster),
    rds.instances(region, like),
  ]);
  if (own === undefined) throw invalid(region, call, `there is no cluster ${cluster}`);
  const wanted = patterns.length > 0 ? patterns : [patternOf(own, region, like)];
  const names = new Set(present.map((each) => each.DBInstanceIdentifier));
  for (const [at, pattern] of wanted.entries()) {
    const identifier = instanceName(cluster, at + 1);
    if (names.has(identifier)) continue;
    const command = new CreateDBInstanceCommand(instanceLike(pattern, own, identifier));
    await rds.change(region, call, { resource: cluster, guard }, (client, abortSignal) => client.send(command, { abortSignal }));
  }
}

/** One instance for a cluster whose pattern has none: only for serverless clusters is the class known. */
function patternOf(own: DBCluster, region: string, like: string): DBInstance {
  if (own.ServerlessV2ScalingConfiguration !== undefined) return { DBInstanceClass: 'db.serverless' };
  throw invalid(region, 'CreateDBInstance', `${like} has no instances, so nobody knows which class to take`);
}

function instanceLike(pattern: DBInstance, cluster: DBCluster, identifier: string): CreateDBInstanceMessage {
  const monitored = pattern.MonitoringRoleArn !== undefined && (pattern.MonitoringInterval ?? 0) > 0;
  return defined({
    DBInstanceIdentifier: identifier,
    DBClusterIdentifier: cluster.DBClusterIdentifier,
    DBInstanceClass: pattern.DBInstanceClass,
    Engine: cluster.Engine,
    PubliclyAccessible: false,
    PromotionTier: pattern.PromotionTier,
    AutoMinorVersionUpgrade: pattern.AutoMinorVersionUpgrade,
    CACertificateIdentifier: pattern.CACertificateIdentifier,
    DBParameterGroupName: pattern.DBParameterGroups?.[0]?.DBParameterGroupName,
    CopyTagsToSnapshot: pattern.CopyTagsToSnapshot,
    ...(monitored && { MonitoringInterval: pattern.MonitoringInterval, MonitoringRoleArn: pattern.MonitoringRoleArn }),
    Tags: copiedTags(pattern.TagList, restoreOf(cluster.TagList)),
  });
}

/** `<cluster>-<n>`. Of a cluster whose name leaves no room the middle goes: its end tells restores apart. */
export function instanceName(cluster: string, number: number): string {
  const end = `-${number}`;
  const room = IDENTIFIER_LENGTH - end.length;
  if (cluster.length <= room) return `${cluster}${end}`;
  const tail = cluster.slice(-20);
  return `${cluster.slice(0, room - tail.length)}${tail}${end}`.replace(/-{2,}/g, '-');
}
