import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { documentOf, EXAMPLE_STAMPS, run } from '../support/cli';

const WORKFLOW = '.github/workflows/stampkit-deploy.yml';
const SCRIPT = 'scripts/stampkit-ci.sh';

/** The command writes below the current folder: a repository of its own with a copy of the example fleet. */
const home = process.cwd();
let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'stampkit-ci-'));
  cpSync(EXAMPLE_STAMPS, join(repository, 'stamps'), { recursive: true });
  process.chdir(repository);
});
afterEach(() => {
  process.chdir(home);
  rmSync(repository, { recursive: true, force: true });
});

describe('ci github', () => {
  test('writes workflow and script, and says which stamp goes first and why', async () => {
    const { exitCode, out, err } = await run('ci', 'github');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toBe(
      `wrote ${WORKFLOW}: commit it\nwrote ${SCRIPT}: commit it\ncanary internal-euw1: smallest blast radius: 20 of the fleet's 1,320 requests/s at peak\n`,
    );
    expect(readFileSync(WORKFLOW, 'utf8')).toContain(`run: bash ${SCRIPT} canary\n`);
    expect(statSync(SCRIPT).mode & 0o111).toBe(0o111);
  });

  test('a second time changes nothing, and both checks are content', async () => {
    await run('ci', 'github');
    const written = readFileSync(WORKFLOW, 'utf8') + readFileSync(SCRIPT, 'utf8');
    expect((await run('ci', 'github')).out).toContain(`${WORKFLOW} is up to date\n${SCRIPT} is up to date\n`);
    expect(readFileSync(WORKFLOW, 'utf8') + readFileSync(SCRIPT, 'utf8')).toBe(written);
    expect((await run('ci', 'github', '--check')).exitCode).toBe(0);
    expect((await run('ci', 'shell', '--check')).exitCode).toBe(0);
  });

  test('--script and --out lead elsewhere, and the workflow calls the script where it is', async () => {
    await run('ci', 'github', '--out', 'deploy.yml', '--script', 'ci/steps.sh', '--branch', 'release');
    const text = readFileSync('deploy.yml', 'utf8');
    expect(text).toContain('npx --no-install stampkit ci github --check --out deploy.yml --script ci/steps.sh --branch release');
    expect(text).toContain('run: bash ci/steps.sh rest\n');
    expect(readFileSync('ci/steps.sh', 'utf8')).toContain('stampkit ci shell --check --out ci/steps.sh\n');
    expect((await run('ci', 'shell', '--check', '--out', 'ci/steps.sh')).exitCode).toBe(0);
  });
});

describe('--check', () => {
  test('fails when files are missing, and writes none', async () => {
    const { exitCode, out } = await run('ci', 'github', '--check');
    expect(exitCode).toBe(1);
    expect(out).toContain(`${WORKFLOW} is missing\n${SCRIPT} is missing\nrun the same command without --check`);
    expect(() => statSync(WORKFLOW)).toThrow('ENOENT');
  });

  test('fails when the fleet has another canary by now, shows the difference and leaves the file alone', async () => {
    await run('ci', 'shell');
    const before = readFileSync(SCRIPT, 'utf8');
    const group = join('stamps', 'groups', 'internal.yaml');
    writeFileSync(group, readFileSync(group, 'utf8').replace('peakRequestsPerSecond: 20', 'peakRequestsPerSecond: 350'));
    const { exitCode, out } = await run('ci', 'shell', '--check');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^-readonly CANARY=internal-euw1\n(?:[-+].*\n)*\+readonly CANARY=pool-euw1$/m);
    expect(out).toContain(`${SCRIPT} is behind\n`);
    expect(readFileSync(SCRIPT, 'utf8')).toBe(before);
  });

  test('fails after an edit by hand; writing again shows it and takes it back', async () => {
    await run('ci', 'shell');
    const before = readFileSync(SCRIPT, 'utf8');
    writeFileSync(SCRIPT, before.replace('step_bake "$before"', '# no time'));
    expect((await run('ci', 'shell', '--check')).exitCode).toBe(1);
    const { exitCode, out } = await run('ci', 'shell');
    expect(exitCode).toBe(0);
    expect(out).toContain('-  # no time\n+  step_bake "$before"\n');
    expect(readFileSync(SCRIPT, 'utf8')).toBe(before);
  });

  test('as JSON says which file is behind and which stamp goes first', async () => {
    const result = await run('ci', 'shell', '--check', '--json');
    expect(result.exitCode).toBe(1);
    expect(documentOf(result)).toMatchObject({
      ok: false,
      canary: { id: 'internal-euw1', alarmName: 'shop-internal-euw1-unhealthy', region: 'eu-west-1' },
      files: [{ path: SCRIPT, outdated: true, written: false }],
    });
  });
});

describe('options', () => {
  test('--canary and --bake are in the script and in how it is checked', async () => {
    expect((await run('ci', 'shell', '--canary', 'pool-usw2', '--bake', '60')).out).toContain(
      'canary pool-usw2: chosen by --canary',
    );
    expect(readFileSync(SCRIPT, 'utf8')).toContain('npx --no-install stampkit ci shell --check --canary pool-usw2 --bake 60\n');
  });

  test.each<[string, string[], RegExp]>([
    ['no target', ['ci'], /missing required argument 'target'/],
    ['an unknown target', ['ci', 'gitlab'], /Allowed choices are github, shell/],
    ['an unknown stamp', ['ci', 'shell', '--canary', 'pool-mars'], /^STAMP_UNKNOWN: /],
    ['no bake time', ['ci', 'shell', '--bake', '0'], /whole minutes from 1 to 180/],
    ['a bake time that is no number', ['ci', 'shell', '--bake', 'long'], /whole minutes from 1 to 180/],
    ['a bake time longer than a job', ['ci', 'shell', '--bake', '181'], /whole minutes from 1 to 180/],
    ['--script for shell', ['ci', 'shell', '--script', 'x.sh'], /^USAGE: --script with ci shell\. .*--out/],
    ['--branch for shell', ['ci', 'shell', '--branch', 'main'], /^USAGE: --branch with ci shell/],
    ['a branch that is a pattern', ['ci', 'github', '--branch', 'release/*'], /^USAGE: --branch "release\/\*"/],
    ['a branch with a quote', ['ci', 'github', '--branch', "x' || true"], /^USAGE: --branch/],
    ['a file outside the repository', ['ci', 'shell', '--out', '../x.sh'], /^USAGE: --script \.\.\/x\.sh is not below/],
  ])('fails for %s, and writes nothing', async (_what, args, message) => {
    const { exitCode, out, err } = await run(...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(() => statSync(SCRIPT)).toThrow('ENOENT');
  });

  test('fails with the findings of a fleet that has errors, and writes nothing', async () => {
    rmSync(join('stamps', 'fleet.lock.yaml'));
    const { exitCode, err } = await run('ci', 'github');
    expect(exitCode).toBe(1);
    expect(err).toContain('lock-missing');
    expect(() => statSync(WORKFLOW)).toThrow('ENOENT');
  });
});
