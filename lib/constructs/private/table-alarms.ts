import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface TableAlarmsProps {
  readonly tableName: string;
  readonly peerRegions: readonly string[];
  readonly maxLatency: Duration;
}

/** Alarms on the replica in this Region; DynamoDB publishes nothing when there is nothing to tell, hence missing data is fine. */
export function tableAlarms(scope: Construct, props: TableAlarmsProps): cloudwatch.Alarm[] {
  return [
    new cloudwatch.Alarm(scope, 'ThrottleAlarm', {
      metric: sumOverOperations('ThrottledRequests', props.tableName),
      alarmDescription: `Requests to the table ${props.tableName} have been throttled in 5 of 5 minutes.`,
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 5,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }),
    new cloudwatch.Alarm(scope, 'SystemErrorsAlarm', {
      metric: sumOverOperations('SystemErrors', props.tableName),
      alarmDescription: `DynamoDB has answered requests to the table ${props.tableName} with errors of its own in 3 of 5 minutes.`,
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    }),
    ...props.peerRegions.map((region) => replicationAlarm(scope, props, region)),
  ];
}

/** Published per operation only: a query adds up whichever there are. */
function sumOverOperations(metricName: string, tableName: string): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `SELECT SUM(${metricName}) FROM "AWS/DynamoDB" WHERE TableName = '${tableName}'`,
    usingMetrics: {},
    period: Duration.minutes(1),
  });
}

/** Milliseconds per pair of source and destination Region (aws-facts 4.2). */
function replicationAlarm(scope: Construct, props: TableAlarmsProps, region: string): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, `ReplicationAlarm-${region}`, {
    metric: new cloudwatch.Metric({
      namespace: 'AWS/DynamoDB',
      metricName: 'ReplicationLatency',
      dimensionsMap: { TableName: props.tableName, ReceivingRegion: region },
      statistic: 'Average',
      period: Duration.minutes(1),
    }),
    alarmDescription: `Writes to the table ${props.tableName} have reached ${region} too late for 5 minutes: losing this Region now would lose more than planned.`,
    threshold: props.maxLatency.toMilliseconds(),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 5,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
