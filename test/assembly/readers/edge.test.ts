import { describe, expect, test } from 'vitest';
import { CHECKER_RANGES } from '../../../lib/facts/checker-ranges';
import { factsOfTemplates } from '../../support/template-stacks';

const group = (properties: Record<string, unknown> = {}) =>
  factsOfTemplates({ resources: { Group: ['AWS::ElasticLoadBalancingV2::TargetGroup', properties] } }).targetGroups[0];

describe('target groups', () => {
  test('what the template leaves out has the service’s defaults', () => {
    expect(group()).toMatchObject({
      targetType: 'instance',
      healthCheck: {
        enabled: true,
        path: '/',
        protocol: 'HTTP',
        interval: 30,
        timeout: 5,
        healthyThreshold: 5,
        unhealthyThreshold: 2,
        matcher: '200',
      },
      deregistrationDelay: 300,
      stickiness: false,
      dnsFailover: { count: 1 },
      unhealthyStateRouting: { count: 1 },
      targetIds: [],
      otherTargets: 0,
    });
  });

  test('functions are not checked unless the template says so', () => {
    expect(group({ TargetType: 'lambda' })?.healthCheck).toEqual({
      ...{ enabled: false, path: '/', interval: 35, timeout: 30, healthyThreshold: 5, unhealthyThreshold: 2, matcher: '200' },
    });
    expect(group({ TargetType: 'lambda', HealthCheckEnabled: true })?.healthCheck.enabled).toBe(true);
  });

  test('network load balancers connect and no more', () => {
    expect(group({ Protocol: 'TCP' })?.healthCheck).toMatchObject({ protocol: 'TCP', timeout: 10 });
    expect(group({ Protocol: 'TCP' })?.healthCheck).not.toHaveProperty('path');
  });

  test('thresholds of DNS failover and routing', () => {
    const attribute = (key: string, value: string) => ({ Key: `target_group_health.${key}`, Value: value });
    const TargetGroupAttributes = [
      attribute('dns_failover.minimum_healthy_targets.count', '3'),
      attribute('dns_failover.minimum_healthy_targets.percentage', '50'),
      attribute('unhealthy_state_routing.minimum_healthy_targets.count', 'off'),
      { Key: 'deregistration_delay.timeout_seconds', Value: '20' },
    ];
    expect(group({ TargetGroupAttributes })).toMatchObject({
      dnsFailover: { count: 3, percentage: 50 },
      unhealthyStateRouting: {},
      deregistrationDelay: 20,
    });
  });

  test('targets that are written down', () => {
    const { targetGroups } = factsOfTemplates({
      resources: {
        Function: ['AWS::Lambda::Function', { FunctionName: 'answer' }],
        Alias: ['AWS::Lambda::Alias', { Name: 'live', FunctionName: { Ref: 'Function' } }],
        Health: ['AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'lambda', Targets: [{ Id: { Ref: 'Alias' } }] }],
        Old: [
          'AWS::ElasticLoadBalancingV2::TargetGroup',
          { TargetType: 'ip', Targets: [{ Id: '10.0.0.1' }, { Id: '10.0.0.2' }] },
        ],
      },
    });
    expect(targetGroups).toMatchObject([
      { id: 'app/Health', targetIds: ['app/Function'], otherTargets: 0 },
      { id: 'app/Old', targetIds: [], otherTargets: 2 },
    ]);
  });
});

const CHECK = { HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'www.example.com', ResourcePath: '/health' } };
const forward = (target: string) => [{ Type: 'forward', TargetGroupArn: { Ref: target } }];

function behindBalancer(extra: Record<string, readonly [string, unknown]> = {}, path = '/health') {
  return factsOfTemplates({
    resources: {
      SubnetA: ['AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1a', VpcId: 'vpc-1' }],
      SubnetB: ['AWS::EC2::Subnet', { AvailabilityZone: { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }, VpcId: 'vpc-1' }],
      Balancer: [
        'AWS::ElasticLoadBalancingV2::LoadBalancer',
        { Subnets: [{ Ref: 'SubnetA' }], SubnetMappings: [{ SubnetId: { Ref: 'SubnetB' } }] },
      ],
      Https: [
        'AWS::ElasticLoadBalancingV2::Listener',
        { LoadBalancerArn: { Ref: 'Balancer' }, Port: 443, Protocol: 'HTTPS', DefaultActions: forward('Web') },
      ],
      Web: ['AWS::ElasticLoadBalancingV2::TargetGroup', {}],
      Health: ['AWS::ElasticLoadBalancingV2::TargetGroup', {}],
      Record: [
        'AWS::Route53::RecordSet',
        {
          ...{ Name: 'www.example.com', Type: 'A', HostedZoneId: 'Z1' },
          AliasTarget: { DNSName: { 'Fn::GetAtt': ['Balancer', 'DNSName'] }, HostedZoneId: 'Z2', EvaluateTargetHealth: true },
        },
      ],
      Check: ['AWS::Route53::HealthCheck', { HealthCheckConfig: { ...CHECK.HealthCheckConfig, ResourcePath: path } }],
      ...extra,
    },
  });
}

const watches = (parsed: ReturnType<typeof behindBalancer>) => parsed.healthChecks[0]?.watches;
const rule = (Priority: number, Conditions: unknown[], Actions: unknown[]) =>
  ['AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: { Ref: 'Https' }, Priority, Conditions, Actions }] as const;
const onPath = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } });

describe('load balancers', () => {
  test('zones, defaults, and every target group they forward to', () => {
    const weighted = [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Health' }, Weight: 1 }] } }];
    const { loadBalancers } = behindBalancer({ Rule: rule(5, [onPath('/health')], weighted) });
    expect(loadBalancers).toMatchObject([
      {
        type: 'application',
        scheme: 'internet-facing',
        availabilityZones: ['[us-east-1.zone-1]', 'us-east-1a'],
        clientKeepAlive: 3600,
        crossZone: true,
        zonalShift: false,
        targetGroupIds: ['app/Health', 'app/Web'],
        listeners: [{ port: 443, rules: [{ priority: 5, paths: ['/health'] }, { targetGroupIds: ['app/Web'] }] }],
      },
    ]);
  });

  test.each([
    ['the default action', {}, 'app/Web'],
    ['a rule for the path', { Rule: rule(1, [onPath('/health*')], forward('Health')) }, 'app/Health'],
    [
      'the first of two rules',
      { B: rule(2, [onPath('/*')], forward('Web')), A: rule(1, [onPath('/health')], forward('Health')) },
      'app/Health',
    ],
    ['not a rule for another path', { Rule: rule(1, [onPath('/other')], forward('Health')) }, 'app/Web'],
    [
      'not a rule with further conditions',
      { Rule: rule(1, [onPath('/health'), { Field: 'http-header' }], forward('Health')) },
      'app/Web',
    ],
    [
      'nobody behind a login',
      { Rule: rule(1, [onPath('/health')], [{ Type: 'authenticate-oidc' }, ...forward('Health')]) },
      undefined,
    ],
    ['nobody behind a redirect', { Rule: rule(1, [onPath('/health')], [{ Type: 'redirect' }]) }, undefined],
  ])('the check’s path reaches %s', (_name, extra, targetGroupId) => {
    const target = watches(behindBalancer(extra));
    expect(target).toMatchObject({ kind: 'load-balancer', loadBalancerId: 'app/Balancer', path: '/health' });
    expect(target?.kind === 'load-balancer' ? target.targetGroupId : '').toBe(targetGroupId);
  });
});

const IS_CHECKER = { IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': ['Checkers', 'Arn'] } } };
const isPath = (SearchString: string, PositionalConstraint = 'EXACTLY', transformation = 'NONE') => ({
  ByteMatchStatement: {
    FieldToMatch: { UriPath: {} },
    PositionalConstraint,
    SearchString,
    TextTransformations: [{ Priority: 0, Type: transformation }],
  },
});
const aclRule = (Priority: number, action: string, Statement: unknown) => ({
  Name: `rule-${Priority}`,
  Priority,
  Action: { [action]: {} },
  Statement,
});
const managed = {
  Name: 'managed',
  Priority: 9,
  OverrideAction: { None: {} },
  Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'Common' } },
};
const RATE = { RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP' } };

function filtered(rules: readonly unknown[], action = 'Allow', addresses: readonly string[] = CHECKER_RANGES) {
  const target = watches(
    behindBalancer({
      Checkers: ['AWS::WAFv2::IPSet', { Addresses: addresses }],
      Acl: ['AWS::WAFv2::WebACL', { DefaultAction: { [action]: {} }, Rules: rules }],
      Association: [
        'AWS::WAFv2::WebACLAssociation',
        { WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, ResourceArn: { Ref: 'Balancer' } },
      ],
    }),
  );
  return target?.kind === 'load-balancer' ? target.filter : undefined;
}

describe('web ACLs and the checkers’ requests', () => {
  test.each([
    ['no rules', [], 'allowed', undefined],
    [
      'an allow for checkers ahead of everything',
      [aclRule(0, 'Allow', { AndStatement: { Statements: [IS_CHECKER, isPath('/health')] } }), managed],
      'allowed',
      'rule-0',
    ],
    ['the same behind a rate limit', [aclRule(0, 'Block', RATE), aclRule(1, 'Allow', IS_CHECKER)], 'uncertain', 'rule-0'],
    ['managed rules only', [managed], 'uncertain', 'managed'],
    ['a block of the path', [aclRule(0, 'Block', isPath('/HEALTH', 'CONTAINS'))], 'allowed', undefined],
    ['a block of the path in lower case', [aclRule(0, 'Block', isPath('/hea', 'STARTS_WITH', 'LOWERCASE'))], 'blocked', 'rule-0'],
    [
      'a block of everybody but checkers',
      [aclRule(0, 'Block', { NotStatement: { Statement: IS_CHECKER } })],
      'allowed',
      undefined,
    ],
    [
      'a block of either path',
      [aclRule(0, 'Block', { OrStatement: { Statements: [isPath('/a'), isPath('lth', 'ENDS_WITH')] } })],
      'blocked',
      'rule-0',
    ],
    ['a count', [aclRule(0, 'Count', isPath('/health'))], 'allowed', undefined],
    ['a captcha', [aclRule(0, 'Captcha', isPath('/health'))], 'blocked', 'rule-0'],
    [
      'rules in another order than their priorities',
      [aclRule(2, 'Block', isPath('/health')), aclRule(1, 'Allow', IS_CHECKER)],
      'allowed',
      'rule-1',
    ],
  ])('%s', (_name, rules, verdict, name) => {
    expect(filtered(rules)).toEqual({ webAclId: 'app/Acl', verdict, ...(name !== undefined && { rule: name }) });
  });

  test('blocks by default, and an address set that misses one range', () => {
    expect(filtered([aclRule(0, 'Allow', IS_CHECKER)], 'Block')).toMatchObject({ verdict: 'allowed' });
    expect(filtered([aclRule(0, 'Allow', IS_CHECKER)], 'Block', CHECKER_RANGES.slice(1))).toMatchObject({ verdict: 'blocked' });
    expect(filtered([aclRule(0, 'Allow', IS_CHECKER)], 'Block', ['15.177.2.0/24', ...CHECKER_RANGES.slice(1)])).toMatchObject({
      verdict: 'uncertain',
    });
  });
});
