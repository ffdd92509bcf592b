import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { addAlarm } from './add-alarm';

const SUM = { period: Duration.minutes(5), statistic: 'Sum' } as const;

/** One is too many, and nothing is published while there is none. */
export function validationAlarms(scope: Construct, stateMachine: sfn.StateMachine, rule: events.Rule): cloudwatch.Alarm[] {
  const any = {
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
  };
  return [
    addAlarm(scope, 'Failed', undefined, {
      ...any,
      alarmDescription:
        'A restore test of the stamp has failed. The error of the execution says how: RestoreTestFailed and RestoreFailed (the backup is no good), LeftBehind (an instance has to be deleted by hand), NotReported, NotStarted or NotOurTest.',
      metric: stateMachine.metricFailed(SUM),
    }),
    addAlarm(scope, 'Unfinished', undefined, {
      ...any,
      alarmDescription:
        'The validation of a restore test ran out of time or was stopped, so nothing was cleaned up: look for a DB instance called stampkit-validation-<restore job>.',
      metric: new cloudwatch.MathExpression({
        expression: 'FILL(timedOut, 0) + FILL(aborted, 0)',
        label: 'Executions that did not end by themselves',
        period: SUM.period,
        usingMetrics: { timedOut: stateMachine.metricTimedOut(SUM), aborted: stateMachine.metricAborted(SUM) },
      }),
    }),
    addAlarm(scope, 'NotDelivered', undefined, {
      ...any,
      alarmDescription: 'EventBridge could not start the validation of a restore test.',
      metric: new cloudwatch.Metric({
        namespace: 'AWS/Events',
        metricName: 'FailedInvocations',
        dimensionsMap: { RuleName: rule.ruleName },
        ...SUM,
      }),
    }),
  ];
}
