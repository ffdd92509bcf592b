import { Duration, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { CfnHealthCheck } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { StampChecks } from './stamp-checks';

/** The alarms of one stamp. */
export interface StampRoutingAlarms {
  readonly deepFailing: cloudwatch.Alarm;
  readonly evacuated: cloudwatch.Alarm;
  readonly outOfService: cloudwatch.Alarm;
}

/** Alarms on the metrics of a stamp's checks, which exist only in us-east-1 (aws-facts 2.8). */
export function createStampAlarms(checks: StampChecks, stampId: string, topic: ITopic | undefined): StampRoutingAlarms {
  const deepFailing = alarm(
    checks,
    'DeepFailing',
    `Route 53 finds ${stampId} unhealthy at its health path.`,
    statusOf(checks.deep, `${stampId} deep`),
  );
  const evacuated = alarm(
    checks,
    'Evacuated',
    `For information: the switch of ${stampId} says evacuated in at least one control Region.`,
    lowestStatusOf(checks.switches, `${stampId} switches`),
  );
  const outOfService = alarm(
    checks,
    'OutOfService',
    `Route 53 answers without ${stampId}: its deep check fails or it is evacuated.`,
    statusOf(checks.inService, `${stampId} in service`),
  );
  notify(deepFailing, topic);
  notify(evacuated, topic);
  Validations.of(outOfService).acknowledge({
    id: 'NIST.800.53.R5-CloudWatchAlarmAction',
    reason:
      'either the deep check or the switch has an alarm of its own at the same moment; this one feeds the composite alarm of the group',
  });
  return { deepFailing, evacuated, outOfService };
}

/** In alarm when Route 53 has no stamp of the group left that it finds in service, and so answers as if all were. */
export function createGroupAlarm(
  scope: Construct,
  recordName: string,
  alarmName: string | undefined,
  outOfService: readonly cloudwatch.Alarm[],
  topic: ITopic | undefined,
): cloudwatch.CompositeAlarm {
  const composite = new cloudwatch.CompositeAlarm(scope, 'NoStampInService', {
    ...(alarmName !== undefined && { compositeAlarmName: alarmName }),
    alarmDescription: `No stamp behind ${recordName} is in service: Route 53 fails open and answers as if all were (aws-facts 1.1).`,
    alarmRule: cloudwatch.AlarmRule.allOf(
      ...outOfService.map((each) => cloudwatch.AlarmRule.fromAlarm(each, cloudwatch.AlarmState.ALARM)),
    ),
  });
  if (topic !== undefined) {
    composite.addAlarmAction(new SnsAction(topic));
    composite.addOkAction(new SnsAction(topic));
  }
  return composite;
}

function statusOf(check: CfnHealthCheck, label: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Route53',
    metricName: 'HealthCheckStatus',
    dimensionsMap: { HealthCheckId: check.attrHealthCheckId },
    statistic: cloudwatch.Stats.MINIMUM,
    period: Duration.minutes(1),
    label,
  });
}

function lowestStatusOf(checks: readonly CfnHealthCheck[], label: string): cloudwatch.IMetric {
  const usingMetrics = Object.fromEntries(checks.map((check, index) => [`m${index}`, statusOf(check, check.node.id)]));
  return new cloudwatch.MathExpression({
    expression: `MIN([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    period: Duration.minutes(1),
    label,
  });
}

function alarm(scope: Construct, id: string, alarmDescription: string, metric: cloudwatch.IMetric): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, id, {
    alarmDescription,
    metric,
    // 1 is healthy, 0 is not. One datapoint: the check has already counted failures in a row.
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 1,
    // Silence says something about us-east-1, not about the stamp.
    treatMissingData: cloudwatch.TreatMissingData.MISSING,
  });
}

function notify(target: cloudwatch.Alarm, topic: ITopic | undefined): void {
  if (topic !== undefined) {
    target.addAlarmAction(new SnsAction(topic));
    target.addOkAction(new SnsAction(topic));
    return;
  }
  Validations.of(target).acknowledge({
    id: 'NIST.800.53.R5-CloudWatchAlarmAction',
    reason:
      'no alarm topic was given for the routing: the alarm shows in the console and in status; give alarmTopic to be notified',
  });
}
