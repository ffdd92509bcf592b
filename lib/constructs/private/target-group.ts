import { Duration, Lazy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { StampError } from '../../errors';
import type { StampComputeProps } from '../stamp-compute';
import { checkDrain, checkEndpoint, checkTargetHealthThresholds } from './compute-checks';
import { DEFAULT_STOP_TIMEOUT } from './task-definition';

/** Child TargetGroup of the scope. */
export function createTargetGroup(scope: Construct, props: StampComputeProps): elbv2.ApplicationTargetGroup {
  const deregistrationDelay = props.deregistrationDelay ?? Duration.seconds(60);
  const dnsFailover = props.dnsFailoverMinimumHealthyTargets ?? 1;
  const unhealthyRouting = props.unhealthyRoutingMinimumHealthyTargets ?? 1;
  checkDrain(props.stopTimeout ?? DEFAULT_STOP_TIMEOUT, deregistrationDelay);
  checkEndpoint(props.port, props.healthPath);
  checkTargetHealthThresholds(dnsFailover, unhealthyRouting);

  return new elbv2.ApplicationTargetGroup(scope, 'TargetGroup', {
    vpc: props.vpc,
    targetType: elbv2.TargetType.IP,
    port: props.port,
    protocol: elbv2.ApplicationProtocol.HTTP,
    deregistrationDelay,
    crossZoneEnabled: true,
    // A target that fails fast must not attract traffic, as it does under least outstanding requests (aws-facts 9.1):
    // weighted random sends less to a target whose errors stand out.
    loadBalancingAlgorithmType: elbv2.TargetGroupLoadBalancingAlgorithmType.WEIGHTED_RANDOM,
    enableAnomalyMitigation: true,
    // Out after at most 3 x 10 + 5 s, back after 2 x 10 s (aws-facts 6.1).
    healthCheck: {
      enabled: true,
      protocol: elbv2.Protocol.HTTP,
      path: props.healthPath,
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 3,
      healthyHttpCodes: '200',
    },
    targetGroupHealth: {
      dnsMinimumHealthyTargetCount: dnsFailover,
      routingMinimumHealthyTargetCount: unhealthyRouting,
    },
  });
}

/**
 * A metric of the target group, one value a minute. Its load balancer is known only once a listener forwards to the group, so
 * that dimension is looked up at synth.
 */
export function targetGroupMetric(
  targetGroup: elbv2.ApplicationTargetGroup,
  metricName: string,
  statistic: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/ApplicationELB',
    metricName,
    statistic,
    period: Duration.minutes(1),
    dimensionsMap: {
      TargetGroup: targetGroup.targetGroupFullName,
      LoadBalancer: Lazy.string({ produce: () => loadBalancerFullName(targetGroup) }),
    },
  });
}

/** `app/<name>/<id>`. */
export function loadBalancerFullName(targetGroup: elbv2.ApplicationTargetGroup): string {
  try {
    return targetGroup.firstLoadBalancerFullName;
  } catch {
    throw new StampError(
      'TARGET_GROUP_NOT_ATTACHED',
      `no listener forwards to ${targetGroup.node.path}, so its tasks would never get a request`,
      'Forward to it: edge.forwardTo(compute.targetGroup, healthPath), or an action of your own listener.',
    );
  }
}
