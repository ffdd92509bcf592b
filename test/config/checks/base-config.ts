import { memberCodes } from '../../../lib/config/checks/context';
import type {
  AuroraConfig,
  BackupConfig,
  DynamoDbConfig,
  FleetConfig,
  FleetLock,
  GroupConfig,
  WorkerConfig,
} from '../../../lib/config/types';

/** The configuration types without `readonly`, so that a test can change one value of a valid configuration. */
export type Mutable<T> = T extends (infer Item)[] | readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

export type MutableFleet = Mutable<FleetConfig>;
export type MutableGroup = Mutable<GroupConfig>;
export type MutableLock = Mutable<FleetLock>;

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** A valid fleet of two groups that no check has anything to say about; a fresh copy every time. */
export function baseConfig(): MutableFleet {
  return {
    schemaVersion: 1,
    fleet: 'shop',
    account: '111111111111',
    zone: { name: 'shop.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
    regions: [
      { code: 'use1', region: 'us-east-1', azs: ['a', 'b', 'c'] },
      { code: 'usw2', region: 'us-west-2', azs: ['a', 'b', 'c'] },
      { code: 'euw1', region: 'eu-west-1', azs: ['a', 'b', 'c'] },
      { code: 'use2', region: 'us-east-2', azs: ['a', 'b', 'c'] },
    ],
    network: { pool: '10.0.0.0/8', stampPrefix: 20, reserved: ['10.200.0.0/16'] },
    control: { regions: ['use2', 'usw2'], witness: 'use1', joining: [] },
    routing: { stackRegion: 'us-east-1' },
    assumptions: {},
    tags: {},
    groups: [enterprise(), pool()],
  };
}

/** The lock that `stampkit lock` would have written for the configuration, with one stamp that is gone. */
export function lockFor(config: MutableFleet): MutableLock {
  const ids = config.groups.flatMap((group) => memberCodes(group.placement).map((code) => `${group.group}-${code}`));
  return {
    lockVersion: 1,
    fleet: config.fleet,
    regions: Object.fromEntries(config.regions.map(({ code, region }) => [code, region])),
    addresses: Object.fromEntries(ids.map((id, index) => [id, `10.0.${16 * index}.0/20`])),
    tombstones: { 'retired-use1': '10.1.0.0/20' },
    homeRegions: Object.fromEntries(config.groups.map((group) => [group.group, memberCodes(group.placement)[0] ?? ''])),
    controlTable: {
      owner: config.control.regions[0] ?? '',
      replicas: [...config.control.regions].sort(),
      ...(config.control.witness !== undefined && { witness: config.control.witness }),
    },
  };
}

/** Active-passive, Aurora PostgreSQL, two Regions, with a worker. */
function enterprise(): MutableGroup {
  return {
    ...common('enterprise', ['acme', 'globex']),
    objectives: { availability: { rto: 20 * MINUTE, rpo: MINUTE }, recovery: { rto: 4 * HOUR, rpo: 30 * HOUR }, survive: [] },
    placement: { mode: 'active-passive', primary: 'use1', standby: 'usw2', standbyCapacity: 100 },
    worker: {
      image: '111111111111.dkr.ecr.{region}.amazonaws.com/shop/worker:1.4.2',
      cpu: 512,
      memory: 1024,
      maxLatency: 60,
      averageProcessing: 0.2,
      minTasks: 2,
      maxTasks: 40,
      stopTimeout: 60,
      visibilityTimeout: 30,
      retention: 14 * DAY,
      maxReceives: 5,
    },
    database: {
      engine: 'aurora-postgresql',
      version: '16.8',
      name: 'app',
      serverless: { minAcu: 8, maxAcu: 32, readers: 1 },
      maxReplicationLag: 30,
    },
    accept: [{ failure: 'pair:region:use1+region:usw2', reason: 'two Regions at once is out of scope' }],
  };
}

/** Active-active, DynamoDB with eventual consistency, three Regions. */
function pool(): MutableGroup {
  const group = common('pool', ['initech', 'umbrella']);
  return {
    ...group,
    objectives: { availability: { rto: 5 * MINUTE, rpo: MINUTE }, recovery: { rto: 8 * HOUR, rpo: 30 * HOUR }, survive: [] },
    placement: { mode: 'active-active', regions: ['use1', 'usw2', 'euw1'], routing: { policy: 'latency' } },
    database: {
      engine: 'dynamodb',
      consistency: 'eventual',
      partitionKey: { name: 'pk', type: 'string' },
      indexes: [],
      keyArns: {},
    },
  };
}

function common(group: string, tenants: string[]): Omit<MutableGroup, 'objectives' | 'placement' | 'database'> {
  return {
    group,
    tenants,
    account: '111111111111',
    zone: { name: 'shop.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
    network: { egress: 'nat', transitGateways: {}, transitCidrs: [] },
    compute: {
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
      deregistrationDelay: 45,
      readonlyRootFilesystem: true,
      tmpSize: 64,
      architecture: 'x86_64',
      environment: { LOG_LEVEL: 'info' },
      secrets: { API_TOKEN: 'shop/api-token' },
    },
    backup: {
      schedule: 'daily',
      continuous: true,
      retain: 35 * DAY,
      copyTo: 'peers',
      copyRetain: 35 * DAY,
      lock: 'governance',
      restoreTest: 'weekly',
    },
    failover: { traffic: 'automatic', promotion: 'manual', standbyServes: 'reads', writerGrace: 90 },
    health: { dependencies: [{ name: 'payments-api', url: 'https://payments.example.com/healthz', shared: true }] },
    edge: {
      rateLimitPer5Min: 2000,
      blockedCidrs: ['203.0.113.0/24'],
      oidc: {
        issuer: 'https://id.example.com',
        authorizationEndpoint: 'https://id.example.com/authorize',
        tokenEndpoint: 'https://id.example.com/token',
        userInfoEndpoint: 'https://id.example.com/userinfo',
        clientId: 'shop',
        clientSecretName: 'shop/oidc',
      },
      clientKeepAlive: 60,
    },
    guards: { deletionProtection: { enabled: true }, terminationProtection: { enabled: true } },
    accept: [],
    drills: { allowed: true },
    tags: {},
  };
}

/** The group of that name. */
export function groupOf(config: MutableFleet, name: string): MutableGroup {
  const found = config.groups.find((group) => group.group === name);
  if (found === undefined) throw new Error(`the base configuration has no group ${name}`);
  return found;
}

export function enterpriseOf(config: MutableFleet): MutableGroup {
  return groupOf(config, 'enterprise');
}

export function poolOf(config: MutableFleet): MutableGroup {
  return groupOf(config, 'pool');
}

/** Database of the group `enterprise`. */
export function auroraOf(config: MutableFleet): Mutable<AuroraConfig> {
  return enterpriseOf(config).database as Mutable<AuroraConfig>;
}

/** Serverless capacity of the group `enterprise`. */
export function serverlessOf(config: MutableFleet): { minAcu: number; maxAcu: number; readers: number } {
  return auroraOf(config).serverless!;
}

/** Table of the group `pool`. */
export function tableOf(config: MutableFleet): Mutable<DynamoDbConfig> {
  return poolOf(config).database as Mutable<DynamoDbConfig>;
}

export function backupOf(config: MutableFleet): Mutable<BackupConfig> {
  return enterpriseOf(config).backup!;
}

export function workerOf(config: MutableFleet): Mutable<WorkerConfig> {
  return enterpriseOf(config).worker!;
}

/** Places the group `pool` in the Regions of the base configuration, with weights. */
export function makeWeighted(config: MutableFleet, weights: Record<string, number>): void {
  poolOf(config).placement = {
    mode: 'active-active',
    regions: ['use1', 'usw2', 'euw1'],
    routing: { policy: 'weighted', weights },
  };
}

/** Places the group `pool` in the Regions of the base configuration, by geolocation. */
export function makeGeolocation(config: MutableFleet, areas: Record<string, string[]>, fallback = 'use1'): void {
  poolOf(config).placement = {
    mode: 'active-active',
    regions: ['use1', 'usw2', 'euw1'],
    routing: { policy: 'geolocation', areas, default: fallback },
  };
}

/** The pool's table with strong consistency in the US set: three replicas and no witness. */
export function makeStrong(config: MutableFleet): Mutable<DynamoDbConfig> {
  const group = poolOf(config);
  config.regions = config.regions.filter((region) => region.code !== 'euw1');
  const table: Mutable<DynamoDbConfig> = {
    engine: 'dynamodb',
    consistency: 'strong',
    partitionKey: { name: 'pk', type: 'string' },
    indexes: [],
    keyArns: {},
  };
  group.placement = { mode: 'active-active', regions: ['use1', 'usw2', 'use2'], routing: { policy: 'latency' } };
  group.database = table;
  return table;
}

/** The group in one Region, with what that needs. */
export function makeSingle(group: MutableGroup, region: string): void {
  group.placement = { mode: 'single', region };
  if (group.backup !== undefined) Object.assign(group.backup, { copyTo: [], copyReason: 'one Region is enough here' });
}
