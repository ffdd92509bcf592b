import { describe, expect, test } from 'vitest';
import type { HealthCheck, ResourceRecordSet } from '../../../lib/assembly/route53-types';
import { ZONE_PROBLEM_CODES, zoneProblems } from '../../../lib/resilience/dns';
import { NAME, alias, check, checksOf, member, values } from './zone';

const SOA: ResourceRecordSet = {
  Name: 'example.com.',
  Type: 'SOA',
  TTL: 900,
  ResourceRecords: [{ Value: 'ns. host. 1 7200 900 1209600 86400' }],
};
const FAILOVER = [member('p', { Failover: 'PRIMARY' }), member('s', { Failover: 'SECONDARY' })];
const calculated = (children: string[], HealthThreshold: number): HealthCheck =>
  check('c', { Type: 'CALCULATED', ChildHealthChecks: children, HealthThreshold });

/** Code, severity and place, such as `records-same-claim error record 1`. */
function found(records: readonly ResourceRecordSet[], checks: readonly HealthCheck[] = checksOf(records)): string[] {
  return zoneProblems({ records, checks }).map(({ code, severity, at }) => `${code} ${severity} ${at.kind} ${at.index}`);
}

describe('what Route 53 refuses, or answers as nobody wants', () => {
  test.each<[problem: string, records: ResourceRecordSet[], checks: HealthCheck[] | undefined]>([
    ['records-mixed-policies error record 1', [member('a', { Weight: 1 }), member('b', { Region: 'us-east-1' })], undefined],
    ['records-not-alone error record 1', [values(NAME, 'a'), values(NAME, 'b')], undefined],
    ['records-same-identifier error record 1', [member('a', { Weight: 1 }), member('a', { Weight: 2 })], undefined],
    ['records-no-identifier error record 0', [values(NAME, 'a', { Weight: 1 })], undefined],
    ['records-same-claim error record 2', [...FAILOVER, member('z', { Failover: 'PRIMARY' })], undefined],
    [
      'records-same-claim error record 1',
      [member('a', { Region: 'us-east-1' }), member('b', { Region: 'us-east-1' })],
      undefined,
    ],
    [
      'records-same-claim error record 2',
      [
        member('a', { GeoLocation: { CountryCode: '*' } }),
        member('b', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }),
        member('c', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }),
      ],
      undefined,
    ],
    [
      'records-cname-not-alone error record 0',
      [{ Name: NAME, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value: 'x.' }] }, values(NAME, 'a')],
      undefined,
    ],
    ['alias-target-missing error record 1', [SOA, alias(NAME, 'gone.example.com')], undefined],
    ['alias-not-possible error record 0', [alias(NAME, 'd1.cloudfront.net')], undefined],
    [
      'alias-not-possible error record 0',
      [alias(NAME, 'x.us-east-1.elb.amazonaws.com', { SetIdentifier: 'a', MultiValueAnswer: true })],
      undefined,
    ],
    ['failover-one-sided warning record 0', [FAILOVER[0]!], undefined],
    ['geolocation-without-default warning record 0', [member('a', { GeoLocation: { CountryCode: 'US' } })], undefined],
    ['check-not-given warning record 0', [values(NAME, 'a', { HealthCheckId: 'a' })], []],
    ['check-not-given warning check 0', [], [calculated(['x'], 1)]],
    ['check-same-id error check 1', [], [check('x'), check('x')]],
    [
      'check-nested error check 0',
      [],
      [calculated(['d'], 1), check('d', { Type: 'CALCULATED', ChildHealthChecks: ['x'], HealthThreshold: 1 }), check('x')],
    ],
    ['check-never-healthy warning check 0', [], [calculated(['x'], 2), check('x')]],
    ['check-always-healthy warning check 0', [], [calculated(['x'], 0), check('x')]],
    [
      'check-probes-guarded-name warning record 0',
      [values(NAME, 'a', { HealthCheckId: 'a' })],
      [check('a', { FullyQualifiedDomainName: `${NAME}.` })],
    ],
  ])('%s', (problem, records, checks) => {
    expect(found(records, checks)).toEqual([problem]);
  });

  test('255 children are allowed, 256 are not (aws-facts 2.6)', () => {
    const children = Array.from({ length: 256 }, (_, index) => check(`x${index}`));
    const ids = children.map(({ Id }) => Id);
    expect(found([], [calculated(ids.slice(1), 1), ...children])).toEqual([]);
    expect(found([], [calculated(ids, 1), ...children])).toEqual(['check-too-many-children error check 0']);
  });

  test('an alias that leads back to itself, at every record of the circle', () => {
    expect(found([alias(NAME, 'b.example.com'), alias('b.example.com', NAME)])).toEqual([
      'alias-loop error record 0',
      'alias-loop error record 1',
    ]);
  });

  test('nothing about records that are in order', () => {
    expect(found([SOA, ...FAILOVER, alias('b.example.com', NAME), values('c.example.com', 'c')])).toEqual([]);
  });

  test('every code has a meaning, and every problem a fix', () => {
    for (const [code, meaning] of Object.entries(ZONE_PROBLEM_CODES)) {
      expect(code).toMatch(/^[a-z-]+$/);
      expect(meaning.length).toBeGreaterThan(20);
    }
    for (const { fix, message } of zoneProblems({ records: [values(NAME, 'a'), values(NAME, 'b')], checks: [] })) {
      expect(fix).not.toBe('');
      expect(message).toContain(NAME);
    }
  });
});
