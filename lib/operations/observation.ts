import type {
  AuroraCluster,
  CapacityReading,
  GlobalCluster,
  LagReading,
  QueueReading,
  RecoveryPoint,
  RestorableWindow,
  SwitchState,
  TableReading,
} from '../ports';
import type { LeaseRecord } from './lease/lease-record';

/** `unknown` is never taken for dead: nobody answered, which may be the operator's own network (design 8). */
export type StampHealth = 'healthy' | 'failing' | 'unknown';

/** What answers in a stamp's Region: every plane that was asked, some of them, none. */
export type Reach = 'reachable' | 'half' | 'gone';

export interface SwitchObservation {
  /** Region code of the control Region. */
  readonly code: string;
  readonly region: string;
  readonly state: SwitchState | 'unknown';
  /** Highest fencing token seen in it. */
  readonly token: number;
  /** Who wrote it last, why and when (ISO 8601), as the object says. */
  readonly operator?: string;
  readonly reason?: string;
  readonly time?: string;
}

export interface StampObservation {
  readonly stamp: string;
  readonly code: string;
  readonly region: string;
  readonly reach: Reach;
  readonly health: StampHealth;
  readonly reasons: readonly string[];
  readonly role: 'writer' | 'reader' | 'none' | 'unknown';
  readonly writable: boolean;
  /** HTTP status at the stamp's own name; absent when it did not answer. */
  readonly directStatus?: number;
  /** One per control Region that counts. */
  readonly switches: readonly SwitchObservation[];
  readonly capacity?: CapacityReading;
  readonly queue?: QueueReading;
  /** The pointer's document, when it could be read. */
  readonly pointer?: { readonly value: string; readonly version: number };
}

export interface AuroraObservation {
  readonly engine: 'aurora';
  /** As a Region that answers sees it. */
  readonly global?: GlobalCluster;
  /** Identifier of the global cluster in use, also when it could not be read. */
  readonly globalIdentifier: string;
  /** Every global cluster name of the group that is taken. */
  readonly takenGlobals: readonly string[];
  /** AWS Regions whose RDS API answered. */
  readonly answering: readonly string[];
  /** The cluster in use per AWS Region that answered. */
  readonly clusters: Readonly<Record<string, AuroraCluster>>;
  /** Identifier of the cluster in use per AWS Region, whether it answered or not. */
  readonly identifiers: Readonly<Record<string, string>>;
  /** Last lag of each secondary, by AWS Region. */
  readonly lag: Readonly<Record<string, LagReading>>;
}

export interface TableObservation {
  readonly engine: 'dynamodb';
  readonly table: string;
  readonly consistency: 'eventual' | 'strong';
  readonly answering: readonly string[];
  readonly tables: Readonly<Record<string, TableReading>>;
  /** `from>to` of AWS Regions. */
  readonly lag: Readonly<Record<string, LagReading>>;
}

export interface NoDatabaseObservation {
  readonly engine: 'none';
}

export type DatabaseObservation = AuroraObservation | TableObservation | NoDatabaseObservation;

export interface DnsObservation {
  readonly vantage: string;
  readonly authoritative: boolean;
  /** Stamps whose own addresses were in the answer, sorted. */
  readonly stamps: readonly string[];
  /** True when the answer held an address of no stamp. */
  readonly foreign: boolean;
  readonly error?: string;
}

/** What the backups port knows; read for restores only. */
export interface BackupObservation {
  readonly points: readonly RecoveryPoint[];
  readonly windows: readonly RestorableWindow[];
}

/** A restore that was made and neither adopted, cut over nor abandoned, from the control table. */
export interface RestoreRecord {
  readonly id: string;
  readonly group: string;
  readonly state: 'restoring' | 'restored' | 'validated' | 'cut-over' | 'abandoned' | 'adopted';
  readonly engine: 'aurora' | 'dynamodb';
  /** Milliseconds since 1970 of the data. */
  readonly dataOf: number;
  /** When the restore was asked for, in milliseconds since 1970. */
  readonly askedAt: number;
  /** AWS Region in which it was restored; the others follow it. */
  readonly origin: string;
  /** Names it made, by AWS Region. */
  readonly resources: Readonly<Record<string, string>>;
  readonly globalCluster?: string;
  /** Names that were live before the cut-over, by AWS Region. */
  readonly replaced: Readonly<Record<string, string>>;
}

/** Everything a decision reads. Plain data: it can be kept, printed and judged again. */
export interface Observation {
  readonly group: string;
  /** When the first read began, in milliseconds since 1970 of the operator's clock. */
  readonly observedAt: number;
  /** Sorted by stamp id. */
  readonly stamps: readonly StampObservation[];
  readonly database: DatabaseObservation;
  /** AWS Regions of control-table replicas that answered. */
  readonly controlTable: readonly string[];
  /** The group's lease; undefined when it was never held, `unknown` when no replica answered. */
  readonly lease: LeaseRecord | undefined | 'unknown';
  /** Deployed holder of the PRIMARY record, when the Route 53 API said so. */
  readonly primaryHolder?: string;
  readonly dns: readonly DnsObservation[];
  readonly backups?: BackupObservation;
  /** Restores of the group, newest first; empty when the control table could not be read. */
  readonly restores: readonly RestoreRecord[];
  /** Whether stacks of interest exist, by `region/stack`. */
  readonly stacks: Readonly<Record<string, boolean>>;
}
