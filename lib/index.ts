/**
 * The public construct API: a stamp, its parts, and the routing, control and data constructs around it. Everything else of the
 * package is internal, or reached through the `stampkit` and `cdk` commands.
 */
import { StampError as StampErrorClass } from './errors';

/**
 * What every construct throws for input that cannot work: `code`, what was wrong, and the `fix`, all of it in the message too.
 *
 * A constant and a type, not the class itself: jsii takes no class that extends `Error`, and leaves these two to TypeScript. Other
 * languages have the message.
 */
export const StampError = StampErrorClass;
export type StampError = StampErrorClass;

export { Stamp } from './constructs/stamp';
export type { GroupNames, StampNames, StampProps } from './constructs/stamp-props';
export {
  ComputeKind,
  type StampAuroraOptions,
  type StampBackupOptions,
  type StampComputeOptions,
  type StampDependencyOptions,
  type StampEdgeOptions,
  type StampExternalDatabaseOptions,
  type StampHealthOptions,
  type StampTableOptions,
  type StampWorkerOptions,
} from './constructs/stamp-options';

export { StampEgress, StampNetwork, type StampNetworkProps } from './constructs/stamp-network';
export { StampEdge, type StampEdgeProps, type StampOidc } from './constructs/stamp-edge';
export { StampCompute, type StampComputeProps } from './constructs/stamp-compute';
export { FargateCompute } from './constructs/fargate-compute';
export { Ec2Compute, type Ec2ComputeProps } from './constructs/ec2-compute';
export { StampArchitecture, type StampContainerProps, type StampTaskProps } from './constructs/stamp-task';
export { StampWorker, type StampWorkerProps } from './constructs/stamp-worker';
export { StampQueue, type StampQueueProps } from './constructs/stamp-queue';
export { StampKey, type StampKeyProps } from './constructs/stamp-key';
export { DatabaseUser, StampDatabase } from './constructs/stamp-database';
export { DatabasePointer, type DatabasePointerProps } from './constructs/database-pointer';
export { AuroraEngine, AuroraMember, type AuroraMemberProps, DatabaseInsights } from './constructs/aurora-member';
export { DatabaseBootstrap, type DatabaseBootstrapProps } from './constructs/database-bootstrap';
export { TableMember, type TableMemberProps } from './constructs/table-member';
export { ExternalDatabase, type ExternalDatabaseProps, ExternalDatabaseProtocol } from './constructs/external-database';
export {
  StampDatabaseProbe,
  StampHealth,
  type StampHealthDependency,
  type StampHealthProps,
  StandbyServes,
} from './constructs/stamp-health';
export { StampBackup, type StampBackupProps } from './constructs/stamp-backup';
export { RestoreTesting, type RestoreTestingProps } from './constructs/restore-testing';
export type { RestoreChecks } from './constructs/restore-checks';
export { RestoreValidation, type RestoreValidationProps } from './constructs/restore-validation';
export { BackupLock, BackupResourceType, BackupSchedule, RestoreTestSchedule } from './constructs/backup-settings';
export { StampObservability, type StampObservabilityProps } from './constructs/stamp-observability';
export { AlarmTopic, type AlarmTopicProps } from './constructs/alarm-topic';
export { StampCanary, type StampCanaryProps } from './constructs/stamp-canary';

export { StampRouting, type StampRoutingProps } from './constructs/stamp-routing';
export { RoutingPolicy, type RoutedStamp, type SwitchLocation } from './constructs/routed-stamp';
export { SwitchBucket, type SwitchBucketProps } from './constructs/switch-bucket';
export { ControlTable, type ControlTableProps } from './constructs/control-table';
export { AuroraGlobalCluster, type AuroraGlobalClusterProps } from './constructs/aurora-global-cluster';
export { GlobalTable, type GlobalTableIndex, type GlobalTableProps, TableConsistency } from './constructs/global-table';
