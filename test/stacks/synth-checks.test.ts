import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addSynthChecks } from '../../lib/stacks/synth-checks';
import { synthesizeChecked } from '../support/nag';

function appWith(build: (stack: Stack) => void): App {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false });
  addSynthChecks(app);
  build(new Stack(app, 'Checked', { env: { account: '111111111111', region: 'us-east-1' } }));
  return app;
}

function unencryptedQueue(stack: Stack): sqs.CfnQueue {
  const queue = new sqs.CfnQueue(stack, 'Queue', { sqsManagedSseEnabled: false });
  Validations.of(queue).acknowledge(
    { id: 'AwsSolutions-SQS3', reason: 'not what this test is about' },
    { id: 'AwsSolutions-SQS4', reason: 'not what this test is about' },
  );
  return queue;
}

function impossibleHealthCheck(stack: Stack): route53.CfnHealthCheck {
  return new route53.CfnHealthCheck(stack, 'Check', {
    healthCheckConfig: { type: 'HTTPS', fullyQualifiedDomainName: 'stamp.example.com', failureThreshold: 99 },
  });
}

describe('addSynthChecks', { timeout: 120_000 }, () => {
  test('fails synth of an unencrypted queue, naming rule and resource', () => {
    const app = appWith(unencryptedQueue);
    expect(() => app.synth()).toThrow(/Checked\/Queue[\s\S]*AwsSolutions-SQS2/);
  });

  test('fails synth of a template value that CloudFormation would reject', () => {
    const app = appWith(impossibleHealthCheck);
    expect(() => app.synth()).toThrow(/FailureThreshold: 99[\s\S]*F3034/);
  });

  test('fails synth of what only NIST 800-53 forbids', () => {
    const { violations } = synthesizeChecked((stack) => {
      new logs.CfnLogGroup(stack, 'Log', { retentionInDays: 30 });
    });
    expect(violations).toMatchObject([
      { plugin: 'NIST.800.53.R5', rule: 'NIST.800.53.R5-CloudWatchLogGroupEncrypted', path: 'Test/Log' },
    ]);
  });

  test('passes an acknowledged finding', () => {
    const app = appWith((stack) => {
      Validations.of(unencryptedQueue(stack)).acknowledge({
        id: 'AwsSolutions-SQS2',
        reason: 'holds nothing but public notices',
      });
      Validations.of(impossibleHealthCheck(stack)).acknowledge({
        id: 'CloudFormation-Validate::F3034',
        reason: 'a test of the acknowledgement',
      });
    });
    expect(() => app.synth()).not.toThrow();
  });

  test('fails when the acknowledgement sits on another resource', () => {
    const app = appWith((stack) => {
      const other = new sqs.Queue(stack, 'Other', { enforceSSL: true });
      unencryptedQueue(stack);
      Validations.of(other).acknowledge(
        { id: 'AwsSolutions-SQS2', reason: 'this one only' },
        { id: 'AwsSolutions-SQS3', reason: 'this one only' },
      );
    });
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS2/);
  });
});

describe('the process that runs the app', { timeout: 120_000 }, () => {
  const root = join(__dirname, '..', '..');
  let folder: string;
  let appFile: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stampkit-synth-checks-'));
    appFile = join(folder, 'app.js');
    buildSync({
      stdin: {
        resolveDir: root,
        loader: 'ts',
        contents: `
          import { App, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
          import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
          import { APP_CONTEXT } from './lib/stacks/app-context';
          import { addSynthChecks } from './lib/stacks/synth-checks';
          const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false });
          addSynthChecks(app);
          const stack = new Stack(app, 'Checked', { env: { account: '111111111111', region: 'us-east-1' } });
          new CfnWaitConditionHandle(stack, 'Harmless');
          if (process.env.VIOLATE === 'yes') new CfnLogGroup(stack, 'Log');
          app.synth();`,
      },
      bundle: true,
      platform: 'node',
      packages: 'external',
      outfile: appFile,
    });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(command: string, args: string[], violate: boolean): { status: number | null; output: string } {
    const { NODE_ENV: _nodeEnv, VITEST: _vitest, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, NODE_PATH: join(root, 'node_modules'), VIOLATE: violate ? 'yes' : 'no' },
    });
    return { status, output: stdout + stderr };
  }

  test('exits non-zero from plain node, with the finding printed', () => {
    const { status, output } = run(process.execPath, [appFile], true);
    expect(output).toContain('NIST.800.53.R5-CloudWatchLogGroupEncrypted');
    expect(status).not.toBe(0);
  });

  test('exits non-zero from cdk synth, with the finding printed', () => {
    const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    const args = [cdk, 'synth', '--quiet', '--app', `node ${appFile}`];
    const failing = run(process.execPath, args, true);
    expect(failing.output).toContain('NIST.800.53.R5-CloudWatchLogGroupEncrypted');
    expect(failing.status).not.toBe(0);
    const passing = run(process.execPath, args, false);
    expect(passing.output).not.toContain('ERROR');
    expect(passing.status).toBe(0);
  });
});
