import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { fleetDemand } from '../../lib/resilience/fleet-demand';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { proofErrors, type ProofJob } from '../../lib/stacks/proof-job';
import { ProofPlugin } from '../../lib/stacks/proof-plugin';
import { type PendingProof, startProof } from '../../lib/stacks/proof-thread';
import { writtenShapes } from '../../lib/stacks/stamping/templates-in-memory';
import type { Fleet } from '../../lib/topology/types';
import { exampleFleet } from '../support/loaded-fleets';
import { once } from '../support/once';

/** As `npm ci` builds it. */
const WORKER = resolve(__dirname, '..', '..', 'dist', 'bin', 'proof-worker.js');

const scratch = mkdtempSync(join(tmpdir(), 'stampkit-proof-thread-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** The example fleet promises more than it keeps. */
const impossible = (): Fleet => {
  const { fleet } = exampleFleet();
  return {
    ...fleet,
    groups: fleet.groups.map((group) => ({ ...group, objectives: { ...group.objectives, availability: { rto: 30, rpo: 1 } } })),
  };
};

const synthesized = once(() => {
  const app = new App({
    outdir: join(scratch, 'assembly'),
    context: { ...APP_CONTEXT },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  addFleetStacks(app, exampleFleet().fleet);
  app.synth();
  return app;
});

const jobOf = (fleet: Fleet): ProofJob => ({
  assembly: synthesized().outdir,
  demand: fleetDemand(fleet),
  shapes: writtenShapes(synthesized()),
});

/** A worker that does something else. */
function workerThat(name: string, code: string): string {
  const file = join(scratch, `${name}.js`);
  writeFileSync(file, code);
  return file;
}

describe('the proof in another thread', { timeout: 120_000 }, () => {
  test('says what the same thread would say, word for word', () => {
    const job = jobOf(impossible());
    const errors = proofErrors(job);
    expect(errors.map(({ code }) => code)).toContain('availability-violated');
    const pending = startProof(job, { worker: WORKER, minStacks: 1 });
    expect(JSON.stringify(pending?.wait())).toBe(JSON.stringify(errors));
  });

  test('has nothing against a fleet that keeps what it promises', () => {
    expect(startProof(jobOf(exampleFleet().fleet), { worker: WORKER, minStacks: 1 })?.wait()).toEqual([]);
  });

  test.each([
    ['a small fleet', {}],
    ['a program without the worker', { minStacks: 1, worker: join(scratch, 'missing.js') }],
  ])('is not begun for %s', (_what, options) => {
    expect(startProof(jobOf(exampleFleet().fleet), { worker: WORKER, ...options })).toBeUndefined();
  });

  test.each([
    ['throws', 'throw new Error("out of luck");'],
    ['ends without a word', 'process.exit(0);'],
    ['hangs', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['is no JavaScript', '{{{'],
  ])('gives no answer when the worker %s', (name, code) => {
    const worker = workerThat(name.replaceAll(' ', '-'), code);
    expect(startProof(jobOf(impossible()), { worker, minStacks: 1, patienceMs: 200 })?.wait()).toBeUndefined();
  });

  test('gives no answer for an assembly that cannot be read, instead of an error far from synth', () => {
    const job = { ...jobOf(exampleFleet().fleet), assembly: join(scratch, 'nowhere') };
    expect(startProof(job, { worker: WORKER, minStacks: 1 })?.wait()).toBeUndefined();
    expect(() => proofErrors(job)).toThrow(/ASSEMBLY_MISSING/);
  });
});

describe('the plugin beside such a thread', { timeout: 120_000 }, () => {
  const context = () => {
    const app = synthesized();
    return {
      appConstruct: app,
      templatePaths: [],
      stackTemplates: [{ stackConstructPath: 'shop-a', templatePath: '', accountId: undefined, region: undefined }],
    };
  };
  const pluginWith = (answer: ReturnType<PendingProof['wait']>) => {
    const begun: ProofJob[] = [];
    const plugin = new ProofPlugin(impossible(), synthesized().outdir, (job) => {
      begun.push(job);
      return { wait: () => answer };
    });
    return { plugin, begun };
  };

  test('takes its answer, and asks once per synth', () => {
    const { plugin, begun } = pluginWith([]);
    for (let synth = 1; synth <= 2; synth += 1) {
      plugin.begin(context());
      plugin.begin(context());
      expect(plugin.validate(context()).success).toBe(true);
      expect(begun).toHaveLength(synth);
    }
  });

  test('does the proof itself when there is no answer', () => {
    const { plugin } = pluginWith(undefined);
    plugin.begin(context());
    const { success, violations } = plugin.validate(context());
    expect(success).toBe(false);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('availability-violated');
  });

  test('does the proof itself when nothing was begun', () => {
    const { plugin, begun } = pluginWith([]);
    expect(plugin.validate(context()).success).toBe(false);
    expect(begun).toEqual([]);
  });
});
