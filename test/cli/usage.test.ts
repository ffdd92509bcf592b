import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentOf, EXAMPLE_STAMPS, run } from '../support/cli';
import { COMMAND_NAMES as COMMANDS, wholeProgram } from '../support/program';

describe('help', () => {
  test.each(COMMANDS)('%s --help explains options, shows an example and the exit codes', async (command) => {
    const { exitCode, out, err } = await run(command, '--help');
    expect(exitCode).toBe(0);
    expect(out).toMatch(new RegExp(`Example:\\n {2}\\$ npx stampkit ${command}`));
    expect(out).toContain('--stamps <dir>');
    expect(out).toContain('--json');
    expect(out).toMatch(/Exit codes: 0 ok, 1 findings/);
    expect(out).not.toMatch(/default: (\[\]|\{\})/);
    expect(err).toBe('');
  });

  test('--help lists every command, with an example', async () => {
    const { exitCode, out } = await run('--help');
    expect(exitCode).toBe(0);
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(out).toContain('$ npx stampkit check');
  });

  test('--help looks as if every command had been loaded', async () => {
    const { out } = await run('--help');
    expect(out).toContain((await wholeProgram()).helpInformation());
  });

  test('--version', async () => {
    expect(await run('--version')).toEqual({ exitCode: 0, out: '1.2.3\n', err: '' });
  });
});

describe('usage errors exit 2, say what to do on stderr, and leave stdout empty', () => {
  test.each<[string, string[], RegExp]>([
    ['no command at all', [], /Usage: stampkit[\s\S]*Example:/],
    ['an unknown command', ['chek'], /unknown command 'chek'\n\(Did you mean check\?\)/],
    ['an unknown option', ['check', '--stmps', 'x'], /unknown option '--stmps'\n\(Did you mean --stamps\?\)/],
    ['an option without its value', ['check', '--stamps'], /argument missing/],
    ['an argument too many', ['check', 'stamps'], /too many arguments/],
    ['an unknown format', ['topology', '--format', 'png'], /Allowed choices are table, json, mermaid, svg/],
    [
      'one stamp to compare',
      ['topology', '--diff', 'enterprise-use1', '--stamps', EXAMPLE_STAMPS],
      /--diff takes two stamps, not 1/,
    ],
    ['an unknown quota', ['preflight', '--quota', 'L-00000000=9'], /nothing counts a quota "L-00000000"; known: vpcs/],
    ['a hard limit', ['preflight', '--quota', 'resourcesPerTemplate=900'], /a limit that AWS does not raise/],
    ['a quota without a number', ['preflight', '--quota', 'elasticIps=many'], /"many" is no whole number/],
  ])('fails for %s', async (_what, args, message) => {
    const { exitCode, out, err } = await run(...args);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
    expect(out).toBe('');
  });
});

/** What a command needs before its options. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  resolve: ['acme.shop.example.com'],
  ci: ['shell'],
  status: ['enterprise'],
  evacuate: ['pool-euw1'],
  readmit: ['pool-euw1'],
  failover: ['enterprise', '--to', 'usw2'],
  failback: ['enterprise'],
  return: ['enterprise-use1'],
  rehome: ['enterprise', '--lost', 'use1'],
  settle: ['enterprise'],
  restore: ['enterprise', '--cutover', 'r20261121t080000'],
  journal: ['list'],
  runbook: ['enterprise'],
  lab: ['up'],
  drill: [join(EXAMPLE_STAMPS, 'drills', 'az-loss.yaml')],
};

describe('a folder that is not there', () => {
  test.each(COMMANDS)('fails %s with one line and no stack', async (command) => {
    const { exitCode, out, err } = await run(command, ...(ARGUMENTS[command] ?? []), '--stamps', '/nowhere/stamps');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^STAMPS_FOLDER_MISSING: [^\n]*\/nowhere\/stamps[^\n]*\n$/);
    expect(out).toBe('');
  });

  test('is a document with code and fix for --json', async () => {
    const result = await run('check', '--json', '--stamps', '/nowhere/stamps');
    expect(result.exitCode).toBe(2);
    expect(documentOf(result)).toMatchObject({
      schemaVersion: 1,
      error: { code: 'STAMPS_FOLDER_MISSING', fix: expect.stringContaining('--stamps') },
    });
    expect(result.err).toContain('STAMPS_FOLDER_MISSING');
  });
});
