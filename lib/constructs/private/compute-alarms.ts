import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { addAlarm } from './add-alarm';
import { targetGroupMetric } from './target-group';

/** Share of failed requests that raises the alarm and rolls a deployment back. */
const ERROR_PERCENT = 5;

/** The two that say a deployment went wrong: errors of the targets, and requests that went to unhealthy ones. */
export function createDeploymentAlarms(
  scope: Construct,
  targetGroup: elbv2.ApplicationTargetGroup,
  topic: sns.ITopic | undefined,
): cloudwatch.Alarm[] {
  return [
    addAlarm(scope, 'TargetErrors', topic, {
      metric: new cloudwatch.MathExpression({
        label: 'HTTP 5xx of targets in percent',
        expression: '100 * FILL(errors, 0) / requests',
        usingMetrics: {
          errors: targetGroupMetric(targetGroup, 'HTTPCode_Target_5XX_Count', 'Sum'),
          requests: targetGroupMetric(targetGroup, 'RequestCount', 'Sum'),
        },
        period: Duration.minutes(1),
      }),
      threshold: ERROR_PERCENT,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      alarmDescription: `More than ${ERROR_PERCENT} % of the requests were answered with HTTP 5xx by the tasks.`,
    }),
    addAlarm(scope, 'UnhealthyRouting', topic, {
      metric: targetGroupMetric(targetGroup, 'UnhealthyRoutingRequestCount', 'Sum'),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      alarmDescription: 'The load balancer fails open: too few healthy tasks, so it sends requests to unhealthy ones.',
    }),
  ];
}

export interface ServiceAlarmSettings {
  readonly targetGroup: elbv2.ApplicationTargetGroup;
  readonly cluster: ecs.ICluster;
  readonly serviceName: string;
  readonly minTasks: number;
  readonly topic: sns.ITopic | undefined;
}

/** Unhealthy hosts, CPU, and fewer tasks than the floor. */
export function createServiceAlarms(scope: Construct, settings: ServiceAlarmSettings): cloudwatch.Alarm[] {
  const { topic } = settings;
  return [
    addAlarm(scope, 'UnhealthyHosts', topic, {
      metric: targetGroupMetric(settings.targetGroup, 'UnHealthyHostCount', 'Maximum'),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 5,
      alarmDescription: 'A task has failed the health check of the load balancer for five minutes.',
    }),
    addAlarm(scope, 'Cpu', topic, {
      metric: serviceMetric('AWS/ECS', 'CPUUtilization', settings),
      threshold: 85,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 10,
      alarmDescription: 'The CPU of the service has been above 85 % for ten minutes: scaling does not keep up.',
    }),
    createTaskFloorAlarm(scope, settings),
  ];
}

/** The capacity for the loss of a zone must exist before the loss (design R4), so its absence is an alarm of its own. */
export function createTaskFloorAlarm(
  scope: Construct,
  settings: Pick<ServiceAlarmSettings, 'cluster' | 'serviceName' | 'minTasks' | 'topic'>,
): cloudwatch.Alarm {
  return addAlarm(scope, 'TaskFloor', settings.topic, {
    metric: serviceMetric('ECS/ContainerInsights', 'RunningTaskCount', settings),
    threshold: settings.minTasks,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 10,
    alarmDescription: 'Fewer tasks run than the floor that survives the loss of an Availability Zone.',
  });
}

function serviceMetric(
  namespace: string,
  metricName: string,
  settings: Pick<ServiceAlarmSettings, 'cluster' | 'serviceName'>,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    statistic: 'Average',
    period: Duration.minutes(1),
    dimensionsMap: { ClusterName: settings.cluster.clusterName, ServiceName: settings.serviceName },
  });
}
