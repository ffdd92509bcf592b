import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ActiveActiveRouting, ComputeConfig, GroupConfig, PlacementConfig } from '../../lib/config/types';
import { capacityOf, explainCapacity } from '../../lib/topology/capacity';
import { memberCodes } from '../../lib/topology/placement';
import { activeActive, activePassive, AURORA, compute, group, plainGroup, single, WORKER } from './fixtures';

function groupWith(placement: PlacementConfig, overrides: Partial<ComputeConfig> = {}): GroupConfig {
  return plainGroup('shop', { placement, compute: compute(overrides) });
}

describe('web tasks', () => {
  test.each([
    // peak, per task, zones, minimum
    [400, 50, 3, 12, 'ceil(8/2) = 4 in each of 3 zones'],
    [400, 50, 2, 16, 'each of two zones carries it all'],
    [400, 50, 4, 12, 'ceil(8/3) = 3 in each of 4 zones'],
    [400, 50, 1, 8, 'one zone: no zone to spare'],
    [401, 50, 3, 15, 'nine tasks need five in each zone'],
    [1, 50, 3, 3, 'at least one task in each zone'],
    [0, 50, 3, 3, 'no load still wants something healthy'],
    [1.1, 0.1, 1, 11, 'fractions are not rounded up by the computer'],
    [0.3, 0.1, 1, 3, 'nor down'],
  ])('a peak of %d at %d per task in %d zones takes %d: %s', (peak, perTask, zones, tasks) => {
    const shop = groupWith(single('use1'), { peakRequestsPerSecond: peak, requestsPerSecondPerTask: perTask });
    expect(capacityOf(shop, { regionCode: 'use1', zones }).minTasks).toBe(tasks);
  });

  test.each([
    [100, 12, 12],
    [101, 12, 15],
    [150, 12, 18],
    [200, 12, 24],
    [50, 12, 12],
  ])('%d %% of the minimum is the maximum, in whole zones', (maxCapacity, minTasks, maxTasks) => {
    const shop = groupWith(single('use1'), { maxCapacity });
    expect(capacityOf(shop, { regionCode: 'use1', zones: 3 })).toMatchObject({ minTasks, maxTasks });
  });

  test('request scaling counts minutes', () => {
    expect(capacityOf(groupWith(single('use1')), { regionCode: 'use1', zones: 3 }).requestsPerTargetPerMinute).toBe(3000);
  });

  test.each([
    [100, 12, 24],
    [50, 6, 24],
    [0, 3, 24],
    [150, 18, 36],
  ])('a standby of %d %% keeps %d tasks and may grow to the primary’s %d', (percent, minTasks, maxTasks) => {
    const shop = groupWith(activePassive('use1', 'usw2', percent));
    expect(capacityOf(shop, { regionCode: 'usw2', zones: 3 })).toMatchObject({ minTasks, maxTasks });
    expect(capacityOf(shop, { regionCode: 'use1', zones: 3 })).toMatchObject({ minTasks: 12, maxTasks: 24 });
  });

  test.each<[string, string[], ActiveActiveRouting, Record<string, number>]>([
    ['one Region carries it all', ['use1'], { policy: 'latency' }, { use1: 12 }],
    ['two Regions: each carries it all', ['use1', 'usw2'], { policy: 'latency' }, { use1: 12, usw2: 12 }],
    // 2/3 of 400 is 266.7: 6 tasks, 3 a zone.
    ['three Regions: two shares of three', ['use1', 'usw2', 'euw1'], { policy: 'latency' }, { use1: 9, usw2: 9, euw1: 9 }],
    [
      'geolocation as latency',
      ['use1', 'usw2', 'euw1'],
      { policy: 'geolocation', areas: {}, default: 'use1' },
      { use1: 9, usw2: 9, euw1: 9 },
    ],
    // After the loss of the other heavy one: 2/3 and 1/3 of 400.
    [
      'by weight',
      ['use1', 'usw2', 'euw1'],
      { policy: 'weighted', weights: { use1: 2, usw2: 2, euw1: 1 } },
      { use1: 9, usw2: 9, euw1: 6 },
    ],
    [
      'weight 0 takes over when nothing else is left',
      ['use1', 'usw2'],
      { policy: 'weighted', weights: { use1: 1, usw2: 0 } },
      { use1: 12, usw2: 12 },
    ],
    [
      'weight 0 has nothing to do while another weight is left',
      ['use1', 'usw2', 'euw1'],
      { policy: 'weighted', weights: { use1: 1, usw2: 1, euw1: 0 } },
      { use1: 12, usw2: 12, euw1: 3 },
    ],
    [
      'all weights 0 share evenly',
      ['use1', 'usw2'],
      { policy: 'weighted', weights: { use1: 0, usw2: 0 } },
      { use1: 12, usw2: 12 },
    ],
  ])('active-active: %s', (_name, regions, routing, tasks) => {
    const shop = groupWith(activeActive(regions, routing));
    const found = Object.fromEntries(regions.map((code) => [code, capacityOf(shop, { regionCode: code, zones: 3 }).minTasks]));
    expect(found).toEqual(tasks);
  });
});

describe('worker', () => {
  const worker = (overrides: Partial<typeof WORKER>, zones = 3) =>
    capacityOf(group('shop', { worker: { ...WORKER, ...overrides } }), { regionCode: 'use1', zones });

  test.each([
    [60, 0.2, 300],
    [10, 0.1, 100],
    [0.3, 0.1, 3],
    [59, 60, 1],
    [60, 7, 8],
  ])('%d s for messages of %d s allow a backlog of %d', (maxLatency, averageProcessing, backlog) => {
    expect(worker({ maxLatency, averageProcessing }).workerBacklogPerTask).toBe(backlog);
  });

  test.each([
    [2, 3, 3],
    [3, 3, 6],
    [3, 1, 3],
    [0, 3, 0],
  ])('a minimum of %d is kept with one of %d zones gone: %d', (minTasks, zones, expected) => {
    expect(worker({ minTasks }, zones).workerMinTasks).toBe(expected);
  });

  test('the maximum is the configured one, but never below the minimum', () => {
    expect(worker({ minTasks: 2, maxTasks: 40 }).workerMaxTasks).toBe(40);
    expect(worker({ minTasks: 2, maxTasks: 2 }).workerMaxTasks).toBe(3);
  });

  test('a group without worker has no such numbers', () => {
    const values = capacityOf(plainGroup('shop'), { regionCode: 'use1', zones: 3 });
    expect(Object.keys(values).filter((key) => key.startsWith('worker'))).toEqual([]);
  });
});

describe('instances', () => {
  test.each([
    // 12 tasks: 4 a zone and room for 1; 24 tasks: 8 a zone and room for 2.
    [2, 9, 15],
    [1, 15, 30],
    [5, 3, 6],
    [10, 3, 6],
  ])('%d tasks each: %d to %d instances', (tasksPerInstance, minInstances, maxInstances) => {
    const shop = groupWith(single('use1'), { kind: 'ec2', instanceType: 'm7i.large', tasksPerInstance });
    expect(capacityOf(shop, { regionCode: 'use1', zones: 3 })).toMatchObject({ minInstances, maxInstances });
  });

  test.each([
    // A worker task of the same size takes one place, one of twice the memory two; 3 of them at least, 40 at most (14 a zone).
    [{}, 12, 42],
    [{ memory: 2048 }, 12, 69],
    [{ cpu: 256, memory: 512 }, 12, 42],
  ])('worker tasks run on the same instances: %j takes %d to %d', (size, minInstances, maxInstances) => {
    const shop = group('shop', {
      compute: compute({ kind: 'ec2', instanceType: 'm7i.large', tasksPerInstance: 2 }),
      placement: single('use1'),
      worker: { ...WORKER, ...size },
    });
    expect(capacityOf(shop, { regionCode: 'use1', zones: 3 })).toMatchObject({ minInstances, maxInstances });
  });

  test('Fargate has none', () => {
    expect(capacityOf(groupWith(single('use1')), { regionCode: 'use1', zones: 3 })).not.toHaveProperty('minInstances');
  });
});

describe('database', () => {
  test.each(['use1', 'usw2'])('%s may become the writer: the same ACU range everywhere', (regionCode) => {
    const shop = group('shop', { database: AURORA, placement: activePassive('use1', 'usw2', 20) });
    expect(capacityOf(shop, { regionCode, zones: 3 })).toMatchObject({ minAcu: 8, maxAcu: 32 });
  });

  test('provisioned Aurora has none', () => {
    const { serverless: _serverless, ...rest } = AURORA as { serverless?: unknown } & typeof AURORA;
    const database = { ...rest, provisioned: { instance: 'db.r7g.large', readers: 1 } } as GroupConfig['database'];
    expect(capacityOf(group('shop', { database }), { regionCode: 'use1', zones: 3 })).not.toHaveProperty('minAcu');
  });
});

describe('health function', () => {
  test.each([
    [3, {}, 23],
    [2, {}, 22],
    [3, { checkerCount: 24 }, 31],
    [3, { checkerCount: 15.5 }, 23],
  ])('in %d zones with %j: %d', (zones, assumptions, healthConcurrency) => {
    expect(capacityOf(plainGroup('shop'), { regionCode: 'use1', zones, assumptions }).healthConcurrency).toBe(healthConcurrency);
  });
});

test('the explanation has a line for every number, with the same number', () => {
  const shop = group('shop', { compute: compute({ kind: 'ec2', tasksPerInstance: 2 }), placement: activeActive() });
  const { values, terms } = explainCapacity(shop, { regionCode: 'use1', zones: 3 });
  for (const [name, value] of Object.entries(values)) expect(terms).toContainEqual(expect.objectContaining({ name, value }));
  expect(terms.find(({ name }) => name === 'tasks per zone')!.because).toBe('ceil(6 / (3 - 1)), so that 2 of 3 zones suffice');
  expect(terms.find(({ name }) => name === 'load')!.because).toContain('all clients of a lost Region turn to this one');
});

describe('properties', () => {
  const CODES = ['r1', 'r2', 'r3', 'r4', 'r5'];
  const regions = fc.subarray(CODES, { minLength: 1 });
  const routing: fc.Arbitrary<ActiveActiveRouting> = fc.oneof(
    fc.constant<ActiveActiveRouting>({ policy: 'latency' }),
    fc.constant<ActiveActiveRouting>({ policy: 'geolocation', areas: {}, default: 'r1' }),
    fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 5, maxLength: 5 }).map((numbers): ActiveActiveRouting => ({
      policy: 'weighted',
      weights: Object.fromEntries(CODES.map((code, index) => [code, numbers[index]!])),
    })),
  );
  const placement: fc.Arbitrary<PlacementConfig> = fc.oneof(
    fc.constant(single('r1')),
    fc.constant(activePassive('r1', 'r2', 100)),
    fc.tuple(regions, routing).map(([codes, policy]) => activeActive(codes, policy)),
  );
  const numbers = fc.record({
    peakRequestsPerSecond: fc.oneof(fc.integer({ min: 0, max: 1_000_000 }), fc.double({ min: 0.01, max: 10_000, noNaN: true })),
    requestsPerSecondPerTask: fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0.1, max: 1000, noNaN: true })),
    maxCapacity: fc.integer({ min: 100, max: 1000 }),
    kind: fc.constantFrom('fargate' as const, 'ec2' as const),
    tasksPerInstance: fc.integer({ min: 1, max: 20 }),
  });
  const zoneCount = fc.integer({ min: 1, max: 6 });
  /** What binary fractions may take away from a sum of a thousand tasks. */
  const ROUNDING = 1 - 1e-9;

  const weightOf = (place: PlacementConfig, code: string): number =>
    place.mode === 'active-active' && place.routing.policy === 'weighted' ? place.routing.weights[code]! : 1;
  /** Route 53's share of the clients, as aws-facts 1.3 has it. */
  const shareOf = (place: PlacementConfig, code: string, serving: readonly string[]): number => {
    const total = serving.reduce((sum, other) => sum + weightOf(place, other), 0);
    return total > 0 ? weightOf(place, code) / total : 1 / serving.length;
  };

  test('losing any zone leaves enough for the peak, in every mode and with any numbers', () => {
    fc.assert(
      fc.property(placement, numbers, fc.integer({ min: 2, max: 6 }), (place, overrides, zones) => {
        const serving = place.mode === 'active-passive' ? ['r1'] : memberCodes(place);
        for (const code of memberCodes(place)) {
          const { minTasks } = capacityOf(groupWith(place, overrides), { regionCode: code, zones });
          const left = (minTasks / zones) * (zones - 1) * overrides.requestsPerSecondPerTask;
          const share = place.mode === 'active-passive' ? 1 : shareOf(place, code, serving);
          expect(left).toBeGreaterThanOrEqual(overrides.peakRequestsPerSecond * share * ROUNDING);
        }
      }),
    );
  });

  test('after the loss of any Region the others carry the peak, each its own part, even with a zone gone as well', () => {
    fc.assert(
      fc.property(regions, routing, numbers, zoneCount, (codes, policy, overrides, zones) => {
        const place = activeActive(codes, policy);
        for (const lost of codes) {
          const rest = codes.filter((code) => code !== lost);
          for (const code of rest) {
            const { minTasks } = capacityOf(groupWith(place, overrides), { regionCode: code, zones });
            const left = (minTasks / zones) * Math.max(1, zones - 1) * overrides.requestsPerSecondPerTask;
            expect(left).toBeGreaterThanOrEqual(overrides.peakRequestsPerSecond * shareOf(place, code, rest) * ROUNDING);
          }
        }
      }),
    );
  });

  test('under latency routing any one neighbour can take all clients of a lost Region', () => {
    fc.assert(
      fc.property(fc.subarray(CODES, { minLength: 2 }), numbers, zoneCount, (codes, overrides, zones) => {
        const { minTasks } = capacityOf(groupWith(activeActive(codes), overrides), { regionCode: codes[0]!, zones });
        const left = (minTasks / zones) * Math.max(1, zones - 1) * overrides.requestsPerSecondPerTask;
        expect(left).toBeGreaterThanOrEqual(((2 * overrides.peakRequestsPerSecond) / codes.length) * ROUNDING);
      }),
    );
  });

  test('tasks and instances come in whole zones, minimum below maximum, and instances have room for all tasks and one more a zone', () => {
    fc.assert(
      fc.property(placement, numbers, zoneCount, (place, overrides, zones) => {
        for (const regionCode of memberCodes(place)) {
          const values = capacityOf(groupWith(place, overrides), { regionCode, zones });
          expect(values.minTasks % zones).toBe(0);
          expect(values.maxTasks % zones).toBe(0);
          expect(values.minTasks).toBeGreaterThanOrEqual(zones);
          expect(values.maxTasks).toBeGreaterThanOrEqual(values.minTasks);
          if (values.minInstances === undefined || values.maxInstances === undefined) continue;
          expect(values.minInstances % zones).toBe(0);
          expect(values.maxInstances).toBeGreaterThanOrEqual(values.minInstances + zones);
          expect((values.minInstances / zones) * overrides.tasksPerInstance).toBeGreaterThanOrEqual(values.minTasks / zones + 1);
        }
      }),
    );
  });
});
