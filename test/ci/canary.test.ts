import { describe, expect, test } from 'vitest';
import { chooseCanary } from '../../lib/ci/canary';
import type { Fleet, StampSpec, TenantGroup } from '../../lib/topology/types';
import { ENTERPRISE, exampleFleet, INTERNAL, POOL, POOL_WEIGHTED } from '../support/fleet';
import { exampleFleet as loadedExample } from '../support/loaded-fleets';

function withGroup(fleet: Fleet, name: string, change: (group: TenantGroup) => TenantGroup): Fleet {
  return { ...fleet, groups: fleet.groups.map((group) => (group.name === name ? change(group) : group)) };
}

/** Every stamp of the group is a member of an Aurora global cluster. */
function onAurora(group: TenantGroup): TenantGroup {
  const database = {
    engine: 'aurora-postgresql',
    version: '17.4',
    databaseName: 'app',
    capacity: 'serverless',
    readers: 0,
    global: true,
  } as const;
  return { ...group, stamps: group.stamps.map((stamp): StampSpec => ({ ...stamp, shape: { ...stamp.shape, database } })) };
}

describe('the canary is the stamp whose failure reaches the fewest users', () => {
  test('in the example fleet: the internal tools with their 20 requests a second', () => {
    const { stamp, because } = chooseCanary(loadedExample().fleet);
    expect(stamp.id).toBe('internal-euw1');
    expect(because).toBe("smallest blast radius: 20 of the fleet's 1,320 requests/s at peak");
  });

  test('a standby, which serves nobody, goes before everything that serves', () => {
    expect(chooseCanary(exampleFleet({ groups: [POOL, ENTERPRISE, INTERNAL] })).stamp.id).toBe('enterprise-usw2');
  });

  test('one of three active stamps, which carries a third, goes before a stamp that carries the same peak alone', () => {
    expect(chooseCanary(exampleFleet({ groups: [INTERNAL, POOL] })).stamp.id).toBe('pool-euw1');
  });

  test('weights count: weight 0 is answered only when no other is left', () => {
    const { stamp, because } = chooseCanary(exampleFleet({ groups: [INTERNAL, POOL_WEIGHTED] }));
    expect(stamp.id).toBe('pool-euw1');
    expect(because).toContain(' 0 of the fleet');
  });

  test('among equal loads the group with fewer tenants, then the first id', () => {
    const many = { ...INTERNAL, name: 'aaa', tenants: ['one', 'two'] };
    const few = { ...INTERNAL, name: 'zzz', tenants: ['three'] };
    expect(chooseCanary(exampleFleet({ groups: [many, few] })).stamp.id).toBe('zzz-euw1');
    expect(chooseCanary(exampleFleet({ groups: [few, { ...few, name: 'mmm' }] })).stamp.id).toBe('mmm-euw1');
  });

  test('the order of groups in the fleet changes nothing', () => {
    const fleet = exampleFleet();
    const reversed = { ...fleet, groups: [...fleet.groups].reverse() };
    expect(chooseCanary(reversed)).toEqual(chooseCanary(fleet));
  });
});

describe('what can go first', () => {
  test('a member of an Aurora global cluster waits for its home stamp, so it is not chosen', () => {
    const fleet = withGroup(exampleFleet({ groups: [ENTERPRISE] }), 'enterprise', onAurora);
    expect(chooseCanary(fleet).stamp.id).toBe('enterprise-use1');
  });

  test('by name it can be had', () => {
    const fleet = withGroup(exampleFleet({ groups: [ENTERPRISE] }), 'enterprise', onAurora);
    expect(chooseCanary(fleet, 'enterprise-usw2')).toMatchObject({
      stamp: { id: 'enterprise-usw2' },
      because: 'chosen by --canary',
    });
  });

  test('fails for a stamp that the fleet does not have, and names those it has', () => {
    expect(() => chooseCanary(exampleFleet(), 'pool-mars')).toThrow(
      /STAMP_UNKNOWN: no stamp "pool-mars"\. Name one of: .*pool-use1/,
    );
  });

  test('fails for a fleet without stamps', () => {
    expect(() => chooseCanary(exampleFleet({ groups: [] }))).toThrow(/CANARY_MISSING/);
  });
});
