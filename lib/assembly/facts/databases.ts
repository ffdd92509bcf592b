import type { Fact } from './fact';

/** An Aurora cluster or another cluster of RDS. */
export interface DatabaseClusterFact extends Fact {
  /** Explicit identifier in lower case, or a symbol. */
  readonly identifier: string;
  readonly arn: string;
  readonly engine?: string;
  readonly engineVersion?: string;
  /** As the template says it, whether the assembly makes that global cluster or not. */
  readonly globalClusterIdentifier?: string;
  /** The global cluster, when the assembly makes it. */
  readonly globalClusterId?: string;
  /** It has credentials of its own, so its data is born here: the first writer of a global cluster, or a cluster alone. */
  readonly home: boolean;
  /** ARN or identifier of a cluster outside a global one that it replicates. */
  readonly replicationSource?: string;
  readonly instances: readonly ClusterInstanceFact[];
  readonly serverless?: { readonly minCapacity?: number; readonly maxCapacity?: number };
  /** Of the cluster parameter group that the assembly makes, such as `rds.global_db_rpo`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Days of automated backups (default 1). */
  readonly backupRetentionDays?: number;
  readonly deletionProtection: boolean;
  /** What CloudFormation does with it when the resource goes: `Delete`, `Retain`, `RetainExceptOnCreate`, `Snapshot`. */
  readonly deletionPolicy: string;
  /** Zones of its subnet group. */
  readonly availabilityZones: readonly string[];
  readonly databaseName?: string;
  readonly port?: number;
  /** Symbols. */
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ClusterInstanceFact {
  readonly id: string;
  /** Absent when RDS chooses. */
  readonly availabilityZone?: string;
  readonly instanceClass?: string;
  /** 0 is promoted first (default 1). */
  readonly promotionTier: number;
}

/** A database instance outside a cluster. */
export interface DatabaseInstanceFact extends Fact {
  readonly identifier: string;
  readonly arn: string;
  readonly engine?: string;
  readonly multiAz: boolean;
  readonly availabilityZone?: string;
  /** Zones of its subnet group. */
  readonly availabilityZones: readonly string[];
  /** Fact id where the assembly makes it, else identifier or ARN. */
  readonly replicaOf?: string;
  readonly backupRetentionDays?: number;
  readonly deletionProtection: boolean;
  readonly deletionPolicy: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface GlobalClusterFact extends Fact {
  readonly identifier: string;
  readonly engine?: string;
  readonly engineVersion?: string;
  readonly deletionProtection: boolean;
  readonly deletionPolicy: string;
  /** Clusters of the assembly that join it by name, sorted. */
  readonly memberIds: readonly string[];
  /** The member that its data was born in. */
  readonly homeId?: string;
}

/** A DynamoDB table, global or not. */
export interface TableFact extends Fact {
  readonly name: string;
  /** Sorted by Region; a table that is not global has one. */
  readonly replicas: readonly TableReplicaFact[];
  readonly consistency: 'eventual' | 'strong';
  /** Region that takes part in the consensus and holds no copy. */
  readonly witnessRegion?: string;
  readonly billing: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly timeToLive: boolean;
  readonly deletionPolicy: string;
}

export interface TableReplicaFact {
  readonly region: string;
  readonly pointInTimeRecovery: boolean;
  /** Days that point-in-time recovery reaches back (default 35). */
  readonly recoveryPeriodDays?: number;
  readonly deletionProtection: boolean;
  readonly kmsKey?: string;
  readonly tags: Readonly<Record<string, string>>;
}
