/**
 * What the templates of a cloud assembly say about resilience: plain, serialisable data, rebuilt from the templates alone.
 *
 * Facts are named by `id`, which is `<stack>/<logicalId>`, and refer to each other by it. A member that is absent although
 * CloudFormation has a value for it could not be resolved: {@link ParsedFleet.findings} says which and why, and `unresolved` of the
 * fact names it. Values that CloudFormation leaves to a service's default are filled in with that default.
 *
 * Values that only AWS knows (the DNS name of a load balancer) are symbols, stable and different from each other: see symbols.ts.
 */
import type { Finding } from '../findings';
import type { AlarmFact, FunctionFact, PointerFact } from './facts/operations';
import type { BackupPlanFact, RestoreTestingFact, VaultFact } from './facts/backups';
import type { ParsedHealthCheck, ParsedHostedZone, ParsedRecord } from './facts/dns';
import type { DatabaseClusterFact, DatabaseInstanceFact, GlobalClusterFact, TableFact } from './facts/databases';
import type { LoadBalancerFact, TargetGroupFact, WebAclFact } from './facts/edge';
import type { NetworkFact } from './facts/networks';
import type { QueueFact } from './facts/queues';
import type { AutoScalingGroupFact, ServiceFact } from './facts/services';
import type { SwitchBucketFact } from './facts/switches';

export interface ParsedFleet {
  /** Sorted by name. */
  readonly stacks: readonly ParsedStack[];
  /** Sorted by id. */
  readonly stamps: readonly ParsedStamp[];
  readonly zones: readonly ParsedHostedZone[];
  /** Every record set of every stack, usable as input of the answer model as it is. */
  readonly records: readonly ParsedRecord[];
  /** Every health check; its `Id` is its fact id, and so are `HealthCheckId` of records and `ChildHealthChecks`. */
  readonly healthChecks: readonly ParsedHealthCheck[];
  readonly loadBalancers: readonly LoadBalancerFact[];
  readonly targetGroups: readonly TargetGroupFact[];
  readonly webAcls: readonly WebAclFact[];
  /** ECS services: web and worker. */
  readonly services: readonly ServiceFact[];
  readonly autoScalingGroups: readonly AutoScalingGroupFact[];
  /** Lambda functions with their reserved concurrency; the one that answers health checks is a stamp's `healthFunctionId`. */
  readonly functions: readonly FunctionFact[];
  /** Aurora (and other) clusters. */
  readonly databaseClusters: readonly DatabaseClusterFact[];
  /** Database instances outside clusters. */
  readonly databaseInstances: readonly DatabaseInstanceFact[];
  readonly globalClusters: readonly GlobalClusterFact[];
  readonly tables: readonly TableFact[];
  readonly queues: readonly QueueFact[];
  /** Buckets that health checks read, or that stampkit's names call switches. */
  readonly switchBuckets: readonly SwitchBucketFact[];
  /** The table of lease and journal, recognised by its name. */
  readonly controlTableId?: string;
  readonly vaults: readonly VaultFact[];
  readonly backupPlans: readonly BackupPlanFact[];
  readonly restoreTests: readonly RestoreTestingFact[];
  readonly alarms: readonly AlarmFact[];
  /** SSM parameters that say where a stamp's database is. */
  readonly pointers: readonly PointerFact[];
  readonly networks: readonly NetworkFact[];
  /** What could not be resolved or understood, with stack, logical id and path. */
  readonly findings: readonly Finding[];
  /** Types of resources that nothing here reads, with their number over all stacks, most frequent first. */
  readonly skipped: readonly SkippedType[];
}

export interface ParsedStack {
  readonly name: string;
  /** `unknown-account` when the stack is environment-agnostic. */
  readonly account: string;
  /** `unknown-region` when the stack is environment-agnostic. */
  readonly region: string;
  readonly terminationProtection: boolean;
  readonly resources: number;
  readonly stampId?: string;
}

/**
 * The unit that fails and is routed to: a stamp that stampkit generated, known by the `STAMP_ID` of its functions and tasks; in other
 * assemblies all stacks of one account and Region that are no stamp, together.
 */
export interface ParsedStamp {
  /** `<group>-<regionCode>`; `<account>/<region>` for what is not stampkit's. */
  readonly id: string;
  /** False for the rest of an account and Region that stampkit did not generate. */
  readonly generated: boolean;
  readonly group?: string;
  readonly regionCode?: string;
  readonly account: string;
  readonly region: string;
  /** Names of stacks; a generated stamp has one. */
  readonly stacks: readonly string[];
  /** Availability zones in which its load balancers, tasks and instances live, sorted. */
  readonly availabilityZones: readonly string[];
  readonly loadBalancerIds: readonly string[];
  readonly targetGroupIds: readonly string[];
  /** Services behind a target group. */
  readonly webServiceIds: readonly string[];
  /** Services that no load balancer sends to. */
  readonly workerServiceIds: readonly string[];
  readonly autoScalingGroupIds: readonly string[];
  readonly healthFunctionId?: string;
  /** Clusters, single instances and tables that the stamp's data lives in: its own, and by its pointer a global table. */
  readonly databaseIds: readonly string[];
  readonly queueIds: readonly string[];
  readonly vaultIds: readonly string[];
  readonly backupPlanIds: readonly string[];
  readonly pointerIds: readonly string[];
  readonly networkIds: readonly string[];
  /** Names of records that are aliases of its load balancers, without a final dot, sorted. */
  readonly recordNames: readonly string[];
}

export interface SkippedType {
  readonly type: string;
  readonly count: number;
}
