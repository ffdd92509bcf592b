import { describe, expect, test } from 'vitest';
import type { ResourceRecordSet } from '../../../lib/assembly/route53-types';
import type { DnsState } from '../../../lib/resilience/dns';
import { NAME, alias, answered, ask, assumed, check, checksOf, down, unhealthy, values } from './zone';

/**
 * Each row puts the record in question into the PRIMARY place of a pair with a healthy secondary: who answers says whether Route 53 takes
 * the record for healthy.
 */
function verdict(
  record: ResourceRecordSet,
  rest: readonly ResourceRecordSet[],
  state: DnsState,
): { healthy: boolean; assumed: string[] } {
  const primary = { ...record, Name: `${NAME}.`, SetIdentifier: 'primary', Failover: 'PRIMARY' as const };
  const secondary = values(NAME, 'spare', { SetIdentifier: 'secondary', Failover: 'SECONDARY' });
  const resolution = ask([primary, secondary, ...rest], state);
  return { healthy: !answered(resolution).includes('spare'), assumed: assumed(resolution) };
}

const LEAF = 'leaf.example.com';
const ALB = 'web-1.us-east-1.elb.amazonaws.com';
const plain = values(LEAF, 'leaf');
const checked = values(LEAF, 'leaf', { HealthCheckId: 'leaf' });
const group = (...ids: string[]) => ids.map((id) => values(LEAF, id, { SetIdentifier: id, Weight: 1, HealthCheckId: id }));
const zeroWeights = [
  values(LEAF, 'heavy', { SetIdentifier: 'heavy', Weight: 1, HealthCheckId: 'heavy' }),
  values(LEAF, 'zero', { SetIdentifier: 'zero', Weight: 0, HealthCheckId: 'zero' }),
];
const pair = [
  values(LEAF, 'p', { SetIdentifier: 'p', Failover: 'PRIMARY', HealthCheckId: 'p' }),
  values(LEAF, 's', { SetIdentifier: 's', Failover: 'SECONDARY', HealthCheckId: 's' }),
];
const chain = [alias('b.example.com', LEAF, { HealthCheckId: 'b' }), checked];

describe('health of one record (aws-facts 1.2)', () => {
  test.each<
    [row: string, record: ResourceRecordSet, rest: ResourceRecordSet[], state: DnsState, healthy: boolean, assumed: string[]]
  >([
    ['non-alias, no check: healthy always', values(NAME, 'a'), [], {}, true, []],
    ['non-alias with check: status of that check, healthy', values(NAME, 'a', { HealthCheckId: 'a' }), [], {}, true, []],
    [
      'non-alias with check: status of that check, unhealthy',
      values(NAME, 'a', { HealthCheckId: 'a' }),
      [],
      unhealthy('a'),
      false,
      [],
    ],
    ['alias, evaluated, no check: target healthy', alias(NAME, LEAF), [checked], {}, true, []],
    ['alias, evaluated, no check: target unhealthy', alias(NAME, LEAF), [checked], unhealthy('leaf'), false, []],
    ['alias, evaluated, with check: both healthy', alias(NAME, LEAF, { HealthCheckId: 'own' }), [checked], {}, true, []],
    [
      'alias, evaluated, with check: check fails',
      alias(NAME, LEAF, { HealthCheckId: 'own' }),
      [checked],
      unhealthy('own'),
      false,
      [],
    ],
    [
      'alias, evaluated, with check: target fails',
      alias(NAME, LEAF, { HealthCheckId: 'own' }),
      [checked],
      unhealthy('leaf'),
      false,
      [],
    ],
    ['alias, not evaluated, no check: healthy always', alias(NAME, LEAF, {}, false), [checked], unhealthy('leaf'), true, []],
    [
      'alias, not evaluated, with check: healthy check',
      alias(NAME, LEAF, { HealthCheckId: 'own' }, false),
      [plain],
      {},
      true,
      [],
    ],
    [
      'alias, not evaluated, with check: follows the check',
      alias(NAME, LEAF, { HealthCheckId: 'own' }, false),
      [plain],
      unhealthy('own'),
      false,
      ['aliasCheckWithoutEvaluation'],
    ],
    ['alias to a group: one of two healthy', alias(NAME, LEAF), group('x', 'y'), unhealthy('x'), true, []],
    ['alias to a group: none healthy', alias(NAME, LEAF), group('x', 'y'), unhealthy('x', 'y'), false, []],
    [
      'alias to a group: a record without a check counts as healthy',
      alias(NAME, LEAF),
      [...group('x'), values(LEAF, 'z', { SetIdentifier: 'z', Weight: 1 })],
      unhealthy('x'),
      true,
      [],
    ],
    [
      'alias to zero weights: only the zero-weight record healthy',
      alias(NAME, LEAF),
      zeroWeights,
      unhealthy('heavy'),
      true,
      ['aliasToZeroWeights'],
    ],
    ['alias to zero weights: all healthy needs no assumption', alias(NAME, LEAF), zeroWeights, {}, true, []],
    ['alias to zero weights: none healthy', alias(NAME, LEAF), zeroWeights, unhealthy('heavy', 'zero'), false, []],
    ['alias to a failover pair: primary unhealthy', alias(NAME, LEAF), pair, unhealthy('p'), true, ['aliasToFailoverPair']],
    ['alias to a failover pair: secondary unhealthy', alias(NAME, LEAF), pair, unhealthy('s'), true, ['aliasToFailoverPair']],
    ['alias to a failover pair: both unhealthy', alias(NAME, LEAF), pair, unhealthy('p', 's'), false, []],
    ['alias chain: recursive, all healthy', alias(NAME, 'b.example.com'), chain, {}, true, []],
    ['alias chain: a check in the middle fails', alias(NAME, 'b.example.com'), chain, unhealthy('b'), false, []],
    ['alias chain: the leaf fails', alias(NAME, 'b.example.com'), chain, unhealthy('leaf'), false, []],
  ])('%s', (_row, record, rest, state, healthy, assumptions) => {
    expect(verdict(record, rest, state)).toEqual({ healthy, assumed: assumptions });
  });

  test('a check that is not among the checks counts as healthy, and the answer says so', () => {
    const resolution = ask([values(NAME, 'a', { HealthCheckId: 'elsewhere' })], {}, { checks: [] });
    expect(resolution.answers[0]).toMatchObject({ healthy: true });
    expect(assumed(resolution)).toEqual(['checkNotGiven']);
  });

  test('a missing check that cannot change the answer is no assumption of it', () => {
    const records = [
      values(NAME, 'a', { SetIdentifier: 'a', Failover: 'PRIMARY' }),
      values(NAME, 'b', { SetIdentifier: 'b', Failover: 'SECONDARY', HealthCheckId: 'elsewhere' }),
    ];
    expect(assumed(ask(records, {}, { checks: [] }))).toEqual([]);
  });
});

describe('an alias to a load balancer with EvaluateTargetHealth (aws-facts 1.5)', () => {
  const record = alias(NAME, `dualstack.${ALB}`);
  const behind = (...targetGroups: { registered: number; healthy: number; minimumHealthy?: number }[]): DnsState => ({
    targets: { [ALB]: { kind: 'load-balancer', targetGroups } },
  });

  test.each<[row: string, state: DnsState, healthy: boolean, assumed: string[]]>([
    ['nothing known: healthy', {}, true, []],
    ['every target group has a healthy target', behind({ registered: 3, healthy: 1 }, { registered: 1, healthy: 1 }), true, []],
    [
      'one target group with only unhealthy targets',
      behind({ registered: 3, healthy: 3 }, { registered: 2, healthy: 0 }),
      false,
      [],
    ],
    [
      'a target group without targets',
      behind({ registered: 3, healthy: 3 }, { registered: 0, healthy: 0 }),
      false,
      ['emptyTargetGroup'],
    ],
    [
      'fewer healthy targets than the DNS-failover threshold',
      behind({ registered: 4, healthy: 1, minimumHealthy: 2 }),
      false,
      [],
    ],
    [
      'the load balancer itself is unhealthy',
      { targets: { [ALB]: { kind: 'load-balancer', working: false, targetGroups: [{ registered: 1, healthy: 1 }] } } },
      false,
      [],
    ],
    ['named with dualstack., another case and a dot', down(`Dualstack.${ALB.toUpperCase()}.`), false, []],
  ])('%s', (_row, state, healthy, assumptions) => {
    expect(verdict(record, [], state)).toEqual({ healthy, assumed: assumptions });
  });

  test('an S3 website follows the service, not the bucket', () => {
    const website = alias(NAME, 's3-website-us-east-1.amazonaws.com');
    expect(verdict(website, [], {})).toEqual({ healthy: true, assumed: [] });
  });

  test('a dead target that nobody evaluates is answered, and known to be unhealthy', () => {
    const resolution = ask([alias(NAME, ALB, {}, false)], down(ALB));
    expect(resolution.answers).toMatchObject([{ alias: ALB, healthy: false }]);
    expect(resolution.failOpen).toBe(false);
    expect(resolution.path.map(({ detail }) => detail).join('\n')).toContain('no way back from here');
  });
});

test('checks are shared by id, whoever refers to them', () => {
  const records = [
    values(NAME, 'a', { SetIdentifier: 'a', Weight: 1, HealthCheckId: 'one' }),
    values(NAME, 'b', { SetIdentifier: 'b', Weight: 1, HealthCheckId: 'one' }),
  ];
  expect(checksOf(records)).toEqual([check('one', { FullyQualifiedDomainName: 'one.probe.example.net' })]);
  expect(ask(records, unhealthy('one')).failOpen).toBe(true);
});
