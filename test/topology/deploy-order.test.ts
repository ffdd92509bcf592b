import { describe, expect, test } from 'vitest';
import { type DeployPhase, deployPhases, removalPhases } from '../../lib/topology/deploy-order';
import { builtFleet, fleetConfig } from './fixtures';

const fleet = builtFleet();
const stacks = (phases: readonly DeployPhase[]): Record<string, string[]> =>
  Object.fromEntries(phases.map((phase) => [phase.name, phase.stacks.map(({ stackName }) => stackName)]));

describe('the order of a deployment', () => {
  test('control, data, home stamps, other stamps, routing', () => {
    expect(deployPhases(fleet).map(({ name }) => name)).toEqual(['control', 'data', 'home stamps', 'other stamps', 'routing']);
  });

  test('names every stack of the fleet once, and where it is', () => {
    const all = deployPhases(fleet).flatMap((phase) => phase.stacks);
    const stamps = fleet.groups.flatMap((group) => group.stamps);
    expect(new Set(all.map(({ stackName }) => stackName)).size).toBe(all.length);
    expect(all.filter(({ stamp }) => stamp !== undefined)).toHaveLength(stamps.length);
    for (const { stamp, region } of all.filter((stack) => stack.stamp !== undefined)) {
      expect(region).toBe(stamps.find(({ id }) => id === stamp)?.shape.region);
    }
    expect(all.filter(({ stackName }) => stackName.endsWith('-routing')).map(({ region }) => region)).toEqual(
      fleet.groups.map(() => fleet.routingRegion),
    );
  });

  test('a stamp in the home Region of its data comes before the stamps that join it', () => {
    const { 'home stamps': home = [], 'other stamps': others = [] } = stacks(deployPhases(fleet));
    for (const group of fleet.groups) {
      for (const stamp of group.stamps) {
        expect(stamp.regionCode === group.homeRegion ? home : others).toContain(stamp.values.names.stack);
      }
    }
  });

  test('data stacks belong to groups with something global', () => {
    expect(stacks(deployPhases(fleet)).data).toEqual(['shop-enterprise-data', 'shop-pool-data']);
  });

  test('joining control Regions are deployed with the others', () => {
    const config = fleetConfig();
    const joining = builtFleet({ ...config, control: { ...config.control, joining: ['euw1'] } });
    expect(stacks(deployPhases(joining)).control).toContain('shop-control-euw1');
  });

  test('a group brings control and its own stacks only', () => {
    const phases = stacks(deployPhases(fleet, { groups: ['enterprise'] }));
    expect(phases).toEqual({
      control: ['shop-control-use2', 'shop-control-usw2'],
      data: ['shop-enterprise-data'],
      'home stamps': ['shop-enterprise-use1'],
      'other stamps': ['shop-enterprise-usw2'],
      routing: ['shop-enterprise-routing'],
    });
  });

  test('a stamp comes without the routing of its group, whose records need every stamp', () => {
    const phases = stacks(deployPhases(fleet, { stamps: ['enterprise-usw2'] }));
    expect(Object.keys(phases)).toEqual(['control', 'data', 'other stamps']);
    expect(phases['other stamps']).toEqual(['shop-enterprise-usw2']);
  });

  test('fails for a group or stamp that is not there, and names those that are', () => {
    expect(() => deployPhases(fleet, { groups: ['nope'] })).toThrow(/GROUP_UNKNOWN: no group "nope".*enterprise/);
    expect(() => deployPhases(fleet, { stamps: ['enterprise-use9'] })).toThrow(/STAMP_UNKNOWN: .*enterprise-use1/);
  });
});

describe('the order of a removal', () => {
  test('is the reverse', () => {
    expect(removalPhases(fleet)).toEqual([...deployPhases(fleet)].reverse());
  });

  test('the control plane stays when a group goes', () => {
    expect(Object.keys(stacks(removalPhases(fleet, { groups: ['pool'] })))).toEqual([
      'routing',
      'other stamps',
      'home stamps',
      'data',
    ]);
  });

  test('what a group shares stays when one of its stamps goes', () => {
    expect(stacks(removalPhases(fleet, { stamps: ['pool-euw1'] }))).toEqual({ 'other stamps': ['shop-pool-euw1'] });
  });

  test('the data of a stamp’s group stays when another group goes with it', () => {
    const phases = stacks(removalPhases(fleet, { groups: ['pool'], stamps: ['enterprise-usw2'] }));
    expect(phases.data).toEqual(['shop-pool-data']);
    expect(phases.routing).toEqual(['shop-pool-routing']);
  });
});
