import type { Guard } from './guard';

/** A recovery point of AWS Backup (aws-facts 5). Times in milliseconds since 1970. */
export interface RecoveryPoint {
  readonly arn: string;
  /** AWS Region of the vault. */
  readonly region: string;
  readonly vault: string;
  readonly account: string;
  /** Name of the cluster or table it was taken of. */
  readonly resource: string;
  /** The moment whose data it holds. */
  readonly createdAt: number;
  readonly status: 'completed' | 'partial' | 'creating' | 'expired' | 'deleting';
  /** True when this is a copy from another vault. */
  readonly copy: boolean;
  readonly lock: 'none' | 'governance' | 'compliance';
  readonly expiresAt?: number;
}

/** What a continuous backup can restore to: any second of it (aws-facts 5.4). */
export interface RestorableWindow {
  readonly region: string;
  /** The live resource or, after its loss, nothing: a continuous backup dies with its Region. */
  readonly resource: string;
  readonly from: number;
  readonly to: number;
}

export interface RestoreTestReading {
  readonly at: number;
  readonly passed: boolean;
}

/** Where a restore reads from. */
export type RestoreSource =
  | { readonly kind: 'recovery-point'; readonly arn: string; readonly vault: string }
  | { readonly kind: 'continuous'; readonly resource: string; readonly at: number };

export interface RestoreStart {
  readonly region: string;
  readonly engine: 'aurora' | 'dynamodb';
  readonly source: RestoreSource;
  /** Name of what it makes; never a name that exists. */
  readonly target: string;
  /** Live resource of the same Region whose network, keys and parameters the new one takes. */
  readonly like: string;
  /** Written as the tag `stampkit:restore`, and the idempotency token. */
  readonly restore: string;
  readonly guard: Guard;
}

export interface RestoreJob {
  readonly status: 'running' | 'completed' | 'failed';
  readonly message?: string;
}

/** How a resource is protected. */
export interface Coverage {
  /** Stamp whose backup plan takes it, by its tag; absent when no plan of the fleet does. */
  readonly stamp?: string;
  /** True when its engine keeps a continuous backup of it. */
  readonly continuous: boolean;
}

/** AWS Backup and the point-in-time restores of the engines themselves. */
export interface Backups {
  /** Points of a vault, newest first. @throws PortError */
  points(region: string, vault: string): Promise<readonly RecoveryPoint[]>;
  /** @throws PortError */
  window(region: string, engine: 'aurora' | 'dynamodb', resource: string): Promise<RestorableWindow | undefined>;
  /** Last finished run of a restore testing plan. @throws PortError */
  lastTest(region: string, plan: string): Promise<RestoreTestReading | undefined>;
  /** Starts to restore beside the live data; started twice for one `restore` and target it is one job. @throws PortError `conflict` when the name is somebody else's */
  start(start: RestoreStart): Promise<void>;
  /** The job that makes `target`; undefined when there is none. @throws PortError */
  job(region: string, target: string): Promise<RestoreJob | undefined>;
  /** Undefined when there is no such resource. @throws PortError */
  coverage(region: string, engine: 'aurora' | 'dynamodb', resource: string): Promise<Coverage | undefined>;
  /** Puts restored data, as it is in one Region, into the backup plan of a stamp, and has its engine keep a continuous backup of it. @throws PortError */
  cover(change: {
    readonly region: string;
    readonly engine: 'aurora' | 'dynamodb';
    readonly resource: string;
    readonly stamp: string;
    readonly guard: Guard;
  }): Promise<void>;
}

export interface ValidationResult {
  readonly passed: boolean;
  readonly checks: readonly { readonly name: string; readonly passed: boolean; readonly message: string }[];
}

/** Is restored data good? The checks of the restore tests, then the user's own hook. Reads only. */
export interface Validations {
  /** @throws PortError */
  run(request: {
    readonly region: string;
    readonly engine: 'aurora' | 'dynamodb';
    readonly resource: string;
    readonly group: string;
  }): Promise<ValidationResult>;
}

export interface DivergenceReading {
  /** Rows or items that only the old side has; undefined when nobody can count them. */
  readonly onlyOld: number | undefined;
  /** Where the evidence is kept: a snapshot, a cluster, a list of keys. */
  readonly evidence: string;
  /** How it was found, in one line. */
  readonly method: string;
}

/** What the old side has that the new one has not, after an unplanned failover. Reads only. */
export interface Divergences {
  /** @throws PortError */
  compare(request: {
    readonly group: string;
    readonly engine: 'aurora' | 'dynamodb';
    readonly oldRegion: string;
    readonly newRegion: string;
    readonly oldResource: string;
    readonly newResource: string;
  }): Promise<DivergenceReading>;
}
