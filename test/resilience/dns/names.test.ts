import { describe, expect, test } from 'vitest';
import type { ResourceRecordSet } from '../../../lib/assembly/route53-types';
import { type DnsQuery, resolve } from '../../../lib/resilience/dns';
import { canonicalName } from '../../../lib/resilience/dns/names';
import { CLIENT, alias, ask, assumed, values } from './zone';

const ZONE: ResourceRecordSet[] = [
  {
    Name: 'example.com.',
    Type: 'SOA',
    TTL: 900,
    ResourceRecords: [{ Value: 'ns-1.awsdns-1.com. host.amazon.com. 1 7200 900 1209600 300' }],
  },
  { Name: 'example.com.', Type: 'NS', TTL: 172_800, ResourceRecords: [{ Value: 'ns-1.awsdns-1.com.' }] },
  values('example.com', 'apex'),
  values('www.example.com', 'www'),
  values('\\052.wild.example.com', 'wild'),
  values('deep.under.wild.example.com', 'deep'),
  { Name: 'mail.example.com.', Type: 'MX', TTL: 300, ResourceRecords: [{ Value: '10 mx.example.net.' }] },
  { Name: 'short.example.com.', Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value: 'www.example.com.' }] },
  { Name: 'away.example.com.', Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value: 'www.example.net.' }] },
  { Name: 'loop.example.com.', Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value: 'pool.example.com.' }] },
  { Name: 'pool.example.com.', Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value: 'loop.example.com.' }] },
  { Name: 'nowhere.example.com.', Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value: 'missing.example.com.' }] },
  { Name: 'team.example.com.', Type: 'NS', TTL: 300, ResourceRecords: [{ Value: 'ns-9.awsdns-9.org.' }] },
];

const question = (name: string, type?: string) => ask(ZONE, {}, { name, ...(type !== undefined && { type }) });

describe('names', () => {
  test.each<[row: string, name: string, type: string | undefined, status: string, answer: string[]]>([
    ['type A by default', 'www.example.com', undefined, 'answer', ['www']],
    ['any case, with or without the final dot', 'WWW.Example.com.', 'a', 'answer', ['www']],
    ['the apex', 'example.com', 'A', 'answer', ['apex']],
    ['another type', 'mail.example.com', 'MX', 'answer', ['10 mx.example.net.']],
    ['the name exists, the type does not: NODATA', 'mail.example.com', 'A', 'no-data', []],
    ['the name does not exist: NXDOMAIN', 'missing.example.com', 'A', 'name-error', []],
    ['a wildcard', 'any.wild.example.com', 'A', 'answer', ['wild']],
    ['a wildcard over several labels', 'a.b.c.wild.example.com', 'A', 'answer', ['wild']],
    ['a wildcard has no such type: NODATA', 'any.wild.example.com', 'MX', 'no-data', []],
    ['a wildcard does not answer for the name above it', 'wild.example.com', 'A', 'no-data', []],
    ['nor for a name that exists only because of names below it', 'under.wild.example.com', 'A', 'no-data', []],
    ['nor below a name that exists', 'x.under.wild.example.com', 'A', 'name-error', []],
    ['the wildcard itself', '*.wild.example.com', 'A', 'answer', ['wild']],
    ['CNAME within the zone is followed', 'short.example.com', 'A', 'answer', ['www']],
    ['CNAME when asked for', 'short.example.com', 'CNAME', 'answer', ['www.example.com.']],
    ['CNAME out of the zone is the answer', 'away.example.com', 'A', 'answer', ['www.example.net.']],
    ['CNAME to a name that does not exist', 'nowhere.example.com', 'A', 'name-error', []],
    ['CNAMEs in a circle', 'loop.example.com', 'A', 'no-data', []],
    ['a name that is delegated', 'x.team.example.com', 'A', 'delegated', []],
    ['the delegation itself', 'team.example.com', 'NS', 'delegated', []],
    ['a name of nobody’s zone', 'www.example.org', 'A', 'outside', []],
    ['a name that only ends alike', 'badexample.com', 'A', 'outside', []],
  ])('%s', (_row, name, type, status, answer) => {
    const resolution = question(name, type);
    expect(resolution.status).toBe(status);
    expect(resolution.answers.flatMap(({ values: found }) => found ?? [])).toEqual(answer);
  });

  test('a negative answer is kept for the smaller of SOA TTL and its minimum', () => {
    expect(question('missing.example.com').ttl).toBe(300);
    expect(question('mail.example.com').ttl).toBe(300);
  });

  test('wildcards and missing names rest on RFC 4592', () => {
    expect(assumed(question('any.wild.example.com'))).toEqual(['wildcardByRfc']);
    expect(assumed(question('missing.example.com'))).toEqual(['wildcardByRfc']);
    expect(assumed(question('www.example.com'))).toEqual([]);
  });

  test.each([
    ['\\052.example.com.', '*.example.com'],
    ['a\\137b.Example.COM', 'a_b.example.com'],
    ['example.com', 'example.com'],
  ])('%s is %s', (name, canonical) => {
    expect(canonicalName(name)).toBe(canonical);
  });
});

describe('several zones', () => {
  const zones = {
    records: [
      { ...values('www.example.com', 'parent'), hostedZoneId: 'P' },
      { Name: 'team.example.com.', Type: 'NS', TTL: 300, ResourceRecords: [{ Value: 'ns-9.awsdns-9.org.' }], hostedZoneId: 'P' },
      { ...values('www.team.example.com', 'child'), hostedZoneId: 'C' },
      { ...alias('alias.team.example.com', 'www.example.com'), hostedZoneId: 'C' },
    ],
    checks: [],
    zones: [
      { hostedZoneId: 'P', name: 'example.com.' },
      { hostedZoneId: 'C', name: 'team.example.com' },
    ],
  };
  const inZones = (name: string, query: Partial<DnsQuery> = {}) => resolve(zones, { name, client: CLIENT, ...query });

  test('the zone with the longest name answers', () => {
    expect(inZones('www.team.example.com').answers).toMatchObject([{ values: ['child'] }]);
    expect(inZones('www.example.com').answers).toMatchObject([{ values: ['parent'] }]);
    expect(inZones('missing.team.example.com').status).toBe('name-error');
  });

  test('an alias reaches its own zone only', () => {
    const [answer] = inZones('alias.team.example.com').answers;
    expect(answer).toMatchObject({ alias: 'www.example.com' });
  });
});
