import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FleetConfig, FleetLock, PlacementConfig } from '../../lib/config/types';
import { planLock } from '../../lib/topology/addresses';
import { activeActive, activePassive, firstLock, fleetConfig, plainGroup } from './fixtures';

const shop = (placement: PlacementConfig = activePassive('usw2', 'euw1')): FleetConfig =>
  fleetConfig({ groups: [plainGroup('shop', { placement })] });
const reason = 'us-west-2 is lost, data adopted in eu-west-1';

describe('moving a home Region', () => {
  test('moves the pin, records why, and touches nothing else', () => {
    const lock = firstLock(shop());
    expect(lock).not.toHaveProperty('rehomed');
    const plan = planLock(shop(), lock, { rehome: [{ group: 'shop', region: 'euw1', reason }] });
    expect(plan.findings).toEqual([]);
    expect(plan.changes).toEqual([
      { kind: 'home-moved', subject: 'shop', message: `home of shop is euw1 instead of usw2: ${reason}` },
    ]);
    expect(plan.lock).toEqual({
      ...lock,
      homeRegions: { shop: 'euw1' },
      rehomed: [{ group: 'shop', from: 'usw2', to: 'euw1', reason }],
    });
  });

  test('later locks keep the record, even when the group is gone and its ranges are released', () => {
    const moved = planLock(shop(), firstLock(shop()), { rehome: [{ group: 'shop', region: 'euw1', reason }] }).lock;
    const other = fleetConfig({ groups: [plainGroup('other')] });
    const gone = planLock(other, moved).lock;
    const released = planLock(other, gone, { release: ['shop-euw1', 'shop-usw2'] }).lock;
    expect(released.homeRegions).toEqual({ other: 'use1' });
    for (const { rehomed } of [gone, released]) expect(rehomed).toEqual(moved.rehomed);
  });

  test('repairs a group that left its home, in the run in which another group leaves its own', () => {
    const before = fleetConfig({ groups: [plainGroup('a'), plainGroup('b')] });
    const placement = activePassive('usw2', 'euw1');
    const after = fleetConfig({ groups: [plainGroup('a', { placement }), plainGroup('b', { placement })] });
    const { findings } = planLock(after, firstLock(before), { rehome: [{ group: 'a', region: 'usw2', reason }] });
    expect(findings).toMatchObject([{ code: 'home-region-left', where: { file: 'groups/b.yaml' } }]);
  });

  test('to where it is already moves nothing and records nothing', () => {
    const lock = firstLock(shop());
    const plan = planLock(shop(), lock, { rehome: [{ group: 'shop', region: 'usw2', reason }] });
    expect(plan.lock).toEqual(lock);
    expect(plan.changes).toEqual([]);
    expect(plan.findings).toMatchObject([{ code: 'rehome-needless', severity: 'info' }]);
    expect(plan.findings[0]!.message).toContain('the home of shop is usw2 already');
  });

  test.each([
    ['a group that does not exist', 'nobody', 'usw2', reason, 'there is no group of that name'],
    ['a Region without a stamp', 'shop', 'use1', reason, 'use1 is not one of its Regions (euw1, usw2)'],
    ['no reason', 'shop', 'euw1', ' ', 'no reason is given'],
    ['a group that is new', 'new', 'use1', reason, 'has no home yet'],
  ])('fails for %s', (_what, group, region, why, says) => {
    const config = { ...shop(), groups: [...shop().groups, plainGroup('new')] };
    const lock = firstLock(shop());
    const plan = planLock(config, lock, { rehome: [{ group, region, reason: why }] });
    expect(plan.findings).toMatchObject([{ code: 'rehome-impossible', severity: 'error' }]);
    expect(plan.findings[0]!.message).toContain(says);
    expect(plan.lock.homeRegions['shop']).toBe('usw2');
    expect(plan.lock).not.toHaveProperty('rehomed');
  });
});

test('the record is what happened: it only grows, and leads from the birth of each group to its home of today', () => {
  const names = ['a', 'b'];
  const codes = ['use1', 'usw2', 'euw1'];
  const config = fleetConfig({ groups: names.map((name) => plainGroup(name, { placement: activeActive(codes) })) });
  const request = fc.record({ group: fc.constantFrom(...names), region: fc.constantFrom(...codes), reason: fc.constant(reason) });
  fc.assert(
    fc.property(fc.array(fc.array(request, { maxLength: 3 }), { maxLength: 5 }), (runs) => {
      let lock: FleetLock = firstLock(config);
      const births = lock.homeRegions;
      for (const rehome of runs) {
        const next = planLock(config, lock, { rehome }).lock;
        expect((next.rehomed ?? []).slice(0, (lock.rehomed ?? []).length)).toEqual(lock.rehomed ?? []);
        lock = next;
      }
      for (const name of names) {
        const moves = (lock.rehomed ?? []).filter(({ group }) => group === name);
        const path = [births[name], ...moves.map(({ to }) => to)];
        expect(moves.map(({ from }) => from)).toEqual(path.slice(0, -1));
        expect(path.at(-1)).toBe(lock.homeRegions[name]);
      }
    }),
  );
});
