import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  App,
  CfnResource,
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type PolicyValidationPluginReport,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { writeFleet } from '../../../bench/fleet-generator/write-fleet';
import { loadFleet } from '../../../lib/cli/load-fleet';
import { APP_CONTEXT } from '../../../lib/stacks/app-context';
import { addFleetStacks } from '../../../lib/stacks/fleet-app';
import type { SideThreadOptions } from '../../../lib/stacks/threads/side-thread';
import { STACK_RESOURCE_TYPES } from '../../../lib/stacks/validation/resource-types';
import { ShapeValidatePlugin } from '../../../lib/stacks/validation/shape-validation';
import { validateAhead } from '../../../lib/stacks/validation/validation-ahead';
import type { Fleet } from '../../../lib/topology/types';
import { exampleFleet, variantFleet } from '../../support/loaded-fleets';
import { once } from '../../support/once';

/** As `npm ci` builds it. */
const WORKER = resolve(__dirname, '..', '..', '..', 'dist', 'bin', 'validation-worker.js');

const scratch = mkdtempSync(join(tmpdir(), 'stampkit-validation-ahead-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Every engine, routing policy and compute kind, in several accounts. */
const madeUpFleet = once(() => {
  const folder = join(scratch, 'made-up');
  writeFleet(folder, { groups: 24, regions: 3, accounts: 2, seed: 11 });
  const { fleet } = loadFleet(folder);
  if (fleet === undefined) throw new Error('the generator made a fleet with errors');
  return fleet;
});

/** Keeps what it said; before it does, `change` is what somebody does to the templates. One for all tests: its engine takes long to start. */
class Recorder extends ShapeValidatePlugin {
  public reports: PolicyValidationPluginReport[] = [];
  public change: (context: IPolicyValidationContext) => void = () => undefined;

  public override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    this.change(context);
    const report = super.validate(context);
    this.reports.push(structuredClone(report));
    return report;
  }
}
const recorder = new Recorder();

interface Case {
  readonly fleet?: Fleet;
  readonly thread?: SideThreadOptions | 'none';
  readonly before?: (app: App) => void;
  readonly after?: (app: App) => void;
  readonly change?: Recorder['change'];
  readonly times?: number;
}

/** Reports of an app's synthesis, and how often the engine of this thread was asked. */
function reported({ fleet = exampleFleet().fleet, thread = { worker: WORKER }, before, after, change, times = 1 }: Case = {}): {
  readonly here: number;
  readonly reports: string[];
} {
  const app = new App({
    outdir: mkdtempSync(join(scratch, 'assembly-')),
    context: { ...APP_CONTEXT },
    analyticsReporting: false,
    // What is wrong is looked at here, and does not end the synthesis.
    postCliContext: { 'aws:cdk:cli-handles-validation-failures': true },
  });
  const engine = vi.spyOn(CloudFormationValidatePlugin.prototype, 'validate');
  [recorder.reports, recorder.change] = [[], change ?? (() => undefined)];
  if (thread !== 'none') validateAhead(app, thread);
  before?.(app);
  addFleetStacks(app, fleet);
  after?.(app);
  Validations.of(app).addPlugins(recorder);
  for (let time = 0; time < times; time += 1) {
    try {
      app.synth({ force: time > 0 });
    } catch {
      // Findings that nobody acknowledged.
    }
  }
  const here = engine.mock.calls.length;
  engine.mockRestore();
  // Every app has its folder.
  return { here, reports: recorder.reports.map((report) => JSON.stringify(report).replaceAll(/assembly-\w+/g, 'assembly')) };
}

/** A stack that is made from no shape, with what CloudFormation would reject and a type that nothing else has. */
function addBadStack(app: App): void {
  const stack = new Stack(app, 'bad', { env: { account: '111111111111', region: 'us-east-1' } });
  const HealthCheckConfig = { Type: 'HTTPS', FullyQualifiedDomainName: 'stamp.example.com', FailureThreshold: 99 };
  new CfnResource(stack, 'Check', { type: 'AWS::Route53::HealthCheck', properties: { HealthCheckConfig } });
  new CfnResource(stack, 'Other', { type: 'AWS::Glue::Database', properties: { CatalogId: 1, DatabaseInput: 7 } });
}

describe('the CloudFormation validation in another thread', { timeout: 120_000 }, () => {
  test.each<[string, () => Fleet]>([
    ['the example', () => exampleFleet().fleet],
    ['what the example does not use', () => variantFleet().fleet],
    ['a fleet in two accounts', madeUpFleet],
  ])('says of %s what the engine of this thread says, word for word', (_what, fleet) => {
    const ahead = reported({ fleet: fleet() });
    expect(ahead.here).toBe(0);
    expect(ahead.reports).toEqual(reported({ fleet: fleet(), thread: 'none' }).reports);
    expect(ahead.reports[0]?.length).toBeGreaterThan(1000);
  });

  test.each<[string, Case]>([
    ['is written before the shapes', { before: addBadStack }],
    ['is written after them, so that the thread is asked late', { after: addBadStack }],
  ])('finds the same errors in a stack that %s', (_what, made) => {
    const ahead = reported(made);
    expect(ahead.here).toBe(0);
    expect(ahead.reports[0]).toContain('F3034');
    expect(ahead.reports).toEqual(reported({ ...made, thread: 'none' }).reports);
  });

  test('is asked once for each app: the next synth does it itself', () => {
    const { here, reports } = reported({ times: 2 });
    expect(here).toBe(1);
    expect(reports[1]).toBe(reports[0]);
  });

  test('has no answer for a template that was changed since it was read', () => {
    const touch: Recorder['change'] = ({ templatePaths }) => {
      appendFileSync(templatePaths.find((path) => path.includes('-enterprise-use1.')) ?? '', '\n');
    };
    expect(reported({ change: touch }).here).toBe(1);
  });

  test.each([
    ['throws', 'throw new Error("out of luck");'],
    ['ends without a word', 'process.exit(0);'],
    ['hangs', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
  ])('is done here when the thread %s', (name, code) => {
    const worker = join(scratch, `${name.replaceAll(' ', '-')}.js`);
    writeFileSync(worker, code);
    const { here, reports } = reported({ thread: { worker, patienceMs: 200 } });
    expect(here).toBe(1);
    expect(reports).toHaveLength(1);
  });

  test('is done here in a program without the worker', () => {
    expect(reported({ thread: { worker: join(scratch, 'missing.js') } }).here).toBe(1);
  });
});

describe('the types that the engine is started with', { timeout: 120_000 }, () => {
  test('are those of the stacks, so that it is not started twice', () => {
    const types = [exampleFleet().fleet, variantFleet().fleet, madeUpFleet()].flatMap((fleet) => {
      const outdir = mkdtempSync(join(scratch, 'assembly-'));
      const app = new App({
        outdir,
        context: { ...APP_CONTEXT },
        analyticsReporting: false,
        builtinCloudFormationValidation: false,
      });
      addFleetStacks(app, fleet);
      const templates = app.synth().stacks.map(({ template }) => template as { Resources: Record<string, { Type: string }> });
      return templates.flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
    });
    expect(STACK_RESOURCE_TYPES).toEqual([...new Set(types)].sort());
  });
});
