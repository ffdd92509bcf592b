import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const root = resolve(__dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'stampkit-scripts-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SCRIPTS = [
  ['failover.sh', 'failover'],
  ['failback.sh', 'failback'],
  ['evacuate.sh', 'evacuate'],
  ['restore.sh', 'restore'],
  ['backup-check.sh', 'backups'],
  ['drill.sh', 'drill'],
] as const;

function run(script: string, ...args: string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync('bash', [script, ...args], { cwd: root, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

describe.each(SCRIPTS)('scripts/%s', (file, command) => {
  const script = join(root, 'scripts', file);

  test('is strict about itself', () => {
    const { status, stdout } = spawnSync('bash', ['-n', script], { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(spawnSync('grep', ['-c', '^set -euo pipefail$', script], { encoding: 'utf8' }).stdout).toBe('1\n');
  });

  test('says how to build when nothing is built', () => {
    const copy = join(folder, file);
    copyFileSync(script, copy);
    const { status, out, err } = run(copy);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(new RegExp(`^${file}: \\S+stampkit\\.js is missing: run npm ci`));
  });

  test.runIf(existsSync(join(root, 'dist', 'bin', 'stampkit.js')))('is its command, also behind a link', () => {
    const link = join(folder, `link-${file}`);
    symlinkSync(script, link);
    const { status, out } = run(link, '--help');
    expect(status).toBe(0);
    expect(out).toContain(`Usage: stampkit ${command} `);
    expect(run(script, '--nonsense')).toMatchObject({ status: 2, out: '' });
  });
});

const shellcheck = spawnSync('shellcheck', ['--version']).status === 0;
test.runIf(shellcheck)('shellcheck has nothing to say', () => {
  const files = SCRIPTS.map(([file]) => join(root, 'scripts', file));
  const { status, stdout } = spawnSync('shellcheck', ['--severity', 'style', ...files], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});
