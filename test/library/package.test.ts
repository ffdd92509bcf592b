import { cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { MANIFEST } from './support/peers';
import { run, succeed } from './support/run';
import { assemblyFolder, templatesOf } from './support/synthesize';

const project = inject('project');
const installed = join(project, 'node_modules', 'stampkit');

/** What the programs of the command line are made of. None of it may be asked of a library user. */
const OF_THE_PROGRAMS = ['commander', 'zod', 'yaml', 'cdk-nag', 'esbuild', '@aws-sdk', '@smithy', 'pg', 'mysql2'];

describe('the tarball', () => {
  test('is small', () => {
    const { size } = statSync(inject('tarball'));
    expect(size).toBeLessThan(2_700_000);
  });

  test('holds programs, library, functions, examples and documents, and nothing that made them', async () => {
    const files = (await succeed('tar', ['tzf', inject('tarball')], { cwd: project })).split('\n').filter((name) => name !== '');
    const programs = ['stampkit', 'app', 'proof-worker', 'validation-worker'].map((name) => `dist/bin/${name}.js`);
    for (const name of ['.jsii', '.jsii.gz', 'LICENSE', 'README.md', 'dist/THIRD-PARTY-LICENSES.txt', ...programs]) {
      expect(files).toContain(`package/${name}`);
    }
    const known =
      /^package\/(\.jsii(\.gz)?|package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/THIRD-PARTY-LICENSES\.txt|dist\/bin\/([a-z-]+|chunk-[A-Z0-9]+)\.js|dist\/functions\/[a-z-]+\/[^/]+|dist\/lib\/.+\.(js|d\.ts)|stamps\/.+|scripts\/[a-z-]+\.sh|docs\/.+\.(md|svg|png)|docs\/iam\/[a-z]+\.json)$/;
    expect(files.filter((name) => !known.test(name))).toEqual([]);
    expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([]);
    expect(files.filter((name) => /(^|\/)(tests?|lab|fixtures|node_modules)\//.test(name))).toEqual([]);
    expect(files.filter((name) => name.endsWith('.map'))).toEqual([]);
  });

  test('the library is what index.ts reaches: no configuration, command line or adapters', () => {
    for (const folder of ['config', 'cli', 'aws', 'stacks', 'functions']) {
      expect(existsSync(join(installed, 'dist', 'lib', folder))).toBe(false);
    }
  });

  test('passes on the licenses of what is bundled', () => {
    const text = readFileSync(join(installed, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['zod', 'commander', 'yaml', 'cdk-nag', 'pg', 'mysql2', '@aws-sdk/client-route-53']) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
  });
});

describe('installed in an empty project', () => {
  test('npm warns of no peer, conflict or deprecation', async () => {
    const dryRun = await succeed('bash', ['-c', 'npm install --dry-run --no-audit --no-fund 2>&1'], { cwd: project });
    for (const said of [inject('installation'), dryRun]) expect(said).not.toMatch(/peer|ERESOLVE|deprecated|conflict|unmet/i);
  });

  test('brings nothing but itself and its peers', async () => {
    const tree = JSON.parse(await succeed('npm', ['ls', '--all', '--json'], { cwd: project })) as {
      problems?: string[];
      dependencies: Record<string, { dependencies?: Record<string, unknown> }>;
    };
    expect(tree.problems).toBeUndefined();
    expect(Object.keys(tree.dependencies).sort()).toEqual(['aws-cdk-lib', 'constructs', 'stampkit']);
    expect(Object.keys(tree.dependencies['stampkit']!.dependencies ?? {}).sort()).toEqual(
      Object.keys(MANIFEST.peerDependencies).sort(),
    );
    expect(OF_THE_PROGRAMS.filter((name) => existsSync(join(project, 'node_modules', name)))).toEqual([]);
  });

  test('require gives the public API', async () => {
    const script = 'process.stdout.write(JSON.stringify(Object.keys(require("stampkit"))))';
    const names = JSON.parse(await succeed(process.execPath, ['-e', script], { cwd: project })) as string[];
    expect(names).toEqual(expect.arrayContaining(['Stamp', 'StampRouting', 'SwitchBucket', 'StampError', 'AuroraEngine']));
  });

  test('an error is a StampError with code, message and fix', async () => {
    const script = `
      const { App, Stack } = require('aws-cdk-lib');
      const { AlarmTopic, StampError } = require('stampkit');
      try {
        new AlarmTopic(new Stack(new App(), 'Shop'), 'Topic', { subscriptions: ['on-call@example.com'] });
      } catch (error) {
        process.stdout.write(JSON.stringify([error instanceof StampError, error.code, error.message.includes(error.fix)]));
      }`;
    expect(JSON.parse(await succeed(process.execPath, ['-e', script], { cwd: project }))).toEqual([
      true,
      'ALARM_SUBSCRIPTION',
      true,
    ]);
  });

  test('its command and its CDK app run on a fleet of that project, with the rule packs', async () => {
    cpSync(join(installed, 'stamps'), join(project, 'stamps'), { recursive: true });
    expect(await run(join('node_modules', '.bin', 'stampkit'), ['--version'], { cwd: project })).toMatchObject({
      exitCode: 0,
      out: `${MANIFEST.version}\n`,
    });
    expect(await succeed(join('node_modules', '.bin', 'stampkit'), ['check'], { cwd: project })).toContain('ok: fleet shop');
    const assembly = assemblyFolder();
    // A finding of cdk-nag that is not acknowledged by its exact name ends this with an error.
    await succeed(process.execPath, [join(installed, 'dist', 'bin', 'app.js')], { cwd: project, env: { CDK_OUTDIR: assembly } });
    expect(Object.keys(templatesOf(assembly)).length).toBeGreaterThanOrEqual(13);
  });
});
