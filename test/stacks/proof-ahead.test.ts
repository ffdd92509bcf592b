import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { writeFleet } from '../../bench/fleet-generator/write-fleet';
import { readFleet } from '../../lib/assembly/parse-fleet';
import { loadFleet } from '../../lib/cli/load-fleet';
import type { Finding } from '../../lib/findings';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { proveAhead, type ProofAheadOptions } from '../../lib/stacks/proof/proof-ahead';
import { proofErrors } from '../../lib/stacks/proof/proof-errors';
import { ProofPlugin } from '../../lib/stacks/proof/proof-plugin';
import type { Fleet } from '../../lib/topology/types';
import { exampleFleet, variantFleet } from '../support/loaded-fleets';

/** As `npm ci` builds it. */
const WORKER = resolve(__dirname, '..', '..', 'dist', 'bin', 'proof-worker.js');

const scratch = mkdtempSync(join(tmpdir(), 'stampkit-proof-ahead-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** A fleet that promises what it cannot keep. */
function impossible(fleet = exampleFleet().fleet): Fleet {
  return {
    ...fleet,
    groups: fleet.groups.map((group) => ({ ...group, objectives: { ...group.objectives, availability: { rto: 30, rpo: 1 } } })),
  };
}

function appOf(fleet: Fleet): App {
  const app = new App({
    outdir: mkdtempSync(join(scratch, 'assembly-')),
    context: { ...APP_CONTEXT },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  addFleetStacks(app, fleet);
  return app;
}

/** Every engine, routing policy and compute kind, in several accounts. */
function madeUpFleet(): Fleet {
  const folder = join(scratch, 'made-up');
  writeFleet(folder, { groups: 24, regions: 3, accounts: 2, seed: 11 });
  const { fleet } = loadFleet(folder);
  if (fleet === undefined) throw new Error('the generator made a fleet with errors');
  return fleet;
}

interface Proven {
  readonly ahead: Finding[] | undefined;
  readonly fromDisk: Finding[];
}

/** The proof of a fleet in a thread, and by itself. `change` is what somebody does to the assembly before the thread is asked. */
function proven(fleet: Fleet, options: ProofAheadOptions = {}, change: (folder: string) => void = () => undefined): Proven {
  const app = appOf(fleet);
  const demand = fleetDemand(fleet);
  const ahead = proveAhead(app, demand, { worker: WORKER, minStampedStacks: 1, ...options });
  expect(ahead).toBeDefined();
  const { directory } = app.synth();
  change(directory);
  return { ahead: ahead?.wait(), fromDisk: proofErrors(readFleet(directory), demand) };
}

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8');
  expect(change(before)).not.toBe(before);
  writeFileSync(file, change(before));
}

/** A thread that does something else. */
function workerThat(name: string, code: string): string {
  const file = join(scratch, `${name}.js`);
  writeFileSync(file, code);
  return file;
}

describe('the proof in another thread', { timeout: 120_000 }, () => {
  test.each([
    ['example', () => exampleFleet().fleet],
    ['variant', () => variantFleet().fleet],
    ['made-up', madeUpFleet],
  ])('says what the assembly of the %s fleet on disk says, word for word', (_name, fleet) => {
    const { ahead, fromDisk } = proven(impossible(fleet()));
    expect(fromDisk.map(({ code }) => code)).toContain('availability-violated');
    expect(JSON.stringify(ahead)).toBe(JSON.stringify(fromDisk));
  });

  test('has nothing against a fleet that keeps what it promises', () => {
    expect(proven(exampleFleet().fleet)).toEqual({ ahead: [], fromDisk: [] });
  });

  test.each<[string, ProofAheadOptions]>([
    ['a small fleet', { minStampedStacks: 100 }],
    ['a program without the worker', { worker: join(scratch, 'missing.js') }],
  ])('is not begun for %s', (_what, options) => {
    const { fleet } = exampleFleet();
    expect(proveAhead(appOf(fleet), fleetDemand(fleet), { worker: WORKER, minStampedStacks: 1, ...options })).toBeUndefined();
  });

  test.each([
    ['throws', 'throw new Error("out of luck");'],
    ['ends without a word', 'process.exit(0);'],
    ['hangs', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['is no JavaScript', '{{{'],
  ])('gives no answer when the thread %s', (name, code) => {
    const worker = workerThat(name.replaceAll(' ', '-'), code);
    expect(proven(exampleFleet().fleet, { worker, patienceMs: 200 }).ahead).toBeUndefined();
  });

  test.each<[string, (folder: string) => void]>([
    [
      'a stamped template',
      (folder) => {
        // Of the same length.
        edit(join(folder, 'shop-enterprise-routing.template.json'), (text) =>
          text.replaceAll('"HealthCheckId"', '"HealthCheckXX"'),
        );
      },
    ],
    [
      'a template that is stamped from nothing',
      (folder) => {
        edit(join(folder, 'shop-control-use2.template.json'), (text) => `${text} `);
      },
    ],
    [
      'the manifest',
      (folder) => {
        edit(join(folder, 'manifest.json'), (text) =>
          text.replace('aws://111111111111/us-east-1', 'aws://111111111111/us-east-9'),
        );
      },
    ],
    [
      'the manifest, so that nobody can read it,',
      (folder) => {
        edit(join(folder, 'manifest.json'), (text) => text.replace('{', ''));
      },
    ],
  ])('gives no answer when somebody changed %s meanwhile', (_what, change) => {
    const { fleet } = exampleFleet();
    const app = appOf(fleet);
    const ahead = proveAhead(app, fleetDemand(fleet), { worker: WORKER, minStampedStacks: 1 });
    change(app.synth().directory);
    expect(ahead?.wait()).toBeUndefined();
  });
});

describe('the plugin beside such a thread', { timeout: 120_000 }, () => {
  const app = appOf(exampleFleet().fleet);
  const { directory } = app.synth();
  const context = {
    appConstruct: app,
    templatePaths: [],
    stackTemplates: [{ stackConstructPath: 'shop', templatePath: '', accountId: undefined, region: undefined }],
  };
  const pluginWith = (answer: Finding[] | undefined): ProofPlugin =>
    new ProofPlugin(fleetDemand(impossible()), directory, { wait: () => answer });

  test('takes its answer for one synth, and does the proof itself at the next', () => {
    const plugin = pluginWith([]);
    expect([plugin.validate(context).success, plugin.validate(context).success]).toEqual([true, false]);
  });

  test('does the proof itself when there is no answer', () => {
    const { success, violations } = pluginWith(undefined).validate(context);
    expect(success).toBe(false);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('availability-violated');
  });
});
