import type { HealthCheck, ResourceRecordSet } from '../../assembly/route53-types';
import type { PlacementMode, PreferredRole } from '../../topology/types';
import type { Objectives } from '../demand';

/**
 * One group as far as failures can tell, without a name in it: stamps are numbers, texts say `⟦0⟧` for the first stamp's id and `⟦g⟧`
 * for the group's name. Groups whose models are equal have equal verdicts, so each model is judged once.
 */
export interface GroupModel {
  readonly mode: PlacementMode;
  readonly stamps: readonly StampModel[];
  readonly dns: DnsModel;
  readonly clients: readonly ClientModel[];
  readonly data: DataModel;
  readonly availability: Objectives;
  readonly recovery: Objectives;
  /** Ids without names. */
  readonly survive: readonly string[];
  readonly accept: readonly { readonly failure: string; readonly reason: string }[];
  /** Requests per second of the whole group; absent: capacity is not judged. */
  readonly peak?: number;
  readonly perTask?: number;
  readonly writerGrace: number;
  readonly dependencies: readonly { readonly name: string; readonly everywhere: boolean; readonly shared: boolean }[];
  /** Copies that configuration promises of every stamp's backups; absent when it promises no backups. */
  readonly promisedCopies?: number;
  /** Control Regions with a switch bucket that some check of the group reads, sorted. */
  readonly controlRegions: readonly ControlRegionModel[];
}

export interface ControlRegionModel {
  readonly region: string;
  readonly code: string;
}

export interface StampModel {
  readonly region: string;
  readonly code: string;
  readonly account: string;
  readonly role: PreferredRole;
  readonly share: number;
  /** Whether the templates hold it. */
  readonly present: boolean;
  /** Zones with the tasks that always run there: the larger part when they do not divide evenly. */
  readonly zones: readonly ZoneModel[];
  /** Web tasks that always run, and that scaling may reach. */
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly launch: 'FARGATE' | 'EC2';
  /** Regions other than its own on which starting a task depends. */
  readonly imageRegions: readonly string[];
  readonly secretRegions: readonly string[];
  readonly targetGroup?: TargetCheckModel;
  /** Target groups of its load balancers that nobody registers targets in. */
  readonly emptyTargetGroups: number;
  /** Seconds a client may reuse a connection. */
  readonly clientKeepAlive: number;
  readonly deployment: DeploymentModel;
  readonly queue?: { readonly retention: number; readonly oldest?: number };
  readonly zonalShift: boolean;
  /** Rules of the stamp's own backup plans that take something, and the most copies that one of them makes. */
  readonly backups: { readonly rules: number; readonly copies: number };
}

export interface ZoneModel {
  readonly zone: string;
  readonly tasks: number;
  /** Zone whose NAT gateway is its way out, when that is another one. */
  readonly exitZone?: string;
}

/** How a load balancer notices a lost target; seconds. */
export interface TargetCheckModel {
  readonly interval: number;
  readonly timeout: number;
  readonly unhealthyThreshold: number;
}

/** What ends a deployment of a version that does not work. */
export interface DeploymentModel {
  /** Fails and goes back when tasks do not become healthy. */
  readonly circuitBreaker: boolean;
  /** Alarms fail it and it goes back: the slowest alarm's seconds, without the delay of metrics. */
  readonly alarmSeconds?: number;
}

/** The records that answer the group's name, and everything they depend on, renamed. */
export interface DnsModel {
  /** Name that clients ask for; absent when no record has it. */
  readonly name?: string;
  readonly zoneName?: string;
  readonly records: readonly (ResourceRecordSet & { readonly hostedZoneId: string })[];
  readonly checks: readonly HealthCheck[];
  readonly meanings: Readonly<Record<string, CheckMeaning>>;
  /** Alias target -> stamp and its target groups. */
  readonly targets: Readonly<Record<string, TargetModel>>;
  readonly policy: 'failover' | 'latency' | 'weighted' | 'geolocation' | 'simple' | 'other';
}

export interface TargetModel {
  /** Absent for a load balancer that is no stamp's. */
  readonly stamp?: number;
  /** One entry each: 0 targets registered, or some. */
  readonly targetGroups: readonly { readonly kind: 'web' | 'function' | 'empty'; readonly minimumHealthy: number }[];
}

export type CheckMeaning =
  | {
      readonly kind: 'stamp';
      readonly stamp: number;
      /** Whether the path leads to the health function, which looks at the database too. */
      readonly deep: boolean;
      readonly blocked: boolean;
    }
  | {
      readonly kind: 'switch';
      /** The stamp whose switch it reads; absent when that is no member of the group. */
      readonly stamp?: number;
      readonly region: string;
      readonly token: 'evacuated' | 'in-service' | 'other' | 'none';
      readonly readable: boolean;
    }
  | { readonly kind: 'calculated' }
  /** Something that the assembly does not make. */
  | { readonly kind: 'unknown' };

export interface ClientModel {
  readonly name: string;
  readonly share: number;
  readonly region?: string;
  readonly country?: string;
  readonly subdivision?: string;
  readonly continent?: string;
}

export type DataModel =
  | { readonly kind: 'none' }
  | { readonly kind: 'external' }
  | AuroraModel
  | TableModel
  /** Promised by configuration, absent from the templates. */
  | { readonly kind: 'missing' };

export interface AuroraModel {
  readonly kind: 'aurora';
  /** Of the group's stamps, by stamp. */
  readonly members: readonly AuroraMemberModel[];
}

export interface AuroraMemberModel {
  readonly stamp: number;
  /** The same number for members that replicate to each other. */
  readonly replicationGroup: number;
  readonly home: boolean;
  /** Zones of the instances; `undefined` where RDS chooses. */
  readonly instanceZones: readonly (string | null)[];
  /** `rds.global_db_rpo`, in seconds. */
  readonly lagCap?: number;
  readonly maxAcu?: number;
  readonly backups: readonly BackupModel[];
}

export interface TableModel {
  readonly kind: 'table';
  readonly consistency: 'eventual' | 'strong';
  readonly regions: readonly string[];
  readonly witness?: string;
  readonly backups: readonly BackupModel[];
}

/** Somewhere to restore from; ages in seconds at their worst, without the assumed delays. */
export interface BackupModel {
  readonly region: string;
  readonly account: string;
  readonly kind: 'continuous' | 'snapshot' | 'copy';
  /** Between two of them; absent for continuous ones, and where the schedule is not understood. */
  readonly interval?: number;
  readonly retentionDays?: number;
}
