import type { CapacityReading, AuroraCluster, LagReading, ScalingReading } from '../../../ports';
import { engineOf, type GroupView, templateFloors } from '../../../operations/group-view';
import type { AuroraObservation, DatabaseObservation, Observation, StampObservation } from '../../../operations/observation';
import type { StampSpec } from '../../../topology/types';

/** A state of the group that a runbook has a page for. Everything that it does not name is well. */
export interface Situation {
  /** Stamps of which nothing answers: their Region is gone. */
  readonly gone?: readonly string[];
  readonly evacuated?: readonly string[];
  /** Stamp with the writer. Default: the preferred primary. */
  readonly writer?: string;
}

/** The moment that plans are made at: no number of a plan depends on it. */
export const MODEL_NOW = 0;

/** What an operator would see in a situation, from the configuration alone: plans made of it are those of the real thing. */
export function observationIn(view: GroupView, situation: Situation): Observation {
  const { fleet, group } = view;
  const primary = group.stamps.find((stamp) => stamp.preferredRole === 'primary')?.id;
  return {
    group: group.name,
    observedAt: MODEL_NOW,
    stamps: group.stamps.map((stamp) => stampIn(view, stamp, situation, primary)),
    database: databaseIn(view, situation, primary),
    controlTable: fleet.control.table.replicaRegions,
    lease: undefined,
    ...(primary !== undefined && { primaryHolder: primary }),
    dns: [],
    backups: {
      points: group.stamps.map((stamp) => ({
        arn: `ARN in ${stamp.shape.region}`,
        region: stamp.shape.region,
        vault: stamp.values.names.backupVault,
        account: stamp.values.account,
        resource: stamp.values.names.databaseCluster,
        createdAt: MODEL_NOW,
        status: 'completed',
        copy: !stamp.home,
        lock: stamp.shape.backup?.lock ?? 'none',
      })),
      windows: [],
    },
    restores: [],
    stacks: {},
  };
}

function stampIn(view: GroupView, stamp: StampSpec, situation: Situation, primary: string | undefined): StampObservation {
  const { id, regionCode, shape } = stamp;
  const gone = isGone(situation, id);
  const writer = (situation.writer ?? primary) === id || engineOf(view) === 'dynamodb';
  const role = engineOf(view) === 'none' ? 'none' : writer ? 'writer' : 'reader';
  const evacuated = situation.evacuated?.includes(id) === true;
  return {
    stamp: id,
    code: regionCode,
    region: shape.region,
    reach: gone ? 'gone' : 'reachable',
    health: gone ? 'unknown' : 'healthy',
    reasons: [],
    role: gone ? 'unknown' : role,
    writable: !gone && role === 'writer',
    switches: view.fleet.control.members
      .filter((member) => !goneRegions(view, situation).includes(member.region))
      .map(({ code, region }) => ({ code, region, state: evacuated ? 'evacuated' : 'in-service', token: 0 })),
    ...(!gone && { capacity: capacityOf(stamp) }),
  };
}

function capacityOf(stamp: StampSpec): CapacityReading {
  const { web, worker, instances } = templateFloors(stamp);
  const { maxTasks, workerMaxTasks, maxInstances } = stamp.values.capacity;
  const running = (min: number, max: number): ScalingReading => ({ min, max, desired: min, running: min });
  return {
    web: running(web, maxTasks),
    ...(worker !== undefined && { worker: running(worker, workerMaxTasks ?? worker) }),
    ...(instances !== undefined && { instances: running(instances, maxInstances ?? instances) }),
  };
}

function databaseIn(view: GroupView, situation: Situation, primary: string | undefined): DatabaseObservation {
  const { group } = view;
  const alive = group.stamps.filter((stamp) => !isGone(situation, stamp.id));
  const lag: LagReading = { seconds: 0, at: MODEL_NOW };
  switch (engineOf(view)) {
    case 'none':
      return { engine: 'none' };
    case 'dynamodb': {
      const regions = alive.map((stamp) => stamp.shape.region);
      const pairs = regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => `${from}>${to}`));
      return {
        engine: 'dynamodb',
        table: group.names.table,
        consistency: group.database.engine === 'dynamodb' ? group.database.consistency : 'eventual',
        answering: regions,
        tables: {},
        lag: Object.fromEntries(pairs.map((pair) => [pair, lag])),
      };
    }
    case 'aurora':
      return auroraIn(view, situation, alive, situation.writer ?? primary ?? group.stamps[0]?.id, lag);
  }
}

function auroraIn(
  { group }: GroupView,
  situation: Situation,
  alive: readonly StampSpec[],
  writer: string | undefined,
  lag: LagReading,
): AuroraObservation {
  const identifier = group.names.globalCluster;
  const version =
    group.database.engine === 'aurora-postgresql' || group.database.engine === 'aurora-mysql' ? group.database.version : '';
  const global = group.stamps.length > 1;
  const clusters = alive.map((stamp): [string, AuroraCluster] => [
    stamp.shape.region,
    {
      region: stamp.shape.region,
      identifier: stamp.values.names.databaseCluster,
      status: 'available',
      engineVersion: version,
      instances: [],
      writerEndpoint: '',
      readerEndpoint: '',
      port: 0,
      ...(global && { globalCluster: identifier }),
    },
  ]);
  return {
    engine: 'aurora',
    ...(global && {
      global: {
        identifier,
        status: 'available',
        engineVersion: version,
        members: group.stamps.map((stamp) => ({
          region: stamp.shape.region,
          cluster: stamp.values.names.databaseCluster,
          writer: stamp.id === writer,
          synchronization: isGone(situation, stamp.id) ? 'unknown' : 'connected',
        })),
      },
    }),
    globalIdentifier: identifier,
    takenGlobals: global ? [identifier] : [],
    answering: alive.map((stamp) => stamp.shape.region),
    clusters: Object.fromEntries(clusters),
    identifiers: Object.fromEntries(group.stamps.map((stamp) => [stamp.shape.region, stamp.values.names.databaseCluster])),
    lag: Object.fromEntries(alive.map((stamp) => [stamp.shape.region, lag])),
  };
}

function isGone({ gone }: Situation, stamp: string): boolean {
  return gone?.includes(stamp) === true;
}

function goneRegions({ group }: GroupView, situation: Situation): string[] {
  return group.stamps.filter((stamp) => isGone(situation, stamp.id)).map((stamp) => stamp.shape.region);
}
