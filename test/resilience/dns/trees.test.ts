import { describe, expect, test } from 'vitest';
import type { ResourceRecordSet } from '../../../lib/assembly/route53-types';
import type { Client } from '../../../lib/resilience/dns';
import { CLIENT, NAME, alias, answered, ask, assumed, check, down, shares, unhealthy, values } from './zone';

const VIRGINIA: Client = { region: 'us-east-1', ednsSubnet: true };

/** The example of the guide: latency aliases over weighted records in two Regions (aws-facts 1.4). */
function tree(evaluate = true): ResourceRecordSet[] {
  const branch = (region: string, host: string) => [
    alias(NAME, `${host}.example.com`, { SetIdentifier: region, Region: region }, evaluate),
    values(`${host}.example.com`, `${host}1`, { SetIdentifier: `${host}1`, Weight: 1, HealthCheckId: `${host}1` }),
    values(`${host}.example.com`, `${host}2`, { SetIdentifier: `${host}2`, Weight: 1, HealthCheckId: `${host}2` }),
  ];
  return [...branch('us-east-1', 'use'), ...branch('eu-west-1', 'euw')];
}

describe('trees and backtracking (aws-facts 1.4)', () => {
  test('down the branch of the client', () => {
    const resolution = ask(tree(), {}, { client: VIRGINIA });
    expect(shares(resolution)).toEqual({ use1: 50, use2: 50 });
    expect(resolution.answers[0]!.via.map(({ setIdentifier }) => setIdentifier)).toEqual(['us-east-1', 'use1']);
  });

  test('within a branch past what is unhealthy', () => {
    expect(shares(ask(tree(), unhealthy('use1'), { client: VIRGINIA }))).toEqual({ use2: 100 });
  });

  test('out of a branch without anything healthy, to the next-best Region', () => {
    const resolution = ask(tree(), unhealthy('use1', 'use2'), { client: VIRGINIA });
    expect(shares(resolution)).toEqual({ euw1: 50, euw2: 50 });
    expect(resolution.failOpen).toBe(false);
    expect(resolution.answers.every(({ healthy }) => healthy)).toBe(true);
  });

  test('everything unhealthy: falls open at the top and again below, the latter by assumption', () => {
    const resolution = ask(tree(), unhealthy('use1', 'use2', 'euw1', 'euw2'), { client: VIRGINIA });
    expect(shares(resolution)).toEqual({ use1: 50, use2: 50 });
    expect(resolution).toMatchObject({ failOpen: true, answers: [{ healthy: false }, { healthy: false }] });
    expect(assumed(resolution)).toContain('branchFallsOpen');
  });

  test('an alias that does not evaluate its target keeps its clients, dead or not', () => {
    const resolution = ask(tree(false), unhealthy('use1', 'use2'), { client: VIRGINIA });
    expect(shares(resolution)).toEqual({ use1: 50, use2: 50 });
    expect(resolution.answers.every(({ healthy }) => !healthy)).toBe(true);
    expect(assumed(resolution)).not.toContain('branchFallsOpen');
  });

  test('a missing check on one leaf makes its branch healthy for ever', () => {
    const records = tree().map(({ HealthCheckId, ...record }): ResourceRecordSet =>
      HealthCheckId === undefined || HealthCheckId === 'use2' ? record : { ...record, HealthCheckId },
    );
    expect(shares(ask(records, unhealthy('use1'), { client: VIRGINIA }))).toEqual({ use2: 100 });
  });

  test('an alias to areas is healthy when any of them is, even when that is not the client’s: no way out of the branch', () => {
    const records = [
      alias(NAME, 'areas.example.com', { SetIdentifier: 'primary', Failover: 'PRIMARY' }),
      values(NAME, 'spare', { SetIdentifier: 'secondary', Failover: 'SECONDARY' }),
      values('areas.example.com', 'ireland', {
        SetIdentifier: 'ireland',
        GeoLocation: { CountryCode: 'IE' },
        HealthCheckId: 'ireland',
      }),
      values('areas.example.com', 'japan', {
        SetIdentifier: 'japan',
        GeoLocation: { CountryCode: 'JP' },
        HealthCheckId: 'japan',
      }),
    ];
    expect(ask(records, unhealthy('ireland'))).toMatchObject({
      failOpen: true,
      answers: [{ values: ['ireland'], healthy: false }],
    });
    expect(answered(ask(records, unhealthy('ireland', 'japan')))).toEqual(['spare']);
  });

  test('Infima: an AND of checks as a chain of aliases, each with a check', () => {
    const chain = (prefix: string, role: 'PRIMARY' | 'SECONDARY') => [
      alias(NAME, `${prefix}1.example.com`, { SetIdentifier: prefix, Failover: role, HealthCheckId: `${prefix}0` }),
      alias(`${prefix}1.example.com`, `${prefix}2.example.com`, { HealthCheckId: `${prefix}1` }),
      values(`${prefix}2.example.com`, prefix, { HealthCheckId: `${prefix}2` }),
    ];
    const records = [...chain('a', 'PRIMARY'), ...chain('b', 'SECONDARY')];
    expect(answered(ask(records))).toEqual(['a']);
    for (const broken of ['a0', 'a1', 'a2']) expect(answered(ask(records, unhealthy(broken)))).toEqual(['b']);
  });

  test('a record that several branches lead to is one answer', () => {
    const records = [
      alias(NAME, 'x.example.com', { SetIdentifier: 'one', Weight: 1 }),
      alias(NAME, 'y.example.com', { SetIdentifier: 'two', Weight: 1 }),
      alias('x.example.com', 'leaf.example.com'),
      alias('y.example.com', 'leaf.example.com'),
      values('leaf.example.com', 'leaf', { SetIdentifier: 'leaf', Weight: 5 }),
    ];
    expect(ask(records).answers).toMatchObject([{ setIdentifier: 'leaf', values: ['leaf'], probability: 1 }]);
  });

  test('an alias that leads back to itself answers nothing', () => {
    const resolution = ask([alias(NAME, 'b.example.com'), alias('b.example.com', NAME)]);
    expect(resolution).toMatchObject({ status: 'no-data', answers: [] });
  });

  test('an alias to a record that is not there answers nothing', () => {
    const resolution = ask([
      alias(NAME, 'gone.example.com'),
      { Name: 'example.com.', Type: 'SOA', TTL: 900, ResourceRecords: [{ Value: 'ns. host. 1 7200 900 1209600 86400' }] },
    ]);
    expect(resolution).toMatchObject({ status: 'no-data', answers: [], ttl: 900 });
  });
});

describe('TTLs (aws-facts 1.6)', () => {
  test.each<[row: string, target: string, assumptions: string[]]>([
    ['a load balancer: 60 s', 'web-1.us-east-1.elb.amazonaws.com', []],
    ['a network load balancer: 60 s', 'web-1.elb.us-east-1.amazonaws.com', []],
    ['an S3 website: 60 s', 's3-website-us-east-1.amazonaws.com', []],
    ['another service: 60 s by assumption', 'd-1.execute-api.us-east-1.amazonaws.com', ['aliasTtl']],
    ['CloudFront: 60 s by assumption', 'd111.cloudfront.net', ['aliasTtl']],
  ])('an alias to %s', (_row, target, assumptions) => {
    const resolution = ask([alias(NAME, target, {}, false)]);
    expect(resolution.ttl).toBe(60);
    expect(assumed(resolution)).toEqual(assumptions);
  });

  test('an alias to a record has that record’s TTL', () => {
    expect(ask([alias(NAME, 'b.example.com'), values('b.example.com', 'b', { TTL: 900 })]).ttl).toBe(900);
  });

  test('a chain of CNAMEs has the longest of its TTLs', () => {
    const records: ResourceRecordSet[] = [
      { Name: NAME, Type: 'CNAME', TTL: 1800, ResourceRecords: [{ Value: 'b.example.com.' }] },
      values('b.example.com', 'b', { TTL: 60 }),
    ];
    expect(ask(records)).toMatchObject({ ttl: 1800, answers: [{ values: ['b'], ttl: 1800 }] });
  });

  test('of several answers the longest counts', () => {
    const records = [
      values(NAME, 'a', { SetIdentifier: 'a', Weight: 1, TTL: 30 }),
      values(NAME, 'b', { SetIdentifier: 'b', Weight: 1, TTL: 90 }),
    ];
    expect(ask(records)).toMatchObject({ ttl: 90, answers: [{ ttl: 30 }, { ttl: 90 }] });
  });
});

describe('the path of decisions', () => {
  const records = [
    alias('acme.example.com', NAME),
    alias(NAME, 'one.example.com', { SetIdentifier: 'primary', Failover: 'PRIMARY', HealthCheckId: 'verdict' }),
    alias(NAME, 'two.example.com', { SetIdentifier: 'secondary', Failover: 'SECONDARY' }),
    alias('one.example.com', 'one.us-east-1.elb.amazonaws.com'),
    alias('two.example.com', 'two.us-west-2.elb.amazonaws.com'),
  ];
  const checks = [
    check('verdict', { Type: 'CALCULATED', ChildHealthChecks: ['deep'], HealthThreshold: 1 }),
    check('deep', { FullyQualifiedDomainName: 'one.example.com', ResourcePath: '/health' }),
  ];

  test('goes from the name to the record, each step with its rule', () => {
    const resolution = ask(records, unhealthy('deep'), { name: 'acme.example.com', checks });
    expect(resolution.answers).toMatchObject([
      { setIdentifier: 'secondary', record: 'two.example.com', alias: 'two.us-west-2.elb.amazonaws.com' },
    ]);
    expect(resolution.path.map(({ step, depth }) => `${depth} ${step}`)).toEqual([
      '0 look up',
      '0 health',
      '0 choose',
      '0 follow alias',
      '1 health',
      '1 health',
      '1 choose',
      '1 follow alias',
      '2 health',
      '2 choose',
    ]);
    expect(resolution.path.every(({ rule }) => /^(aws-facts \d|RFC|given)/.test(rule))).toBe(true);
    expect(resolution.path[4]!.detail).toBe(
      'PRIMARY primary is unhealthy: calculated check over 1: 0 of 1 checks healthy, 1 needed (unhealthy: HTTPS check of one.example.com/health: taken as unhealthy)',
    );
    expect(resolution.path[6]).toEqual({
      step: 'choose',
      rule: 'aws-facts 1.3 failover',
      detail: 'PRIMARY primary is unhealthy, SECONDARY secondary is healthy',
      depth: 1,
    });
  });

  test('says where it fell open', () => {
    const resolution = ask(
      records,
      { ...unhealthy('deep'), ...down('two.us-west-2.elb.amazonaws.com') },
      { name: 'acme.example.com', checks },
    );
    expect(resolution.failOpen).toBe(true);
    expect(resolution.path.filter(({ step }) => step === 'fall open').map(({ detail }) => detail)).toContain(
      'PRIMARY primary is unhealthy and SECONDARY secondary too: falls open toward the PRIMARY',
    );
    expect(resolution.answers).toMatchObject([{ setIdentifier: 'primary', healthy: false }]);
  });

  test('is the same question after question', () => {
    expect(ask(records, {}, { client: CLIENT, checks })).toEqual(ask(records, {}, { client: CLIENT, checks }));
  });
});
