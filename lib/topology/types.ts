/**
 * The fleet as data: what config means once every id, name, address and number has been computed. Pure and serialisable;
 * stacks, preflight, the proof and the operations engine all read this and nothing else of the configuration.
 */
import type {
  ActiveActiveRouting,
  DatabaseConfig,
  FailoverConfig,
  GuardConfig,
  HealthDependency,
  KeyAttribute,
  ObjectivesConfig,
  OidcConfig,
  Percent,
  RegionCode,
  Seconds,
} from '../config/types';
import type { GroupNames, StampNames } from './names';

export interface Fleet {
  readonly name: string;
  readonly account: string;
  readonly zone: DnsZone;
  /** Every Region the configuration names, sorted by code. */
  readonly regions: readonly FleetRegion[];
  readonly network: { readonly pool: string; readonly stampPrefix: number };
  readonly control: ControlPlane;
  /** AWS Region of the routing stacks; health-check metrics exist only in us-east-1 (aws-facts 2.8). */
  readonly routingRegion: string;
  readonly assumptions: Readonly<Record<string, number>>;
  /** Addresses that every alarm is sent to. */
  readonly alarmSubscriptions: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Sorted by name. */
  readonly groups: readonly TenantGroup[];
}

export interface DnsZone {
  readonly name: string;
  readonly hostedZoneId: string;
}

export interface FleetRegion {
  readonly code: RegionCode;
  readonly region: string;
  /** Full names such as `us-east-1a`. */
  readonly availabilityZones: readonly string[];
}

/** The switches, which come and go with their Region, and the control table, which stays where it was made. */
export interface ControlPlane {
  readonly table: ControlTablePlace;
  /** Control Regions whose switches count, sorted by code. */
  readonly members: readonly ControlMember[];
  /** Control Regions being added: bucket and unattached checks only. */
  readonly joining: readonly ControlMember[];
}

/** Where the control table lies, from the lock: its Regions can never change (aws-facts 4.2). */
export interface ControlTablePlace {
  readonly name: string;
  /** The Region whose control stack defines the table. */
  readonly owner: { readonly code: RegionCode; readonly region: string };
  /** AWS Regions of all replicas, the owner's included, sorted. */
  readonly replicaRegions: readonly string[];
  /** Takes part in the consensus and holds no copy that can be read. */
  readonly witness?: FleetRegion;
}

export interface ControlMember {
  readonly code: RegionCode;
  readonly region: string;
  readonly stackName: string;
  readonly bucketName: string;
  /** True in the one Region whose stack owns the control table. */
  readonly ownsTable: boolean;
}

export type PlacementMode = 'active-passive' | 'active-active' | 'single';
/** The preferred role that `stamps/` asks for. The role of today is runtime state and is not here. */
export type PreferredRole = 'primary' | 'standby' | 'active' | 'single';

export interface TenantGroup {
  readonly name: string;
  readonly names: GroupNames;
  readonly tenants: readonly string[];
  readonly account: string;
  readonly zone: DnsZone;
  readonly mode: PlacementMode;
  /** Active-active only. */
  readonly routing?: ActiveActiveRouting;
  readonly homeRegion: RegionCode;
  readonly objectives: ObjectivesConfig;
  readonly failover: FailoverConfig;
  readonly database: DatabaseConfig;
  readonly peakRequestsPerSecond: number;
  readonly accept: readonly { readonly failure: string; readonly reason: string }[];
  readonly drillsAllowed: boolean;
  readonly guards: StampGuards;
  /** The fleet's tags and the group's own, which win. */
  readonly tags: Readonly<Record<string, string>>;
  /** DNS names: the group's and one per tenant. */
  readonly recordName: string;
  readonly tenantRecordNames: readonly string[];
  /** In a stable order: sorted by Region code. */
  readonly stamps: readonly StampSpec[];
}

export interface StampSpec {
  readonly id: string;
  readonly group: string;
  readonly regionCode: RegionCode;
  readonly preferredRole: PreferredRole;
  /** True in the Region where the group's data was born. */
  readonly home: boolean;
  readonly shape: StampShape;
  readonly values: StampValues;
}

/**
 * What stamps of one structure share: the Region and everything that decides which resources exist and how they are built.
 * Constructs may branch on any of it.
 */
export interface StampShape {
  readonly region: string;
  readonly availabilityZones: readonly string[];
  readonly mode: PlacementMode;
  readonly home: boolean;
  readonly network: NetworkShape;
  readonly edge: EdgeShape;
  readonly compute: ComputeShape;
  readonly worker?: WorkerShape;
  readonly database: DatabaseShape;
  readonly backup?: BackupShape;
  readonly health: {
    readonly dependencies: readonly HealthDependency[];
    readonly writerGrace: Seconds;
    readonly standbyServes: 'reads' | 'none';
  };
  /** False for `traffic: manual`: the stamp's record does not evaluate its target (design 6). */
  readonly automaticTraffic: boolean;
  readonly guards: StampGuards;
  /** Addresses that every alarm is sent to; the same for the whole fleet. */
  readonly alarmSubscriptions: readonly string[];
  /** Keys of the stack's tags, sorted; their contents are `values.tags`. */
  readonly tagKeys: readonly string[];
}

export interface StampGuards {
  readonly deletionProtection: GuardConfig;
  readonly terminationProtection: GuardConfig;
}

export interface NetworkShape {
  readonly egress: 'nat' | 'endpoints-only';
  readonly transitGateway: boolean;
  readonly transitCidrs: readonly string[];
}

export interface EdgeShape {
  readonly rateLimitPer5Min: number;
  readonly tenantRateLimitPer5Min?: number;
  readonly blockedCidrs: readonly string[];
  readonly oidc?: OidcConfig;
  readonly clientKeepAlive: Seconds;
}

export interface ComputeShape {
  readonly kind: 'fargate' | 'ec2';
  /** How many repositories in private ECR the image comes from; their ARNs are values. */
  readonly imageRepositories: number;
  readonly command?: readonly string[];
  readonly cpu: number;
  readonly memory: number;
  readonly port: number;
  readonly healthPath: string;
  readonly cpuTarget: Percent;
  readonly stopTimeout: Seconds;
  readonly deregistrationDelay: Seconds;
  readonly architecture: 'x86_64' | 'arm64';
  readonly instanceType?: string;
  readonly readonlyRootFilesystem: boolean;
  /** MiB. */
  readonly tmpSize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface WorkerShape {
  /** How many repositories in private ECR the image comes from; their ARNs are values. */
  readonly imageRepositories: number;
  readonly command?: readonly string[];
  readonly cpu: number;
  readonly memory: number;
  readonly stopTimeout: Seconds;
  readonly visibilityTimeout: Seconds;
  readonly retention: Seconds;
  readonly maxReceives: number;
  /** The age of the oldest message that raises the alarm: the longest acceptable latency. */
  readonly maxLatency: Seconds;
}

export type DatabaseShape =
  | {
      readonly engine: 'aurora-postgresql' | 'aurora-mysql';
      readonly version: string;
      readonly databaseName: string;
      readonly capacity: 'serverless' | 'provisioned';
      /** Provisioned only. */
      readonly instance?: string;
      /** Readers beside the first instance. */
      readonly readers: number;
      readonly maxReplicationLag?: Seconds;
      /** True when the cluster joins a global cluster (two Regions or more). */
      readonly global: boolean;
    }
  | {
      readonly engine: 'dynamodb';
      readonly customerManagedKey: boolean;
      readonly consistency: 'eventual' | 'strong';
      /** AWS Regions of the other replicas, sorted. */
      readonly peerRegions: readonly string[];
    }
  | { readonly engine: 'external'; readonly protocol: 'postgresql' | 'mysql' | 'other' }
  | { readonly engine: 'none' };

export interface BackupShape {
  readonly schedule: 'hourly' | 'daily' | 'weekly';
  readonly continuous: boolean;
  readonly retain: Seconds;
  readonly copyRetain: Seconds;
  /** How many vaults every scheduled backup is copied to; their ARNs are values. */
  readonly copies: number;
  readonly lock: 'none' | 'governance' | 'compliance';
  readonly restoreTest: 'none' | 'daily' | 'weekly' | 'monthly';
  /** Age of the newest recovery point that raises the alarm. */
  readonly maxRecoveryPointAge: Seconds;
  /** What restore tests check. Absent: that there is a row. */
  readonly validation?: BackupValidationShape;
}

export interface BackupValidationShape {
  readonly minimumRows: number;
  /** For DynamoDB `column` is an attribute, and there is no `table`. */
  readonly newest?: { readonly table?: string; readonly column: string; readonly maxAge: Seconds };
  readonly query?: { readonly sql: string; readonly expect?: string };
  readonly timeLimit: Seconds;
}

/**
 * What differs between stamps of one shape. In a fleet synth every leaf may be a CDK token: constructs only pass values on,
 * they never branch on, parse or calculate with them.
 */
export interface StampValues {
  readonly fleet: string;
  readonly group: string;
  readonly regionCode: string;
  readonly account: string;
  readonly names: StampNames;
  readonly groupNames: GroupNames;
  /** Tags of the stack: the fleet's and the group's. */
  readonly tags: Readonly<Record<string, string>>;
  readonly zoneName: string;
  readonly hostedZoneId: string;
  /** `<regionCode>.<group>.<zone>`. */
  readonly recordName: string;
  /** `<group>.<zone>`: what users resolve. */
  readonly groupRecordName: string;
  /** First the subject, then the alternative names. */
  readonly certificateNames: readonly string[];
  readonly vpcCidr: string;
  /** One CIDR per availability zone, in the order of the zones. */
  readonly publicSubnets: readonly string[];
  readonly privateSubnets: readonly string[];
  readonly isolatedSubnets: readonly string[];
  /** Present when the shape has a transit gateway. */
  readonly transitGatewayId?: string;
  readonly image: string;
  /** The image's repository when it is in private ECR, else empty; how many there are is structure. */
  readonly imageRepositoryArns: readonly string[];
  readonly workerImage?: string;
  readonly workerImageRepositoryArns?: readonly string[];
  readonly capacity: CapacityValues;
  /** Vaults that scheduled backups are copied to. */
  readonly backupCopyVaultArns: readonly string[];
  /** ARN of the Regional replica of the group's table (DynamoDB). */
  readonly tableArn?: string;
  /** Customer-managed key of the table replica (DynamoDB). */
  readonly tableKeyArn?: string;
  /** External database only. */
  readonly databaseWriter?: string;
  readonly databaseReader?: string;
  readonly databasePort?: number;
  readonly databaseName?: string;
}

/** Numbers computed by capacity.ts. */
export interface CapacityValues {
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Target of request-based scaling: requests per target and minute. */
  readonly requestsPerTargetPerMinute: number;
  readonly workerMinTasks?: number;
  readonly workerMaxTasks?: number;
  /** Acceptable backlog per running worker task, in messages (aws-facts 6.4). */
  readonly workerBacklogPerTask?: number;
  /** Aurora Serverless v2. */
  readonly minAcu?: number;
  readonly maxAcu?: number;
  /** EC2 compute only. */
  readonly minInstances?: number;
  readonly maxInstances?: number;
  /** Reserved concurrency of the health function, from the number of checks (design 6). */
  readonly healthConcurrency: number;
  /** Aurora: connections that the health checks' database user may hold at one instance. */
  readonly probeConnections?: number;
}

export type { KeyAttribute };
