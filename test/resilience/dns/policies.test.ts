import { describe, expect, test } from 'vitest';
import type { ResourceRecordSet } from '../../../lib/assembly/route53-types';
import type { Client } from '../../../lib/resilience/dns';
import { CLIENT, NAME, alias, answered, ask, assumed, member, shares, unhealthy, values } from './zone';

describe('simple (aws-facts 1.3)', () => {
  test('one record, all its values', () => {
    const record: ResourceRecordSet = {
      Name: NAME,
      Type: 'A',
      TTL: 300,
      ResourceRecords: [{ Value: '192.0.2.1' }, { Value: '192.0.2.2' }],
    };
    expect(ask([record])).toMatchObject({
      answers: [{ values: ['192.0.2.1', '192.0.2.2'], probability: 1, healthy: true, ttl: 300 }],
      ttl: 300,
      failOpen: false,
    });
  });

  test('no health evaluation: answered although its check fails', () => {
    expect(ask([values(NAME, 'a', { HealthCheckId: 'a' })], unhealthy('a'))).toMatchObject({
      answers: [{ values: ['a'], healthy: false }],
      failOpen: true,
    });
  });
});

describe('failover (aws-facts 1.3)', () => {
  const pair = [member('p', { Failover: 'PRIMARY' }), member('s', { Failover: 'SECONDARY' })];

  test.each<[row: string, down: string[], answer: string, healthy: boolean, failOpen: boolean]>([
    ['PRIMARY if healthy', [], 'p', true, false],
    ['SECONDARY if primary unhealthy and secondary healthy', ['p'], 's', true, false],
    ['secondary unhealthy: the primary regardless', ['s'], 'p', true, false],
    ['all unhealthy: PRIMARY', ['p', 's'], 'p', false, true],
  ])('%s', (_row, down, answer, healthy, failOpen) => {
    const resolution = ask(pair, unhealthy(...down));
    expect(shares(resolution)).toEqual({ [answer]: 100 });
    expect(resolution).toMatchObject({ failOpen, answers: [{ setIdentifier: answer, healthy }] });
  });

  test('a secondary without a check is answered whenever the primary is unhealthy', () => {
    const records = [member('p', { Failover: 'PRIMARY' }), member('s', { Failover: 'SECONDARY' }, false)];
    expect(ask(records, unhealthy('p'))).toMatchObject({ answers: [{ setIdentifier: 's', healthy: true }], failOpen: false });
  });

  test('half a pair answers whatever its health', () => {
    expect(ask([pair[0]!], unhealthy('p'))).toMatchObject({ answers: [{ setIdentifier: 'p', healthy: false }], failOpen: true });
    expect(ask([pair[1]!], unhealthy('s'))).toMatchObject({ answers: [{ setIdentifier: 's', healthy: false }], failOpen: true });
    expect(ask([pair[1]!])).toMatchObject({ answers: [{ setIdentifier: 's', healthy: true }], failOpen: false });
  });
});

describe('weighted (aws-facts 1.3)', () => {
  const weighted = (weights: Record<string, number>, unchecked: string[] = []) =>
    Object.entries(weights).map(([id, Weight]) => member(id, { Weight }, !unchecked.includes(id)));

  test.each<[row: string, weights: Record<string, number>, down: string[], shares: Record<string, number>, failOpen: boolean]>([
    ['probability weight / sum', { a: 10, b: 30 }, [], { b: 75, a: 25 }, false],
    ['some unhealthy: removed, ratio over the rest', { a: 10, b: 30, c: 60 }, ['c'], { b: 75, a: 25 }, false],
    ['all unhealthy: all nonzero ones', { a: 10, b: 30 }, ['a', 'b'], { b: 75, a: 25 }, true],
    ['all weights 0: equal probability', { a: 0, b: 0 }, [], { a: 50, b: 50 }, false],
    ['all weights 0, one unhealthy', { a: 0, b: 0 }, ['a'], { b: 100 }, false],
    ['all weights 0, all unhealthy', { a: 0, b: 0 }, ['a', 'b'], { a: 50, b: 50 }, true],
    ['weight 0 is not answered while another is healthy', { a: 1, b: 0 }, [], { a: 100 }, false],
    ['the last healthy nonzero record takes everything', { a: 1, b: 255, c: 0 }, ['b'], { a: 100 }, false],
  ])('%s', (_row, weights, down, expected, failOpen) => {
    const resolution = ask(weighted(weights), unhealthy(...down));
    expect(shares(resolution)).toEqual(expected);
    expect(resolution.failOpen).toBe(failOpen);
  });

  test.each<[r1: string, r2: string, r3: string, answered: string[], failOpen: boolean]>([
    ['U', 'U', 'H', ['r3'], false],
    ['U', 'U', 'U', ['r1', 'r2'], true],
    ['U', 'H', 'U', ['r2'], false],
    ['H', 'H', 'U', ['r1', 'r2'], false],
    ['H', 'H', 'H', ['r1', 'r2'], false],
  ])('weights 1, 1, 0 with a check on the zero: %s %s %s', (r1, r2, r3, expected, failOpen) => {
    const down = Object.entries({ r1, r2, r3 }).flatMap(([id, health]) => (health === 'U' ? [id] : []));
    const resolution = ask(weighted({ r1: 1, r2: 1, r3: 0 }), unhealthy(...down));
    expect(answered(resolution)).toEqual(expected);
    expect(resolution.failOpen).toBe(failOpen);
  });

  test.each<[r1: string, r2: string, answered: string[]]>([
    ['H', 'H', ['r1', 'r2']],
    ['U', 'U', ['r3']],
    ['U', 'H', ['r2']],
  ])('weights 1, 1, 0 without a check on the zero: %s %s', (r1, r2, expected) => {
    const down = Object.entries({ r1, r2 }).flatMap(([id, health]) => (health === 'U' ? [id] : []));
    const resolution = ask(weighted({ r1: 1, r2: 1, r3: 0 }, ['r3']), unhealthy(...down));
    expect(answered(resolution)).toEqual(expected);
    expect(resolution.failOpen).toBe(false);
  });
});

describe('latency (aws-facts 1.3)', () => {
  const regions = ['us-east-1', 'us-west-2', 'eu-west-1'].map((Region) => member(Region, { Region }));

  test.each<[row: string, client: Client, down: string[], answer: string, failOpen: boolean]>([
    ['lowest latency to the client', { country: 'DE', ednsSubnet: true }, [], 'eu-west-1', false],
    ['a client in the Region itself', { region: 'us-west-2', ednsSubnet: true }, [], 'us-west-2', false],
    ['a state of the United States', { country: 'US', subdivision: 'WA', ednsSubnet: true }, [], 'us-west-2', false],
    ['next-best Region when the best is unhealthy', CLIENT, ['eu-west-1'], 'us-east-1', false],
    ['third-best Region', CLIENT, ['eu-west-1', 'us-east-1'], 'us-west-2', false],
    ['all unhealthy: best latency again', CLIENT, ['eu-west-1', 'us-east-1', 'us-west-2'], 'eu-west-1', true],
    [
      'with EDNS client subnet the client counts',
      { region: 'eu-west-1', ednsSubnet: true, resolver: { region: 'us-west-2' } },
      [],
      'eu-west-1',
      false,
    ],
    [
      'without it the resolver counts',
      { region: 'eu-west-1', ednsSubnet: false, resolver: { region: 'us-west-2' } },
      [],
      'us-west-2',
      false,
    ],
  ])('%s', (_row, client, down, answer, failOpen) => {
    const resolution = ask(regions, unhealthy(...down), { client });
    expect(shares(resolution)).toEqual({ [answer]: 100 });
    expect(resolution.failOpen).toBe(failOpen);
  });

  test('says that distances stand in for AWS’s measurements, and that the resolver was taken to be near', () => {
    expect(assumed(ask(regions))).toEqual(['latencyByDistance']);
    expect(assumed(ask(regions, {}, { client: { ...CLIENT, ednsSubnet: false } }))).toEqual([
      'latencyByDistance',
      'resolverNearClient',
    ]);
  });

  test('a measured latency replaces the distance', () => {
    const measuredLatencies = { 'eu-west-1': { 'us-east-1': 70, 'us-west-2': 60, 'eu-west-1': 80 } };
    const resolution = ask(regions, {}, { measuredLatencies });
    expect(answered(resolution)).toEqual(['us-west-2']);
    expect(assumed(resolution)).toEqual([]);
    expect(resolution.path.at(-1)?.detail).toContain('us-west-2 60 ms');
  });

  test('one Region left needs no distances', () => {
    expect(assumed(ask(regions, unhealthy('eu-west-1', 'us-east-1')))).toEqual([]);
  });

  test('a client from nowhere may be near any of the healthy Regions', () => {
    const resolution = ask(regions, unhealthy('us-east-1'), { client: { ednsSubnet: true } });
    expect(shares(resolution)).toEqual({ 'eu-west-1': 50, 'us-west-2': 50 });
    expect(assumed(resolution)).toEqual(['locationUnknown']);
  });
});

describe('geolocation (aws-facts 1.3)', () => {
  const areas = [
    member('california', { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }),
    member('us', { GeoLocation: { CountryCode: 'US' } }),
    member('namerica', { GeoLocation: { ContinentCode: 'NA' } }),
    member('default', { GeoLocation: { CountryCode: '*' } }),
  ];
  const californian: Client = { country: 'US', subdivision: 'CA', ednsSubnet: true };

  test.each<[row: string, client: Client, down: string[], answer: string, failOpen: boolean]>([
    ['state before country', californian, [], 'california', false],
    ['country before continent', { country: 'US', subdivision: 'NY', ednsSubnet: true }, [], 'us', false],
    ['continent before default', { country: 'MX', ednsSubnet: true }, [], 'namerica', false],
    ['default for everybody else', { country: 'DE', ednsSubnet: true }, [], 'default', false],
    ['walks outward: state -> country', californian, ['california'], 'us', false],
    ['walks outward: country -> continent', californian, ['california', 'us'], 'namerica', false],
    ['walks outward: continent -> default', californian, ['california', 'us', 'namerica'], 'default', false],
    ['all unhealthy: the most specific', californian, ['california', 'us', 'namerica', 'default'], 'california', true],
    ['a Region is in its country and state', { region: 'us-west-1', ednsSubnet: true }, [], 'california', false],
    ['a continent that is given', { continent: 'NA', ednsSubnet: true }, [], 'namerica', false],
    ['a place that nobody knows: the default', { ednsSubnet: true }, [], 'default', false],
  ])('%s', (_row, client, down, answer, failOpen) => {
    const resolution = ask(areas, unhealthy(...down), { client });
    expect(shares(resolution)).toEqual({ [answer]: 100 });
    expect(resolution.failOpen).toBe(failOpen);
  });

  test('no match and no default: no answer, which is not a missing name', () => {
    const resolution = ask(areas.slice(0, 3), {}, { client: { country: 'DE', ednsSubnet: true } });
    expect(resolution).toMatchObject({ status: 'no-data', answers: [], failOpen: false });
    expect(resolution.path.at(-1)).toMatchObject({ rule: 'aws-facts 1.3 geolocation' });
  });

  test.each<[when: string, client: Client, down: string[], assumptions: string[]]>([
    ['a country matched', californian, [], []],
    ['the continent came from the table', { country: 'MX', ednsSubnet: true }, [], ['continentOfCountry']],
    ['the continent was given', { country: 'MX', continent: 'NA', ednsSubnet: true }, [], []],
    ['nothing is healthy', californian, ['california', 'us', 'namerica', 'default'], ['geolocationAllUnhealthy']],
    ['nothing is known of the client', { ednsSubnet: true }, [], ['locationUnknown']],
    ['the resolver may be elsewhere', { ...californian, ednsSubnet: false }, [], ['resolverNearClient']],
  ])('assumptions when %s', (_when, client, down, assumptions) => {
    expect(assumed(ask(areas, unhealthy(...down), { client }))).toEqual(assumptions);
  });
});

describe('geoproximity (aws-facts 1.3)', () => {
  const near = (id: string, AWSRegion: string, Bias?: number) =>
    member(id, { GeoProximityLocation: { AWSRegion, ...(Bias !== undefined && { Bias }) } });
  const inMadrid: Client = { country: 'ES', ednsSubnet: true };

  test.each<[row: string, records: ResourceRecordSet[], down: string[], answer: string, assumptions: string[]]>([
    ['least distance', [near('paris', 'eu-west-3'), near('ireland', 'eu-west-1')], [], 'paris', ['geoproximityDistance']],
    [
      'bias > 0 draws: d*(1-bias/100)',
      [near('paris', 'eu-west-3'), near('ireland', 'eu-west-1', 40)],
      [],
      'ireland',
      ['geoproximityDistance'],
    ],
    [
      'bias < 0 repels: d/(1+bias/100)',
      [near('paris', 'eu-west-3', -40), near('ireland', 'eu-west-1')],
      [],
      'ireland',
      ['geoproximityDistance'],
    ],
    [
      'next least distance when the nearest is unhealthy',
      [near('paris', 'eu-west-3'), near('ireland', 'eu-west-1'), near('tokyo', 'ap-northeast-1')],
      ['paris'],
      'ireland',
      ['geoproximityNextNearest', 'geoproximityDistance'],
    ],
    [
      'all unhealthy: all count as healthy',
      [near('paris', 'eu-west-3'), near('ireland', 'eu-west-1')],
      ['paris', 'ireland'],
      'paris',
      ['geoproximityAllUnhealthy', 'geoproximityDistance'],
    ],
    [
      'coordinates',
      [
        member('oslo', { GeoProximityLocation: { Coordinates: { Latitude: '59.91', Longitude: '10.75' } } }),
        near('tokyo', 'ap-northeast-1'),
      ],
      [],
      'oslo',
      ['geoproximityDistance'],
    ],
    [
      'a Local Zone counts as its Region',
      [member('boston', { GeoProximityLocation: { LocalZoneGroup: 'us-east-1-bos-1' } }), near('tokyo', 'ap-northeast-1')],
      [],
      'boston',
      ['geoproximityDistance'],
    ],
  ])('%s', (_row, records, down, answer, assumptions) => {
    const resolution = ask(records, unhealthy(...down), { client: inMadrid });
    expect(shares(resolution)).toEqual({ [answer]: 100 });
    expect(assumed(resolution).sort()).toEqual([...assumptions].sort());
  });
});

describe('IP-based (aws-facts 1.3)', () => {
  const of = (LocationName: string) => member(LocationName, { CidrRoutingConfig: { CollectionId: 'c', LocationName } });
  const records = [of('office'), of('*')];
  const inOffice: Client = { cidrLocation: 'office', ednsSubnet: true };

  test.each<[row: string, client: Client, down: string[], answer: string, assumptions: string[]]>([
    ['the location of the block', inOffice, [], 'office', []],
    ['else the default location', { cidrLocation: 'home', ednsSubnet: true }, [], '*', []],
    ['unhealthy: the default location, by assumption', inOffice, ['office'], '*', ['ipBasedFallback']],
    ['all unhealthy: the location, by assumption', inOffice, ['office', '*'], 'office', ['ipBasedFallback']],
    ['nobody says where: the default location, by assumption', CLIENT, [], '*', ['ipBasedLocationUnknown']],
  ])('%s', (_row, client, down, answer, assumptions) => {
    const resolution = ask(records, unhealthy(...down), { client });
    expect(shares(resolution)).toEqual({ [answer]: 100 });
    expect(assumed(resolution)).toEqual(assumptions);
  });

  test('no match and no default location: no answer', () => {
    expect(ask([of('office')], {}, { client: { cidrLocation: 'home', ednsSubnet: true } }).status).toBe('no-data');
  });
});

describe('multivalue (aws-facts 1.3)', () => {
  const records = (count: number) => Array.from({ length: count }, (_, index) => member(`m${index}`, { MultiValueAnswer: true }));
  const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `m${from + index}`);

  test.each<[row: string, count: number, down: string[], members: number, share: number, failOpen: boolean]>([
    ['all if <= 8', 8, [], 8, 100, false],
    ['up to 8 at random if more', 10, [], 10, 80, false],
    ['unhealthy dropped', 10, ids(0, 3), 7, 100, false],
    ['more than 8 left', 12, ids(0, 2), 10, 80, false],
    ['all unhealthy: up to 8 unhealthy ones', 9, ids(0, 9), 9, 89, true],
  ])('%s', (_row, count, down, members, share, failOpen) => {
    const resolution = ask(records(count), unhealthy(...down));
    const found = shares(resolution);
    expect(Object.keys(found)).toHaveLength(members);
    expect(new Set(Object.values(found))).toEqual(new Set([share]));
    expect(resolution.failOpen).toBe(failOpen);
  });
});

test('an alias record takes part in any policy like one with values', () => {
  const records = [
    alias(NAME, 'one.example.com', { SetIdentifier: 'one', Weight: 1 }),
    values('one.example.com', '192.0.2.1'),
    member('two', { Weight: 3 }),
  ];
  expect(shares(ask(records))).toEqual({ two: 75, '192.0.2.1': 25 });
});
