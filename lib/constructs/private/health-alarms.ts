import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { addAlarm } from './add-alarm';

const MINUTE = { period: Duration.minutes(1), statistic: 'Sum' } as const;

/** What breaks the health path itself: Route 53 reads each of these as an unhealthy stamp. */
export function healthAlarms(scope: Construct, handler: lambda.Function, topic: sns.ITopic | undefined): cloudwatch.Alarm[] {
  const twice = {
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
  };
  return [
    addAlarm(scope, 'Errors', topic, {
      ...twice,
      alarmDescription: 'The health function of the stamp fails or times out: Route 53 reads that as an unhealthy stamp.',
      metric: handler.metricErrors(MINUTE),
    }),
    addAlarm(scope, 'Throttles', topic, {
      ...twice,
      alarmDescription:
        'The health function of the stamp is throttled: Route 53 reads that as an unhealthy stamp. Raise its reserved concurrency.',
      metric: handler.metricThrottles(MINUTE),
    }),
  ];
}
