import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAssembly, resourcesOfType } from '../../lib/assembly/read-assembly';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assembly-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const env = { account: '111111111111', region: 'eu-west-1' };

describe('readAssembly', () => {
  test('reads every stack with its environment, protection, size and resources, sorted by name', () => {
    const app = new App({ outdir: folder, analyticsReporting: false, builtinCloudFormationValidation: false });
    new CfnQueue(new Stack(app, 'zeta', { env, terminationProtection: true }), 'Queue');
    new CfnQueue(new Stack(app, 'alpha', { env, stackName: 'beta' }), 'Queue');
    app.synth();

    const { stacks } = readAssembly(folder);
    expect(
      stacks.map(({ stackName, account, region, terminationProtection }) => [stackName, account, region, terminationProtection]),
    ).toEqual([
      ['beta', '111111111111', 'eu-west-1', false],
      ['zeta', '111111111111', 'eu-west-1', true],
    ]);
    expect(resourcesOfType(stacks[0]!, 'AWS::SQS::Queue').map(({ logicalId }) => logicalId)).toEqual(['Queue']);
    expect(stacks[0]!.templateBytes).toBeGreaterThan(100);
  });

  test('reads the stacks of stages too', () => {
    const app = new App({ outdir: folder, analyticsReporting: false, builtinCloudFormationValidation: false });
    new CfnQueue(new Stack(new Stage(app, 'prod', { env }), 'inner'), 'Queue');
    app.synth();
    expect(readAssembly(folder).stacks.map((stack) => stack.stackName)).toEqual(['prod-inner']);
  });

  test('fails with ASSEMBLY_MISSING when nothing was synthesized there', () => {
    expect(() => readAssembly(join(folder, 'nowhere'))).toThrow(/ASSEMBLY_MISSING.*nowhere.*cdk synth/);
  });

  test.each([
    ['a manifest that is no JSON', '{'],
    ['a manifest that is a list', '[]'],
    [
      'a stack without a template',
      JSON.stringify({ artifacts: { a: { type: 'aws:cloudformation:stack', environment: 'aws://1/eu-west-1' } } }),
    ],
  ])('fails with ASSEMBLY_INVALID for %s', (_name, manifest) => {
    writeFileSync(join(folder, 'manifest.json'), manifest);
    expect(() => readAssembly(folder)).toThrow('ASSEMBLY_INVALID');
  });

  test('fails when a template that the manifest names is gone', () => {
    mkdirSync(folder, { recursive: true });
    const artifact = {
      type: 'aws:cloudformation:stack',
      environment: 'aws://1/eu-west-1',
      properties: { templateFile: 'gone.json' },
    };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts: { a: artifact } }));
    expect(() => readAssembly(folder)).toThrow(/ASSEMBLY_MISSING.*gone\.json/);
  });
});
