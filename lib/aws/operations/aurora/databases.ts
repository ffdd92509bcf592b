import {
  CreateDBClusterCommand,
  CreateGlobalClusterCommand,
  FailoverGlobalClusterCommand,
  type GlobalCluster as RdsGlobalCluster,
  type GlobalClusterMember,
  RemoveFromGlobalClusterCommand,
  SwitchoverGlobalClusterCommand,
} from '@aws-sdk/client-rds';
import type { AuroraCluster, Databases, GlobalCluster, GlobalMember, WriterChange } from '../../../ports';
import type { AwsAccess } from '../../call/access';
import { latestLag, METRIC_PERIOD } from '../latest-metric';
import { copiedTags } from '../restore-tag';
import { addInstances } from './add-instances';
import { defined, settingsOf } from './cluster-settings';
import { deleteRestored } from './delete-restored';
import { busy, invalid, RdsApi } from './rds-api';

/** The member that a change is about. */
interface Target {
  readonly arn: string;
  readonly writer: boolean;
  /** Where the writer of today is. */
  readonly writerRegion: string | undefined;
}

/** Aurora global databases through the RDS API of the Region that is named, never of another one. */
export function createDatabases(access: AwsAccess): Databases {
  const rds = new RdsApi(access);

  /** The member that a change is about, as the global cluster lists it. @throws PortError `invalid` */
  const memberOf = async (change: WriterChange, call: string, asked = change.region): Promise<Target> => {
    const { region, globalCluster, cluster } = change;
    const found = await rds.global(asked, globalCluster);
    const member = found?.GlobalClusterMembers?.find((each) => nameIn(each.DBClusterArn, region) === cluster);
    if (member?.DBClusterArn === undefined) throw invalid(region, call, `${cluster} is no member of ${globalCluster}`);
    const going = found?.FailoverState?.Status;
    if (going !== undefined) throw invalid(region, call, `${globalCluster} is ${going}`);
    const writerArn = found?.GlobalClusterMembers?.find((each) => each.IsWriter === true)?.DBClusterArn;
    return { arn: member.DBClusterArn, writer: member.IsWriter === true, writerRegion: regionIn(writerArn) };
  };

  return {
    global: async (region, identifier) => {
      const found = await rds.global(region, identifier);
      return found === undefined ? undefined : globalOf(identifier, found);
    },
    cluster: async (region, identifier) => {
      const [cluster, instances] = await Promise.all([rds.cluster(region, identifier), rds.instances(region, identifier)]);
      if (cluster === undefined) return undefined;
      const found: AuroraCluster = {
        region,
        identifier: cluster.DBClusterIdentifier,
        status: cluster.Status ?? 'unknown',
        engineVersion: cluster.EngineVersion ?? '',
        instances: instances.map((each) => ({
          identifier: each.DBInstanceIdentifier ?? '',
          status: each.DBInstanceStatus ?? 'unknown',
        })),
        writerEndpoint: cluster.Endpoint ?? '',
        readerEndpoint: cluster.ReaderEndpoint ?? '',
        port: cluster.Port ?? 0,
        ...(cluster.GlobalClusterIdentifier !== undefined &&
          cluster.GlobalClusterIdentifier !== '' && { globalCluster: cluster.GlobalClusterIdentifier }),
      };
      return found;
    },
    lag: (region, cluster) =>
      // The metric carries the source Region besides the cluster; a query finds it whatever that is (as the alarms do).
      latestLag(access, region, cluster, {
        Expression: `SELECT MAX(AuroraGlobalDBRPOLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '${cluster}'`,
        Period: METRIC_PERIOD,
      }),
    switchover: async (change) => {
      const { writerRegion, globalCluster, guard } = change;
      const call = 'SwitchoverGlobalCluster';
      const target = await memberOf(change, call, writerRegion);
      if (target.writer) return;
      if (target.writerRegion !== writerRegion)
        throw invalid(writerRegion, call, `the writer of ${globalCluster} is in ${target.writerRegion ?? 'no Region'}`);
      const command = new SwitchoverGlobalClusterCommand({
        GlobalClusterIdentifier: globalCluster,
        TargetDbClusterIdentifier: target.arn,
      });
      await rds.change(writerRegion, call, { resource: globalCluster, guard }, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
    },
    failover: async (change) => {
      const { region, globalCluster, guard } = change;
      const target = await memberOf(change, 'FailoverGlobalCluster');
      if (target.writer) return;
      const command = new FailoverGlobalClusterCommand({
        GlobalClusterIdentifier: globalCluster,
        TargetDbClusterIdentifier: target.arn,
        AllowDataLoss: true,
      });
      await rds.change(region, 'FailoverGlobalCluster', { resource: globalCluster, guard }, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
    },
    removeFromGlobal: async (change) => {
      const { region, globalCluster, guard } = change;
      const { arn } = await memberOf(change, 'RemoveFromGlobalCluster');
      const command = new RemoveFromGlobalClusterCommand({ GlobalClusterIdentifier: globalCluster, DbClusterIdentifier: arn });
      await rds.change(region, 'RemoveFromGlobalCluster', { resource: globalCluster, guard }, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
    },
    createGlobal: async ({ region, globalCluster, cluster, guard }) => {
      const call = 'CreateGlobalCluster';
      const source = await rds.cluster(region, cluster);
      if (source === undefined) throw invalid(region, call, `there is no cluster ${cluster}`);
      const command = new CreateGlobalClusterCommand({
        GlobalClusterIdentifier: globalCluster,
        SourceDBClusterIdentifier: source.DBClusterArn,
      });
      await rds.change(region, call, { resource: globalCluster, guard }, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
    },
    addMember: async ({ region, cluster, like, globalCluster, restore, guard }) => {
      const call = 'CreateDBCluster';
      const [global, live] = await Promise.all([rds.global(region, globalCluster), rds.cluster(region, like)]);
      if (global === undefined) throw invalid(region, call, `there is no global cluster ${globalCluster}`);
      if (live === undefined) throw invalid(region, call, `there is no cluster ${like} to take the settings of`);
      if (global.Status !== undefined && global.Status !== 'available')
        throw busy(region, call, `${globalCluster} is ${global.Status}`);
      // No master user: a secondary has that of its writer (aws-facts 4.1).
      const command = new CreateDBClusterCommand({
        ...settingsOf(live),
        ...defined({ DatabaseInsightsMode: live.DatabaseInsightsMode, StorageEncrypted: live.StorageEncrypted }),
        DBClusterIdentifier: cluster,
        GlobalClusterIdentifier: globalCluster,
        Engine: global.Engine ?? live.Engine,
        EngineVersion: global.EngineVersion ?? live.EngineVersion,
        Tags: copiedTags(live.TagList, restore),
      });
      await rds.change(region, call, { resource: cluster, guard }, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
    },
    addInstances: (creation) => addInstances(rds, creation),
    deleteRestored: (deletion) => deleteRestored(rds, deletion),
  };
}

function globalOf(identifier: string, global: RdsGlobalCluster): GlobalCluster {
  const { FailoverState, GlobalClusterMembers = [] } = global;
  const status = FAILOVER_STATES.find((each) => each === FailoverState?.Status);
  const toRegion = regionIn(FailoverState?.ToDbClusterArn);
  return {
    identifier: global.GlobalClusterIdentifier ?? identifier,
    status: global.Status ?? 'unknown',
    engineVersion: global.EngineVersion ?? '',
    ...(status !== undefined && { failover: { status, ...(toRegion !== undefined && { toRegion }) } }),
    members: GlobalClusterMembers.flatMap(memberFrom).sort((a, b) => (a.region < b.region ? -1 : 1)),
  };
}

const FAILOVER_STATES = ['pending', 'failing-over', 'switching-over', 'cancelling'] as const;

function memberFrom(member: GlobalClusterMember): GlobalMember[] {
  const region = regionIn(member.DBClusterArn);
  const cluster = nameIn(member.DBClusterArn, region ?? '');
  if (region === undefined || cluster === undefined) return [];
  const { SynchronizationStatus: said } = member;
  const synchronization = said === 'connected' || said === 'pending-resync' ? said : 'unknown';
  return [{ region, cluster, writer: member.IsWriter === true, synchronization }];
}

/** `arn:aws:rds:<region>:<account>:cluster:<name>`. */
function regionIn(arn: string | undefined): string | undefined {
  const region = arn?.split(':')[3];
  return region === '' ? undefined : region;
}

function nameIn(arn: string | undefined, region: string): string | undefined {
  const parts = arn?.split(':');
  return parts?.[3] === region ? parts[6] : undefined;
}
