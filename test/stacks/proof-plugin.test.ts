import { App, type IPolicyValidationContext } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { addProof, ProofPlugin } from '../../lib/stacks/proof/proof-plugin';
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
    const said = messageOf(() => appOf(changedObjective()).synth());
    expect(said).toMatch(/availability-violated/);
    expect(said).toMatch(/region:use1[\s\S]*rto 1048 s, promised 900 s/);
    expect(said).toMatch(/promote +600 s/);
    expect(said).toMatch(/objectives\.availability: rto of 18m or more/);
    expect(said).toMatch(/accept: \[\{ failure: "region:use1"/);
  });
});

describe('a CDK that shows a plugin one environment at a time', { timeout: 120_000 }, () => {
  const [contexts, outdir] = environmentsOf(appOf(exampleFleet().fleet));

  test('gets the proof of the whole fleet once', () => {
    const plugin = new ProofPlugin(fleetDemand(changedObjective()), outdir);
    const reports = contexts.map((context) => plugin.validate(context));
    expect(contexts.length).toBeGreaterThan(3);
    expect(reports.map(({ success }) => success)).toEqual(contexts.map((_, index) => index > 0));
    expect(new Set(reports.flatMap(({ violations }) => violations).map(({ ruleName }) => ruleName))).toEqual(
      new Set(['availability-violated']),
    );
    // Nothing is taken for lost because its environment is shown later.
    expect(JSON.stringify(reports)).not.toContain('no bound');
  });

  test('gets it again with the next synth', () => {
    const plugin = new ProofPlugin(fleetDemand(changedObjective()), outdir);
    const failedOf = (): number => contexts.filter((context) => !plugin.validate(context).success).length;
    expect([failedOf(), failedOf()]).toEqual([1, 1]);
  });
});

/** The contexts of aws-cdk-lib 2.263: the stacks of one account and Region in each. */
function environmentsOf(app: App): [IPolicyValidationContext[], string] {
  const { stacks, directory } = app.synth();
  const environments = new Map<string, typeof stacks>();
  for (const stack of stacks)
    environments.set(stack.environment.name, [...(environments.get(stack.environment.name) ?? []), stack]);
  const contexts = [...environments.values()].map((members) => ({
    templatePaths: members.map(({ templateFullPath }) => templateFullPath),
    stackTemplates: members.map(({ hierarchicalId, templateFullPath }) => ({
      stackConstructPath: hierarchicalId,
      templatePath: templateFullPath,
      accountId: undefined,
      region: undefined,
    })),
    appConstruct: app,
  }));
  return [contexts, directory];
}

function changedObjective(): Fleet {
  return changed('enterprise', (group) => ({
    ...group,
    objectives: { ...group.objectives, availability: { rto: 900, rpo: 60 } },
  }));
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}
