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
import { activeActive, compute, DYNAMODB, fleetConfig, group, WORKER } from '../../topology/fixtures';

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
  const network = { pool: '10.0.0.0/8', stampPrefix: 20, reserved: ['10.200.0.0/16'] };
  // Not structuredClone: that would keep objects shared which the fixtures share, and a test changes one at a time.
  return JSON.parse(JSON.stringify(fleetConfig({ network, tags: {}, groups: [enterprise(), pool()] }))) as MutableFleet;
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
function enterprise(): GroupConfig {
  return group('enterprise', {
    ...COMMON,
    tenants: ['acme', 'globex'],
    objectives: { availability: { rto: 20 * MINUTE, rpo: MINUTE }, recovery: { rto: 4 * HOUR, rpo: 30 * HOUR }, survive: [] },
    worker: { ...WORKER, visibilityTimeout: 30, retention: 14 * DAY },
    accept: [{ failure: 'pair:region:use1+region:usw2', reason: 'two Regions at once is out of scope' }],
  });
}

/** Active-active, DynamoDB with eventual consistency, three Regions. */
function pool(): GroupConfig {
  const { worker: _worker, ...withoutWorker } = group('pool', {
    ...COMMON,
    tenants: ['initech', 'umbrella'],
    objectives: { availability: { rto: 5 * MINUTE, rpo: MINUTE }, recovery: { rto: 8 * HOUR, rpo: 30 * HOUR }, survive: [] },
    placement: activeActive(),
    database: DYNAMODB,
  });
  return withoutWorker;
}

/** Beside what every group of the fixtures has. */
const COMMON: Partial<GroupConfig> = {
  compute: compute({
    deregistrationDelay: 45,
    environment: { LOG_LEVEL: 'info' },
    secrets: { API_TOKEN: 'shop/api-token' },
  }),
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
};

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
