import { App } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { addProof } from '../../lib/stacks/proof-plugin';
import type { Fleet } from '../../lib/topology/types';
import { exampleFleet } from '../support/loaded-fleets';

/** The fleet's app with no checks but the proof. */
function appOf(fleet: Fleet): App {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  addFleetStacks(app, fleet);
  addProof(app, fleet);
  return app;
}

/** The example fleet with one group changed. */
function changed(name: string, change: (group: Fleet['groups'][number]) => Fleet['groups'][number]): Fleet {
  const { fleet } = exampleFleet();
  return { ...fleet, groups: fleet.groups.map((group) => (group.name === name ? change(group) : group)) };
}

describe('the proof at synth', { timeout: 120_000 }, () => {
  test('lets the example fleet pass', () => {
    expect(() => appOf(exampleFleet().fleet).synth()).not.toThrow();
  });

  test('fails synth of an objective that cannot hold, with the arithmetic, the fix and how to accept it', () => {
    const fleet = changed('enterprise', (group) => ({
      ...group,
      objectives: { ...group.objectives, availability: { rto: 900, rpo: 60 } },
    }));
    const said = messageOf(() => appOf(fleet).synth());
    expect(said).toMatch(/availability-violated/);
    expect(said).toMatch(/region:use1[\s\S]*rto 1048 s, promised 900 s/);
    expect(said).toMatch(/promote +600 s/);
    expect(said).toMatch(/objectives\.availability: rto of 18m or more/);
    expect(said).toMatch(/accept: \[\{ failure: "region:use1"/);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}
