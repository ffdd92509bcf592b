import { type Counter, type Counters, onePerRegion } from '../counter';
import { type Found, listOf, recordOf, referenced, type TemplateReader } from '../template-reader';
import { webAclCapacity } from '../web-acl-capacity';
import { mostTasks } from './most-tasks';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** Application Load Balancers, their certificates and their web ACLs. */
export const LOAD_BALANCING_COUNTERS: Counters = {
  ...onePerRegion({ 'AWS::ElasticLoadBalancingV2::TargetGroup': 'targetGroups' }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (found, count) => {
    const { properties, template, logicalId } = found;
    // Network and gateway load balancers have quotas of their own.
    if ((properties['Type'] ?? 'application') !== 'application') return;
    const id = template.idOf(logicalId);
    count.inRegion('loadBalancers');
    count.inRegion('networkInterfaces', listOf(properties['Subnets']).length);
    count.inResource('securityGroupsPerInterface', id, listOf(properties['SecurityGroups']).length);
    const groups = targetGroupsBehind(found);
    count.inResource('targetGroupsPerLoadBalancer', id, groups.size);
    count.inResource('targetsPerLoadBalancer', id, sum([...groups].map((group) => targetsOf(template, group))));
  },
  [LISTENER]: ({ properties, template }, count) => {
    const loadBalancer = template.identity(properties['LoadBalancerArn']);
    count.inResource('listenersPerLoadBalancer', loadBalancer);
    // The first certificate is the default one, which the quota leaves out.
    const further = listOf(properties['Certificates']).length - 1;
    if (further > 0) count.inResource('certificatesPerLoadBalancer', loadBalancer, further);
  },
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': ({ properties, template }, count) => {
    count.inResource(
      'certificatesPerLoadBalancer',
      loadBalancerOf(template, properties['ListenerArn']),
      listOf(properties['Certificates']).length,
    );
  },
  [RULE]: ({ properties, template }, count) => {
    count.inResource('rulesPerLoadBalancer', loadBalancerOf(template, properties['ListenerArn']));
  },
  'AWS::CertificateManager::Certificate': ({ properties, template, logicalId }, count) => {
    count.inRegion('certificates');
    const names = new Set([properties['DomainName'], ...listOf(properties['SubjectAlternativeNames'])]);
    count.inResource('namesPerCertificate', template.idOf(logicalId), names.size);
  },
  'AWS::WAFv2::WebACL': ({ properties, template, logicalId }, count) => {
    if (properties['Scope'] === 'CLOUDFRONT') return;
    count.inRegion('webAcls');
    count.inResource('webAclCapacity', template.idOf(logicalId), webAclCapacity(properties).capacity);
  },
  'AWS::WAFv2::IPSet': ({ properties, template, logicalId }, count) => {
    if (properties['Scope'] === 'CLOUDFRONT') return;
    count.inRegion('ipSets');
    count.inResource('addressesPerIpSet', template.idOf(logicalId), listOf(properties['Addresses']).length);
  },
};

/** Targets that the ECS services of a template put into a target group when all run at most. */
export const targetsPerTargetGroup: Counter = ({ properties, template, logicalId }, count) => {
  for (const attached of listOf(properties['LoadBalancers'])) {
    const group = template.identity(recordOf(attached)['TargetGroupArn']);
    count.inResource('targetsPerTargetGroup', group, mostTasks(template, logicalId, properties));
  }
};

function loadBalancerOf(template: TemplateReader, listener: unknown): string {
  const found = template.resource(listener);
  return found === undefined ? template.identity(listener) : template.identity(found.Properties?.['LoadBalancerArn']);
}

/** Logical ids of the target groups that listeners and rules of one load balancer forward to. */
function targetGroupsBehind({ logicalId, template }: Found): Set<string> {
  const groups = new Set<string>();
  const listeners = template.ofType(LISTENER).filter(({ properties }) => referenced(properties['LoadBalancerArn']) === logicalId);
  const ids = new Set(listeners.map((listener) => listener.logicalId));
  const rules = template.ofType(RULE).filter(({ properties }) => ids.has(referenced(properties['ListenerArn']) ?? ''));
  const actions = [
    ...listeners.flatMap(({ properties }) => listOf(properties['DefaultActions'])),
    ...rules.flatMap(({ properties }) => listOf(properties['Actions'])),
  ];
  for (const action of actions.map((value) => recordOf(value))) {
    const forward = listOf(recordOf(action['ForwardConfig'])['TargetGroups']).map((group) => recordOf(group)['TargetGroupArn']);
    for (const group of [action['TargetGroupArn'], ...forward]) {
      const id = referenced(group);
      if (id !== undefined) groups.add(id);
    }
  }
  return groups;
}

function targetsOf(template: TemplateReader, group: string): number {
  const written = listOf(template.stack.template.Resources[group]?.Properties?.['Targets']).length;
  const tasks = template
    .ofType('AWS::ECS::Service')
    .filter(({ properties }) =>
      listOf(properties['LoadBalancers']).some((attached) => referenced(recordOf(attached)['TargetGroupArn']) === group),
    )
    .map(({ logicalId, properties }) => mostTasks(template, logicalId, properties));
  return written + sum(tasks);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
