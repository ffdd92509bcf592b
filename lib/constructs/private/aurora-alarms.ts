import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

export interface AuroraAlarmsProps {
  readonly clusterIdentifier: string;
  /** Set when the cluster is a member of a global cluster. */
  readonly maxLag?: Duration;
  readonly serverless: boolean;
}

/**
 * The alarms of one member. All of them exist whatever the role of today: a failover changes no template (R1), and the lag metrics are
 * published only by the members that are secondaries at the moment.
 */
export function auroraAlarms(scope: Construct, props: AuroraAlarmsProps): cloudwatch.Alarm[] {
  const alarms = [
    new cloudwatch.Alarm(scope, 'CpuAlarm', {
      metric: clusterMetric(props.clusterIdentifier, 'CPUUtilization', Duration.minutes(5)),
      alarmDescription: `An instance of the database cluster ${props.clusterIdentifier} has used more than 90 % of its CPU for 15 minutes.`,
      threshold: 90,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    }),
    props.serverless ? serverlessCapacityAlarm(scope, props) : localStorageAlarm(scope, props),
  ];
  if (props.maxLag !== undefined) alarms.push(lagAlarm(scope, props.clusterIdentifier, props.maxLag));
  return alarms;
}

/** Percentage of the maximum capacity, so that no number has to be computed from the ACU settings. */
function serverlessCapacityAlarm(scope: Construct, props: AuroraAlarmsProps): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'CapacityAlarm', {
    metric: clusterMetric(props.clusterIdentifier, 'ACUUtilization', Duration.minutes(5)),
    alarmDescription: `An instance of the database cluster ${props.clusterIdentifier} has been above 90 % of its maximum ACU for 15 minutes.`,
    threshold: 90,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.IGNORE,
  });
}

/** Sorts, logs and temporary tables live on the instance: when that is full, queries fail though the volume has room. */
function localStorageAlarm(scope: Construct, props: AuroraAlarmsProps): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'LocalStorageAlarm', {
    metric: clusterMetric(props.clusterIdentifier, 'FreeLocalStorage', Duration.minutes(5), 'Minimum'),
    alarmDescription: `An instance of the database cluster ${props.clusterIdentifier} has had less than 2 GiB of local storage for 15 minutes.`,
    threshold: 2 * 1024 ** 3,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.IGNORE,
  });
}

/**
 * What would be lost if the writer's Region were lost now: `AuroraGlobalDBRPOLag` in milliseconds (aws-facts 4.1; Aurora MySQL has it
 * from 3.04). A query finds the metric whichever dimensions it comes with (it carries the source Region besides the cluster), so
 * nothing here names the writer's Region. The member that is the writer publishes none, hence missing data is fine.
 */
function lagAlarm(scope: Construct, clusterIdentifier: string, maxLag: Duration): cloudwatch.Alarm {
  return new cloudwatch.Alarm(scope, 'ReplicationLagAlarm', {
    metric: new cloudwatch.MathExpression({
      expression: `SELECT MAX(AuroraGlobalDBRPOLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '${clusterIdentifier}'`,
      usingMetrics: {},
      period: Duration.minutes(1),
    }),
    alarmDescription: `The database cluster ${clusterIdentifier} has been further behind the writer than allowed for 5 minutes: a failover now would lose more than planned.`,
    threshold: maxLag.toMilliseconds(),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 5,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}

function clusterMetric(
  clusterIdentifier: string,
  metricName: string,
  period: Duration,
  statistic: 'Maximum' | 'Minimum' = 'Maximum',
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/RDS',
    metricName,
    dimensionsMap: { DBClusterIdentifier: clusterIdentifier },
    statistic,
    period,
  });
}
