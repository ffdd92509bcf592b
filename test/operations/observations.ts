import type {
  StampObservation,
  SwitchObservation,
  AuroraObservation,
  DatabaseObservation,
  Observation,
  RestoreRecord,
} from '../../lib/operations/observation';
import { engineOf, templateFloors } from '../../lib/operations/group-view';
import type { AuroraCluster } from '../../lib/ports';
import type { StampSpec, TenantGroup } from '../../lib/topology/types';
import { EPOCH } from '../fakes/world';
import { FLEET } from './support';

/** One dimension of what an operator may see of a stamp. */
export const STAMP_STATES = ['well', 'failing', 'half', 'gone'] as const;
export type StampState = (typeof STAMP_STATES)[number];

export interface Seen {
  readonly states: Readonly<Record<string, StampState>>;
  /** Stamps that are evacuated. */
  readonly out: readonly string[];
  /** Stamp with the writer. */
  readonly writer: string;
  readonly versionsDiffer: boolean;
  readonly detached: boolean;
  /** Codes of control Regions that answer. */
  readonly controls: readonly string[];
  readonly lag: number | undefined;
}

/** An observation made up from its dimensions, without any port. */
export function observationOf(group: TenantGroup, seen: Seen): Observation {
  return {
    group: group.name,
    observedAt: EPOCH,
    stamps: group.stamps.map((stamp) => stampOf(stamp, seen)),
    database: databaseOf(group, seen),
    controlTable: FLEET.control.table.replicaRegions,
    lease: undefined,
    ...(group.mode === 'active-passive' && {
      primaryHolder: group.stamps.find((stamp) => stamp.preferredRole === 'primary')!.id,
    }),
    dns: [],
    backups: {
      points: group.stamps.map((stamp) => ({
        arn: `arn:${stamp.id}`,
        region: stamp.shape.region,
        vault: stamp.values.names.backupVault,
        account: group.account,
        resource: stamp.id,
        createdAt: EPOCH - 7_200_000,
        status: 'completed',
        copy: !stamp.home,
        lock: 'governance',
      })),
      windows: [],
    },
    restores: engineOf({ fleet: FLEET, group }) === 'none' ? [] : [restoreOf(group)],
    stacks: {},
  };
}

export const RESTORE = 'r20261120t000000';

function restoreOf(group: TenantGroup): RestoreRecord {
  const home = group.stamps.find((stamp) => stamp.home) ?? group.stamps[0]!;
  return {
    id: RESTORE,
    group: group.name,
    state: 'validated',
    engine: engineOf({ fleet: FLEET, group }) === 'dynamodb' ? 'dynamodb' : 'aurora',
    dataOf: EPOCH - 86_400_000,
    askedAt: EPOCH - 3_600_000,
    origin: home.shape.region,
    resources: Object.fromEntries(group.stamps.map((stamp) => [stamp.shape.region, `${stamp.id}-${RESTORE}`])),
    globalCluster: `${group.names.globalCluster}-${RESTORE}`,
    replaced: {},
  };
}

function stampOf(stamp: StampSpec, seen: Seen): StampObservation {
  const state = seen.states[stamp.id] ?? 'well';
  const answers = state === 'well' || state === 'failing';
  const { web, worker, instances } = templateFloors(stamp);
  const scaling = (min: number): { min: number; max: number; desired: number; running: number } => ({
    min,
    max: min * 2,
    desired: min,
    running: min,
  });
  const switches = FLEET.control.members.map((member): SwitchObservation => ({
    code: member.code,
    region: member.region,
    state: !seen.controls.includes(member.code) ? 'unknown' : seen.out.includes(stamp.id) ? 'evacuated' : 'in-service',
    token: 0,
  }));
  return {
    stamp: stamp.id,
    code: stamp.regionCode,
    region: stamp.shape.region,
    reach: state === 'gone' ? 'gone' : state === 'half' ? 'half' : 'reachable',
    health: state === 'well' ? 'healthy' : state === 'failing' ? 'failing' : 'unknown',
    reasons: state === 'failing' ? ['compute-down'] : [],
    role: !answers ? 'unknown' : seen.writer === stamp.id ? 'writer' : 'reader',
    writable: answers && seen.writer === stamp.id,
    switches,
    ...(state !== 'gone' && {
      capacity: {
        web: scaling(web),
        ...(worker !== undefined && { worker: scaling(worker) }),
        ...(instances !== undefined && { instances: scaling(instances) }),
      },
    }),
  };
}

function databaseOf(group: TenantGroup, seen: Seen): DatabaseObservation {
  const alive = group.stamps.filter((stamp) => seen.states[stamp.id] !== 'gone');
  switch (engineOf({ fleet: FLEET, group })) {
    case 'none':
      return { engine: 'none' };
    case 'dynamodb':
      return {
        engine: 'dynamodb',
        table: group.names.table,
        consistency: group.database.engine === 'dynamodb' ? group.database.consistency : 'eventual',
        answering: alive.map((stamp) => stamp.shape.region),
        tables: {},
        lag: {},
      };
    case 'aurora':
      return auroraOf(group, seen, alive);
  }
}

function auroraOf(group: TenantGroup, seen: Seen, alive: readonly StampSpec[]): AuroraObservation {
  const globalCluster = group.names.globalCluster;
  const clusters = Object.fromEntries(
    alive.map((stamp): [string, AuroraCluster] => [
      stamp.shape.region,
      {
        region: stamp.shape.region,
        identifier: stamp.values.names.databaseCluster,
        status: 'available',
        engineVersion: seen.versionsDiffer && seen.writer !== stamp.id ? '16.6' : '16.8',
        instances: [],
        writerEndpoint: '',
        readerEndpoint: '',
        port: 5432,
        ...(!(seen.detached && seen.writer === stamp.id) && { globalCluster }),
      },
    ]),
  );
  const members = group.stamps
    .filter((stamp) => !(seen.detached && seen.writer === stamp.id))
    .map((stamp) => ({
      region: stamp.shape.region,
      cluster: stamp.values.names.databaseCluster,
      writer: seen.detached || seen.writer === stamp.id,
      synchronization: seen.states[stamp.id] === 'gone' ? ('unknown' as const) : ('connected' as const),
    }));
  return {
    engine: 'aurora',
    ...(alive.length > 0 && { global: { identifier: globalCluster, status: 'available', engineVersion: '16.8', members } }),
    globalIdentifier: globalCluster,
    takenGlobals: [globalCluster],
    answering: alive.map((stamp) => stamp.shape.region),
    clusters,
    identifiers: Object.fromEntries(group.stamps.map((stamp) => [stamp.shape.region, stamp.values.names.databaseCluster])),
    lag:
      seen.lag === undefined
        ? {}
        : Object.fromEntries(alive.map((stamp) => [stamp.shape.region, { seconds: seen.lag!, at: EPOCH }])),
  };
}

/**
 * Every combination of the dimensions for a group. `crossed` is the whole product; otherwise control Regions and lag, which decide nothing
 * together, take turns.
 */
export function* everySeen(group: TenantGroup, crossed: boolean): Generator<Seen> {
  const ids = group.stamps.map((stamp) => stamp.id);
  const aurora = group.database.engine.startsWith('aurora');
  for (const states of combinations(ids, STAMP_STATES)) {
    for (const out of subsets(ids)) {
      for (const writer of aurora ? ids : ids.slice(0, 1)) {
        for (const versionsDiffer of aurora ? [false, true] : [false]) {
          for (const detached of aurora ? [false, true] : [false]) {
            // In short, what decides nothing together takes turns.
            const plain = out.length < 2 && !versionsDiffer && !detached;
            for (const [controls, lag] of crossed || plain ? around(aurora, crossed) : around(aurora, false).slice(0, 1))
              yield { states, out, writer, versionsDiffer, detached, controls, lag };
          }
        }
      }
    }
  }
}

function around(aurora: boolean, crossed: boolean): (readonly [readonly string[], number | undefined])[] {
  const controls = [['use2', 'usw2'], ['use2'], []];
  const lags = aurora ? [1, 600, undefined] : [1];
  if (crossed) return controls.flatMap((each) => lags.map((lag) => [each, lag] as const));
  return [...controls.map((each) => [each, 1] as const), ...lags.slice(1).map((lag) => [controls[0]!, lag] as const)];
}

function* combinations<T>(ids: readonly string[], values: readonly T[]): Generator<Record<string, T>> {
  const [first, ...rest] = ids;
  if (first === undefined) {
    yield {};
    return;
  }
  for (const value of values) for (const others of combinations(rest, values)) yield { [first]: value, ...others };
}

function subsets(ids: readonly string[]): string[][] {
  return ids.reduce<string[][]>((all, id) => [...all, ...all.map((each) => [...each, id])], [[]]);
}
