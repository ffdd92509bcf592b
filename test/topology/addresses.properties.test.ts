import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cidrContains, cidrsOverlap, parseCidr } from '../../lib/cidr';
import type { FleetLock, PlacementConfig } from '../../lib/config/types';
import { planLock } from '../../lib/topology/addresses';
import { parseStampId } from '../../lib/topology/names';
import { activeActive, activePassive, fleetConfig, plainGroup, single } from './fixtures';

const NAMES = ['a', 'a-b', 'b', 'c', 'd', 'e-f-g', 'z'];
const placement: fc.Arbitrary<PlacementConfig> = fc.oneof(
  fc.constantFrom('use1', 'usw2', 'euw1', 'use2').map(single),
  fc
    .shuffledSubarray(['use1', 'usw2', 'euw1'], { minLength: 2, maxLength: 2 })
    .map(([primary, standby]) => activePassive(primary, standby)),
  fc.shuffledSubarray(['use1', 'usw2', 'euw1', 'use2'], { minLength: 1 }).map((regions) => activeActive(regions)),
);

/** One edit of the configuration followed by `stampkit lock`: which groups there are, in which order of files, and what is released. */
const edit = fc.record({
  groups: fc.shuffledSubarray(NAMES),
  placements: fc.array(placement, { minLength: NAMES.length, maxLength: NAMES.length }),
  stampPrefix: fc.integer({ min: 17, max: 21 }),
  pool: fc.constantFrom('10.0.0.0/10', '10.32.0.0/11', '172.16.0.0/12'),
  release: fc.boolean(),
});

const RESERVED = ['10.0.0.0/18', '10.33.0.0/16', '172.16.128.0/20'];

function locksOf(
  edits: readonly (typeof edit extends fc.Arbitrary<infer T> ? T : never)[],
): { lock: FleetLock; released: string[] }[] {
  let lock: FleetLock | undefined;
  return edits.map(({ groups, placements, stampPrefix, pool, release }) => {
    const config = fleetConfig({
      network: { pool, stampPrefix, reserved: RESERVED },
      groups: groups.map((name) => plainGroup(name, { placement: placements[NAMES.indexOf(name)]! })),
    });
    const living = new Set(Object.keys(planLock(config, lock).lock.addresses));
    const released = release ? Object.keys(lock?.tombstones ?? {}).filter((id) => !living.has(id)) : [];
    const plan = planLock(config, lock, { release: released });
    expect(plan.findings.filter(({ code }) => code === 'pool-exhausted' || code.startsWith('lock-'))).toEqual([]);
    lock = plan.lock;
    return { lock, released };
  });
}

const history = fc.array(edit, { minLength: 2, maxLength: 8 });

test('ranges never overlap: not with each other, not with a tombstone, not with what is reserved', () => {
  fc.assert(
    fc.property(history, (edits) => {
      for (const { lock } of locksOf(edits)) {
        const held = [...Object.values(lock.addresses), ...Object.values(lock.tombstones), ...RESERVED].map((text) =>
          parseCidr(text)!,
        );
        const overlaps = held.filter((a, i) => held.some((b, j) => i < j && cidrsOverlap(a, b)));
        expect(overlaps).toEqual([]);
      }
    }),
  );
});

test('a range never moves, whatever is added, removed or reordered, until it is released', () => {
  fc.assert(
    fc.property(history, (edits) => {
      const known = new Map<string, string>();
      for (const { lock, released } of locksOf(edits)) {
        for (const id of released) known.delete(id);
        const held = { ...lock.tombstones, ...lock.addresses };
        for (const [id, range] of known) expect(held[id]).toBe(range);
        for (const [id, range] of Object.entries(held)) known.set(id, range);
      }
    }),
  );
});

test('new ranges lie in the pool of their day and have its size', () => {
  fc.assert(
    fc.property(history, (edits) => {
      let before: Record<string, string> = {};
      locksOf(edits).forEach(({ lock, released }, index) => {
        for (const id of released) before = Object.fromEntries(Object.entries(before).filter(([key]) => key !== id));
        for (const [id, range] of Object.entries(lock.addresses)) {
          if (before[id] !== undefined) continue;
          expect(range.endsWith(`/${edits[index]!.stampPrefix}`)).toBe(true);
          expect(cidrContains(parseCidr(edits[index]!.pool)!, parseCidr(range)!)).toBe(true);
        }
        before = { ...lock.tombstones, ...lock.addresses };
      });
    }),
  );
});

test('a home Region stays as long as something of its group is held', () => {
  fc.assert(
    fc.property(history, (edits) => {
      let before: FleetLock | undefined;
      for (const { lock } of locksOf(edits)) {
        const held = new Set(
          [...Object.keys(lock.addresses), ...Object.keys(lock.tombstones)].map((id) => parseStampId(id).group),
        );
        for (const [group, home] of Object.entries(before?.homeRegions ?? {})) {
          if (held.has(group)) expect(lock.homeRegions[group]).toBe(home);
        }
        before = lock;
      }
    }),
  );
});

test('the order of groups and of Regions makes no difference', () => {
  fc.assert(
    fc.property(
      fc.array(placement, { minLength: 7, maxLength: 7 }),
      fc.shuffledSubarray(NAMES, { minLength: 7 }),
      (placements, order) => {
        const groups = (names: readonly string[]) =>
          names.map((name) => plainGroup(name, { placement: placements[NAMES.indexOf(name)]! }));
        const regions = [...fleetConfig().regions].reverse();
        expect(planLock(fleetConfig({ groups: groups(order), regions }), undefined)).toEqual(
          planLock(fleetConfig({ groups: groups(NAMES) }), undefined),
        );
      },
    ),
  );
});
