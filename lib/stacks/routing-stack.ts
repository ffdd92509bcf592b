import { RemovalPolicy, Stack, type Environment, type IStackSynthesizer, type StackProps } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AlarmTopic } from '../constructs/alarm-topic';
import { RoutingPolicy, type RoutedStamp, type SwitchLocation } from '../constructs/routed-stamp';
import { StampKey } from '../constructs/stamp-key';
import { StampRouting } from '../constructs/stamp-routing';
import type { ControlMember, Fleet, StampSpec, TenantGroup } from '../topology/types';

/** What a routing stack needs to know of the fleet. */
export type RoutedFleet = Pick<Fleet, 'routingRegion' | 'control' | 'alarmSubscriptions' | 'tags'>;

/** What it needs to know of a stamp. */
export interface RoutedMember extends Pick<StampSpec, 'id' | 'regionCode' | 'preferredRole'> {
  readonly shape: Pick<StampSpec['shape'], 'region'>;
  readonly values: Pick<StampSpec['values'], 'recordName'>;
}

/** What it needs to know of its group; names and numbers that are not structure may be tokens. */
export interface RoutedGroup extends Pick<
  TenantGroup,
  'name' | 'account' | 'zone' | 'recordName' | 'tenantRecordNames' | 'mode' | 'routing' | 'tags'
> {
  readonly names: Pick<TenantGroup['names'], 'routingStack'>;
  readonly failover: Pick<TenantGroup['failover'], 'traffic'>;
  readonly guards: Pick<TenantGroup['guards'], 'terminationProtection'>;
  readonly stamps: readonly RoutedMember[];
}

export interface RoutingStackProps {
  readonly fleet: RoutedFleet;
  readonly group: RoutedGroup;
  /**
   * @default - the group's account and the fleet's routing Region
   */
  readonly env?: Environment;
  /**
   * Topic in the routing Region that the alarms notify.
   *
   * @default - an own topic with the fleet's alarm subscriptions; without subscriptions alarms notify nobody
   */
  readonly alarmTopicArn?: string;
  /** @default - the name that the group gives it */
  readonly stackName?: string;
  /** @default - aws-cdk-lib's */
  readonly synthesizer?: IStackSynthesizer;
}

/** What a routing stack says of itself outside its template. */
export function routingStackSettings(
  fleet: RoutedFleet,
  group: RoutedGroup,
): Pick<StackProps, 'env' | 'stackName' | 'terminationProtection' | 'tags'> {
  return {
    env: { account: group.account, region: fleet.routingRegion },
    stackName: group.names.routingStack,
    terminationProtection: group.guards.terminationProtection.enabled,
    tags: { ...fleet.tags, ...group.tags },
  };
}

/** `<fleet>-<group>-routing`: checks, records and alarms of one tenant group, in the Region that has the metrics of health checks. */
export class RoutingStack extends Stack {
  public readonly routing: StampRouting;

  public constructor(scope: Construct, id: string, props: RoutingStackProps) {
    const { fleet, group } = props;
    super(scope, id, {
      ...routingStackSettings(fleet, group),
      ...(props.env !== undefined && { env: props.env }),
      ...(props.stackName !== undefined && { stackName: props.stackName }),
      ...(props.synthesizer !== undefined && { synthesizer: props.synthesizer }),
      description: `Health checks, switches and DNS records of ${group.name}`,
    });
    this.routing = new StampRouting(this, 'Routing', {
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(this, 'Zone', {
        hostedZoneId: group.zone.hostedZoneId,
        zoneName: group.zone.name,
      }),
      recordName: group.recordName,
      tenantRecordNames: [...group.tenantRecordNames],
      policy: policyOf(group),
      stamps: group.stamps.map((stamp) => routedStamp(group, stamp)),
      switches: [
        ...fleet.control.members.map((member) => switchLocation(member, false)),
        ...fleet.control.joining.map((member) => switchLocation(member, true)),
      ],
      automaticTraffic: group.failover.traffic === 'automatic',
      alarmTopic: this.alarmTopic(props),
      // The name that CDK makes holds the construct id of the stack, which a shape has of its own.
      groupAlarmName: `${group.names.routingStack}-no-stamp-in-service`,
    });
  }

  /** The topic that was given; or an own one when the fleet says whom to tell. */
  private alarmTopic({ fleet, group, alarmTopicArn }: RoutingStackProps): sns.ITopic | undefined {
    if (alarmTopicArn !== undefined) return sns.Topic.fromTopicArn(this, 'GivenTopic', alarmTopicArn);
    if (fleet.alarmSubscriptions.length === 0) return undefined;
    const { key } = new StampKey(this, 'Key', {
      aliasName: routingKeyAlias(group),
      description: 'Encrypts the alarms of one group on their way',
      // Nothing is stored with it: it may go with the stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new AlarmTopic(this, 'AlarmTopic', { subscriptions: [...fleet.alarmSubscriptions], encryptionKey: key }).topic;
  }
}

/** Alias of the key of a group's routing alarms. */
function routingKeyAlias(group: RoutedGroup): string {
  return `alias/${group.names.routingStack}`;
}

function policyOf(group: RoutedGroup): RoutingPolicy {
  switch (group.mode) {
    case 'active-passive':
      return RoutingPolicy.FAILOVER;
    case 'single':
      return RoutingPolicy.SIMPLE;
    case 'active-active':
      switch (group.routing?.policy) {
        case 'weighted':
          return RoutingPolicy.WEIGHTED;
        case 'geolocation':
          return RoutingPolicy.GEOLOCATION;
        case 'latency':
        case undefined:
          return RoutingPolicy.LATENCY;
      }
  }
}

function routedStamp(group: RoutedGroup, stamp: RoutedMember): RoutedStamp {
  const { routing } = group;
  return {
    stampId: stamp.id,
    region: stamp.shape.region,
    recordName: stamp.values.recordName,
    primary: stamp.preferredRole === 'primary',
    ...(routing?.policy === 'weighted' ? { weight: routing.weights[stamp.regionCode] } : {}),
    ...(routing?.policy === 'geolocation'
      ? { areas: [...(routing.areas[stamp.regionCode] ?? [])], defaultArea: routing.default === stamp.regionCode }
      : {}),
  };
}

function switchLocation({ code, region, bucketName }: ControlMember, joining: boolean): SwitchLocation {
  return { regionCode: code, region, bucketName, joining };
}
