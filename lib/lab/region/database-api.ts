import type { AuroraCluster, GlobalCluster, LagReading } from '../../ports';
import type { Handlers } from '../net/rpc';
import { clusterHost, readerHost } from '../plan/read-plan';
import type { ClusterStatus } from '../stamp/postgres/cluster';
import type { RestoredClusters } from './restored-clusters';
import { type GlobalClusters, type GlobalState, type MemberState, invalid } from './global-clusters';

interface Target {
  readonly globalCluster: string;
  readonly cluster: string;
}

/** The RDS API of a Region, as far as operations call it. Changes answer when they are accepted and go on by themselves. */
export function databaseHandlers(globals: GlobalClusters, restored: RestoredClusters): Handlers {
  return {
    'rds.states': () => globals.told(),
    'rds.accept': (state: GlobalState) => {
      globals.accept(state);
    },
    'rds.provision': ({ globalCluster }: { globalCluster: string }) => globals.provision(globalCluster),
    'rds.global': ({ globalCluster }: { globalCluster: string }) => view(globals, globalCluster),
    'rds.cluster': ({ cluster }: { cluster: string }) => show(globals, restored, cluster),
    'rds.lag': async ({ cluster }: { cluster: string }): Promise<LagReading | null> => {
      const member = memberOf(globals, cluster);
      return member === undefined || member.writer ? null : globals.agent(member, 'db.lag', { cluster });
    },
    'rds.switchover': (target: Target) => begin(globals, target, 'switching-over'),
    'rds.failover': (target: Target) => begin(globals, target, 'failing-over'),
    'rds.createGlobal': (target: Target) => restored.createGlobal(target),
    'rds.removeFromGlobal': (target: Target) => restored.removeFromGlobal(target),
    'rds.addMember': (creation: Target & { like: string; restore?: string }) => restored.addMember(creation),
    'rds.addInstances': (creation: Target) => {
      restored.addInstances(creation);
    },
    'rds.deleteRestored': (deletion: Target & { restore: string }) => restored.deleteRestored(deletion),
  };
}

function memberOf(globals: GlobalClusters, cluster: string): MemberState | undefined {
  return globals
    .all()
    .flatMap(({ members }) => members)
    .find((member) => member.cluster === cluster);
}

async function view(globals: GlobalClusters, identifier: string): Promise<GlobalCluster | null> {
  const state = globals.get(identifier);
  if (state === undefined) return null;
  const members = await Promise.all(
    state.members.map(async (member) => ({
      region: member.region,
      cluster: member.cluster,
      writer: member.writer,
      synchronization: await synchronization(globals, member),
    })),
  );
  return {
    identifier,
    status: state.change?.kind ?? 'available',
    engineVersion: state.version,
    ...(state.change !== undefined && { failover: { status: state.change.kind, toRegion: state.change.toRegion } }),
    members: members.sort((a, b) => (a.region < b.region ? -1 : 1)),
  };
}

async function synchronization(
  globals: GlobalClusters,
  member: MemberState,
): Promise<'connected' | 'pending-resync' | 'unknown'> {
  try {
    const status = await globals.statusOf(member);
    if (!member.inStep) return 'pending-resync';
    if (member.writer) return 'connected';
    return status?.role === 'replica' && status.streaming ? 'connected' : 'pending-resync';
  } catch {
    return 'unknown';
  }
}

/** What RDS calls the states of a cluster that is being made. */
const MADE = { copying: 'creating', prepared: 'available', running: 'available', failed: 'failed', deleted: 'deleting' } as const;

async function show(globals: GlobalClusters, restored: RestoredClusters, cluster: string): Promise<AuroraCluster | null> {
  const state = globals.all().find(({ members }) => members.some((member) => member.cluster === cluster));
  const extra = restored.get(cluster);
  const member = state?.members.find((each) => each.cluster === cluster) ?? (extra && { ...extra, region: globals.region });
  if (member === undefined) return null;
  const { database } = globals.stamp(member.stamp);
  if (database.engine !== 'aurora') return null;
  const status = await globals.agent<ClusterStatus | null>(member, 'db.status', { cluster }).catch(() => undefined);
  const running = status?.running === true && status.role !== undefined;
  const prepared = extra !== undefined && extra.state !== 'running';
  return {
    region: member.region,
    identifier: cluster,
    status: prepared ? MADE[extra.state] : statusOf(running, state, member.region),
    engineVersion: state?.version ?? database.version,
    // A restore makes a cluster without instances (aws-facts 5).
    instances: Array.from({ length: prepared ? 0 : database.instances }, (_, at) => ({
      identifier: `${cluster}-${at + 1}`,
      status: running ? 'available' : 'failed',
    })),
    writerEndpoint: clusterHost(cluster, member.region),
    readerEndpoint: readerHost(cluster, member.region),
    port: status?.endpoint.port ?? database.endpoint.port,
    ...(state !== undefined && { globalCluster: state.identifier }),
  };
}

function statusOf(running: boolean, state: GlobalState | undefined, region: string): string {
  if (!running) return 'unavailable';
  return state?.change?.toRegion === region ? 'promoting' : 'available';
}

/** Accepts a change of the writer, or says why not. */
async function begin(
  globals: GlobalClusters,
  { globalCluster, cluster }: Target,
  kind: 'switching-over' | 'failing-over',
): Promise<void> {
  const state = globals.get(globalCluster);
  const target = state?.members.find((member) => member.cluster === cluster);
  const name = kind === 'switching-over' ? 'SwitchoverGlobalCluster' : 'FailoverGlobalCluster';
  if (state === undefined || target === undefined) throw invalid('-', name, `${cluster} is no member of ${globalCluster}`);
  if (state.change !== undefined) throw invalid(target.region, name, `${globalCluster} is ${state.change.kind}`);
  if (target.writer) return;
  if (kind === 'switching-over') {
    for (const member of state.members) {
      if ((await synchronization(globals, member)) !== 'connected')
        throw invalid(target.region, name, `${member.cluster} is not in step`);
    }
  }
  // Accepted here; a Region that is silent does not delay the answer.
  const accepted = globals.changeHere(globalCluster, (now) => ({ ...now, change: { kind, toRegion: target.region } }));
  const told = globals.tell(accepted).catch(() => undefined);
  // Before a planned change everybody knows of it, or the old writer's Region would bring it back.
  if (kind === 'switching-over') await told;
  void (kind === 'switching-over' ? globals.switchover(globalCluster) : globals.failover(globalCluster)).catch(async () => {
    // What could not be done is over: the caller sees it in the members, and asks again.
    await globals.change(globalCluster, ({ change: _over, ...rest }) => rest).catch(() => undefined);
  });
}
