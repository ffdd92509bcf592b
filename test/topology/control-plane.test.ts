import { describe, expect, test } from 'vitest';
import type { ControlConfig } from '../../lib/config/types';
import { buildFleet } from '../../lib/topology/build-fleet';
import { controlTableRole } from '../../lib/topology/control-plane';
import type { ControlPlane } from '../../lib/topology/types';
import { firstLock, fleetConfig } from './fixtures';

const FIRST = fleetConfig();

function controlAfter(control: ControlConfig): ControlPlane {
  const { fleet, findings } = buildFleet({ ...FIRST, control }, firstLock(FIRST));
  expect(findings).toEqual([]);
  return fleet.control;
}

const before = controlAfter(FIRST.control);
const codes = (members: ControlPlane['members']): string[] => members.map(({ code }) => code);

describe('a fleet whose control Regions change', () => {
  test.each<[string, ControlConfig]>([
    ['a Region joins', { regions: ['use2', 'usw2'], witness: 'use1', joining: ['euw1'] }],
    ['it is moved into regions', { regions: ['use2', 'usw2', 'euw1'], witness: 'use1', joining: [] }],
    ['a replica’s Region leaves', { regions: ['use2', 'euw1'], witness: 'use1', joining: [] }],
    ['the witness Region gets switches', { regions: ['use2', 'usw2', 'use1'], joining: [] }],
    ['the owner’s switches are set aside', { regions: ['usw2', 'euw1'], joining: ['use2'] }],
  ])('keeps its table when %s', (_what, control) => {
    const after = controlAfter(control);
    expect(after.table).toEqual(before.table);
    expect(codes(after.members)).toEqual([...control.regions].sort());
    const owners = [...after.members, ...after.joining].filter(({ ownsTable }) => ownsTable);
    expect(codes(owners)).toEqual(['use2']);
  });

  test('tells the part of each Region in the table', () => {
    const { table: _table, ...rest } = before;
    expect(['us-east-2', 'us-west-2', 'us-east-1', 'eu-west-1'].map((region) => controlTableRole(before, region))).toEqual([
      'owner',
      'replica',
      'witness',
      undefined,
    ]);
    const { witness: _witness, ...table } = before.table;
    expect(controlTableRole({ ...rest, table }, 'us-east-1')).toBeUndefined();
  });

  test('fails when the table lies in a Region that is not declared, which the checks report first', () => {
    const regions = FIRST.regions.filter(({ code }) => code !== 'use1');
    const groups = FIRST.groups.filter(({ group }) => group === 'internal');
    const control = { regions: ['use2', 'usw2'], joining: [] };
    expect(() => buildFleet({ ...FIRST, regions, groups, control }, firstLock(FIRST))).toThrow(/UNKNOWN_REGION_CODE: .*"use1"/);
  });
});
