import { definedOf, type ResourceView } from '../resource-view';
import type { HealthyTargets, ListenerRuleFact, TargetGroupFact } from '../facts/edge';
import type { ValueView } from '../value-view';
import type { Drafts } from './drafts';
import { numberOr } from './number-or';
import type { Reader } from './reader';

/** `AWS::ElasticLoadBalancingV2::*`, and classic load balancers as far as records need them. */
export const EDGE_READERS: Readonly<Record<string, Reader>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': readLoadBalancer,
  'AWS::ElasticLoadBalancing::LoadBalancer': readClassicLoadBalancer,
  'AWS::ElasticLoadBalancingV2::Listener': readListener,
  'AWS::ElasticLoadBalancingV2::ListenerRule': readListenerRule,
  'AWS::ElasticLoadBalancingV2::TargetGroup': readTargetGroup,
};

function readLoadBalancer(view: ResourceView, drafts: Drafts): void {
  const attributes = attributesOf(view.at('LoadBalancerAttributes'));
  const type = view.at('Type').text() ?? 'application';
  drafts.loadBalancers.push(
    view.fact({
      reference: view.reference(),
      type: type === 'network' || type === 'gateway' ? type : ('application' as const),
      scheme: view.at('Scheme').text() === 'internal' ? ('internal' as const) : ('internet-facing' as const),
      dnsName: view.attribute('DNSName'),
      availabilityZones: [],
      subnets: [
        ...view.at('Subnets').texts(),
        ...view
          .at('SubnetMappings')
          .items()
          .flatMap((mapping) => mapping.at('SubnetId').text() ?? []),
      ],
      targetGroupIds: [],
      listeners: [],
      deletionProtection: attributes('deletion_protection.enabled')?.flag() ?? false,
      zonalShift: attributes('zonal_shift.config.enabled')?.flag() ?? false,
      // On for application load balancers, off for the others (aws-facts 6.1).
      crossZone: attributes('load_balancing.cross_zone.enabled')?.flag() ?? type === 'application',
      clientKeepAlive: type === 'application' ? numberOr(attributes('client_keep_alive.seconds'), 3600) : undefined,
    }),
  );
}

function readClassicLoadBalancer(view: ResourceView, drafts: Drafts): void {
  drafts.loadBalancers.push(
    view.fact({
      reference: view.reference(),
      type: 'classic' as const,
      scheme: view.at('Scheme').text() === 'internal' ? ('internal' as const) : ('internet-facing' as const),
      dnsName: view.attribute('DNSName'),
      availabilityZones: view.at('AvailabilityZones').texts(),
      subnets: view.at('Subnets').texts(),
      targetGroupIds: [],
      listeners: [],
      deletionProtection: false,
      zonalShift: false,
      crossZone: view.at('CrossZone').flag() ?? false,
    }),
  );
}

function readListener(view: ResourceView, drafts: Drafts): void {
  drafts.listeners.push(
    definedOf({
      reference: view.reference(),
      loadBalancer: view.at('LoadBalancerArn').text() ?? '',
      port: view.at('Port').number(),
      protocol: view.at('Protocol').text(),
      sslPolicy: view.at('SslPolicy').text(),
      rules: [{ otherConditions: false, ...actionOf(view.at('DefaultActions').items()) }],
    }),
  );
}

function readListenerRule(view: ResourceView, drafts: Drafts): void {
  const conditions = view.at('Conditions').items();
  const onPath = conditions.filter((condition) => condition.at('Field').text() === 'path-pattern');
  drafts.listenerRules.push(
    definedOf({
      listener: view.at('ListenerArn').text() ?? '',
      priority: view.at('Priority').number(),
      paths:
        onPath.length > 0
          ? onPath.flatMap((condition) => [
              ...condition.at('PathPatternConfig', 'Values').texts(),
              ...condition.at('Values').texts(),
            ])
          : undefined,
      otherConditions: onPath.length < conditions.length,
      ...actionOf(view.at('Actions').items()),
    }),
  );
}

function actionOf(actions: readonly ValueView[]): Pick<ListenerRuleFact, 'action' | 'authenticates' | 'targetGroupIds'> {
  const types = actions.map((action) => action.at('Type').text() ?? '');
  return {
    action: types.find((type) => !type.startsWith('authenticate-')) ?? '',
    authenticates: types.some((type) => type.startsWith('authenticate-')),
    targetGroupIds: actions.flatMap((action) => {
      const weighted = action.at('ForwardConfig', 'TargetGroups').items();
      const groups = weighted.flatMap((group) => group.at('TargetGroupArn').text() ?? []);
      return groups.length > 0 ? groups : (action.at('TargetGroupArn').text() ?? []);
    }),
  };
}

function readTargetGroup(view: ResourceView, drafts: Drafts): void {
  const attributes = attributesOf(view.at('TargetGroupAttributes'));
  const targetType = view.at('TargetType').text() ?? 'instance';
  const fixedTargets = view
    .at('Targets')
    .items()
    .flatMap((target) => target.at('Id').text() ?? []);
  drafts.targetGroups.push(
    view.fact({
      reference: view.reference(),
      targetType: targetType as TargetGroupFact['targetType'],
      healthCheck: healthCheckOf(view, targetType),
      deregistrationDelay:
        targetType === 'lambda' ? undefined : numberOr(attributes('deregistration_delay.timeout_seconds'), 300),
      stickiness: attributes('stickiness.enabled')?.flag() ?? false,
      dnsFailover: healthyTargets(attributes, 'dns_failover'),
      unhealthyStateRouting: healthyTargets(attributes, 'unhealthy_state_routing'),
      loadBalancerIds: [],
      targetIds: [],
      otherTargets: 0,
      fixedTargets,
    }),
  );
}

/** Defaults: aws-facts 6.1; those of functions as `CreateTargetGroup` documents them. */
function healthCheckOf(view: ResourceView, targetType: string): TargetGroupFact['healthCheck'] {
  const lambda = targetType === 'lambda';
  const groupProtocol = view.at('Protocol').text() ?? 'HTTP';
  const http = lambda || groupProtocol.startsWith('HTTP');
  const protocol = lambda ? undefined : (view.at('HealthCheckProtocol').text() ?? (http ? 'HTTP' : 'TCP'));
  return definedOf({
    enabled: view.at('HealthCheckEnabled').flag() ?? !lambda,
    path: view.at('HealthCheckPath').text() ?? (http ? '/' : undefined),
    protocol,
    interval: numberOr(view.at('HealthCheckIntervalSeconds'), lambda ? 35 : 30),
    timeout: numberOr(view.at('HealthCheckTimeoutSeconds'), lambda ? 30 : http ? 5 : protocol === 'HTTP' ? 6 : 10),
    healthyThreshold: numberOr(view.at('HealthyThresholdCount'), 5),
    unhealthyThreshold: numberOr(view.at('UnhealthyThresholdCount'), 2),
    matcher: view.at('Matcher', 'HttpCode').text() ?? (http ? '200' : undefined),
  });
}

/** Defaults: one healthy target, no percentage (aws-facts 6.1). */
function healthyTargets(attributes: (key: string) => ValueView | undefined, policy: string): HealthyTargets {
  const limit = (kind: 'count' | 'percentage', standard: number | undefined): number | undefined => {
    const view = attributes(`target_group_health.${policy}.minimum_healthy_targets.${kind}`);
    if (view === undefined) return standard;
    return view.text() === 'off' ? undefined : view.number();
  };
  return definedOf({ count: limit('count', 1), percentage: limit('percentage', undefined) });
}

/** Finds the value of a `Key`/`Value` attribute. */
function attributesOf(list: ValueView): (key: string) => ValueView | undefined {
  const attributes = new Map(list.items().map((item) => [item.at('Key').text() ?? '', item.at('Value')] as const));
  return (key) => attributes.get(key);
}
