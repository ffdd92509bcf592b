/** A fleet written by hand, one step after topology: for tests of stacks that should not depend on how configuration is read. */
import type { ActiveActiveRouting } from '../../lib/config/types';
import {
  certificateNames,
  controlStackName,
  controlTableName,
  groupNames,
  groupRecordName,
  stampId,
  stampNames,
  stampRecordName,
  switchBucketName,
  tenantRecordName,
} from '../../lib/topology/names';
import type {
  ControlMember,
  Fleet,
  FleetRegion,
  PlacementMode,
  PreferredRole,
  StampGuards,
  StampSpec,
  TenantGroup,
} from '../../lib/topology/types';

export const FLEET_NAME = 'shop';
export const ACCOUNT = '111111111111';
export const ZONE = { name: 'shop.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };

const REGIONS: Readonly<Record<string, string>> = {
  use1: 'us-east-1',
  use2: 'us-east-2',
  usw2: 'us-west-2',
  euw1: 'eu-west-1',
  apn1: 'ap-northeast-1',
};

const GUARDS: StampGuards = { deletionProtection: { enabled: true }, terminationProtection: { enabled: true } };

export interface ExampleGroup {
  readonly name: string;
  readonly mode: PlacementMode;
  /** Region codes; the first one is the primary of an active-passive group. */
  readonly regionCodes: readonly string[];
  readonly routing?: ActiveActiveRouting;
  readonly tenants?: readonly string[];
  readonly traffic?: 'automatic' | 'manual';
  readonly guards?: StampGuards;
}

export function exampleGroup(example: ExampleGroup): TenantGroup {
  const { name, mode, regionCodes } = example;
  const tenants = example.tenants ?? [];
  return {
    name,
    names: groupNames(FLEET_NAME, name),
    tenants,
    account: ACCOUNT,
    zone: ZONE,
    mode,
    ...(example.routing === undefined ? {} : { routing: example.routing }),
    homeRegion: regionCodes[0]!,
    objectives: { availability: { rto: 1200, rpo: 60 }, recovery: { rto: 14_400, rpo: 86_400 }, survive: [] },
    failover: { traffic: example.traffic ?? 'automatic', promotion: 'manual', standbyServes: 'reads', writerGrace: 90 },
    database: { engine: 'none' },
    peakRequestsPerSecond: 400,
    accept: [],
    drillsAllowed: true,
    guards: example.guards ?? GUARDS,
    tags: { group: name },
    recordName: groupRecordName(name, ZONE.name),
    tenantRecordNames: tenants.map((tenant) => tenantRecordName(tenant, ZONE.name)),
    stamps: [...regionCodes].sort().map((code) => exampleStamp(name, mode, code, roleOf(mode, regionCodes.indexOf(code)))),
  };
}

/** Preferred primary use1, standby usw2. */
export const ENTERPRISE: ExampleGroup = {
  name: 'enterprise',
  mode: 'active-passive',
  regionCodes: ['use1', 'usw2'],
  tenants: ['acme', 'globex'],
};

/** Three active stamps by latency. */
export const POOL: ExampleGroup = {
  name: 'pool',
  mode: 'active-active',
  regionCodes: ['use1', 'usw2', 'euw1'],
  routing: { policy: 'latency' },
  tenants: ['initech'],
};

export const POOL_WEIGHTED: ExampleGroup = {
  ...POOL,
  routing: { policy: 'weighted', weights: { use1: 100, usw2: 50, euw1: 0 } },
};

export const POOL_BY_AREA: ExampleGroup = {
  ...POOL,
  routing: {
    policy: 'geolocation',
    areas: { euw1: ['continent:EU', 'country:GB'], usw2: ['country:US/state:CA'] },
    default: 'use1',
  },
};

/** One stamp. */
export const INTERNAL: ExampleGroup = { name: 'internal', mode: 'single', regionCodes: ['euw1'] };

export interface ExampleFleet {
  readonly groups?: readonly ExampleGroup[];
  /** Codes of the control Regions, the table's owner first. */
  readonly control?: readonly string[];
  readonly joining?: readonly string[];
  readonly witness?: string;
  /** Codes of the Regions that the lock gave the control table, when they are not those of `control`; the owner first. */
  readonly tableReplicas?: readonly string[];
}

/** Control Regions use2 (owns the table) and usw2, witness use1. */
export function exampleFleet(example: ExampleFleet = {}): Fleet {
  const control = example.control ?? ['use2', 'usw2'];
  const witness = example.control === undefined ? (example.witness ?? 'use1') : example.witness;
  const replicas = example.tableReplicas ?? control;
  const owner = replicas[0]!;
  return {
    name: FLEET_NAME,
    account: ACCOUNT,
    zone: ZONE,
    regions: Object.keys(REGIONS).map(fleetRegion),
    network: { pool: '10.0.0.0/8', stampPrefix: 20 },
    control: {
      table: {
        name: controlTableName(FLEET_NAME),
        owner: { code: owner, region: regionOf(owner) },
        replicaRegions: replicas.map(regionOf).sort(),
        ...(witness === undefined ? {} : { witness: fleetRegion(witness) }),
      },
      members: control.map((code) => controlMember(code, code === owner)),
      joining: (example.joining ?? []).map((code) => controlMember(code, code === owner)),
    },
    routingRegion: 'us-east-1',
    assumptions: {},
    alarmSubscriptions: [],
    tags: { owner: 'platform' },
    groups: (example.groups ?? [ENTERPRISE, POOL, INTERNAL]).map(exampleGroup),
  };
}

export function groupOf(fleet: Fleet, name: string): TenantGroup {
  const group = fleet.groups.find((each) => each.name === name);
  if (group === undefined) throw new Error(`the example fleet has no group ${name}`);
  return group;
}

function roleOf(mode: PlacementMode, position: number): PreferredRole {
  if (mode === 'active-passive') return position === 0 ? 'primary' : 'standby';
  return mode === 'single' ? 'single' : 'active';
}

function regionOf(code: string): string {
  const region = REGIONS[code];
  if (region === undefined) throw new Error(`the example fleet has no Region ${code}`);
  return region;
}

function fleetRegion(code: string): FleetRegion {
  const region = regionOf(code);
  return { code, region, availabilityZones: ['a', 'b', 'c'].map((letter) => `${region}${letter}`) };
}

function controlMember(code: string, ownsTable: boolean): ControlMember {
  return {
    code,
    region: regionOf(code),
    stackName: controlStackName(FLEET_NAME, code),
    bucketName: switchBucketName(FLEET_NAME, ACCOUNT, code),
    ownsTable,
  };
}

function exampleStamp(group: string, mode: PlacementMode, regionCode: string, preferredRole: PreferredRole): StampSpec {
  const region = regionOf(regionCode);
  const home = preferredRole !== 'standby';
  return {
    id: stampId(group, regionCode),
    group,
    regionCode,
    preferredRole,
    home,
    shape: {
      region,
      availabilityZones: fleetRegion(regionCode).availabilityZones,
      mode,
      home,
      network: { egress: 'nat', transitGateway: false, transitCidrs: [] },
      edge: { rateLimitPer5Min: 2000, blockedCidrs: [], clientKeepAlive: 60 },
      compute: {
        kind: 'fargate',
        imageRepositories: 0,
        cpu: 512,
        memory: 1024,
        port: 8080,
        healthPath: '/healthz',
        cpuTarget: 60,
        stopTimeout: 60,
        deregistrationDelay: 60,
        architecture: 'x86_64',
        readonlyRootFilesystem: true,
        tmpSize: 64,
        environment: {},
        secrets: {},
      },
      database: { engine: 'none' },
      health: { dependencies: [], writerGrace: 90, standbyServes: 'reads' },
      automaticTraffic: true,
      guards: GUARDS,
      alarmSubscriptions: [],
      tagKeys: [],
    },
    values: {
      fleet: FLEET_NAME,
      group,
      regionCode,
      account: ACCOUNT,
      names: stampNames({ fleet: FLEET_NAME, group, regionCode }),
      groupNames: groupNames(FLEET_NAME, group),
      tags: {},
      zoneName: ZONE.name,
      hostedZoneId: ZONE.hostedZoneId,
      recordName: stampRecordName(group, regionCode, ZONE.name),
      groupRecordName: `${group}.${ZONE.name}`,
      certificateNames: certificateNames(group, ZONE.name),
      vpcCidr: '10.0.0.0/20',
      publicSubnets: ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
      privateSubnets: ['10.0.4.0/23', '10.0.6.0/23', '10.0.8.0/23'],
      isolatedSubnets: ['10.0.10.0/24', '10.0.11.0/24', '10.0.12.0/24'],
      image: `${ACCOUNT}.dkr.ecr.${region}.amazonaws.com/shop/web:1.4.2`,
      imageRepositoryArns: [],
      capacity: { minTasks: 12, maxTasks: 24, requestsPerTargetPerMinute: 3000, healthConcurrency: 20 },
      backupCopyVaultArns: [],
    },
  };
}
