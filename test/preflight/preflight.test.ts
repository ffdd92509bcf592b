import { describe, expect, test } from 'vitest';
import { QUOTA_KEYS, quotaOf } from '../../lib/facts/quotas';
import { checkQuotas, type InUse } from '../../lib/preflight/check-quotas';
import { countUsage } from '../../lib/preflight/count-usage';
import { type KnownQuota, Limits, quotaNamed, raisableQuotaNames } from '../../lib/preflight/known-quotas';
import { runPreflight } from '../../lib/preflight/preflight';
import { ACCOUNT, stacksOf, times } from './assembly';

const five = countUsage(stacksOf({ a: { resources: times(5, 'AWS::EC2::EIP') } }));
const six = countUsage(stacksOf({ a: { resources: times(6, 'AWS::EC2::EIP') } }));

function check(usages = six, known: readonly KnownQuota[] = [], inUse?: InUse) {
  return checkQuotas(usages, new Limits(known), inUse);
}

const given = (quota: KnownQuota['quota'], value: number): KnownQuota => ({ quota, value, from: 'given' });

describe('checkQuotas', () => {
  test('the default quota itself still fits, and is said to be full', () => {
    expect(check(five).findings).toMatchObject([{ code: 'quota-near', severity: 'warning' }]);
    expect(check(five).lines.find(({ quota }) => quota === 'elasticIps')).toMatchObject({ ok: true, share: 1 });
  });

  test('fails one above the default, and says which quota to raise to how much', () => {
    const { findings } = check();
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'quota-exceeded', severity: 'error' });
    expect(findings[0]!.message).toContain('us-east-1');
    expect(findings[0]!.message).toContain('120 % of 5, AWS’s default (ec2 L-0263D0A3; aws-facts 8.3)');
    expect(findings[0]!.fix).toContain('--quota L-0263D0A3=6');
  });

  test('a raised quota that is given is believed', () => {
    const { lines, findings } = check(six, [given('elasticIps', 100)]);
    expect(findings).toEqual([]);
    expect(lines.find((line) => line.quota === 'elasticIps')).toMatchObject({ limit: 100, limitFrom: 'given', ok: true });
  });

  test.each<[string, readonly KnownQuota[], number, string]>([
    ['what is given, before what was read', [given('elasticIps', 9), { ...given('elasticIps', 7), from: 'live' }], 9, 'given'],
    [
      'what was read, before the configuration',
      [
        { ...given('elasticIps', 7), from: 'live' },
        { ...given('elasticIps', 8), from: 'configured' },
      ],
      7,
      'live',
    ],
    [
      'the Region’s own value, before the account’s',
      [given('elasticIps', 7), { ...given('elasticIps', 8), region: 'us-east-1' }],
      8,
      'given',
    ],
    [
      'the account’s own value, before every account’s',
      [given('elasticIps', 7), { ...given('elasticIps', 8), account: ACCOUNT }],
      8,
      'given',
    ],
    [
      'nothing of another account or Region',
      [
        { ...given('elasticIps', 8), account: '999999999999' },
        { ...given('elasticIps', 8), region: 'eu-west-1' },
      ],
      5,
      'default',
    ],
  ])('takes %s', (_what, known, limit, limitFrom) => {
    expect(check(six, known).lines.find(({ quota }) => quota === 'elasticIps')).toMatchObject({ limit, limitFrom });
  });

  test('what others use counts too', () => {
    const inUse: InUse = ({ quota }) => (quota === 'elasticIps' ? 2 : undefined);
    const { lines, findings } = check(six, [given('elasticIps', 7)], inUse);
    expect(lines.find(({ quota }) => quota === 'elasticIps')).toMatchObject({ used: 6, inUse: 2, ok: false });
    expect(findings[0]!.message).toContain('6 of "Elastic IP addresses", beside 2 in use by others');
    expect(findings[0]!.fix).toContain('at least 8');
  });

  test.each([
    [900, true],
    [901, false],
  ])('of 1,000 concurrent executions 100 cannot be reserved: %i fit: %s', (reserved, ok) => {
    const usage = countUsage(
      stacksOf({ a: { resources: times(1, 'AWS::Lambda::Function', { ReservedConcurrentExecutions: reserved }) } }),
    );
    const errors = check(usage).findings.filter(({ severity }) => severity === 'error');
    expect(errors.length === 0).toBe(ok);
    if (!ok) expect(errors[0]!.fix).toContain('--quota L-B99A9384=1001');
  });

  test('fails for a hard limit, which no given value lifts', () => {
    const big = countUsage(stacksOf({ a: { resources: times(501, 'AWS::SNS::Topic') } }));
    expect(check(big, [given('resourcesPerTemplate', 1000)]).findings).toMatchObject([{ code: 'limit-exceeded' }]);
    expect(raisableQuotaNames()).not.toContain('resourcesPerTemplate');
  });

  test('fails for a template above 1 MiB', () => {
    const big = countUsage(stacksOf({ a: { resources: [], bytes: 1_048_577 } }));
    expect(check(big).findings).toMatchObject([{ code: 'limit-exceeded' }]);
  });

  test('a default that is not confirmed warns; a value that was read stops', () => {
    const vcpus = countUsage(
      stacksOf({
        a: {
          resources: {
            Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Cpu: '1024' } },
            Service: {
              Type: 'AWS::ECS::Service',
              Properties: { LaunchType: 'FARGATE', DesiredCount: 7, TaskDefinition: { Ref: 'Task' } },
            },
          },
        },
      }),
    );
    expect(check(vcpus).findings).toMatchObject([{ code: 'quota-unconfirmed', severity: 'warning' }]);
    expect(check(vcpus, [{ ...given('fargateVcpus', 6), from: 'live' }]).findings).toMatchObject([
      { code: 'quota-exceeded', severity: 'error' },
    ]);
  });

  test('Regions of one account that lack the same are one finding', () => {
    const regions = countUsage(
      stacksOf(
        Object.fromEntries(
          ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-west-2', 'eu-west-3'].map((region) => [
            region,
            { region, resources: times(6, 'AWS::EC2::EIP') },
          ]),
        ),
      ),
    );
    const { findings, lines } = check(regions);
    expect(lines.filter(({ quota }) => quota === 'elasticIps')).toHaveLength(5);
    expect(findings).toHaveLength(1);
    expect(findings[0]!.message).toContain(
      `account ${ACCOUNT}, eu-west-1, eu-west-2, eu-west-3 and 2 more: the fleet needs up to 6`,
    );
  });

  test('many resources over one limit are one finding that names three, and one line with the fullest', () => {
    const stacks = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((name, index) => [name, { resources: times(499 + index, 'AWS::SNS::Topic') }]),
    );
    const { lines, findings } = check(countUsage(stacksOf(stacks)));
    expect(lines.filter(({ quota }) => quota === 'resourcesPerTemplate')).toMatchObject([
      { resource: 'e', used: 503, resources: 5 },
    ]);
    expect(findings).toHaveLength(1);
    expect(findings[0]!.message).toContain('3 of 5 are over it: c, d, e');
  });

  test('AWS is asked for no more than it gives: a way out beyond a known ceiling is to spread', () => {
    const roles = countUsage(stacksOf({ a: { resources: times(5001, 'AWS::IAM::Role') } }));
    expect(check(roles).findings.find(({ where }) => where.path?.[0] === 'roles')!.fix).toContain('5,000 at most: spread');
  });
});

describe('names of quotas', () => {
  test('are keys and codes', () => {
    expect(quotaNamed('elasticIps')).toBe('elasticIps');
    expect(quotaNamed('L-0263D0A3')).toBe('elasticIps');
    expect(quotaNamed('L-00000000')).toBeUndefined();
  });

  test('every quota has what is needed to ask for it, or a hard limit is marked as one', () => {
    for (const key of QUOTA_KEYS) {
      const { source, scope, defaultValue, adjustable, quotaCode, ceiling } = quotaOf(key);
      expect(source).toMatch(/^aws-facts \d+\.\d+$/);
      expect(defaultValue).toBeGreaterThan(0);
      expect(['account', 'region', 'availability-zone', 'zone', 'name', 'stack', 'resource']).toContain(scope);
      expect(raisableQuotaNames().includes(key)).toBe(adjustable);
      if (quotaCode !== undefined) expect(quotaNamed(quotaCode)).toBe(key);
      if (ceiling !== undefined) expect(ceiling).toBeGreaterThan(defaultValue);
    }
  });
});

describe('runPreflight', () => {
  test('says what it cannot judge instead of passing over it', () => {
    const { notJudged } = runPreflight(
      stacksOf({ a: { resources: [...times(2, 'AWS::Foo::Bar'), ...times(1, 'AWS::EC2::VPC'), ...times(1, 'Custom::Thing')] } }),
    );
    expect(notJudged).toEqual([{ type: 'AWS::Foo::Bar', count: 2 }]);
  });

  test('names rule groups of a web ACL whose capacity nobody tells', () => {
    const Rules = [{ Statement: { ManagedRuleGroupStatement: { Name: 'Theirs', VendorName: 'Somebody' } } }];
    const { notJudged } = runPreflight(stacksOf({ a: { resources: times(1, 'AWS::WAFv2::WebACL', { Rules }) } }));
    expect(notJudged).toEqual([{ type: 'AWS::WAFv2::WebACL: capacity of Theirs', count: 1 }]);
  });

  test('looks at each stack a fixed number of times, however many there are', () => {
    const resources = [...times(60, 'AWS::IAM::Role'), ...times(60, 'AWS::EC2::Subnet', { VpcId: { Ref: 'R0' } })];
    /** How often the template of a stack is read, for each stack. */
    const looks = (stacks: number): number => {
      let count = 0;
      const fleet = stacksOf(
        Object.fromEntries(Array.from({ length: stacks }, (_, index) => [`stack-${index}`, { resources }])),
      ).map((stack) => ({
        ...stack,
        get template() {
          count += 1;
          return stack.template;
        },
      }));
      const { lines } = runPreflight(fleet);
      expect(lines.find(({ quota }) => quota === 'roles')).toMatchObject({ used: 60 * stacks });
      return count / stacks;
    };
    expect(looks(80)).toBe(looks(10));
  });
});
