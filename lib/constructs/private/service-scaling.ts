import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { loadBalancerFullName } from './target-group';

/** Out fast, in slowly: a wave that returns must find the tasks still there. */
const SCALE_OUT_COOLDOWN = Duration.seconds(60);
const WEB_SCALE_IN_COOLDOWN = Duration.minutes(5);
const WORKER_SCALE_IN_COOLDOWN = Duration.minutes(2);

export interface ServiceBounds {
  readonly cluster: ecs.ICluster;
  readonly service: ecs.BaseService;
  readonly minTasks: number;
  readonly maxTasks: number;
}

/** Child ScalableTarget of the scope. The service itself says no desired count: that would undo scaling at every deployment (aws-facts 16). */
function createScalableTarget(scope: Construct, bounds: ServiceBounds): appscaling.ScalableTarget {
  return new appscaling.ScalableTarget(scope, 'ScalableTarget', {
    serviceNamespace: appscaling.ServiceNamespace.ECS,
    resourceId: `service/${bounds.cluster.clusterName}/${bounds.service.serviceName}`,
    scalableDimension: 'ecs:service:DesiredCount',
    minCapacity: bounds.minTasks,
    maxCapacity: bounds.maxTasks,
    // The service-linked role that Application Auto Scaling uses anyway.
    role: iam.Role.fromRoleArn(
      scope,
      'ScalingRole',
      Stack.of(scope).formatArn({
        service: 'iam',
        region: '',
        resource: 'role/aws-service-role/ecs.application-autoscaling.amazonaws.com',
        resourceName: 'AWSServiceRoleForApplicationAutoScaling_ECSService',
      }),
      { mutable: false },
    ),
  });
}

export interface WebScalingSettings extends ServiceBounds {
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  readonly requestsPerTargetPerMinute: number;
  readonly cpuTargetPercent: number;
}

/** Follows requests per target and CPU; the one that asks for more tasks wins. */
export function scaleOnRequestsAndCpu(scope: Construct, settings: WebScalingSettings): appscaling.ScalableTarget {
  const target = createScalableTarget(scope, settings);
  const { targetGroup } = settings;
  const requests = new appscaling.TargetTrackingScalingPolicy(scope, 'RequestScaling', {
    scalingTarget: target,
    policyName: 'requests-per-target',
    predefinedMetric: appscaling.PredefinedMetric.ALB_REQUEST_COUNT_PER_TARGET,
    resourceLabel: Lazy.string({ produce: () => `${loadBalancerFullName(targetGroup)}/${targetGroup.targetGroupFullName}` }),
    targetValue: settings.requestsPerTargetPerMinute,
    scaleInCooldown: WEB_SCALE_IN_COOLDOWN,
    scaleOutCooldown: SCALE_OUT_COOLDOWN,
  });
  // The label is rejected while the target group has no load balancer.
  requests.node.addDependency(targetGroup.loadBalancerAttached);
  new appscaling.TargetTrackingScalingPolicy(scope, 'CpuScaling', {
    scalingTarget: target,
    policyName: 'cpu',
    predefinedMetric: appscaling.PredefinedMetric.ECS_SERVICE_AVERAGE_CPU_UTILIZATION,
    targetValue: settings.cpuTargetPercent,
    scaleInCooldown: WEB_SCALE_IN_COOLDOWN,
    scaleOutCooldown: SCALE_OUT_COOLDOWN,
  });
  return target;
}

export interface BacklogScalingSettings extends ServiceBounds {
  readonly queue: sqs.IQueue;
  readonly backlogPerTask: number;
}

/**
 * Follows the backlog per running task: visible messages over running tasks (aws-facts 6.4). Running tasks come from Container
 * Insights. L1, because the L2 takes no metric math.
 */
export function scaleOnBacklog(scope: Construct, settings: BacklogScalingSettings): appscaling.ScalableTarget {
  const target = createScalableTarget(scope, settings);
  new appscaling.CfnScalingPolicy(scope, 'BacklogScaling', {
    policyName: 'backlog-per-task',
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.scalableTargetId,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: settings.backlogPerTask,
      scaleInCooldown: WORKER_SCALE_IN_COOLDOWN.toSeconds(),
      scaleOutCooldown: SCALE_OUT_COOLDOWN.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          {
            id: 'visible',
            label: 'Visible messages',
            metricStat: {
              metric: {
                namespace: 'AWS/SQS',
                metricName: 'ApproximateNumberOfMessagesVisible',
                dimensions: [{ name: 'QueueName', value: settings.queue.queueName }],
              },
              stat: 'Average',
            },
            returnData: false,
          },
          {
            id: 'running',
            label: 'Running tasks',
            metricStat: {
              metric: {
                namespace: 'ECS/ContainerInsights',
                metricName: 'RunningTaskCount',
                dimensions: [
                  { name: 'ClusterName', value: settings.cluster.clusterName },
                  { name: 'ServiceName', value: settings.service.serviceName },
                ],
              },
              stat: 'Average',
            },
            returnData: false,
          },
          {
            id: 'backlog',
            label: 'Backlog per task',
            // Without a running task (scaled to zero, or no data yet) the whole backlog counts for one task: never a division by zero.
            expression: 'visible / IF(FILL(running, 0) > 0, FILL(running, 0), 1)',
            returnData: true,
          },
        ],
      },
    },
  });
  return target;
}
