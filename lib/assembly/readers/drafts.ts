import type { ResourceRecordSet } from '../route53-types';
import type { BackupPlanFact, BackupSelectionFact, RestoreTestingFact, VaultFact } from '../facts/backups';
import type {
  ClusterInstanceFact,
  DatabaseClusterFact,
  DatabaseInstanceFact,
  GlobalClusterFact,
  TableFact,
} from '../facts/databases';
import type { ParsedHealthCheck, ParsedHostedZone } from '../facts/dns';
import type { ListenerFact, ListenerRuleFact, LoadBalancerFact, TargetGroupFact, WebAclFact } from '../facts/edge';
import type { Fact } from '../facts/fact';
import type { AlarmFact, FunctionFact, PointerFact } from '../facts/operations';
import type { QueueFact } from '../facts/queues';
import type { AutoScalingGroupFact, ScalingPolicyFact, ServiceFact, TaskFact } from '../facts/services';
import type { SwitchBucketFact } from '../facts/switches';
import type { PolicyStatement } from './policy-statements';
import type { AclStatement } from './web-acl-statements';

/**
 * What one resource says by itself. Other resources are named by what templates call them (`reference`: what `Ref` gives, ARNs,
 * physical names), since they may be in stacks that are not read yet; `links/` turns that into fact ids when everything is read.
 */
export interface Drafts {
  readonly zones: (ParsedHostedZone & { readonly id: string })[];
  readonly records: RecordDraft[];
  readonly healthChecks: ParsedHealthCheck[];
  readonly loadBalancers: (LoadBalancerFact & Referenced & InSubnets)[];
  readonly listeners: (Referenced & ListenerFact & { readonly loadBalancer: string })[];
  readonly listenerRules: (ListenerRuleFact & { readonly listener: string })[];
  readonly targetGroups: (TargetGroupFact & Referenced & { readonly fixedTargets: readonly string[] })[];
  readonly webAcls: (WebAclFact & { readonly arn: string; readonly statements: readonly AclRuleDraft[] })[];
  readonly addressSets: { readonly arn: string; readonly addresses: readonly string[] }[];
  readonly webAclAssociations: { readonly webAcl: string; readonly resource: string }[];
  readonly services: ServiceDraft[];
  readonly tasks: (TaskFact & { readonly references: readonly string[] })[];
  readonly capacityProviders: { readonly environment: string; readonly name: string; readonly autoScalingGroup: string }[];
  /** Default strategies of clusters: services without an own one use them. */
  readonly clusterProviders: { readonly cluster: string; readonly environment: string; readonly providers: readonly string[] }[];
  readonly scalableTargets: ScalableTargetDraft[];
  readonly scalingPolicies: ScalingPolicyDraft[];
  readonly autoScalingGroups: (AutoScalingGroupFact &
    InSubnets & { readonly references: readonly string[]; readonly launchTemplate?: string })[];
  readonly launchTemplates: { readonly references: readonly string[]; readonly instanceType?: string }[];
  readonly functions: (FunctionFact & InSubnets)[];
  readonly databaseClusters: (DatabaseClusterFact & { readonly subnetGroup?: string; readonly parameterGroup?: string })[];
  readonly databaseInstances: (DatabaseInstanceFact &
    ClusterInstanceFact & { readonly subnetGroup?: string; readonly cluster?: string })[];
  readonly subnetGroups: (InSubnets & { readonly environment: string; readonly name: string })[];
  readonly parameterGroups: {
    readonly environment: string;
    readonly name: string;
    readonly parameters: Readonly<Record<string, string>>;
  }[];
  readonly globalClusters: (GlobalClusterFact & { readonly source?: string })[];
  readonly tables: TableFact[];
  readonly queues: QueueFact[];
  readonly buckets: BucketDraft[];
  readonly bucketPolicies: { readonly bucket: string; readonly statements: readonly PolicyStatement[] }[];
  readonly vaults: VaultFact[];
  readonly backupPlans: (BackupPlanFact & { readonly planId: string })[];
  readonly backupSelections: (BackupSelectionFact & { readonly plan: string })[];
  readonly restoreTests: RestoreTestingFact[];
  readonly restoreTestSelections: (RestoreTestingFact['selections'][number] & {
    readonly environment: string;
    readonly plan: string;
  })[];
  readonly alarms: AlarmFact[];
  readonly pointers: PointerFact[];
  readonly networks: (Fact & { readonly reference: string; readonly cidr?: string })[];
  readonly subnets: SubnetDraft[];
  readonly natGateways: { readonly id: string; readonly reference: string; readonly subnet?: string }[];
  readonly routes: { readonly table: string; readonly natGateway: string }[];
  readonly routeTableAssociations: { readonly table: string; readonly subnet: string }[];
  readonly endpoints: { readonly network: string; readonly service: string }[];
}

interface Referenced {
  readonly reference: string;
}

interface InSubnets {
  readonly subnets: readonly string[];
}

export interface RecordDraft extends Fact, ResourceRecordSet {
  /** Id or, where the template gives only that, the name. */
  readonly zone: { readonly id: string } | { readonly name: string } | undefined;
}

export interface AclRuleDraft {
  readonly name: string;
  readonly priority: number;
  readonly action: string;
  readonly statement: AclStatement;
}

export interface ServiceDraft extends ServiceFact, InSubnets {
  readonly environment: string;
  readonly references: readonly string[];
  readonly taskDefinition?: string;
  readonly capacityProviders: readonly string[];
}

export interface ScalableTargetDraft {
  /** `service/<cluster>/<service>` and the like. */
  readonly resourceId: string;
  readonly environment: string;
  readonly reference: string;
  readonly dimension: string;
  readonly min?: number;
  readonly max?: number;
}

export interface ScalingPolicyDraft {
  readonly environment: string;
  /** `Ref` of a scalable target. */
  readonly target?: string;
  readonly resourceId?: string;
  readonly autoScalingGroup?: string;
  readonly policy: ScalingPolicyFact;
}

export interface BucketDraft extends Omit<SwitchBucketFact, 'anonymousReads' | 'generated'> {
  readonly hosts: readonly string[];
}

export interface SubnetDraft {
  readonly id: string;
  readonly reference: string;
  readonly network?: string;
  readonly cidr?: string;
  readonly availabilityZone?: string;
}

export function noDrafts(): Drafts {
  return {
    zones: [],
    records: [],
    healthChecks: [],
    loadBalancers: [],
    listeners: [],
    listenerRules: [],
    targetGroups: [],
    webAcls: [],
    addressSets: [],
    webAclAssociations: [],
    services: [],
    tasks: [],
    capacityProviders: [],
    clusterProviders: [],
    scalableTargets: [],
    scalingPolicies: [],
    autoScalingGroups: [],
    launchTemplates: [],
    functions: [],
    databaseClusters: [],
    databaseInstances: [],
    subnetGroups: [],
    parameterGroups: [],
    globalClusters: [],
    tables: [],
    queues: [],
    buckets: [],
    bucketPolicies: [],
    vaults: [],
    backupPlans: [],
    backupSelections: [],
    restoreTests: [],
    restoreTestSelections: [],
    alarms: [],
    pointers: [],
    networks: [],
    subnets: [],
    natGateways: [],
    routes: [],
    routeTableAssociations: [],
    endpoints: [],
  };
}

/** Names are unique in an account and Region. */
export function environmentOf(origin: { readonly account: string; readonly region: string }): string {
  return `${origin.account}/${origin.region}`;
}
