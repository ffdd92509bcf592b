import { Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { HEALTH_CHECK_METRICS_REGION } from '../facts/health-check-timing';
import { HEALTH_PATH } from '../facts/reserved-paths';
import { createGroupAlarm, createStampAlarms } from './private/routing-alarms';
import { aliasRecord, createGroupRecords } from './private/routing-records';
import { checkRouting } from './private/routing-rules';
import { StampChecks } from './private/stamp-checks';
import type { RoutedStamp, RoutingPolicy, SwitchLocation } from './routed-stamp';

/** Properties of {@link StampRouting}. */
export interface StampRoutingProps {
  /** Public hosted zone of all names. */
  readonly hostedZone: route53.IHostedZone;
  /** The name that the stamps answer together, such as `enterprise.shop.example.com`. */
  readonly recordName: string;
  /** How Route 53 chooses. */
  readonly policy: RoutingPolicy;
  /** The stamps. */
  readonly stamps: RoutedStamp[];
  /** The control Regions' switch buckets; two or more, so that the loss of one Region takes away no evacuation. */
  readonly switches: SwitchLocation[];
  /**
   * Further names that answer like `recordName`, one per tenant.
   *
   * @default - none
   */
  readonly tenantRecordNames?: string[];
  /**
   * Whether a failing deep check takes a stamp out of service by itself. False leaves it out of the verdict: it alarms, and only
   * the switch moves traffic.
   *
   * @default true
   */
  readonly automaticTraffic?: boolean;
  /**
   * Path of the deep check on each stamp's own name.
   *
   * @default '/.stamp/health'
   */
  readonly healthPath?: string;
  /**
   * Topic in us-east-1 that the alarms notify.
   *
   * @default - alarms notify nobody
   */
  readonly alarmTopic?: sns.ITopic;
  /**
   * Whether to create alarms on the checks. Their metrics exist only in us-east-1, so a stack elsewhere has to say false.
   *
   * @default true
   */
  readonly alarms?: boolean;
  /**
   * Name of the alarm that says no stamp is in service.
   *
   * @default - a name made from the construct's path
   */
  readonly groupAlarmName?: string;
}

/**
 * Health checks and records of one tenant group (design 7).
 *
 * Per stamp: a deep check of its health path, one inverted check of its switch in every control Region, and the calculated verdict
 * over them. The group's name answers with the stamps whose verdict is healthy; the tenants' names follow the group's. Moving
 * traffic changes a switch object or a stamp's health, never anything of this construct: a failover changes no template (R1).
 *
 * Route 53 takes an alias only to a record that exists, so stamps are deployed before their routing and removed after it.
 *
 * @throws StampError `ROUTING_*` for what Route 53 would reject, or accept and answer wrongly: see each property
 */
export class StampRouting extends Construct {
  /** Records of the group's name. */
  public readonly records: route53.CfnRecordSet[];
  /** Records of the tenants' names. */
  public readonly tenantRecords: route53.CfnRecordSet[];
  /** In alarm while no stamp is in service; undefined without alarms. */
  public readonly groupAlarm?: cloudwatch.CompositeAlarm;
  /** Alarms of the stamps; empty without alarms. */
  public readonly alarms: cloudwatch.Alarm[] = [];

  private readonly checks = new Map<string, StampChecks>();

  public constructor(scope: Construct, id: string, props: StampRoutingProps) {
    super(scope, id);
    checkRouting(props);
    const checksScope = new Construct(this, 'Checks');
    for (const stamp of props.stamps) {
      this.checks.set(
        stamp.stampId,
        new StampChecks(checksScope, stamp.stampId, {
          stampId: stamp.stampId,
          recordName: stamp.recordName,
          healthPath: props.healthPath ?? HEALTH_PATH,
          switches: props.switches.map((location) => ({ ...location, joining: location.joining ?? false })),
          automaticTraffic: props.automaticTraffic ?? true,
        }),
      );
    }
    this.records = createGroupRecords(props.policy, props.stamps, {
      scope: new Construct(this, 'Records'),
      hostedZone: props.hostedZone,
      recordName: props.recordName,
      checkOf: (stamp) => this.inServiceCheck(stamp.stampId).attrHealthCheckId,
    });
    const tenantScope = new Construct(this, 'Tenants');
    this.tenantRecords = (props.tenantRecordNames ?? []).map((name) => {
      const record = aliasRecord(tenantScope, name, props.hostedZone, name, props.recordName, {});
      for (const target of this.records) record.addResourceDependency(target);
      return record;
    });
    if (props.alarms ?? true) this.groupAlarm = this.createAlarms(props);
  }

  /**
   * The deep check of a stamp.
   *
   * @throws StampError `ROUTING_UNKNOWN_STAMP`
   */
  public deepCheck(stampId: string): route53.CfnHealthCheck {
    return this.checksOf(stampId).deep;
  }

  /**
   * The switch checks of a stamp that count, in the order of the switches.
   *
   * @throws StampError `ROUTING_UNKNOWN_STAMP`
   */
  public switchChecks(stampId: string): route53.CfnHealthCheck[] {
    return [...this.checksOf(stampId).switches];
  }

  /**
   * The calculated verdict over a stamp, which its record follows.
   *
   * @throws StampError `ROUTING_UNKNOWN_STAMP`
   */
  public inServiceCheck(stampId: string): route53.CfnHealthCheck {
    return this.checksOf(stampId).inService;
  }

  private checksOf(stampId: string): StampChecks {
    const checks = this.checks.get(stampId);
    if (checks !== undefined) return checks;
    throw new StampError(
      'ROUTING_UNKNOWN_STAMP',
      `there is no stamp ${stampId}`,
      `Use one of ${[...this.checks.keys()].join(', ')}`,
    );
  }

  private createAlarms(props: StampRoutingProps): cloudwatch.CompositeAlarm {
    const { region } = Stack.of(this);
    if (!Token.isUnresolved(region) && region !== HEALTH_CHECK_METRICS_REGION) {
      throw new StampError(
        'ROUTING_REGION',
        `the routing is in ${region}, and the metrics of health checks exist only in ${HEALTH_CHECK_METRICS_REGION} (aws-facts 2.8)`,
        `Put the stack into ${HEALTH_CHECK_METRICS_REGION}, or set alarms to false and watch the checks elsewhere`,
      );
    }
    const outOfService = [...this.checks].map(([stampId, checks]) => {
      const alarms = createStampAlarms(checks, stampId, props.alarmTopic);
      this.alarms.push(alarms.deepFailing, alarms.evacuated, alarms.outOfService);
      return alarms.outOfService;
    });
    return createGroupAlarm(this, props.recordName, props.groupAlarmName, outOfService, props.alarmTopic);
  }
}
