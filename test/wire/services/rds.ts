import { type Call, type Handlers, type Place, text } from '../world';
import { WireError } from '../wire-error';
import type { Cluster, ClusterSettings, GlobalCluster, Instance, Member, RdsState } from './rds-state';
import { showCluster, showGlobal, showInstance, showSnapshot } from './rds-view';

interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}
interface Filter {
  readonly Name: string;
  readonly Values: readonly string[];
}

/** Amazon RDS, as far as Aurora global databases and restores go. */
export function rds(state: RdsState): Handlers {
  const { world, times } = state;

  const cluster = (place: Place, id: string): Cluster => {
    const found = state.cluster(place, id);
    if (found === undefined) throw new WireError('DBClusterNotFoundFault', `DBCluster ${id} not found.`);
    return found;
  };
  const global = (place: Place, id: string): GlobalCluster => {
    state.settle();
    const found = state.globals.get(`${place.account}/${id}`);
    if (found === undefined) throw new WireError('GlobalClusterNotFoundFault', `Global cluster ${id} not found`);
    return found;
  };
  const memberOf = (place: Place, { members, id }: GlobalCluster, arn: string): Member => {
    const found = members.find((each) => state.arn({ ...place, region: each.region }, each.cluster) === arn);
    if (found === undefined) throw new WireError('DBClusterNotFoundFault', `${arn} is not a member of ${id}`);
    return found;
  };
  const changeWriter = (call: Call, kind: 'failing-over' | 'switching-over'): Readonly<Record<string, unknown>> => {
    const found = global(call, text(call.input, 'GlobalClusterIdentifier'));
    const to = memberOf(call, found, text(call.input, 'TargetDbClusterIdentifier'));
    if (found.change !== undefined) throw invalidGlobal(`${found.id} is ${found.change.kind}`);
    const from = found.members.find((each) => each.writer);
    if (to.writer || from === undefined) throw invalidGlobal(`${to.cluster} is the primary cluster already`);
    const target = cluster({ account: call.account, region: to.region }, to.cluster);
    if (state.status(target) !== 'available') throw invalidCluster(`${target.id} is ${state.status(target)}`);
    if (target.settings.EngineVersion !== found.engineVersion)
      throw invalidGlobal(`engine versions differ: ${target.settings.EngineVersion} and ${found.engineVersion}`);
    if (kind === 'switching-over') {
      // Of the writer's Region, as RDS documents it.
      if (call.region !== from.region) throw invalidGlobal(`the primary cluster is in ${from.region}`);
      // A switchover is called in the Region of the primary cluster (aws-facts 4.1).
      if (call.region !== from.region) throw invalidGlobal(`the primary cluster ${from.cluster} is in ${from.region}`);
      const unwell = found.members.find((each) => world.isDown(each.region) || each.connectedAt > world.now);
      if (unwell !== undefined) throw invalidGlobal(`${unwell.cluster} in ${unwell.region} is not in sync`);
    }
    const took = kind === 'failing-over' ? times.failover : times.switchover;
    found.change = { kind, to, from, doneAt: world.now + took };
    return { GlobalCluster: showGlobal(state, found) };
  };
  const make = (
    call: Call,
    settings: ClusterSettings,
    more: { readonly availableAt: number; readonly global?: string; readonly rows: number; readonly tags?: readonly Tag[] },
  ): Cluster => {
    const id = text(call.input, 'DBClusterIdentifier');
    if (!/^[a-z](-?[a-z0-9])*$/.test(id) || id.length > 63)
      throw new WireError('InvalidParameterValue', `${id} is no identifier of a cluster`);
    const place = { account: call.account, region: call.region };
    if (state.cluster(place, id) !== undefined)
      throw new WireError('DBClusterAlreadyExistsFault', `DB Cluster ${id} already exists`);
    const made: Cluster = {
      ...place,
      id,
      settings,
      deletionProtection: call.input.DeletionProtection === true,
      tags: new Map((more.tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
      createdAt: world.now,
      availableAt: more.availableAt,
      rows: more.rows,
      ...(more.global !== undefined && { global: more.global }),
    };
    state.clusters.set(state.key(place, id), made);
    return made;
  };

  return {
    DescribeGlobalClusters: (call) => {
      state.settle();
      const wanted = call.input.GlobalClusterIdentifier as string | undefined;
      const found = wanted === undefined ? [...state.globals.values()] : [global(call, wanted)];
      return { GlobalClusters: found.filter((each) => each.account === call.account).map((each) => showGlobal(state, each)) };
    },
    SwitchoverGlobalCluster: (call) => changeWriter(call, 'switching-over'),
    FailoverGlobalCluster: (call) => changeWriter(call, call.input.AllowDataLoss === true ? 'failing-over' : 'switching-over'),
    RemoveFromGlobalCluster: (call) => {
      const found = global(call, (call.input.GlobalClusterIdentifier as string | undefined) ?? '');
      const member = memberOf(call, found, (call.input.DbClusterIdentifier as string | undefined) ?? '');
      if (found.change !== undefined) throw invalidGlobal(`${found.id} is ${found.change.kind}`);
      const target = cluster({ account: call.account, region: member.region }, member.cluster);
      if (
        member.writer &&
        found.members.length > 1 &&
        found.members.some((each) => each !== member && !world.isDown(each.region))
      )
        throw invalidGlobal(`${member.cluster} is the primary cluster and has secondaries`);
      if (member.writer) state.detach(target);
      else target.detachedAt ??= world.now + times.detach;
      return { GlobalCluster: showGlobal(state, found) };
    },
    CreateGlobalCluster: (call) => {
      const id = text(call.input, 'GlobalClusterIdentifier');
      if (state.globals.has(`${call.account}/${id}`))
        throw new WireError('GlobalClusterAlreadyExistsFault', `Global cluster ${id} already exists`);
      const source = cluster(call, (call.input.SourceDBClusterIdentifier as string | undefined) ?? '');
      if (source.global !== undefined) throw invalidCluster(`${source.id} is a member of ${source.global}`);
      if (state.status(source) !== 'available') throw invalidCluster(`${source.id} is ${state.status(source)}`);
      const made: GlobalCluster = {
        account: call.account,
        id,
        engine: source.settings.Engine,
        engineVersion: source.settings.EngineVersion,
        members: [{ region: source.region, cluster: source.id, writer: true, connectedAt: 0 }],
      };
      source.global = id;
      state.globals.set(`${call.account}/${id}`, made);
      return { GlobalCluster: showGlobal(state, made) };
    },
    DeleteGlobalCluster: (call) => {
      const found = global(call, text(call.input, 'GlobalClusterIdentifier'));
      if (found.members.length > 0) throw invalidGlobal(`${found.id} is not empty`);
      state.globals.delete(`${call.account}/${found.id}`);
      return {};
    },
    DescribeDBClusters: (call) => {
      state.settle();
      const wanted = call.input.DBClusterIdentifier as string | undefined;
      const found = wanted === undefined ? here(call, state.clusters) : [cluster(call, wanted)];
      return { DBClusters: found.map((each) => showCluster(state, each)) };
    },
    CreateDBCluster: (call) => {
      const { input } = call;
      const parent = global(call, (input.GlobalClusterIdentifier as string | undefined) ?? '');
      if (input.MasterUsername !== undefined)
        throw new WireError('InvalidParameterCombination', 'Cannot specify user name for cross region replication cluster');
      if (parent.members.some((each) => each.region === call.region))
        throw invalidGlobal(`${parent.id} has a cluster in ${call.region} already`);
      const writer = parent.members.find((each) => each.writer);
      const source = state.clusters.get(`${call.account}/${writer?.region ?? ''}/${writer?.cluster ?? ''}`);
      const made = make(call, settingsOf(input, parent.engineVersion), {
        availableAt: world.now + times.create,
        global: parent.id,
        rows: source?.rows ?? 0,
        tags: input.Tags as readonly Tag[],
      });
      parent.members.push({ region: call.region, cluster: made.id, writer: false, connectedAt: made.availableAt });
      return { DBCluster: showCluster(state, made) };
    },
    ModifyDBCluster: (call) => {
      const found = cluster(call, text(call.input, 'DBClusterIdentifier'));
      if (call.input.DeletionProtection !== undefined) found.deletionProtection = call.input.DeletionProtection as boolean;
      return { DBCluster: showCluster(state, found) };
    },
    DeleteDBCluster: (call) => {
      const found = cluster(call, text(call.input, 'DBClusterIdentifier'));
      if (found.deletionProtection)
        throw new WireError('InvalidParameterCombination', 'Cannot delete protected Cluster, please disable deletion protection');
      if (call.input.SkipFinalSnapshot !== true && call.input.FinalDBSnapshotIdentifier === undefined)
        throw new WireError('InvalidParameterCombination', 'FinalDBSnapshotIdentifier is required');
      if (found.global !== undefined)
        throw invalidCluster('This cluster is a part of a global cluster, please remove it from globalcluster first');
      if (state.instancesOf(found).some((each) => each.deletedAt === undefined))
        throw invalidCluster('Cluster cannot be deleted, it still contains DB instances in non-deleting state.');
      if (state.status(found) !== 'available') throw invalidCluster(`${found.id} is ${state.status(found)}`);
      found.deletedAt = world.now + times.remove;
      return { DBCluster: showCluster(state, found) };
    },
    AddTagsToResource: (call) => {
      const found = cluster(call, text(call.input, 'ResourceName').split(':cluster:').at(-1) ?? '');
      for (const { Key, Value } of call.input.Tags as readonly Tag[]) found.tags.set(Key ?? '', Value ?? '');
      return {};
    },
    DescribeDBInstances: (call) => {
      state.settle();
      const wanted = (call.input.Filters as readonly Filter[] | undefined)?.find((each) => each.Name === 'db-cluster-id')?.Values;
      const found = here(call, state.instances).filter((each) => wanted?.includes(each.cluster) !== false);
      return { DBInstances: found.map((each) => showInstance(state, each)) };
    },
    CreateDBInstance: (call) => {
      const id = text(call.input, 'DBInstanceIdentifier');
      const owner = cluster(call, (call.input.DBClusterIdentifier as string | undefined) ?? '');
      if (state.status(owner) !== 'available') throw invalidCluster(`${owner.id} is ${state.status(owner)}`);
      const place = { account: call.account, region: call.region };
      if (state.instances.has(state.key(place, id)))
        throw new WireError('DBInstanceAlreadyExistsFault', `DB instance ${id} already exists`);
      const made: Instance = { ...place, id, cluster: owner.id, settings: call.input, availableAt: world.now + times.instance };
      state.instances.set(state.key(place, id), made);
      return { DBInstance: showInstance(state, made) };
    },
    DeleteDBInstance: (call) => {
      const id = text(call.input, 'DBInstanceIdentifier');
      const found = state.instances.get(state.key(call, id));
      if (found === undefined) throw new WireError('DBInstanceNotFoundFault', `DBInstance ${id} not found.`);
      if (found.deletedAt !== undefined)
        throw new WireError('InvalidDBInstanceStateFault', `Instance ${id} is already being deleted.`);
      found.deletedAt = world.now + times.remove;
      return { DBInstance: showInstance(state, found) };
    },
    RestoreDBClusterFromSnapshot: (call) => {
      const wanted = text(call.input, 'SnapshotIdentifier').split(':cluster-snapshot:').at(-1);
      const snapshot = state.snapshots.find(
        (each) => each.id === wanted && each.region === call.region && each.account === call.account,
      );
      if (snapshot === undefined)
        throw new WireError('DBClusterSnapshotNotFoundFault', `no snapshot ${wanted ?? ''} in ${call.region}`);
      const made = make(call, settingsOf(call.input, snapshot.engineVersion), {
        availableAt: world.now + times.restore,
        rows: snapshot.rows,
        tags: call.input.Tags as readonly Tag[],
      });
      return { DBCluster: showCluster(state, made) };
    },
    RestoreDBClusterToPointInTime: (call) => {
      const source = cluster(call, (call.input.SourceDBClusterIdentifier as string | undefined) ?? '');
      const at = (call.input.RestoreToTime as Date | undefined)?.getTime();
      if (at !== undefined && (at > world.now - 300_000 || at < source.createdAt))
        throw new WireError('InvalidRestoreFault', `${new Date(at).toISOString()} is not restorable`);
      const made = make(
        call,
        { ...settingsOf(call.input, source.settings.EngineVersion), Engine: source.settings.Engine },
        { availableAt: world.now + times.restore, rows: source.rows, tags: call.input.Tags as readonly Tag[] },
      );
      return { DBCluster: showCluster(state, made) };
    },
    DescribeDBClusterSnapshots: (call) => {
      state.settle();
      const wanted = call.input.DBClusterIdentifier as string | undefined;
      const found = state.snapshots.filter(
        (each) =>
          each.region === call.region && each.account === call.account && (wanted === undefined || each.cluster === wanted),
      );
      return { DBClusterSnapshots: found.map((each) => showSnapshot(state, each)) };
    },
  };
}

function here<T extends Place>({ account, region }: Place, things: ReadonlyMap<string, T>): T[] {
  return [...things.values()].filter((each) => each.account === account && each.region === region);
}

function invalidGlobal(message: string): WireError {
  return new WireError('InvalidGlobalClusterStateFault', message);
}

function invalidCluster(message: string): WireError {
  return new WireError('InvalidDBClusterStateFault', message);
}

const SETTINGS = [
  'DBSubnetGroupName',
  'VpcSecurityGroupIds',
  'DBClusterParameterGroupName',
  'Port',
  'KmsKeyId',
  'StorageEncrypted',
  'EnableIAMDatabaseAuthentication',
  'EnableCloudwatchLogsExports',
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'ServerlessV2ScalingConfiguration',
  'DatabaseInsightsMode',
];

function settingsOf(input: Call['input'], version: string): ClusterSettings {
  const given = Object.fromEntries(SETTINGS.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]] as const])));
  return {
    ...given,
    Engine: (input.Engine as string | undefined) ?? '',
    EngineVersion: (input.EngineVersion as string | undefined) ?? version,
  };
}
