import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { CONSUMERS, lowestPeer, MANIFEST } from './support/peers';
import { succeed } from './support/run';
import { assemblyFolder, synthesizeTypeScript, templateText } from './support/synthesize';

const project = inject('project');
const bindings = join(inject('bindings'), 'python');
const PACKAGES = [
  `aws-cdk-lib==${lowestPeer('aws-cdk-lib')}`,
  `constructs==${lowestPeer('constructs')}`,
  'setuptools==80.9.0',
  'wheel==0.45.1',
];

/** A virtual environment with the peers, kept between runs: they are 50 MB, and the same as long as their versions are. */
async function virtualEnvironment(): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const id = createHash('sha256').update(PACKAGES.join(' ')).digest('hex').slice(0, 12);
  const folder = join(cache, 'stampkit', `python-${id}`);
  const ready = join(folder, '.ready');
  if (!existsSync(ready)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await succeed('python3', ['-m', 'venv', folder], { cwd: project });
    await succeed(join(folder, 'bin', 'pip'), ['install', '--quiet', ...PACKAGES], { cwd: project });
    writeFileSync(ready, '');
  }
  return join(folder, 'bin');
}

describe('a Python project', () => {
  let bin = '';
  beforeAll(async () => {
    bin = await virtualEnvironment();
    const install = ['install', '--quiet', '--no-deps', '--no-build-isolation', '--force-reinstall', bindings];
    await succeed(join(bin, 'pip'), install, { cwd: project });
  });

  test('pip finds no conflict', async () => {
    expect(await succeed(join(bin, 'pip'), ['check'], { cwd: project })).toContain('No broken requirements found');
  });

  test('synthesizes the same stamp, byte by byte', async () => {
    const assembly = assemblyFolder();
    const python = succeed(join(bin, 'python'), [join(CONSUMERS, 'python', 'stamp.py')], {
      cwd: project,
      env: { CDK_OUTDIR: assembly },
    });
    const [typescript] = await Promise.all([synthesizeTypeScript('stamp'), python]);
    expect(templateText(assembly, 'Shop')).toBe(templateText(typescript, 'Shop'));
  });

  test('sees code and fix of an error in its message', async () => {
    const out = await succeed(join(bin, 'python'), [join(CONSUMERS, 'python', 'mistake.py')], { cwd: project });
    expect(out).toMatch(/ALARM_SUBSCRIPTION: .*"on-call@example\.com".* Write mailto:/);
  });

  test('has the command too', async () => {
    expect((await succeed(join(bin, 'stampkit'), ['--version'], { cwd: project })).trim()).toBe(MANIFEST.version);
  });

  test('the module is called stampkit and asks for the same peers', () => {
    const setup = readFileSync(join(bindings, 'setup.py'), 'utf8');
    expect(setup).toContain('"name": "stampkit"');
    for (const name of ['aws-cdk-lib', 'constructs']) expect(setup).toContain(`"${name}>=${lowestPeer(name)},`);
  });
});
