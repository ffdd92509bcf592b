import { describe, expect, test } from 'vitest';
import type { FleetConfig, FleetLock } from '../../lib/config/types';
import { planLock } from '../../lib/topology/addresses';
import { activePassive, firstLock, fleetConfig, plainGroup, single } from './fixtures';

const config = (overrides: Partial<FleetConfig> = {}): FleetConfig =>
  fleetConfig({
    network: { pool: '10.0.0.0/16', stampPrefix: 20, reserved: [] },
    groups: [plainGroup('alpha', { placement: single('use1') }), plainGroup('beta', { placement: single('use1') })],
    ...overrides,
  });
const withGroups = (...names: string[]): FleetConfig =>
  config({ groups: names.map((name) => plainGroup(name, { placement: single('use1') })) });
const codes = (found: readonly { code: string }[]): string[] => found.map(({ code }) => code);

describe('allocation', () => {
  test('new stamps take the lowest free ranges in the order of their ids', () => {
    const { lock, changes, findings } = planLock(withGroups('beta', 'alpha'), undefined);
    expect(lock.addresses).toEqual({ 'alpha-use1': '10.0.0.0/20', 'beta-use1': '10.0.16.0/20' });
    expect(Object.keys(lock.addresses)).toEqual(['alpha-use1', 'beta-use1']);
    expect(changes.filter(({ kind }) => kind === 'address-allocated').map(({ subject }) => subject)).toEqual([
      'alpha-use1',
      'beta-use1',
    ]);
    expect(findings).toEqual([]);
  });

  test('a lock that is up to date stays the same, without changes', () => {
    const lock = firstLock(config());
    expect(planLock(config(), lock)).toEqual({ lock, changes: [], findings: [] });
  });

  test('reserved ranges are never handed out', () => {
    const reserved = config({ network: { pool: '10.0.0.0/16', stampPrefix: 20, reserved: ['10.0.0.0/24', '10.0.32.0/19'] } });
    expect(planLock(reserved, undefined).lock.addresses).toEqual({ 'alpha-use1': '10.0.16.0/20', 'beta-use1': '10.0.64.0/20' });
  });

  test('a new stamp that sorts first does not move the others', () => {
    const lock = planLock(withGroups('aardvark', 'alpha', 'beta'), firstLock(config())).lock;
    expect(lock.addresses).toEqual({ 'aardvark-use1': '10.0.32.0/20', 'alpha-use1': '10.0.0.0/20', 'beta-use1': '10.0.16.0/20' });
  });

  test('a changed pool and prefix count for new stamps only; what lies outside is told', () => {
    const changed = {
      ...withGroups('alpha', 'beta', 'gamma'),
      network: { pool: '172.16.0.0/12', stampPrefix: 21, reserved: [] },
    };
    const { lock, findings } = planLock(changed, firstLock(config()));
    expect(lock.addresses).toEqual({ 'alpha-use1': '10.0.0.0/20', 'beta-use1': '10.0.16.0/20', 'gamma-use1': '172.16.0.0/21' });
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ['allocation-outside-pool', 'info'],
      ['allocation-outside-pool', 'info'],
    ]);
  });

  test('a range that is reserved after it was allocated stays, with a warning', () => {
    const later = config({ network: { pool: '10.0.0.0/16', stampPrefix: 20, reserved: ['10.0.16.0/24'] } });
    const { lock, findings } = planLock(later, firstLock(config()));
    expect(lock).toEqual(firstLock(config()));
    expect(findings).toMatchObject([
      { code: 'allocation-overlaps-reserved', severity: 'warning', where: { path: ['addresses', 'beta-use1'] } },
    ]);
  });

  test('fails when the pool is full, once for all stamps that are left', () => {
    const names = Array.from({ length: 9 }, (_, index) => `g${index}`);
    const full = { ...withGroups(...names), network: { pool: '10.0.0.0/19', stampPrefix: 20, reserved: [] } };
    const { lock, findings } = planLock(full, undefined);
    expect(Object.keys(lock.addresses)).toEqual(['g0-use1', 'g1-use1']);
    expect(findings).toMatchObject([
      { code: 'pool-exhausted', severity: 'error', where: { file: 'fleet.yaml', path: ['network', 'pool'] } },
    ]);
    expect(findings[0]!.message).toBe(
      'no free /20 is left in 10.0.0.0/19 for g2-use1, g3-use1, g4-use1, g5-use1, g6-use1 and 2 more',
    );
  });

  test.each([
    ['10.0.0.0/16', 22, 'stamp-prefix-out-of-range'],
    ['10.0.0.0/8', 15, 'stamp-prefix-out-of-range'],
    ['10.0.0.0/8', Number.NaN, 'stamp-prefix-out-of-range'],
    ['10.0.0.0/21', 20, 'pool-smaller-than-stamp'],
    ['10.0.0.1/8', 20, 'pool-invalid'],
  ])('fails for the pool %s and /%s: %s', (pool, stampPrefix, code) => {
    const { lock, findings } = planLock(config({ network: { pool, stampPrefix, reserved: [] } }), undefined);
    expect(codes(findings)).toEqual([code]);
    expect(lock.addresses).toEqual({});
  });

  test.each([
    ['10.0.0.0/16', 21],
    ['10.0.0.0/8', 16],
    ['10.0.0.0/19', 20],
  ])('the pool %s and /%s are fine', (pool, stampPrefix) => {
    expect(planLock(config({ network: { pool, stampPrefix, reserved: [] } }), undefined).findings).toEqual([]);
  });

  test('3,000 stamps take a moment, not minutes', { timeout: 60_000 }, () => {
    const placement = activePassive();
    const groups = Array.from({ length: 1500 }, (_, index) => plainGroup(`g${index}`, { placement }));
    const many = fleetConfig({ network: { pool: '10.0.0.0/8', stampPrefix: 20, reserved: ['10.1.0.0/16'] }, groups });
    const { lock, findings } = planLock(many, undefined);
    const again = planLock({ ...many, groups: groups.slice(0, 1400) }, lock);
    expect(Object.keys(lock.addresses)).toHaveLength(3000);
    expect(Object.keys(again.lock.tombstones)).toHaveLength(200);
    expect(findings).toEqual([]);
  });
});

describe('tombstones', () => {
  const gone = (): FleetLock => planLock(withGroups('beta'), firstLock(config())).lock;

  test('a stamp that is gone leaves one, and its range is not handed out', () => {
    const lock = planLock(withGroups('beta', 'gamma'), firstLock(config())).lock;
    expect(lock.tombstones).toEqual({ 'alpha-use1': '10.0.0.0/20' });
    expect(lock.addresses).toEqual({ 'beta-use1': '10.0.16.0/20', 'gamma-use1': '10.0.32.0/20' });
  });

  test('a stamp that returns finds its own range', () => {
    const { lock, changes } = planLock(withGroups('aardvark', 'alpha', 'beta'), gone());
    expect(lock.addresses['alpha-use1']).toBe('10.0.0.0/20');
    expect(lock.tombstones).toEqual({});
    expect(changes).toContainEqual({
      kind: 'address-returned',
      subject: 'alpha-use1',
      message: 'alpha-use1 is back and takes its own range 10.0.0.0/20 again',
    });
  });

  test('release frees the range for the next new stamp', () => {
    const { lock, findings } = planLock(withGroups('beta', 'gamma'), gone(), { release: ['alpha-use1'] });
    expect(findings).toEqual([]);
    expect(lock.tombstones).toEqual({});
    expect(lock.addresses['gamma-use1']).toBe('10.0.0.0/20');
  });

  test('fails to release a stamp that still exists', () => {
    const { lock, findings } = planLock(config(), firstLock(config()), { release: ['alpha-use1'] });
    expect(findings).toMatchObject([{ code: 'release-of-living-stamp', severity: 'error' }]);
    expect(lock).toEqual(firstLock(config()));
  });

  test('fails to release a stamp that returns in the same run', () => {
    expect(codes(planLock(config(), gone(), { release: ['alpha-use1'] }).findings)).toEqual(['release-of-living-stamp']);
  });

  test('fails to release what has no tombstone, and names those there are', () => {
    const { lock, findings } = planLock(withGroups('beta'), gone(), { release: ['alfa-use1'] });
    expect(findings).toMatchObject([{ code: 'release-of-unknown-tombstone', severity: 'error', fix: 'Tombstones: alpha-use1' }]);
    expect(lock).toEqual(gone());
  });
});

describe('a lock that was edited by hand', () => {
  const edited = (overrides: Partial<FleetLock>): string[] =>
    codes(planLock(config(), { ...firstLock(config()), ...overrides }).findings);

  test('fails when two ranges overlap', () => {
    expect(edited({ addresses: { 'alpha-use1': '10.0.0.0/19', 'beta-use1': '10.0.16.0/20' } })).toEqual(['lock-ranges-overlap']);
  });

  test('fails when a tombstone lies inside an address, even behind a smaller range', () => {
    const addresses = { 'alpha-use1': '10.0.0.0/16', 'beta-use1': '10.1.0.0/20' };
    const tombstones = { 'old-use1': '10.0.0.0/24', 'older-use1': '10.0.128.0/20' };
    expect(edited({ addresses, tombstones })).toEqual(['lock-ranges-overlap', 'lock-ranges-overlap', 'allocation-outside-pool']);
  });

  test.each(['10.0.0.1/20', 'ten', ''])('fails when a range is %j', (range) => {
    expect(edited({ addresses: { 'alpha-use1': range, 'beta-use1': '10.0.16.0/20' } })).toEqual(['lock-range-invalid']);
  });

  test('fails when a stamp has both an address and a tombstone', () => {
    expect(edited({ tombstones: { 'alpha-use1': '10.0.64.0/20' } })).toEqual(['lock-entry-twice']);
  });
});

describe('pins', () => {
  test('homes are the primary, the first of the Regions, or the only one', () => {
    expect(firstLock(fleetConfig()).homeRegions).toEqual({ enterprise: 'use1', internal: 'euw1', pool: 'use1' });
  });

  test('swapping primary and standby does not move the home', () => {
    const before = fleetConfig({ groups: [plainGroup('shop', { placement: activePassive('usw2', 'euw1') })] });
    const after = fleetConfig({ groups: [plainGroup('shop', { placement: activePassive('euw1', 'usw2') })] });
    const lock = firstLock(before);
    expect(planLock(after, lock)).toEqual({ lock, changes: [], findings: [] });
  });

  test('fails when a group leaves the Region where its data was born, until it is rehomed', () => {
    const moved = config({ groups: [plainGroup('alpha', { placement: single('usw2') }), config().groups[1]!] });
    expect(planLock(moved, firstLock(config())).findings).toMatchObject([
      { code: 'home-region-left', severity: 'error', where: { file: 'groups/alpha.yaml', path: ['placement'] } },
    ]);
    expect(
      planLock(moved, firstLock(config()), { rehome: [{ group: 'alpha', region: 'usw2', reason: 'use1 is lost' }] }).findings,
    ).toEqual([]);
  });

  test('a group that is gone keeps its home while a tombstone of it is left', () => {
    const gone = planLock(withGroups('beta'), firstLock(config())).lock;
    expect(gone.homeRegions).toEqual({ alpha: 'use1', beta: 'use1' });
    const released = planLock(withGroups('beta'), gone, { release: ['alpha-use1'] });
    expect(released.lock.homeRegions).toEqual({ beta: 'use1' });
    expect(released.changes.map(({ kind }) => kind)).toEqual(['address-released', 'home-forgotten']);
  });

  test('fails when a Region code is pointed at another Region; the pin stays', () => {
    const [first, ...rest] = fleetConfig().regions;
    const repointed = config({ regions: [{ ...first!, region: 'ca-central-1' }, ...rest] });
    const { lock, findings } = planLock(repointed, firstLock(config()));
    expect(findings).toMatchObject([{ code: 'region-code-repointed', where: { path: ['regions', 'use1', 'region'] } }]);
    expect(lock.regions['use1']).toBe('us-east-1');
  });

  test('a Region code that is no longer used stays pinned', () => {
    const fewer = config({ regions: fleetConfig().regions.filter(({ code }) => code !== 'euw1') });
    expect(planLock(fewer, firstLock(config())).lock.regions['euw1']).toBe('eu-west-1');
  });

  test('fails when the lock belongs to another fleet', () => {
    expect(codes(planLock(config({ fleet: 'other' }), firstLock(config())).findings)).toEqual(['lock-of-another-fleet']);
  });
});
