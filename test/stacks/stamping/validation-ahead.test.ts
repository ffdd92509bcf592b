import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, CloudFormationValidatePlugin, type IPolicyValidationContext } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { APP_CONTEXT } from '../../../lib/stacks/app-context';
import { addFleetStacks } from '../../../lib/stacks/fleet-app';
import { validateAhead, validatedAhead, type ValidationAheadOptions } from '../../../lib/stacks/stamping/validation-ahead';
import { exampleFleet } from '../../support/loaded-fleets';
import { once } from '../../support/once';

/** As `npm ci` builds it. */
const WORKER = resolve(__dirname, '..', '..', '..', 'dist', 'bin', 'validation-worker.js');

const scratch = mkdtempSync(join(tmpdir(), 'stampkit-validation-ahead-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

function appOf(): App {
  const app = new App({
    outdir: mkdtempSync(join(scratch, 'assembly-')),
    context: { ...APP_CONTEXT },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  addFleetStacks(app, exampleFleet().fleet);
  return app;
}

/** An app whose templates are written, and what a validation plugin would be shown. */
function contextOf(app: App): IPolicyValidationContext {
  const stackTemplates = app.synth().stacks.map(({ hierarchicalId, templateFullPath, environment }) => ({
    stackConstructPath: hierarchicalId,
    templatePath: templateFullPath,
    accountId: environment.account,
    region: environment.region,
  }));
  return { appConstruct: app, stackTemplates, templatePaths: stackTemplates.map(({ templatePath }) => templatePath) };
}

/** With a template that CloudFormation would reject, and resources of a type that nothing else has. */
const context = once(() => {
  const context = contextOf(appOf());
  const templatePath = join(scratch, 'bad.template.json');
  const HealthCheckConfig = { Type: 'HTTPS', FullyQualifiedDomainName: 'stamp.example.com', FailureThreshold: 99 };
  const Resources = {
    Check: { Type: 'AWS::Route53::HealthCheck', Properties: { HealthCheckConfig } },
    Other: { Type: 'AWS::Glue::Database', Properties: { CatalogId: 1, DatabaseInput: 7 } },
  };
  writeFileSync(templatePath, JSON.stringify({ Resources }));
  const stackTemplates = [
    ...context.stackTemplates,
    { stackConstructPath: 'Bad', templatePath, accountId: undefined, region: undefined },
  ];
  return { ...context, stackTemplates, templatePaths: stackTemplates.map(({ templatePath: path }) => path) };
});

function ahead(options: ValidationAheadOptions): ReturnType<typeof validatedAhead> {
  const app = appOf();
  validateAhead(app, { worker: WORKER, minStampedStacks: 1, ...options });
  return validatedAhead(app, context().stackTemplates);
}

describe('the CloudFormation validation in another thread', { timeout: 120_000 }, () => {
  test('says what the plugin of aws-cdk-lib says in this one, word for word', () => {
    const here = new CloudFormationValidatePlugin().validate(context());
    expect(here.success).toBe(false);
    expect(here.violations.map(({ ruleName }) => ruleName)).toContain('F3034');
    expect(here.violations.length).toBeGreaterThan(5);
    expect(JSON.stringify(ahead({}))).toBe(JSON.stringify(here));
  });

  test('is asked once for each app: the next synth does it itself', () => {
    const app = appOf();
    validateAhead(app, { worker: WORKER, minStampedStacks: 1 });
    expect(validatedAhead(app, context().stackTemplates)).toBeDefined();
    expect(validatedAhead(app, context().stackTemplates)).toBeUndefined();
  });

  test.each<[string, ValidationAheadOptions]>([
    ['a small app', { minStampedStacks: 100 }],
    ['a program without the worker', { worker: join(scratch, 'missing.js') }],
  ])('is not begun for %s', (_what, options) => {
    expect(ahead(options)).toBeUndefined();
  });

  test.each([
    ['throws', 'throw new Error("out of luck");'],
    ['ends without a word', 'process.exit(0);'],
    ['hangs', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
  ])('gives no answer when the thread %s', (name, code) => {
    const worker = join(scratch, `${name.replaceAll(' ', '-')}.js`);
    writeFileSync(worker, code);
    expect(ahead({ worker, patienceMs: 200 })).toBeUndefined();
  });

  test('gives no answer about templates that are not there, instead of an error far from synth', () => {
    const app = appOf();
    validateAhead(app, { worker: WORKER, minStampedStacks: 1 });
    const templatePath = join(scratch, 'nowhere.json');
    expect(
      validatedAhead(app, [{ stackConstructPath: 'a', templatePath, accountId: undefined, region: undefined }]),
    ).toBeUndefined();
  });
});
