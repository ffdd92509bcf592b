import { exec, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliRun } from '../support/cli';

const root = resolve(__dirname, '..', '..');
const bin = resolve(root, 'dist', 'bin', 'stampkit.js');

/** The built command in a process of its own, as a pipeline runs it. */
function spawn(...args: string[]): Promise<CliRun> {
  return new Promise((done) => {
    execFile(process.execPath, [bin, ...args], { cwd: root }, (error, out, err) => {
      done({ exitCode: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

// `npm ci` builds it; a working tree without a build has only the tests in this process.
describe.runIf(existsSync(bin))('the built command', () => {
  test('prints the version of package.json', async () => {
    expect(await spawn('--version')).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
  });

  test('hands its exit code to the shell, with one line on stderr', async () => {
    const { exitCode, out, err } = await spawn('check', '--stamps', 'nowhere');
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^STAMPS_FOLDER_MISSING: [^\n]*\n$/);
  });

  test.each([
    ['a reader that goes away', ['check', '--json'], '| head -c 1'],
    ['a disk that is full', ['check', '--json'], '> /dev/full'],
  ])('meets %s without a stack', async (_name, args, redirection) => {
    const command = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(' ');
    const { err } = await new Promise<{ err: string }>((done) => {
      exec(`${command} ${redirection}`, { cwd: root }, (_error, _out, text) => {
        done({ err: text });
      });
    });
    expect(err).not.toMatch(/\n\s+at /);
    expect(err.split('\n').length).toBeLessThanOrEqual(2);
  });
});

describe.runIf(existsSync(resolve(root, 'dist', 'bin', 'deploy.js')))('scripts/deploy.sh', () => {
  const script = resolve(root, 'scripts', 'deploy.sh');
  const shell = (command: string): Promise<CliRun> =>
    new Promise((done) => {
      exec(command, { cwd: root, shell: '/bin/bash' }, (error, out, err) => {
        done({ exitCode: error === null ? 0 : Number(error.code), out, err });
      });
    });

  test('meets a reader that goes away without a stack', async () => {
    const { out, err } = await shell(`'${script}' --dry-run | head -n 1`);
    expect(out).toMatch(/^PHASE +WHAT/);
    expect(err).not.toMatch(/EPIPE|\n\s+at /);
  });

  test.each([
    ['an unknown option', '--nonsense', /unknown option/],
    ['an unknown group', '--dry-run nowhere', /GROUP_UNKNOWN/],
    ['a folder that is not there', '--stamps nowhere', /STAMPS_FOLDER_MISSING/],
  ])('fails with 2: %s', async (_name, args, message) => {
    const { exitCode, out, err } = await shell(`'${script}' ${args}`);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(message);
  });
});
