/**
 * The parsed configuration: what `stamps/` says once defaults are filled in, durations are seconds, percentages are
 * numbers and every Region reference is a Region code. The zod schemas beside this file are checked against it at compile time.
 */

import type { QuotaKey } from '../facts/quotas';

/** Whole seconds. */
export type Seconds = number;
/** 100 means 100 %. */
export type Percent = number;
/** Key under `regions:` in fleet.yaml, e.g. `use1`. */
export type RegionCode = string;

export interface ZoneConfig {
  /** DNS name without a trailing dot, e.g. `shop.example.com`. */
  readonly name: string;
  readonly hostedZoneId: string;
}

export interface RegionConfig {
  readonly code: RegionCode;
  /** AWS Region name, e.g. `us-east-1`. */
  readonly region: string;
  /** Zone letters in the order the subnets take, e.g. `['a', 'b', 'c']`. */
  readonly azs: readonly string[];
  /** Why a single zone is acceptable; required when `azs` has one entry. */
  readonly singleAzReason?: string;
}

export interface ControlConfig {
  /** Regions whose switches count. The first lock puts the control table there too; from then on they may change, it may not. */
  readonly regions: readonly RegionCode[];
  /** Witness of the control table, read by the first lock only. */
  readonly witness?: RegionCode;
  /** Control Regions whose bucket and unattached checks exist but are not yet part of any verdict. */
  readonly joining: readonly RegionCode[];
}

/** The value of a quota that AWS raised. */
export interface QuotaConfig {
  readonly quota: QuotaKey;
  readonly value: number;
  /** Absent: every account. */
  readonly account?: string;
  /** Absent: every Region. */
  readonly region?: RegionCode;
}

export interface FleetConfig {
  readonly schemaVersion: 1;
  readonly fleet: string;
  readonly account: string;
  readonly zone: ZoneConfig;
  /** In the order of the file. */
  readonly regions: readonly RegionConfig[];
  readonly network: {
    readonly pool: string;
    readonly stampPrefix: number;
    /** Ranges inside or outside the pool that belong to others and are never handed out. */
    readonly reserved: readonly string[];
  };
  readonly control: ControlConfig;
  readonly routing: { readonly stackRegion: string };
  /** Overrides of the table in `lib/facts/assumptions.ts`, by name, in that entry's unit. */
  readonly assumptions: Readonly<Record<string, number>>;
  /** What AWS raised; `preflight` alone reads it. */
  readonly quotas: readonly QuotaConfig[];
  /** Who is told when an alarm goes off: `mailto:` and `https://` addresses. */
  readonly alarms: { readonly subscriptions: readonly string[] };
  /** Tags put on every stack. */
  readonly tags: Readonly<Record<string, string>>;
  /** Sorted by group name. */
  readonly groups: readonly GroupConfig[];
}

export interface Objective {
  readonly rto: Seconds;
  readonly rpo: Seconds;
}

export interface ObjectivesConfig {
  readonly availability: Objective;
  readonly recovery: Objective;
  /** Failure pairs that gate, such as `region:use1+region:usw2`. */
  readonly survive: readonly string[];
}

export type PlacementConfig = ActivePassivePlacement | ActiveActivePlacement | SinglePlacement;

export interface ActivePassivePlacement {
  readonly mode: 'active-passive';
  readonly primary: RegionCode;
  readonly standby: RegionCode;
  readonly standbyCapacity: Percent;
}

export interface ActiveActivePlacement {
  readonly mode: 'active-active';
  readonly regions: readonly RegionCode[];
  readonly routing: ActiveActiveRouting;
}

export type ActiveActiveRouting =
  | { readonly policy: 'latency' }
  | { readonly policy: 'weighted'; readonly weights: Readonly<Record<RegionCode, number>> }
  | {
      readonly policy: 'geolocation';
      /** Per Region the areas it serves: `continent:EU`, `country:DE` or `country:US/state:CA`. */
      readonly areas: Readonly<Record<RegionCode, readonly string[]>>;
      /** The Region that answers for everybody else. */
      readonly default: RegionCode;
    };

export interface SinglePlacement {
  readonly mode: 'single';
  readonly region: RegionCode;
}

export interface GroupNetworkConfig {
  /** `nat`: a NAT gateway per zone. `endpoints-only`: no way out but VPC endpoints. */
  readonly egress: 'nat' | 'endpoints-only';
  /** Transit gateway id per Region, for the hub and spoke of an existing network. */
  readonly transitGateways: Readonly<Record<RegionCode, string>>;
  /** CIDRs that are routed to the transit gateway. */
  readonly transitCidrs: readonly string[];
}

export interface ComputeConfig {
  readonly kind: 'fargate' | 'ec2';
  /** May hold `{region}`, which becomes the stamp's own Region: the promise that the image is replicated there. */
  readonly image: string;
  readonly command?: readonly string[];
  /** CPU units; 1024 is one vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly port: number;
  readonly healthPath: string;
  readonly peakRequestsPerSecond: number;
  readonly requestsPerSecondPerTask: number;
  /** Upper bound of scaling as a percentage of the computed minimum. */
  readonly maxCapacity: Percent;
  readonly cpuTarget: Percent;
  readonly stopTimeout: Seconds;
  readonly deregistrationDelay: Seconds;
  readonly architecture: 'x86_64' | 'arm64';
  /** EC2 only. */
  readonly instanceType?: string;
  /** EC2 only: how many tasks one instance carries. */
  readonly tasksPerInstance?: number;
  /** The container's own files cannot be changed; `/tmp` stays writable, in memory. Of web tasks and worker. */
  readonly readonlyRootFilesystem: boolean;
  /** MiB of the in-memory `/tmp`; counts as memory of the task. */
  readonly tmpSize: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variable -> Secrets Manager secret name, which must exist in the stamp's own Region. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface WorkerConfig {
  readonly image: string;
  readonly command?: readonly string[];
  readonly cpu: number;
  readonly memory: number;
  /** Longest acceptable time from sending a message to its end. */
  readonly maxLatency: Seconds;
  /** Average processing time of one message, in seconds (may be a fraction). */
  readonly averageProcessing: number;
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly stopTimeout: Seconds;
  readonly visibilityTimeout: Seconds;
  readonly retention: Seconds;
  /** Receives before a message goes to the dead-letter queue. */
  readonly maxReceives: number;
}

export type DatabaseConfig = AuroraConfig | DynamoDbConfig | ExternalDatabaseConfig | NoDatabaseConfig;

export interface AuroraConfig {
  readonly engine: 'aurora-postgresql' | 'aurora-mysql';
  readonly version: string;
  /** Name of the database inside the cluster. */
  readonly name: string;
  /** Exactly one of `serverless` and `provisioned` is set. */
  readonly serverless?: { readonly minAcu: number; readonly maxAcu: number; readonly readers: number };
  readonly provisioned?: { readonly instance: string; readonly readers: number };
  /** Sets `rds.global_db_rpo` (PostgreSQL only). */
  readonly maxReplicationLag?: Seconds;
}

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'string' | 'number' | 'binary';
}

export interface DynamoDbConfig {
  readonly engine: 'dynamodb';
  readonly consistency: 'eventual' | 'strong';
  /** Witness Region of a STRONG table with two replicas. */
  readonly witness?: RegionCode;
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
  readonly indexes: readonly { readonly name: string; readonly partitionKey: KeyAttribute; readonly sortKey?: KeyAttribute }[];
  /** Attribute that holds the expiry time; not with `strong`. */
  readonly timeToLive?: string;
  /** Customer-managed key ARN per Region; AWS-managed keys otherwise. */
  readonly keyArns: Readonly<Record<RegionCode, string>>;
}

export interface ExternalDatabaseConfig {
  readonly engine: 'external';
  readonly protocol: 'postgresql' | 'mysql' | 'other';
  readonly name: string;
  /** Per Region: where this stamp writes and reads. */
  readonly endpoints: Readonly<Record<RegionCode, { readonly writer: string; readonly reader: string; readonly port: number }>>;
}

export interface NoDatabaseConfig {
  readonly engine: 'none';
}

export interface BackupConfig {
  readonly schedule: 'hourly' | 'daily' | 'weekly';
  readonly continuous: boolean;
  readonly retain: Seconds;
  /** `peers`, or Region codes of members and ARNs of existing vaults. Empty: no copies (needs `copyReason`). */
  readonly copyTo: 'peers' | readonly string[];
  /** Why there is no copy; required when `copyTo` is empty. */
  readonly copyReason?: string;
  readonly copyRetain: Seconds;
  readonly lock: 'none' | 'governance' | 'compliance';
  /** Why the vault is not locked; required when `lock` is `none`. */
  readonly lockReason?: string;
  readonly restoreTest: 'none' | 'daily' | 'weekly' | 'monthly';
  /** What a restore test checks. Absent: that there is a row. */
  readonly validation?: BackupValidationConfig;
}

export interface BackupValidationConfig {
  /** Rows of all tables together, or items; 0 accepts an empty database. */
  readonly minimumRows: number;
  /** Where the newest row is found: `table` and `column` for Aurora, `attribute` for DynamoDB. */
  readonly newest?: { readonly table?: string; readonly column?: string; readonly attribute?: string };
  /** Aurora only. */
  readonly query?: { readonly sql: string; readonly expect?: string };
  readonly timeLimit: Seconds;
}

export interface FailoverConfig {
  /** `automatic`: health checks move traffic. `manual`: only the switch does. */
  readonly traffic: 'automatic' | 'manual';
  readonly promotion: 'manual';
  readonly standbyServes: 'reads' | 'none';
  readonly writerGrace: Seconds;
}

export interface HealthDependency {
  readonly name: string;
  readonly url: string;
  /** Shared with other stamps: its failure only ever warns. */
  readonly shared: boolean;
}

export interface OidcConfig {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly clientId: string;
  /** Secrets Manager secret name, present in every stamp's Region. */
  readonly clientSecretName: string;
}

export interface EdgeConfig {
  readonly rateLimitPer5Min: number;
  /** Limit of one host name, and so of one tenant. */
  readonly tenantRateLimitPer5Min?: number;
  readonly blockedCidrs: readonly string[];
  readonly oidc?: OidcConfig;
  readonly clientKeepAlive: Seconds;
}

export interface GuardConfig {
  readonly enabled: boolean;
  /** Required when `enabled` is false. */
  readonly reason?: string;
}

export interface GroupConfig {
  readonly group: string;
  readonly tenants: readonly string[];
  /** The group's own account, or the fleet's. */
  readonly account: string;
  /** The group's own zone, or the fleet's. */
  readonly zone: ZoneConfig;
  readonly objectives: ObjectivesConfig;
  readonly placement: PlacementConfig;
  readonly network: GroupNetworkConfig;
  readonly compute: ComputeConfig;
  readonly worker?: WorkerConfig;
  readonly database: DatabaseConfig;
  /** Absent when the database is `none` or `external`: there is nothing of the stamp's own to back up. */
  readonly backup?: BackupConfig;
  readonly failover: FailoverConfig;
  readonly health: { readonly dependencies: readonly HealthDependency[] };
  readonly edge: EdgeConfig;
  readonly guards: { readonly deletionProtection: GuardConfig; readonly terminationProtection: GuardConfig };
  readonly accept: readonly { readonly failure: string; readonly reason: string }[];
  readonly drills: { readonly allowed: boolean };
  readonly tags: Readonly<Record<string, string>>;
}

/** `stamps/fleet.lock.yaml`: what must never move by itself. Written by `stampkit lock` only. */
export interface FleetLock {
  readonly lockVersion: 1;
  readonly fleet: string;
  /** Region code -> AWS Region, so that a code can never be pointed elsewhere. */
  readonly regions: Readonly<Record<RegionCode, string>>;
  /** Stamp id -> CIDR. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Stamp id -> CIDR of stamps that are gone; reused only after `lock --release`. */
  readonly tombstones: Readonly<Record<string, string>>;
  /** Group -> code of the Region where its data was born. */
  readonly homeRegions: Readonly<Record<string, RegionCode>>;
  readonly controlTable: ControlTablePin;
  /** Every home Region that was moved by `lock --rehome`, oldest first. Absent when there is none. */
  readonly rehomed?: readonly Rehoming[];
}

/**
 * Where the control table was made. A strongly consistent table takes no single replica more or less (aws-facts 4.2), so this
 * never changes, whatever becomes of the control Regions.
 */
export interface ControlTablePin {
  /** The Region whose control stack defines the table. */
  readonly owner: RegionCode;
  /** Regions of the replicas, sorted, the owner's included: two with a witness, three without. */
  readonly replicas: readonly RegionCode[];
  readonly witness?: RegionCode;
}

/** A home Region that an operator moved. When it was, version control knows. */
export interface Rehoming {
  readonly group: string;
  readonly from: RegionCode;
  readonly to: RegionCode;
  readonly reason: string;
}
