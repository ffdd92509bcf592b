import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { StampCompute } from '../stamp-compute';
import type { StampQueue } from '../stamp-queue';

/** Graphs of a stamp's dashboard: what users feel first, then what carries it, then the work that waits. */
export function stampWidgets(
  loadBalancer: elbv2.IApplicationLoadBalancer,
  compute: StampCompute,
  queue: StampQueue | undefined,
): cloudwatch.IWidget[] {
  const { metrics } = loadBalancer;
  const widgets: cloudwatch.IWidget[] = [
    new cloudwatch.GraphWidget({ title: 'Requests', width: 8, left: [metrics.requestCount()] }),
    new cloudwatch.GraphWidget({
      title: 'Response time of the tasks',
      width: 8,
      left: [metrics.targetResponseTime({ statistic: 'p50' }), metrics.targetResponseTime({ statistic: 'p99' })],
    }),
    new cloudwatch.GraphWidget({
      title: 'Healthy and unhealthy tasks',
      width: 8,
      left: [compute.targetGroup.metrics.healthyHostCount(), compute.targetGroup.metrics.unhealthyHostCount()],
    }),
    new cloudwatch.GraphWidget({
      title: 'CPU and memory of the web tasks',
      width: 8,
      left: [compute.service.metricCpuUtilization(), compute.service.metricMemoryUtilization()],
    }),
  ];
  if (queue !== undefined) {
    widgets.push(
      new cloudwatch.GraphWidget({
        title: 'Messages waiting, and the dead letters',
        width: 8,
        left: [
          queue.queue.metricApproximateNumberOfMessagesVisible(),
          queue.deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
        ],
      }),
      new cloudwatch.GraphWidget({
        title: 'Age of the oldest message',
        width: 8,
        left: [queue.queue.metricApproximateAgeOfOldestMessage()],
      }),
    );
  }
  return widgets;
}
