import type { Duration } from 'aws-cdk-lib';
import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { AuroraEngine } from './aurora-member';
import type { BackupSchedule, BackupLock, RestoreTestSchedule } from './backup-settings';
import type { ExternalDatabaseProtocol } from './external-database';
import type { RestoreChecks } from './restore-checks';
import type { StampOidc } from './stamp-edge';
import type { StampContainerProps } from './stamp-task';

/** What carries the web tasks. */
export enum ComputeKind {
  /** Fargate: no instances to look after. */
  FARGATE = 'fargate',
  /** An ECS capacity provider over an Auto Scaling group. */
  EC2 = 'ec2',
}

/** Web tasks of a {@link Stamp}; the variables of the application contract join the environment by themselves. */
export interface StampComputeOptions extends StampContainerProps {
  /** What carries the tasks. @default ComputeKind.FARGATE */
  readonly kind?: ComputeKind;
  /** TCP port of the container. */
  readonly port: number;
  /** Path that answers 200 when the process can serve. */
  readonly healthPath: string;
  /** Scaling target: requests per task and minute. */
  readonly requestsPerTargetPerMinute: number;
  /** Scaling target: average CPU in percent. @default 60 */
  readonly cpuTargetPercent?: number;
  /** How long open requests may finish, at most `stopTimeout`. @default Duration.seconds(60) */
  readonly deregistrationDelay?: Duration;
  /** EC2 only. @default - none; required for EC2 */
  readonly instanceType?: ec2.InstanceType;
  /** EC2 only. @default - none; required for EC2 */
  readonly minInstances?: number;
  /** EC2 only. @default - none; required for EC2 */
  readonly maxInstances?: number;
}

/** Queue and worker of a {@link Stamp}; the variables of the application contract join the environment by themselves. */
export interface StampWorkerOptions extends StampContainerProps {
  /** Messages one task may have waiting: longest acceptable latency divided by average processing time (aws-facts 6.4). */
  readonly backlogPerTask: number;
  /** Longest acceptable time from sending a message to its end; an older message raises the alarm. */
  readonly maxLatency: Duration;
  /** How long a received message stays hidden. */
  readonly visibilityTimeout: Duration;
  /** How long the queue keeps a message. @default - the default of StampQueue */
  readonly retention?: Duration;
  /** Receives before a message goes to the dead-letter queue. @default - the default of StampQueue */
  readonly maxReceives?: number;
}

/** Aurora member of a {@link Stamp}. */
export interface StampAuroraOptions {
  /** Engine, the same on every member. */
  readonly engine: AuroraEngine;
  /** Full engine version, such as `16.8`. */
  readonly engineVersion: string;
  /** Name of the database that the cluster is created with. */
  readonly databaseName: string;
  /** True in the Region where the group's data was born. */
  readonly home: boolean;
  /** Whether the cluster joins the group's global cluster. @default true */
  readonly joinGlobalCluster?: boolean;
  /** Serverless v2. @default - provisioned */
  readonly minAcu?: number;
  /** Serverless v2. @default - provisioned */
  readonly maxAcu?: number;
  /** Provisioned. @default - serverless */
  readonly instanceType?: ec2.InstanceType;
  /** Instances beside the first. @default 1 */
  readonly readers?: number;
  /** Bound on replication lag (`rds.global_db_rpo`, PostgreSQL only). @default - not bounded */
  readonly maxReplicationLag?: Duration;
}

/** DynamoDB access of a {@link Stamp}. */
export interface StampTableOptions {
  /** ARN of the replica in the stamp's Region. */
  readonly tableArn: string;
  /** Customer-managed key of that replica. @default - an AWS managed key */
  readonly tableKeyArn?: string;
  /** Other Regions of an eventually consistent table. @default - none */
  readonly peerRegions?: string[];
}

/** A database that somebody else runs. */
export interface StampExternalDatabaseOptions {
  /** What the server speaks. */
  readonly protocol: ExternalDatabaseProtocol;
  /** Host name for writing. */
  readonly writer: string;
  /** Host name for reading. */
  readonly reader: string;
  /** TCP port. */
  readonly port: number;
  /** Name of the database on that server. */
  readonly databaseName: string;
}

/** Backups of a {@link Stamp}. */
export interface StampBackupOptions {
  /** When backups are made. */
  readonly schedule: BackupSchedule;
  /** Point-in-time recovery in the stamp's own Region. @default true */
  readonly continuous?: boolean;
  /** How long backups are kept. */
  readonly retention: Duration;
  /** Vaults that every scheduled backup is copied to. @default - no copies */
  readonly copyVaultArns?: string[];
  /** How long copies are kept. @default - like `retention` */
  readonly copyRetention?: Duration;
  /** Whether retention can be shortened or backups deleted. @default BackupLock.GOVERNANCE */
  readonly vaultLock?: BackupLock;
  /** When a restore is tested. @default RestoreTestSchedule.WEEKLY */
  readonly restoreTest?: RestoreTestSchedule;
  /** What has to hold for data that a restore test brought back. @default - there is a row */
  readonly restoreChecks?: RestoreChecks;
  /** Age of the newest recovery point that raises the alarm. */
  readonly maxRecoveryPointAge: Duration;
}

/** Something the stamp calls and its health depends on. */
export interface StampDependencyOptions {
  /** Name in the health document. */
  readonly name: string;
  /** Answers 2xx or 3xx when well. */
  readonly url: string;
  /** Shared with other stamps: its failure only ever warns (R5). */
  readonly shared: boolean;
}

/** Health checks of a {@link Stamp}. */
export interface StampHealthOptions {
  /** Services of others that the stamp needs. @default - none */
  readonly dependencies?: StampDependencyOptions[];
  /** How long an unreachable writer only warns: longer than a failover inside the Region. @default Duration.seconds(90) */
  readonly writerGrace?: Duration;
  /** Whether a standby answers users (read-only) or turns them away. @default true */
  readonly standbyServesReads?: boolean;
  /** Reserved concurrency of the health function. @default 25 */
  readonly reservedConcurrency?: number;
  /**
   * Aurora: connections that the health checks may hold at one instance, two for each run of the function; the home member sets it for all.
   * @default 100
   */
  readonly databaseConnections?: number;
}

/** Edge of a {@link Stamp}. */
export interface StampEdgeOptions {
  /** Certificate of the load balancer, in the stamp's Region. @default - one is made, validated by DNS in the hosted zone */
  readonly certificate?: acm.ICertificate;
  /** Requests that one client address may send in 5 minutes. @default 2000 */
  readonly rateLimitPer5Min?: number;
  /** Requests that one host name, and so one tenant, may receive in 5 minutes. @default - tenants are not limited */
  readonly tenantRateLimitPer5Min?: number;
  /** Networks that the web ACL turns away. @default - none */
  readonly blockedCidrs?: string[];
  /** Users sign in at this OpenID Connect provider. @default - no sign-in */
  readonly oidc?: StampOidc;
  /** How long a client may keep one connection: the time after which it looks up the name again. @default Duration.seconds(60) */
  readonly clientKeepAlive?: Duration;
  /** False: only the switch moves traffic away. @default true */
  readonly automaticTraffic?: boolean;
}
