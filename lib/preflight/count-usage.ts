import type { Assembly, AssemblyStack, TemplateResource } from '../assembly/read-assembly';
import type { QuotaKey } from '../facts/quotas';
import { compareText } from '../order';

/** How much of one quota the fleet needs in one place. */
export interface Usage {
  readonly quota: QuotaKey;
  readonly account: string;
  /** AWS Region; absent for what is counted once per account. */
  readonly region?: string;
  /** The resource a per-resource quota is about: a stack, a hosted zone, an Availability Zone. */
  readonly resource?: string;
  readonly used: number;
}

/** One resource of a template counts towards these quotas, in its stack's account and Region. */
const PER_REGION: Readonly<Record<string, QuotaKey>> = {
  'AWS::EC2::VPC': 'vpcs',
  'AWS::EC2::InternetGateway': 'internetGateways',
  'AWS::EC2::EIP': 'elasticIps',
  'AWS::EC2::SecurityGroup': 'securityGroups',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'loadBalancers',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'targetGroups',
  'AWS::RDS::DBCluster': 'databaseClusters',
  'AWS::RDS::DBInstance': 'databaseInstances',
  'AWS::DynamoDB::Table': 'tables',
  'AWS::Backup::BackupVault': 'backupVaults',
  'AWS::Backup::BackupPlan': 'backupPlans',
  'AWS::Backup::RestoreTestingPlan': 'restoreTestingPlans',
};

/** Sums per key; insertion order is irrelevant because the result is sorted. */
class Tally {
  private readonly usages = new Map<string, Usage>();

  public add(usage: Usage): void {
    const key = JSON.stringify([usage.quota, usage.account, usage.region ?? '', usage.resource ?? '']);
    const known = this.usages.get(key);
    this.usages.set(key, { ...usage, used: usage.used + (known?.used ?? 0) });
  }

  public sorted(): Usage[] {
    return [...this.usages.entries()].sort(([a], [b]) => compareText(a, b)).map(([, usage]) => usage);
  }
}

/**
 * Counts what the templates of an assembly would create, per quota, account and Region.
 *
 * Only what templates say is counted: what exists in the account already, and what scaling adds later, is not.
 */
export function countUsage(assembly: Assembly): Usage[] {
  const tally = new Tally();
  for (const stack of assembly.stacks) {
    const { account, region } = stack;
    const resources = Object.values(stack.template.Resources);
    tally.add({ quota: 'stacks', account, region, used: 1 });
    tally.add({ quota: 'resourcesPerTemplate', account, region, resource: stack.stackName, used: resources.length });
    tally.add({ quota: 'templateBytes', account, region, resource: stack.stackName, used: stack.templateBytes });
    for (const resource of resources) countResource(tally, stack, resource);
  }
  return tally.sorted();
}

function countResource(tally: Tally, stack: AssemblyStack, resource: TemplateResource): void {
  const { account, region } = stack;
  const quota = PER_REGION[resource.Type];
  if (quota !== undefined) tally.add({ quota, account, region, used: 1 });
  const properties = resource.Properties ?? {};
  switch (resource.Type) {
    case 'AWS::Route53::HealthCheck':
      tally.add({ quota: 'healthChecks', account, used: 1 });
      return;
    case 'AWS::Route53::RecordSet':
      tally.add({ quota: 'recordsPerZone', account, resource: text(properties['HostedZoneId']), used: 1 });
      return;
    case 'AWS::EC2::NatGateway':
      tally.add({ quota: 'natGatewaysPerZone', account, region, resource: zoneOf(stack, properties['SubnetId']), used: 1 });
      return;
    case 'AWS::DynamoDB::GlobalTable':
      for (const replica of asArray(properties['Replicas'])) {
        tally.add({ quota: 'tables', account, region: text((replica as Record<string, unknown>)['Region']), used: 1 });
      }
      return;
    case 'AWS::Lambda::Function':
      if (typeof properties['ReservedConcurrentExecutions'] === 'number') {
        tally.add({ quota: 'lambdaConcurrency', account, region, used: properties['ReservedConcurrentExecutions'] });
      }
  }
}

function zoneOf(stack: AssemblyStack, subnet: unknown): string {
  const logicalId = typeof subnet === 'object' && subnet !== null && 'Ref' in subnet ? subnet.Ref : undefined;
  const resource = typeof logicalId === 'string' ? stack.template.Resources[logicalId] : undefined;
  return text(resource?.Properties?.['AvailabilityZone']);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? 'unknown');
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
