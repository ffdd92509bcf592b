import { Duration } from 'aws-cdk-lib';
import type * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import type { StampComputeProps } from '../stamp-compute';
import { createDeploymentAlarms, createServiceAlarms } from './compute-alarms';
import { checkCpuTarget, checkTaskCounts } from './compute-checks';
import { createTaskSecurityGroup, serviceDefaults, startAfterPrerequisites } from './service-defaults';
import { scaleOnRequestsAndCpu } from './service-scaling';
import { createTargetGroup } from './target-group';
import { createTaskDefinition } from './task-definition';

/** Everything of the web tasks that does not depend on what carries them. */
export interface WebService {
  readonly service: ecs.BaseService;
  readonly taskDefinition: ecs.TaskDefinition;
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly connections: ec2.Connections;
  readonly scalableTarget: appscaling.ScalableTarget;
  readonly deploymentAlarms: cloudwatch.Alarm[];
  readonly alarms: cloudwatch.Alarm[];
}

export type WebServiceProps = ReturnType<typeof serviceDefaults> &
  Required<Pick<ecs.BaseServiceOptions, 'healthCheckGracePeriod' | 'deploymentAlarms'>>;

const CONTAINER_NAME = 'web';

/** Children SecurityGroup, TargetGroup, TaskDefinition, ... of the scope; `createService` makes the one called Service. */
export function createWebService(
  scope: Construct,
  props: StampComputeProps,
  cluster: ecs.ICluster,
  compatibility: ecs.Compatibility,
  createService: (common: WebServiceProps) => ecs.BaseService,
): WebService {
  checkTaskCounts(props.minTasks, props.maxTasks, 1);
  checkCpuTarget(props.cpuTargetPercent ?? 60);

  const securityGroup = createTaskSecurityGroup(scope, props.vpc, 'Web tasks: requests from the load balancer only');
  const targetGroup = createTargetGroup(scope, props);
  const taskDefinition = createTaskDefinition(scope, props, { compatibility, containerName: CONTAINER_NAME, port: props.port });
  const deploymentAlarms = createDeploymentAlarms(scope, targetGroup, props.alarmTopic);
  const parts = { cluster, taskDefinition, securityGroup };
  const service = createService({
    ...serviceDefaults(props, parts),
    healthCheckGracePeriod: props.healthCheckGracePeriod ?? Duration.seconds(60),
    deploymentAlarms: {
      alarmNames: deploymentAlarms.map((alarm) => alarm.alarmName),
      behavior: ecs.AlarmBehavior.ROLLBACK_ON_ALARM,
    },
  });
  startAfterPrerequisites(service, props, parts);
  attach(scope, props, service, targetGroup, securityGroup);

  const bounds = { cluster, service, minTasks: props.minTasks, maxTasks: props.maxTasks };
  const scalableTarget = scaleOnRequestsAndCpu(scope, {
    ...bounds,
    targetGroup,
    requestsPerTargetPerMinute: props.requestsPerTargetPerMinute,
    cpuTargetPercent: props.cpuTargetPercent ?? 60,
  });
  const serviceAlarms = createServiceAlarms(scope, {
    targetGroup,
    cluster,
    serviceName: service.serviceName,
    minTasks: props.minTasks,
    topic: props.alarmTopic,
  });
  return {
    service,
    taskDefinition,
    targetGroup,
    securityGroup,
    connections: new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(props.port) }),
    scalableTarget,
    deploymentAlarms,
    alarms: [...deploymentAlarms, ...serviceAlarms],
  };
}

/** Puts the tasks into the target group and opens the way from the load balancer to them. */
function attach(
  scope: Construct,
  props: StampComputeProps,
  service: ecs.BaseService,
  targetGroup: elbv2.ApplicationTargetGroup,
  securityGroup: ec2.ISecurityGroup,
): void {
  const loadBalancer = props.loadBalancerSecurityGroup;
  if (loadBalancer === undefined) {
    targetGroup.addTarget(service.loadBalancerTarget({ containerName: CONTAINER_NAME, containerPort: props.port }));
    return;
  }
  // L1 throughout: the L2 way adds rules whose logical ids hold the construct ids of the peer, the stack's included, and two
  // security groups that name each other inline are a circle that CloudFormation cannot create.
  const resource = service.node.defaultChild as ecs.CfnService;
  resource.loadBalancers = [
    { containerName: CONTAINER_NAME, containerPort: props.port, targetGroupArn: targetGroup.targetGroupArn },
  ];
  // ECS rejects a target group without a load balancer.
  resource.node.addDependency(targetGroup.loadBalancerAttached);
  const port = { ipProtocol: 'tcp', fromPort: props.port, toPort: props.port };
  new ec2.CfnSecurityGroupIngress(scope, 'LoadBalancerIngress', {
    ...port,
    groupId: securityGroup.securityGroupId,
    sourceSecurityGroupId: loadBalancer.securityGroupId,
    description: 'Requests from the load balancer',
  });
  if (!loadBalancer.allowAllOutbound) {
    new ec2.CfnSecurityGroupEgress(scope, 'LoadBalancerEgress', {
      ...port,
      groupId: loadBalancer.securityGroupId,
      destinationSecurityGroupId: securityGroup.securityGroupId,
      description: 'Requests to the web tasks',
    });
  }
}
