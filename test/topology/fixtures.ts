import type {
  ActiveActiveRouting,
  BackupConfig,
  ComputeConfig,
  DatabaseConfig,
  FleetConfig,
  FleetLock,
  GroupConfig,
  PlacementConfig,
  RegionConfig,
  WorkerConfig,
} from '../../lib/config/types';
import { planLock } from '../../lib/topology/addresses';
import { buildFleet } from '../../lib/topology/build-fleet';
import type { Fleet, StampSpec } from '../../lib/topology/types';

/** The configuration of the example fleet after parsing; every piece can be replaced. */

export const REGIONS: readonly RegionConfig[] = [
  { code: 'use1', region: 'us-east-1', azs: ['a', 'b', 'c'] },
  { code: 'usw2', region: 'us-west-2', azs: ['a', 'b', 'c'] },
  { code: 'euw1', region: 'eu-west-1', azs: ['a', 'b', 'c'] },
  { code: 'use2', region: 'us-east-2', azs: ['a', 'b', 'c'] },
];

const ZONE = { name: 'shop.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };

export const AURORA: DatabaseConfig = {
  engine: 'aurora-postgresql',
  version: '16.8',
  name: 'app',
  serverless: { minAcu: 8, maxAcu: 32, readers: 1 },
  maxReplicationLag: 30,
};

export const DYNAMODB: DatabaseConfig = {
  engine: 'dynamodb',
  consistency: 'eventual',
  partitionKey: { name: 'pk', type: 'string' },
  indexes: [],
  keyArns: {},
};

export const BACKUP: BackupConfig = {
  schedule: 'daily',
  continuous: true,
  retain: 35 * 86_400,
  copyTo: 'peers',
  copyRetain: 35 * 86_400,
  lock: 'governance',
  restoreTest: 'weekly',
};

export const WORKER: WorkerConfig = {
  image: '111111111111.dkr.ecr.{region}.amazonaws.com/shop/worker:1.4.2',
  cpu: 512,
  memory: 1024,
  maxLatency: 60,
  averageProcessing: 0.2,
  minTasks: 2,
  maxTasks: 40,
  stopTimeout: 60,
  visibilityTimeout: 120,
  retention: 345_600,
  maxReceives: 5,
};

export function compute(overrides: Partial<ComputeConfig> = {}): ComputeConfig {
  return {
    kind: 'fargate',
    image: '111111111111.dkr.ecr.{region}.amazonaws.com/shop/web:1.4.2',
    cpu: 512,
    memory: 1024,
    port: 8080,
    healthPath: '/healthz',
    peakRequestsPerSecond: 400,
    requestsPerSecondPerTask: 50,
    maxCapacity: 200,
    cpuTarget: 60,
    stopTimeout: 60,
    deregistrationDelay: 30,
    architecture: 'x86_64',
    readonlyRootFilesystem: true,
    tmpSize: 64,
    environment: {},
    secrets: {},
    ...overrides,
  };
}

export function activePassive(primary = 'use1', standby = 'usw2', standbyCapacity = 100): PlacementConfig {
  return { mode: 'active-passive', primary, standby, standbyCapacity };
}

export function activeActive(
  regions: readonly string[] = ['use1', 'usw2', 'euw1'],
  routing: ActiveActiveRouting = { policy: 'latency' },
): PlacementConfig {
  return { mode: 'active-active', regions, routing };
}

export function single(region = 'euw1'): PlacementConfig {
  return { mode: 'single', region };
}

export function group(name: string, overrides: Partial<GroupConfig> = {}): GroupConfig {
  return {
    group: name,
    tenants: [],
    account: '111111111111',
    zone: ZONE,
    objectives: { availability: { rto: 1200, rpo: 60 }, recovery: { rto: 14_400, rpo: 86_400 }, survive: [] },
    placement: activePassive(),
    network: { egress: 'nat', transitGateways: {}, transitCidrs: [] },
    compute: compute(),
    worker: WORKER,
    database: AURORA,
    backup: BACKUP,
    failover: { traffic: 'automatic', promotion: 'manual', standbyServes: 'reads', writerGrace: 90 },
    health: { dependencies: [{ name: 'payments-api', url: 'https://payments.example.com/', shared: true }] },
    edge: { rateLimitPer5Min: 2000, blockedCidrs: [], clientKeepAlive: 60 },
    guards: { deletionProtection: { enabled: true }, terminationProtection: { enabled: true } },
    accept: [],
    drills: { allowed: true },
    tags: {},
    ...overrides,
  };
}

/** A group without worker, database and backup. */
export function plainGroup(name: string, overrides: Partial<GroupConfig> = {}): GroupConfig {
  const { worker: _worker, backup: _backup, ...rest } = group(name, { database: { engine: 'none' }, ...overrides });
  return rest;
}

export function fleetConfig(overrides: Partial<FleetConfig> = {}): FleetConfig {
  return {
    schemaVersion: 1,
    fleet: 'shop',
    account: '111111111111',
    zone: ZONE,
    regions: REGIONS,
    network: { pool: '10.0.0.0/8', stampPrefix: 20, reserved: [] },
    control: { regions: ['use2', 'usw2'], witness: 'use1', joining: [] },
    routing: { stackRegion: 'us-east-1' },
    alarms: { subscriptions: ['mailto:oncall@example.com'] },
    assumptions: {},
    quotas: [],
    tags: { Product: 'shop' },
    groups: [
      group('enterprise', { tenants: ['globex', 'acme'] }),
      plainGroup('internal', {
        placement: single(),
        compute: compute({ kind: 'ec2', instanceType: 'm7i.large', tasksPerInstance: 2 }),
      }),
      group('pool', { placement: activeActive(), database: DYNAMODB }),
    ],
    ...overrides,
  };
}

/** The lock that a first `stampkit lock` writes. */
export function firstLock(config: FleetConfig): FleetLock {
  return planLock(config, undefined).lock;
}

/** The fleet right after a first `stampkit lock`. */
export function builtFleet(config: FleetConfig = fleetConfig()): Fleet {
  return buildFleet(config, firstLock(config)).fleet;
}

export function stampOf(fleet: Fleet, id: string): StampSpec {
  const stamp = fleet.groups.flatMap((candidate) => candidate.stamps).find((candidate) => candidate.id === id);
  if (stamp === undefined) throw new Error(`no stamp ${id}`);
  return stamp;
}
