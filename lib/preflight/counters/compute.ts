import { vcpusOf } from '../../facts/instance-vcpus';
import { type Counters, onePerRegion, type StackCount } from '../counter';
import { type Found, listOf, numberOf, type Properties, recordOf, type TemplateReader } from '../template-reader';
import { targetsPerTargetGroup } from './load-balancing';
import { mostTasks } from './most-tasks';

/** ECS services, the instances under them, and functions. Tasks and instances count as many as scaling may make of them. */
export const COMPUTE_COUNTERS: Counters = {
  ...onePerRegion({ 'AWS::ECS::Cluster': 'ecsClusters', 'AWS::EC2::LaunchTemplate': 'launchTemplates' }),
  'AWS::ECS::Service': (found, count) => {
    const { properties, template, logicalId } = found;
    const tasks = mostTasks(template, logicalId, properties);
    count.inResource('servicesPerCluster', template.identity(properties['Cluster'] ?? 'default'));
    count.inResource('tasksPerService', template.idOf(logicalId), tasks);
    targetsPerTargetGroup(found, count);
    const task = template.resource(properties['TaskDefinition'])?.Properties ?? {};
    if (runsOnFargate(properties)) count.inRegion('fargateVcpus', (tasks * (numberOf(task['Cpu']) ?? 0)) / CPU_UNITS_PER_VCPU);
    countTaskInterfaces(found, task, tasks, count);
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': ({ properties }, count) => {
    if (properties['ServiceNamespace'] === 'ecs') count.inRegion('scalableTargets');
  },
  'AWS::AutoScaling::AutoScalingGroup': ({ properties, template }, count) => {
    const instances = numberOf(properties['MaxSize']) ?? 0;
    count.inRegion('autoScalingGroups');
    count.inRegion('networkInterfaces', instances);
    const vcpus = vcpusOf(instanceTypeOf(template, properties) ?? '');
    if (vcpus !== undefined) count.inRegion('standardVcpus', instances * vcpus);
  },
  'AWS::Lambda::Function': ({ properties, template, logicalId }, count) => {
    const reserved = numberOf(properties['ReservedConcurrentExecutions']);
    if (reserved !== undefined) count.inRegion('lambdaConcurrency', reserved);
    const network = recordOf(properties['VpcConfig']);
    const subnets = listOf(network['SubnetIds']).length;
    if (subnets === 0) return;
    // Functions with the same subnets and security groups share interfaces: this is the most it can be.
    count.inRegion('networkInterfaces', subnets);
    count.inResource('securityGroupsPerInterface', template.idOf(logicalId), listOf(network['SecurityGroupIds']).length);
  },
};

const CPU_UNITS_PER_VCPU = 1024;

function runsOnFargate(service: Properties): boolean {
  if (service['LaunchType'] !== undefined) return service['LaunchType'] === 'FARGATE';
  return listOf(service['CapacityProviderStrategy']).some((item) => recordOf(item)['CapacityProvider'] === 'FARGATE');
}

/** In the network mode awsvpc each task has an interface of its own, on instances too. */
function countTaskInterfaces(
  { properties, template, logicalId }: Found,
  task: Properties,
  tasks: number,
  count: StackCount,
): void {
  const network = recordOf(recordOf(properties['NetworkConfiguration'])['AwsvpcConfiguration']);
  if (task['NetworkMode'] !== 'awsvpc') return;
  count.inRegion('networkInterfaces', tasks);
  count.inResource('securityGroupsPerInterface', template.idOf(logicalId), listOf(network['SecurityGroups']).length);
}

function instanceTypeOf(template: TemplateReader, group: Properties): string | undefined {
  const specification = recordOf(
    group['LaunchTemplate'] ?? recordOf(recordOf(group['MixedInstancesPolicy'])['LaunchTemplate'])['LaunchTemplateSpecification'],
  );
  const launchTemplate = template.resource(specification['LaunchTemplateId']);
  const type = recordOf(launchTemplate?.Properties?.['LaunchTemplateData'])['InstanceType'];
  return typeof type === 'string' ? type : undefined;
}
