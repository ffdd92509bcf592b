import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { AlarmTopic } from './alarm-topic';
import { StampCanary } from './stamp-canary';

/** Properties of {@link StampObservability}. */
export interface StampObservabilityProps {
  /** Name of the composite alarm; deployments and operators ask for it by name. */
  readonly unhealthyAlarmName: string;
  /** Alarms that mean users are hurt now. The composite alarm goes off when any of them does. */
  readonly criticalAlarms: cloudwatch.Alarm[];
  /**
   * Alarms that mean a margin is gone (lag, backup age, dead letters): they notify on their own and are no part of the composite alarm.
   *
   * @default - none
   */
  readonly warningAlarms?: cloudwatch.Alarm[];
  /**
   * Where alarms go.
   *
   * @default - an AlarmTopic of the stamp's own
   */
  readonly alarmTopic?: sns.ITopic;
  /**
   * Who is told by the own topic: `mailto:` and `https://` addresses. A topic that is brought along keeps its own subscribers.
   *
   * @default - nobody until somebody subscribes
   */
  readonly subscriptions?: string[];
  /**
   * Name of the canary, and with it whether there is one.
   *
   * @default - no canary
   */
  readonly canaryName?: string;
  /**
   * URLs the canary fetches; required with `canaryName`.
   *
   * @default - none
   */
  readonly canaryUrls?: string[];
  /**
   * How often the canary runs.
   *
   * @default Duration.minutes(5)
   */
  readonly canaryInterval?: Duration;
  /**
   * Rows of the dashboard beside the alarm state, in order.
   *
   * @default - none
   */
  readonly widgets?: cloudwatch.IWidget[];
  /**
   * Key for topic, canary artifacts and canary environment.
   *
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * What happens to the canary's artifacts when the stamp is removed.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What tells a person: one composite alarm "stamp unhealthy", a topic, a dashboard and a canary.
 *
 * Every alarm that is passed in gets the topic as its action, for going off and for going back.
 */
export class StampObservability extends Construct {
  /** Topic that the alarms notify. */
  public readonly alarmTopic: sns.ITopic;
  /** In alarm while any critical alarm is. */
  public readonly unhealthyAlarm: cloudwatch.CompositeAlarm;
  /** The dashboard. */
  public readonly dashboard: cloudwatch.Dashboard;
  /** Present with `canaryName`. */
  public readonly canary?: StampCanary;

  /** @throws StampError OBSERVABILITY_WITHOUT_ALARMS when there is no critical alarm, OBSERVABILITY_CANARY_WITHOUT_URLS when a canary has nothing to fetch */
  public constructor(scope: Construct, id: string, props: StampObservabilityProps) {
    super(scope, id);
    const warningAlarms = props.warningAlarms ?? [];
    if (props.criticalAlarms.length === 0) {
      throw new StampError(
        'OBSERVABILITY_WITHOUT_ALARMS',
        'criticalAlarms is empty',
        'Pass at least one alarm: a composite alarm over nothing can never go off.',
      );
    }

    this.alarmTopic =
      props.alarmTopic ??
      new AlarmTopic(this, 'AlarmTopic', {
        ...(props.subscriptions !== undefined && { subscriptions: props.subscriptions }),
        ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
      }).topic;

    const criticalAlarms = [...props.criticalAlarms];
    if (props.canaryName !== undefined) {
      if (props.canaryUrls === undefined || props.canaryUrls.length === 0) {
        throw new StampError(
          'OBSERVABILITY_CANARY_WITHOUT_URLS',
          'canaryName is set but canaryUrls is empty',
          'Pass at least one URL in canaryUrls.',
        );
      }
      this.canary = new StampCanary(this, 'Canary', {
        canaryName: props.canaryName,
        urls: props.canaryUrls,
        ...(props.canaryInterval !== undefined && { interval: props.canaryInterval }),
        ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
        ...(props.removalPolicy !== undefined && { removalPolicy: props.removalPolicy }),
      });
      criticalAlarms.push(this.canary.failureAlarm);
    }

    const notify = new actions.SnsAction(this.alarmTopic);
    for (const alarm of [...criticalAlarms, ...warningAlarms]) {
      alarm.addAlarmAction(notify);
      alarm.addOkAction(notify);
    }

    this.unhealthyAlarm = new cloudwatch.CompositeAlarm(this, 'Unhealthy', {
      compositeAlarmName: props.unhealthyAlarmName,
      alarmDescription:
        'The stamp is unhealthy: at least one of its critical alarms is going off. The dashboard of its stack shows which.',
      alarmRule: cloudwatch.AlarmRule.anyOf(
        ...criticalAlarms.map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM)),
      ),
    });
    this.unhealthyAlarm.addAlarmAction(notify);
    this.unhealthyAlarm.addOkAction(notify);

    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
    this.dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: 'Stamp', width: 24, height: 2, alarms: [this.unhealthyAlarm] }),
      new cloudwatch.AlarmStatusWidget({ title: 'Critical', width: 12, height: 4, alarms: criticalAlarms }),
      ...(warningAlarms.length > 0
        ? [new cloudwatch.AlarmStatusWidget({ title: 'Margins', width: 12, height: 4, alarms: warningAlarms })]
        : []),
    );
    if (props.widgets !== undefined && props.widgets.length > 0) this.dashboard.addWidgets(...props.widgets);
  }
}
