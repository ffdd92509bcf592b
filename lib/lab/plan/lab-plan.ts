/**
 * What the lab runs: a reading of the synthesized templates (`lib/assembly`), in miniature, with an endpoint for every part. Plain JSON: every
 * process of the lab is given the whole of it. Durations are seconds as in the templates; who waits divides them by the speed.
 */
import type { Endpoint } from '../net/endpoint';
import type { ZoneInput } from '../../resilience/dns';

export interface LabPlan {
  readonly id: string;
  readonly folder: string;
  readonly speed: number;
  readonly seed: number;
  /** Only calls with it are answered by the control endpoint. */
  readonly token: string;
  /** Password of every database of the lab: other users of this machine must not get in. */
  readonly password: string;
  readonly control: Endpoint;
  readonly internet: InternetPlan;
  /** Program that says how slow this machine is. */
  readonly gauge: Endpoint;
  /** Sorted by Region. */
  readonly regions: readonly RegionPlan[];
  /** Sorted by id. */
  readonly stamps: readonly StampPlan[];
  readonly globals: readonly GlobalPlan[];
  readonly tables: readonly TablePlan[];
  readonly programs: ProgramsPlan;
  /** Whether processes of databases run as another user because this one is root. */
  readonly databaseUser?: number;
  /** Folder of the PostgreSQL binaries. */
  readonly postgres: string;
}

/** Bundled programs on disk. */
export interface ProgramsPlan {
  readonly lab: string;
  readonly containerNetwork: string;
  readonly web: string;
  /** A release that answers its health path and nothing else. */
  readonly brokenRelease: string;
  readonly worker: string;
}

export interface InternetPlan {
  readonly rpc: Endpoint;
  /** Proxy through which everything goes that leaves its Region. */
  readonly wan: Endpoint;
  /** Program that plays clients, while there is load. */
  readonly clients: Endpoint;
  /** UDP. */
  readonly authority: Endpoint;
  /** UDP; one resolver for each place that clients may be in. */
  readonly resolvers: readonly { readonly region: string; readonly endpoint: Endpoint }[];
  readonly zones: ZoneInput;
}

export interface RegionPlan {
  readonly region: string;
  readonly rpc: Endpoint;
  /** Plain HTTP in the place of S3, SQS, DynamoDB of the Region. */
  readonly services: Endpoint;
  /** Bucket of switches, in a control Region. */
  readonly switchBucket?: string;
}

export interface StampPlan {
  readonly id: string;
  readonly group: string;
  readonly region: string;
  readonly account: string;
  readonly zones: readonly string[];
  readonly recordName: string;
  /** As the templates call the load balancer: the name in the model of the answers. */
  readonly loadBalancer: string;
  /** What DNS answers, and where that is. */
  readonly address: string;
  readonly edge: Endpoint;
  /** Agent of the stamp: health by invoke, tasks, database. */
  readonly agent: Endpoint;
  /** Seconds. */
  readonly clientKeepAlive: number;
  readonly target: TargetPlan;
  readonly web: ServicePlan;
  readonly worker?: ServicePlan;
  readonly queue?: QueuePlan;
  readonly health: HealthPlan;
  readonly database: DatabasePlan;
  /** Name of the SSM parameter. */
  readonly pointer?: string;
  readonly backup?: BackupPlan;
  /** Name of the CloudFormation stack. */
  readonly stack: string;
}

export interface BackupPlan {
  readonly vault: string;
  /** Seconds between two scheduled backups. */
  readonly interval: number;
  /** Seconds. */
  readonly retention: number;
  readonly continuous: boolean;
  readonly lock: 'none' | 'governance' | 'compliance';
  /** Only vaults of Regions in the lab. */
  readonly copies: readonly { readonly region: string; readonly vault: string }[];
}

export interface TargetPlan {
  readonly path: string;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  readonly matcher: string;
  readonly deregistrationDelay: number;
  readonly minimumHealthy: number;
}

export interface ServicePlan {
  /** Of the template. */
  readonly min: number;
  readonly max: number;
  /** Template tasks that one process of the lab stands for. */
  readonly tasksPerProcess: number;
  readonly stopTimeout: number;
  readonly environment: Readonly<Record<string, string>>;
  /** One for each process, at most {@link ServicePlan.max} of the template; zones take turns. */
  readonly endpoints: readonly Endpoint[];
}

export interface QueuePlan {
  readonly name: string;
  readonly deadLetter: string;
  readonly visibilityTimeout: number;
  readonly retention: number;
  readonly maxReceives: number;
}

export interface HealthPlan {
  readonly healthPath: string;
  readonly writerGrace: number;
  readonly replicaGrace: number;
  readonly standbyServes: 'reads' | 'none';
  readonly dependencies: readonly { readonly name: string; readonly shared: boolean }[];
}

export type DatabasePlan =
  | {
      readonly engine: 'aurora';
      readonly cluster: string;
      readonly global: string | undefined;
      readonly home: boolean;
      readonly name: string;
      /** `rds.global_db_rpo` in seconds. */
      readonly maxLag: number | undefined;
      readonly endpoint: Endpoint;
      /** What the template calls the endpoints; resolvable inside the lab. */
      readonly writer: string;
      readonly reader: string;
      /** Where this member's replication comes in, through the wide area network. */
      readonly link: Endpoint;
      readonly instances: number;
      readonly version: string;
    }
  | { readonly engine: 'dynamodb'; readonly table: string }
  | { readonly engine: 'none' };

/** An Aurora global database. */
export interface GlobalPlan {
  readonly identifier: string;
  readonly version: string;
  readonly members: readonly {
    readonly region: string;
    readonly cluster: string;
    readonly stamp: string;
    readonly home: boolean;
  }[];
}

export interface TablePlan {
  readonly name: string;
  readonly consistency: 'eventual' | 'strong';
  readonly replicas: readonly string[];
  readonly witness?: string;
  /** The table of leases and journals. */
  readonly control: boolean;
}
