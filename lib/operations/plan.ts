import type { Bounds, CapacityBounds, RestoreSource, SwitchState } from '../ports';
import type { OperationKind, OperationRequest } from './request';

/** Which plane a call needs (R2). Global control planes are never part of a plan. */
export type Plane = 'data' | 'regional-control' | 'global-control';

/** One kind of call that a step makes. */
export interface Call {
  /** As the service's endpoint is called: `s3`, `rds`, `lambda`, `dns`. */
  readonly service: string;
  /** AWS Region, or `-` for DNS. */
  readonly region: string;
  readonly plane: Plane;
  /** True for evidence that the step does without when nobody answers. */
  readonly optional?: boolean;
}

/** Something that can be looked at and holds or not. */
export type Condition =
  /** All the named control Regions say so. */
  | { readonly is: 'switch'; readonly stamp: string; readonly state: SwitchState; readonly controls: readonly string[] }
  /** Minimums at least these; with `running`, so many run and are healthy. */
  | { readonly is: 'capacity'; readonly stamp: string; readonly floors: CapacityFloors; readonly running: boolean }
  /** Bounds exactly these. */
  | { readonly is: 'bounds'; readonly stamp: string; readonly bounds: CapacityBounds }
  /** Replication into `region` is at most `seconds` behind. */
  | { readonly is: 'aurora-lag'; readonly region: string; readonly cluster: string; readonly seconds: number }
  | { readonly is: 'table-lag'; readonly from: string; readonly to: string; readonly table: string; readonly seconds: number }
  /** The cluster is the global cluster's writer and no change is going on. */
  | { readonly is: 'global-writer'; readonly region: string; readonly globalCluster: string; readonly cluster: string }
  /** The cluster belongs to no global cluster and is available. */
  | { readonly is: 'stands-alone'; readonly region: string; readonly cluster: string }
  /** The cluster is a connected reader of the global cluster, seen from `region`. */
  | {
      readonly is: 'global-reader';
      readonly region: string;
      readonly globalCluster: string;
      readonly memberRegion: string;
      readonly cluster: string;
    }
  | { readonly is: 'global-exists'; readonly region: string; readonly globalCluster: string; readonly cluster: string }
  /** The cluster is available; with `instances`, they are too. */
  | { readonly is: 'cluster'; readonly region: string; readonly cluster: string; readonly instances: boolean }
  /** The cluster exists in a state from which AWS can make it a writer: not on its way out, and its key is there. */
  | { readonly is: 'promotable'; readonly region: string; readonly cluster: string }
  /** One of these stamps, at least, is deep-healthy. */
  | { readonly is: 'somebody-healthy'; readonly stamps: readonly string[] }
  /** The table is active, and so are its replicas in these Regions. */
  | { readonly is: 'table'; readonly region: string; readonly table: string; readonly replicas: readonly string[] }
  /** The stamp's own health function has just seen its database accept writes. */
  | { readonly is: 'writable'; readonly stamp: string }
  /** The deep health does not fail, and the database has this role (`any` for engines without roles). */
  | { readonly is: 'healthy'; readonly stamp: string; readonly role: 'writer' | 'reader' | 'any' }
  /** Every vantage point that answers leads to these stamps and no other. */
  | { readonly is: 'dns'; readonly name: string; readonly stamps: readonly string[] }
  | { readonly is: 'queue-empty'; readonly stamp: string }
  | { readonly is: 'no-dead-letters'; readonly stamp: string }
  | { readonly is: 'pointer'; readonly region: string; readonly name: string; readonly value: PointerValue }
  /** The newest deployment of the stamp's services began after the pointer changed, and has completed. */
  | { readonly is: 'rolled'; readonly stamp: string; readonly pointer: string }
  | { readonly is: 'restored'; readonly region: string; readonly engine: 'aurora' | 'dynamodb'; readonly target: string }
  /** The backup plan of this stamp takes it, and its engine keeps a continuous backup. */
  | {
      readonly is: 'covered';
      readonly region: string;
      readonly engine: 'aurora' | 'dynamodb';
      readonly resource: string;
      readonly stamp: string;
    }
  | { readonly is: 'gone'; readonly region: string; readonly engine: 'aurora' | 'dynamodb'; readonly resource: string }
  | { readonly is: 'stack'; readonly region: string; readonly stack: string }
  | {
      readonly is: 'restore-state';
      readonly restore: string;
      readonly state: 'restored' | 'validated' | 'cut-over' | 'abandoned' | 'adopted';
    };

/** Least number of tasks and instances. */
export interface CapacityFloors {
  readonly web: number;
  readonly worker?: number;
  readonly instances?: number;
}

/** A pointer's document by what it leads to: endpoints are known only when the cluster exists. */
export type PointerValue =
  | {
      readonly to: 'cluster';
      readonly region: string;
      readonly cluster: string;
      readonly engine: string;
      readonly databaseName: string;
    }
  | { readonly to: 'table'; readonly table: string };

/** Something to do. Data only: a plan can be saved, hashed and executed by another process. */
export type Action =
  /** Nothing: the step waits for its postconditions. */
  | { readonly do: 'wait' }
  | {
      readonly do: 'put-switch';
      readonly stamp: string;
      readonly state: SwitchState;
      readonly controls: readonly string[];
      readonly reason: string;
    }
  /** Raises minimums that are lower, leaves the others. */
  | { readonly do: 'raise-floors'; readonly stamp: string; readonly floors: CapacityFloors }
  | { readonly do: 'set-bounds'; readonly stamp: string; readonly bounds: CapacityBounds }
  /** Asked for in `from`, the Region of the writer of today (aws-facts 4.1); looked at in `region`, that of the target. */
  | {
      readonly do: 'switchover';
      readonly region: string;
      readonly from: string;
      readonly globalCluster: string;
      readonly cluster: string;
    }
  | { readonly do: 'failover'; readonly region: string; readonly globalCluster: string; readonly cluster: string }
  | { readonly do: 'detach'; readonly region: string; readonly globalCluster: string; readonly cluster: string }
  | { readonly do: 'create-global'; readonly region: string; readonly globalCluster: string; readonly cluster: string }
  | {
      readonly do: 'add-member';
      readonly region: string;
      readonly globalCluster: string;
      readonly cluster: string;
      readonly like: string;
      readonly restore?: string;
    }
  | { readonly do: 'add-instances'; readonly region: string; readonly cluster: string; readonly like: string }
  | { readonly do: 'redrive'; readonly stamp: string }
  | { readonly do: 'forward-queue'; readonly from: string; readonly to: string }
  | {
      readonly do: 'report-divergence';
      readonly engine: 'aurora' | 'dynamodb';
      readonly oldRegion: string;
      readonly newRegion: string;
      readonly oldResource: string;
      readonly newResource: string;
    }
  | {
      readonly do: 'start-restore';
      readonly region: string;
      readonly engine: 'aurora' | 'dynamodb';
      readonly source: RestoreSource;
      readonly target: string;
      readonly like: string;
      readonly restore: string;
    }
  | { readonly do: 'add-replica'; readonly region: string; readonly table: string; readonly replica: string }
  | {
      readonly do: 'create-strong';
      readonly region: string;
      readonly table: string;
      readonly like: string;
      readonly replicas: readonly string[];
      readonly witness?: string;
      readonly restore: string;
    }
  | { readonly do: 'copy-items'; readonly region: string; readonly from: string; readonly to: string }
  | { readonly do: 'validate'; readonly region: string; readonly engine: 'aurora' | 'dynamodb'; readonly resource: string }
  | { readonly do: 'write-pointer'; readonly region: string; readonly name: string; readonly value: PointerValue }
  | { readonly do: 'roll'; readonly stamp: string }
  | {
      readonly do: 'cover';
      readonly region: string;
      readonly engine: 'aurora' | 'dynamodb';
      readonly resource: string;
      readonly stamp: string;
    }
  | {
      readonly do: 'delete-restored';
      readonly region: string;
      readonly engine: 'aurora' | 'dynamodb';
      readonly resource: string;
      readonly restore: string;
    }
  | { readonly do: 'record-restore'; readonly record: RestoreNote }
  /** For a person: the commands are printed, and the step waits for its postconditions. */
  | { readonly do: 'by-hand'; readonly commands: readonly string[] };

/** What the control table is told of a restore. */
export interface RestoreNote {
  readonly id: string;
  readonly state: 'restoring' | 'restored' | 'validated' | 'cut-over' | 'abandoned' | 'adopted';
  readonly engine: 'aurora' | 'dynamodb';
  readonly dataOf: number;
  /** AWS Region in which it was restored; the others follow it. */
  readonly origin: string;
  readonly resources: Readonly<Record<string, string>>;
  readonly globalCluster?: string;
  readonly replaced: Readonly<Record<string, string>>;
}

export interface Duration {
  /** Seconds. */
  readonly typical: number;
  /** Seconds. */
  readonly pessimistic: number;
}

/** One line of a plan. Safe to repeat: what its postconditions say already is not done again. */
export interface Step {
  /** Unique in the plan: `evacuate:enterprise-use1`. */
  readonly id: string;
  /** One line for people. */
  readonly title: string;
  /** Ids of the steps that have to be over before, sorted. */
  readonly after: readonly string[];
  /** Must hold before the action; looked at once. */
  readonly precondition: readonly Condition[];
  readonly action: Action;
  /** Looked at before the action, which is left out when they hold, and after it until they hold. */
  readonly postcondition: readonly Condition[];
  /** Seconds from the start of the step to giving up. */
  readonly timeout: number;
  /** What undoes a half-done action when the step is cancelled or fails; absent when there is nothing to undo or no way back. */
  readonly compensation?: Action;
  /** `stop`: the operation fails. `note`: it goes on, and the report says what was not confirmed. */
  readonly onFailure: 'stop' | 'note';
  /** Done whatever became of the steps before it, unless somebody stops the operation: what a test made goes away again. */
  readonly cleanup?: true;
  /** Sorted by service and Region. */
  readonly calls: readonly Call[];
  readonly expected: Duration;
}

/** An operation, decided. Equal decisions give equal bytes: nothing volatile (times, lag, counts of now) is in it. */
export interface Plan {
  readonly schemaVersion: 1;
  readonly operation: OperationKind;
  readonly group: string;
  /** How, in one word: `switchover`, `managed-failover`, `detach`, `routing`, ... */
  readonly variant: string;
  readonly request: OperationRequest;
  /** In an order in which they could be done one by one; among equals sorted by id. */
  readonly steps: readonly Step[];
  /** AWS Regions that nothing may call while this runs. Sorted. */
  readonly avoid: readonly string[];
  /** Calls of lease and journal, beside those of the steps. */
  readonly bookkeeping: readonly Call[];
  /** What is left for later and why, such as a switch that an unreachable control Region could not be told. */
  readonly pending: readonly string[];
  /** SHA-256 of everything else here. */
  readonly hash: string;
}

export type { Bounds };
