import type { Assembly, AssemblyStack, TemplateResource } from '../assembly/read-assembly';
import { resourcesOfType } from '../assembly/read-assembly';
import { compareText } from '../order';
import { counted, renderTable } from './terminal';

/** Every stack with its place, size and guards, as a table. */
export function renderStacks(assembly: Assembly): string {
  const rows = assembly.stacks.map((stack) => [
    stack.stackName,
    stack.region,
    String(Object.keys(stack.template.Resources).length),
    `${Math.round(stack.templateBytes / 1024)} KiB`,
    String(retained(stack).length),
    stack.terminationProtection ? 'on' : 'off',
  ]);
  return renderTable(['STACK', 'REGION', 'RESOURCES', 'TEMPLATE', 'RETAINED', 'TERMINATION PROTECTION'], rows);
}

/** How names are answered: each record with its policy, target and checks. */
export function renderRouting(assembly: Assembly): string {
  const rows = assembly.stacks.flatMap((stack) =>
    resourcesOfType(stack, 'AWS::Route53::RecordSet').map(({ resource }) => {
      const properties = resource.Properties ?? {};
      const target = properties['AliasTarget'] as { DNSName?: unknown; EvaluateTargetHealth?: boolean } | undefined;
      return [
        trimDot(properties['Name']),
        policyOf(properties),
        typeof target?.DNSName === 'string' ? trimDot(target.DNSName) : 'load balancer',
        target?.EvaluateTargetHealth === true ? 'yes' : 'no',
        properties['HealthCheckId'] === undefined ? '-' : 'calculated',
      ];
    }),
  );
  rows.sort((a, b) => compareText(a.join(' '), b.join(' ')));
  return renderTable(['NAME', 'POLICY', 'ANSWERS WITH', 'EVALUATES TARGET', 'HEALTH CHECK'], rows);
}

/** The guards that the templates carry, counted from the templates themselves. */
export function renderGuards(assembly: Assembly, acknowledged: number): string {
  const all = assembly.stacks.flatMap((stack) => Object.values(stack.template.Resources));
  const count = (test: (resource: TemplateResource) => boolean): number => all.filter(test).length;
  const checks = count((resource) => resource.Type === 'AWS::Route53::HealthCheck');
  const inverted = count((resource) => healthCheckConfig(resource)['Inverted'] === true);
  const calculated = count((resource) => healthCheckConfig(resource)['Type'] === 'CALCULATED');
  const rows = [
    [
      'stacks with termination protection',
      `${assembly.stacks.filter((stack) => stack.terminationProtection).length} of ${assembly.stacks.length}`,
    ],
    ['resources kept when a stack or resource goes', String(assembly.stacks.flatMap(retained).length)],
    ['databases and tables with deletion protection', String(count(hasDeletionProtection))],
    ['load balancers with deletion protection', String(count(loadBalancerProtected))],
    [
      'backup vaults, of these locked',
      `${count((resource) => resource.Type === 'AWS::Backup::BackupVault')}, ${count((resource) => resource.Properties?.['LockConfiguration'] !== undefined)}`,
    ],
    ['health checks: deep and switch, of these inverted, calculated', `${checks - calculated}, ${inverted}, ${calculated}`],
    ['web ACLs in front of load balancers', String(count((resource) => resource.Type === 'AWS::WAFv2::WebACLAssociation'))],
    ['stack exports and cross-Region references', String(crossStackReferences(assembly))],
    [
      'findings of cdk-nag and the CloudFormation validation',
      `0 open, ${counted(acknowledged, 'acknowledgement')} with a reason`,
    ],
  ];
  return renderTable(['GUARD', 'BUILT'], rows);
}

function retained(stack: AssemblyStack): TemplateResource[] {
  return Object.values(stack.template.Resources).filter((resource) => (resource.DeletionPolicy ?? 'Delete').startsWith('Retain'));
}

function hasDeletionProtection({ Properties }: TemplateResource): boolean {
  const replicas = Properties?.['Replicas'];
  const onReplicas =
    Array.isArray(replicas) &&
    replicas.every((replica) => (replica as Record<string, unknown>)['DeletionProtectionEnabled'] === true);
  return Properties?.['DeletionProtection'] === true || Properties?.['DeletionProtectionEnabled'] === true || onReplicas;
}

function loadBalancerProtected({ Type, Properties }: TemplateResource): boolean {
  if (Type !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') return false;
  const attributes = (Properties?.['LoadBalancerAttributes'] ?? []) as { Key?: string; Value?: string }[];
  return attributes.some(({ Key, Value }) => Key === 'deletion_protection.enabled' && Value === 'true');
}

function healthCheckConfig({ Type, Properties }: TemplateResource): Record<string, unknown> {
  return Type === 'AWS::Route53::HealthCheck' ? ((Properties?.['HealthCheckConfig'] ?? {}) as Record<string, unknown>) : {};
}

function crossStackReferences(assembly: Assembly): number {
  return assembly.stacks.filter((stack) =>
    /"Fn::ImportValue"|"Fn::GetStackOutput"|"Custom::CrossRegion|"Export"/.test(JSON.stringify(stack.template)),
  ).length;
}

function policyOf(properties: Readonly<Record<string, unknown>>): string {
  if (typeof properties['Failover'] === 'string') return `failover ${properties['Failover'].toLowerCase()}`;
  if (typeof properties['Region'] === 'string') return `latency ${properties['Region']}`;
  if (properties['Weight'] !== undefined) return `weighted ${JSON.stringify(properties['Weight'])}`;
  if (properties['GeoLocation'] !== undefined)
    return `geolocation ${Object.values(properties['GeoLocation'] as Record<string, string>).join('/')}`;
  return 'simple';
}

function trimDot(name: unknown): string {
  return typeof name === 'string' ? name.replace(/\.$/, '') : JSON.stringify(name);
}
