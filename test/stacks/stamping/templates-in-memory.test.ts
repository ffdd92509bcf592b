import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { writeFleet } from '../../../bench/fleet-generator/write-fleet';
import { readFleet } from '../../../lib/assembly/parse-fleet';
import { assemblyStacks, type AssemblyTemplate } from '../../../lib/assembly/read-assembly';
import { loadFleet } from '../../../lib/cli/load-fleet';
import { fleetDemand } from '../../../lib/resilience/fleet-demand';
import { proofDocument } from '../../../lib/resilience/report/document';
import { prove } from '../../../lib/resilience/prove';
import { APP_CONTEXT } from '../../../lib/stacks/app-context';
import { addFleetStacks } from '../../../lib/stacks/fleet-app';
import { ProofPlugin } from '../../../lib/stacks/proof/proof-plugin';
import { stampedStacksOf } from '../../../lib/stacks/stamping/concerned-stacks';
import { templatesInMemory } from '../../../lib/stacks/stamping/templates-in-memory';
import type { Fleet } from '../../../lib/topology/types';
import { exampleFleet, variantFleet } from '../../support/loaded-fleets';
import { once } from '../../support/once';

const scratch = mkdtempSync(join(tmpdir(), 'stampkit-in-memory-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

interface Synthesized {
  readonly app: App;
  readonly fleet: Fleet;
  readonly folder: string;
}

function synthesized(fleet: Fleet): Synthesized {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  addFleetStacks(app, fleet);
  return { app, fleet, folder: app.synth().directory };
}

/** Every engine, routing policy and compute kind, in several accounts. */
function madeUpFleet(): Fleet {
  writeFleet(join(scratch, 'made-up'), { groups: 24, regions: 3, accounts: 2, seed: 11 });
  const { fleet } = loadFleet(join(scratch, 'made-up'));
  if (fleet === undefined) throw new Error('the generator made a fleet with errors');
  return fleet;
}

const FLEETS = [
  ['example', once(() => synthesized(exampleFleet().fleet))],
  ['variant', once(() => synthesized(variantFleet().fleet))],
  ['made-up', once(() => synthesized(madeUpFleet()))],
] as const;

/** What the proof may look at, key order included. */
function lookedAt({ Resources, ...sections }: AssemblyTemplate): string {
  const resources = Object.entries(Resources).map(([logicalId, resource]) => {
    const { Type, Properties, DeletionPolicy, UpdateReplacePolicy, Condition } = resource as typeof resource & {
      readonly Condition?: string;
    };
    return [logicalId, { Type, Properties, DeletionPolicy, UpdateReplacePolicy, Condition }];
  });
  return JSON.stringify([sections, resources]);
}

describe.each(FLEETS)('templates of the %s fleet that are still in memory', { timeout: 120_000 }, (_name, made) => {
  test('are all stamped ones, and say what their files say', () => {
    const { app, folder } = made();
    const known = templatesInMemory(app);
    const fromDisk = new Map([...assemblyStacks(folder)].map((stack) => [stack.stackName, stack]));
    const asked: string[] = [];
    const inMemory = assemblyStacks(folder, (path) => {
      const found = known(path);
      if (found !== undefined) asked.push(path);
      return found;
    });
    for (const { template, ...rest } of inMemory) {
      const { template: read, ...others } = fromDisk.get(rest.stackName)!;
      expect(rest).toEqual(others);
      expect([rest.stackName, lookedAt(template) === lookedAt(read)]).toEqual([rest.stackName, true]);
    }
    expect(asked).toHaveLength(stampedStacksOf(app).length);
  });

  test('give the same facts and the same proof, byte for byte', () => {
    const { app, fleet, folder } = made();
    const [inMemory, fromDisk] = [readFleet(folder, templatesInMemory(app)), readFleet(folder)];
    expect(JSON.stringify(inMemory) === JSON.stringify(fromDisk)).toBe(true);
    const documentOf = (parsed: typeof inMemory): string =>
      JSON.stringify(proofDocument(prove(parsed, fleetDemand(fleet)), { allOutcomes: true, overrides: {} }));
    expect(documentOf(inMemory) === documentOf(fromDisk)).toBe(true);
  });
});

describe('a template whose file was changed after it was written', { timeout: 120_000 }, () => {
  test('is read from its file, and turns the verdict of the same synth', () => {
    const { app, fleet, folder } = synthesized(exampleFleet().fleet);
    const file = join(folder, 'shop-enterprise-routing.template.json');
    const before = readFileSync(file, 'utf8');
    // Nothing tells Route 53 any more that the primary is gone; the file keeps its size.
    const after = before
      .replaceAll('"HealthCheckId"', '"HealthCheckXX"')
      .replaceAll(/"EvaluateTargetHealth": true/g, '"EvaluateTargetHealth": null');
    expect(after).not.toBe(before);
    const success = (): boolean =>
      new ProofPlugin(fleetDemand(fleet), folder).validate({ templatePaths: [], stackTemplates: [], appConstruct: app }).success;
    expect(success()).toBe(true);
    writeFileSync(file, after);
    expect(after).toHaveLength(before.length);
    expect(templatesInMemory(app)(file)).toBeUndefined();
    expect(success()).toBe(false);
  });
});
