import { Match } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHECKER_RANGES } from '../../lib/facts/checker-ranges';
import { EXAMPLE_VALUES, synthesize } from '../support/synth';
import { addExampleEdge } from './stamp-edge-example';
import { evaluateWebAcl, urlDecode } from './stamp-edge-web-acl-evaluator';

const CHECKER = '54.228.16.7';
const CLIENT = '203.0.113.9';
const BLOCKED_CLIENT = '198.51.100.20';
const LATER_RULES = ['block-cidrs', 'limit-client', 'limit-tenant', 'ip-reputation', 'known-bad-inputs', 'common'];

const template = synthesize((stack) => {
  addExampleEdge(stack, { blockedCidrs: ['198.51.100.0/24'], rateLimitPer5Min: 300, tenantRateLimitPer5Min: 9000 });
});
const rules = Object.values(template.findResources('AWS::WAFv2::WebACL'))[0]!.Properties.Rules as any[];

describe('order and content of the rules', () => {
  test('checkers, reserved path, block list, rates, managed groups', () => {
    expect(rules.map((rule) => [rule.Priority, rule.Name])).toEqual([
      [0, 'allow-route53-checkers'],
      [1, 'block-reserved-path'],
      [2, 'block-cidrs'],
      [3, 'limit-client'],
      [4, 'limit-tenant'],
      [5, 'ip-reputation'],
      [6, 'known-bad-inputs'],
      [7, 'common'],
    ]);
  });

  test('without block list and tenant limit their rules are absent', () => {
    const plain = synthesize((stack) => {
      addExampleEdge(stack);
    });
    plain.resourceCountIs('AWS::WAFv2::IPSet', 1);
    plain.hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: Match.arrayWith([
        Match.objectLike({
          Name: 'limit-client',
          Priority: 2,
          Statement: { RateBasedStatement: { Limit: 2000, EvaluationWindowSec: 300, AggregateKeyType: 'IP' } },
        }),
      ]),
    });
    expect(JSON.stringify(plain.findResources('AWS::WAFv2::WebACL'))).not.toMatch(/block-cidrs|limit-tenant/);
  });

  test('the first address set is the list of the Route 53 checkers', () => {
    template.hasResourceProperties('AWS::WAFv2::IPSet', {
      Scope: 'REGIONAL',
      IPAddressVersion: 'IPV4',
      Addresses: [...CHECKER_RANGES],
    });
  });

  test('clients are limited by address, tenants by host name, both with 429', () => {
    const tooMany = { Block: { CustomResponse: { ResponseCode: 429 } } };
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: Match.arrayWith([
        Match.objectLike({
          Name: 'limit-client',
          Action: tooMany,
          Statement: { RateBasedStatement: { Limit: 300, EvaluationWindowSec: 300, AggregateKeyType: 'IP' } },
        }),
        Match.objectLike({
          Name: 'limit-tenant',
          Action: tooMany,
          Statement: {
            RateBasedStatement: {
              Limit: 9000,
              EvaluationWindowSec: 300,
              AggregateKeyType: 'CUSTOM_KEYS',
              CustomKeys: [{ Header: { Name: 'host', TextTransformations: [{ Priority: 0, Type: 'LOWERCASE' }] } }],
            },
          },
        }),
      ]),
    });
  });

  test('large bodies are counted, not blocked', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Rules: Match.arrayWith([
        Match.objectLike({
          Name: 'common',
          OverrideAction: { None: {} },
          Statement: {
            ManagedRuleGroupStatement: {
              VendorName: 'AWS',
              Name: 'AWSManagedRulesCommonRuleSet',
              RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }],
            },
          },
        }),
      ]),
    });
  });

  test("metrics carry the stamp's name and the rules' own, never a construct path", () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      VisibilityConfig: Match.objectLike({ MetricName: EXAMPLE_VALUES.recordName, CloudWatchMetricsEnabled: true }),
    });
    for (const rule of rules) expect(rule.VisibilityConfig.MetricName).toBe(rule.Name);
  });
});

describe('the health path', () => {
  test.each(CHECKER_RANGES.map((range) => range.split('/')[0]!))('a checker at %s passes', (ip) => {
    expect(evaluateWebAcl(template, { ip, path: '/.stamp/health' })).toEqual({ action: 'allow', rule: 'allow-route53-checkers' });
  });

  test('nothing that comes later can block a checker: not a rate, not a managed group, not a block list of everybody', () => {
    const blocklist = Object.keys(
      template.findResources('AWS::WAFv2::IPSet', { Properties: { Addresses: ['198.51.100.0/24'] } }),
    )[0]!;
    expect(
      evaluateWebAcl(
        template,
        { ip: CHECKER, path: '/.stamp/health' },
        { matching: LATER_RULES, addresses: { [blocklist]: ['0.0.0.0/1', '128.0.0.0/1'] } },
      ),
    ).toEqual({ action: 'allow', rule: 'allow-route53-checkers' });
  });

  test.each([CLIENT, BLOCKED_CLIENT, '54.228.16.64', '15.177.4.1'])('%s, who is no checker, is blocked', (ip) => {
    expect(evaluateWebAcl(template, { ip, path: '/.stamp/health' })).toEqual({ action: 'block', rule: 'block-reserved-path' });
  });

  test.each([
    '/.stamp/health/',
    '/.stamp/live',
    '/.stamp',
    '/.stamp/',
    '/.stamp/../admin',
    '//.stamp/health',
    '/%2estamp/health',
    '/%2Estamp%2Fhealth',
    '/.stamp%2fhealth',
    '/.STAMP/health',
    '/.Stamp/Health',
    '/a/../.stamp/health',
    '/a/%2e%2e/.stamp/health',
    '/./.stamp/health',
    '/.stamp/./health',
    '/.stamp/health;v=1',
    '/..//.stamp/health',
    '/a/../.stamp//../health',
    '/x/.stamp/health',
    '/x/.stamp',
  ])('%s is blocked for clients and for checkers alike', (path) => {
    for (const ip of [CLIENT, CHECKER]) {
      expect(evaluateWebAcl(template, { ip, path })).toEqual({ action: 'block', rule: 'block-reserved-path' });
    }
  });

  test.each(['/admin', '/.stampede', '/health', '/x.stamp/health', '/healthz', '/'])(
    '%s is judged by the later rules, for a checker as for everybody',
    (path) => {
      for (const ip of [CLIENT, CHECKER]) {
        expect(evaluateWebAcl(template, { ip, path })).toEqual({ action: 'allow' });
        expect(evaluateWebAcl(template, { ip, path }, { matching: ['common'] })).toEqual({ action: 'block', rule: 'common' });
      }
    },
  );

  test('a blocked CIDR is blocked everywhere else', () => {
    expect(evaluateWebAcl(template, { ip: BLOCKED_CLIENT, path: '/' })).toEqual({ action: 'block', rule: 'block-cidrs' });
  });

  test('however the load balancer normalises a path, no client gets to the reserved one and no checker past the other rules', () => {
    const segment = fc.constantFrom('.stamp', '%2estamp', '.STAMP', 'health', '..', '%2e%2e', '.', '', 'a', '%2E', 'admin');
    const separator = fc.constantFrom('/', '//', '%2f');
    const path = fc
      .array(fc.tuple(separator, segment), { minLength: 1, maxLength: 6 })
      .map((parts) => `/${parts.map(([slash, name], index) => (index === 0 ? name : slash + name)).join('')}`);
    fc.assert(
      fc.property(path, (sent) => {
        const decoded = [sent, urlDecode(sent)];
        const merged = [...decoded, ...decoded.map((spelling) => spelling.replace(/\/+/g, '/'))];
        const spellings = [...merged, ...merged.map(resolveDots)];
        const reserved = spellings.some((spelling) => spelling === '/.stamp' || spelling.startsWith('/.stamp/'));
        if (reserved) expect(evaluateWebAcl(template, { ip: CLIENT, path: sent }).action).toBe('block');
        if (sent !== '/.stamp/health') {
          expect(evaluateWebAcl(template, { ip: CHECKER, path: sent }).rule).not.toBe('allow-route53-checkers');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the stamp's own probe of the application", () => {
  const OWN = '192.0.2.77';
  const withOwn = synthesize((stack) => {
    addExampleEdge(stack, { ownAddresses: [OWN], blockedCidrs: ['198.51.100.0/24'], rateLimitPer5Min: 10 });
  });

  test('passes whatever the later rules say, on the one path', () => {
    expect(evaluateWebAcl(withOwn, { ip: OWN, path: '/healthz' }, { matching: LATER_RULES })).toEqual({
      action: 'allow',
      rule: 'allow-own-health-probe',
    });
  });

  test.each(['/', '/healthz/', '/healthz/../admin', '//healthz', '/%68ealthz', '/HEALTHZ'])(
    'is limited on %s like everybody',
    (path) => {
      expect(evaluateWebAcl(withOwn, { ip: OWN, path }, { matching: ['limit-client'] })).toEqual({
        action: 'block',
        rule: 'limit-client',
      });
    },
  );

  test('opens neither the reserved path to the stamp itself nor the health path to others', () => {
    expect(evaluateWebAcl(withOwn, { ip: OWN, path: '/.stamp/health' }).rule).toBe('block-reserved-path');
    expect(evaluateWebAcl(withOwn, { ip: CLIENT, path: '/healthz' }, { matching: ['limit-client'] }).action).toBe('block');
  });
});

describe('logging', () => {
  test('blocked and counted requests go to a log group of a name that WAF accepts, without credentials', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('^aws-waf-logs-use1\\.enterprise\\.')])] },
      RetentionInDays: 365,
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      LogDestinationConfigs: [Match.objectLike({ 'Fn::Join': ['', [Match.stringLikeRegexp(':log-group:$'), Match.anyValue()]] })],
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
      LoggingFilter: Match.objectLike({ DefaultBehavior: 'DROP' }),
    });
  });

  test('the web ACL is in front of the load balancer', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { Ref: Match.stringLikeRegexp('^EdgeLoadBalancer') },
      WebACLArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^EdgeWebAcl'), 'Arn'] },
    });
  });
});

/** Dot segments removed as RFC 3986 section 5.2.4 does, empty segments kept. */
function resolveDots(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, index) => {
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  });
  return `/${kept.join('/')}`;
}
