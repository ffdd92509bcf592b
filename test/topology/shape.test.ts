import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GroupConfig } from '../../lib/config/types';
import { diffStamps, shapeKey, stampsByShape } from '../../lib/topology/shape';
import type { StampSpec } from '../../lib/topology/types';
import {
  activeActive,
  activePassive,
  AURORA,
  BACKUP,
  builtFleet,
  compute,
  DYNAMODB,
  fleetConfig,
  group,
  plainGroup,
  single,
  stampOf,
  WORKER,
} from './fixtures';

const stampsWith = (...groups: GroupConfig[]): readonly StampSpec[] =>
  builtFleet(fleetConfig({ groups })).groups.flatMap(({ stamps }) => stamps);
const firstWith = (candidate: GroupConfig): StampSpec => stampsWith(candidate).find(({ regionCode }) => regionCode === 'use1')!;

/** Where a record has leaves, without what they say: what a shape promises about the values of its stamps. */
function outline(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(outline);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, outline(item)]));
}

describe('the key of a shape', () => {
  test('is the same for stamps of two groups that differ in values only', () => {
    const [acme, globex] = [
      group('acme'),
      group('globex', { account: '222222222222', compute: compute({ peakRequestsPerSecond: 9 }) }),
    ];
    const keys = new Set(stampsWith(acme, globex).map(({ shape }) => shapeKey(shape)));
    expect(keys.size).toBe(2);
    expect([...stampsByShape(stampsWith(acme, globex)).values()].map((stamps) => stamps.map(({ id }) => id))).toEqual([
      ['acme-use1', 'globex-use1'],
      ['acme-usw2', 'globex-usw2'],
    ]);
  });

  test('does not depend on the order of keys', () => {
    const { shape } = firstWith(group('shop'));
    const reversed = Object.fromEntries(Object.entries(shape).reverse()) as typeof shape;
    expect(shapeKey(reversed)).toBe(shapeKey(shape));
  });

  const base = group('shop');
  const edge = base.edge;
  test.each<[string, Partial<GroupConfig>]>([
    ['egress', { network: { ...base.network, egress: 'endpoints-only' } }],
    ['a transit gateway', { network: { ...base.network, transitGateways: { use1: 'tgw-1' } } }],
    ['compute kind', { compute: compute({ kind: 'ec2', instanceType: 'm7i.large', tasksPerInstance: 2 }) }],
    ['cpu', { compute: compute({ cpu: 1024, memory: 2048 }) }],
    ['environment', { compute: compute({ environment: { A: '1' } }) }],
    ['an image that is not in ECR', { compute: compute({ image: 'public.example.com/web:1' }) }],
    ['command', { compute: compute({ command: ['serve'] }) }],
    ['retention of messages', { worker: { ...WORKER, retention: 60 } }],
    ['engine', { database: DYNAMODB }],
    ['consistency', { database: { ...DYNAMODB, consistency: 'strong' } as GroupConfig['database'] }],
    ['engine version', { database: { ...AURORA, version: '16.9' } as GroupConfig['database'] }],
    ['mode and no global cluster', { placement: single('use1') }],
    ['home elsewhere', { placement: activePassive('usw2', 'use1') }],
    ['schedule', { backup: { ...BACKUP, schedule: 'hourly' } }],
    ['number of copies', { backup: { ...BACKUP, copyTo: [] } }],
    ['rate limit', { edge: { ...edge, rateLimitPer5Min: 100 } }],
    ['dependencies', { health: { dependencies: [] } }],
    ['manual traffic', { failover: { ...base.failover, traffic: 'manual' } }],
    ['a lowered guard', { guards: { ...base.guards, deletionProtection: { enabled: false, reason: 'test' } } }],
    ['tag keys', { tags: { Team: 'x' } }],
  ])('differs by %s', (_name, overrides) => {
    expect(shapeKey(firstWith(group('shop', overrides)).shape)).not.toBe(shapeKey(firstWith(base).shape));
  });

  test('differs by worker or none, and by Region', () => {
    const { worker: _worker, ...without } = base;
    expect(shapeKey(firstWith(without).shape)).not.toBe(shapeKey(firstWith(base).shape));
    const pool = stampsWith(group('pool', { placement: activeActive(['use1', 'usw2', 'euw1']) }));
    expect(new Set(pool.map(({ shape }) => shapeKey(shape))).size).toBe(3);
  });
});

describe('properties', () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9]{0,5}-?[a-z0-9]{1,5})$/);
  const values = fc.record({
    fleet: label,
    name: label,
    account: fc.stringMatching(/^[0-9]{12}$/),
    zone: label,
    image: label,
    peak: fc.integer({ min: 1, max: 100_000 }),
    perTask: fc.integer({ min: 1, max: 500 }),
    maxCapacity: fc.integer({ min: 100, max: 400 }),
    pool: fc.constantFrom('10.0.0.0/8', '172.16.0.0/12', '10.64.0.0/16'),
    stampPrefix: fc.integer({ min: 18, max: 21 }),
    tenants: fc.uniqueArray(label, { maxLength: 3 }),
    tag: fc.string(),
    acu: fc.integer({ min: 1, max: 128 }),
    workers: fc.integer({ min: 0, max: 50 }),
    gateway: label,
  });

  const structure = fc.constantFrom<Partial<GroupConfig>>(
    {},
    { placement: activePassive('usw2', 'use1') },
    { placement: activeActive(), database: DYNAMODB },
    { placement: single('use1') },
    { placement: activeActive(), database: { engine: 'none' } },
  );
  const kind = fc.constantFrom('fargate' as const, 'ec2' as const);

  function stampsFrom(
    v: typeof values extends fc.Arbitrary<infer T> ? T : never,
    parts: Partial<GroupConfig>,
    of: 'fargate' | 'ec2',
  ) {
    const zone = { name: `${v.zone}.example.com`, hostedZoneId: `Z${v.zone.toUpperCase().replaceAll('-', '')}` };
    const database =
      parts.database ?? ({ ...AURORA, serverless: { minAcu: v.acu, maxAcu: 2 * v.acu, readers: 1 } } as GroupConfig['database']);
    const shop = group(v.name, {
      ...parts,
      database,
      zone,
      account: v.account,
      tenants: v.tenants,
      compute: compute({
        kind: of,
        image: v.image,
        peakRequestsPerSecond: v.peak,
        requestsPerSecondPerTask: v.perTask,
        maxCapacity: v.maxCapacity,
        ...(of === 'ec2' && { instanceType: 'm7i.large', tasksPerInstance: 3 }),
      }),
      worker: { ...WORKER, image: v.image, minTasks: v.workers, maxTasks: v.workers + 10 },
      network: { egress: 'nat', transitGateways: { use1: `tgw-${v.gateway}` }, transitCidrs: [] },
      tags: { Team: v.tag },
    });
    return builtFleet(
      fleetConfig({
        fleet: v.fleet,
        account: v.account,
        zone,
        network: { pool: v.pool, stampPrefix: v.stampPrefix, reserved: [] },
        groups: [shop],
      }),
    ).groups[0]!.stamps;
  }

  test('changing values only never changes the key, and leaves the same leaves to fill', () => {
    fc.assert(
      fc.property(values, values, structure, kind, (one, other, parts, of) => {
        const [a, b] = [stampsFrom(one, parts, of), stampsFrom(other, parts, of)];
        expect(b.map(({ shape }) => shapeKey(shape))).toEqual(a.map(({ shape }) => shapeKey(shape)));
        expect(b.map((stamp) => outline(stamp.values))).toEqual(a.map((stamp) => outline(stamp.values)));
      }),
    );
  });

  test('no name or number of a stamp is found in its shape', () => {
    fc.assert(
      fc.property(values, structure, (v, parts) => {
        for (const { shape, values: own } of stampsFrom(
          { ...v, fleet: 'zzfleet', name: 'zzgroup', image: 'zzimage' },
          parts,
          'fargate',
        )) {
          expect(shapeKey(shape)).not.toMatch(/zz(fleet|group|image)/);
          expect(shapeKey(shape)).not.toContain(own.vpcCidr);
          expect(shapeKey(shape)).not.toContain(own.account);
        }
      }),
    );
  });
});

describe('what distinguishes two stamps', () => {
  test('structure first, then role, then values, leaf by leaf', () => {
    const fleet = builtFleet();
    const differences = diffStamps(stampOf(fleet, 'enterprise-use1'), stampOf(fleet, 'enterprise-usw2'));
    expect(differences.map(({ kind }) => kind)).toEqual(
      [...differences.map(({ kind }) => kind)].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)),
    );
    expect(differences).toContainEqual({ kind: 'structure', path: 'region', a: 'us-east-1', b: 'us-west-2' });
    expect(differences).toContainEqual({ kind: 'structure', path: 'home', a: true, b: false });
    expect(differences).toContainEqual({ kind: 'role', path: 'preferredRole', a: 'primary', b: 'standby' });
    expect(differences).toContainEqual({ kind: 'value', path: 'privateSubnets.2', a: '10.0.4.0/23', b: '10.0.20.0/23' });
    expect(differences.some(({ path }) => path.startsWith('capacity'))).toBe(false);
  });
  const ORDER = ['structure', 'role', 'value'];

  test('what only one of them has', () => {
    const [a] = stampsWith(group('shop', { placement: single('use1') }));
    const [b] = stampsWith(plainGroup('shop', { placement: single('use1') }));
    const found = diffStamps(a!, b!);
    expect(found).toContainEqual({ kind: 'structure', path: 'worker', a: a!.shape.worker, b: undefined });
    expect(found).toContainEqual({ kind: 'value', path: 'workerImage', a: a!.values.workerImage, b: undefined });
    expect(diffStamps(b!, a!)).toContainEqual({ kind: 'value', path: 'capacity.minAcu', a: undefined, b: 8 });
  });

  test('a stamp does not differ from itself', () => {
    const stamp = stampOf(builtFleet(), 'pool-use1');
    expect(diffStamps(stamp, structuredClone(stamp))).toEqual([]);
  });
});
