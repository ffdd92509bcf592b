import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeBlocks, readPage } from '../readme/markdown';
import { documentOf, EXAMPLE_STAMPS, run, StampsCopy } from '../support/cli';

describe('the example fleet', () => {
  test('is fine: notes and a summary on stdout, nothing on stderr', async () => {
    const { exitCode, out, err } = await run('check', '--stamps', EXAMPLE_STAMPS);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^ok: fleet shop, 3 groups, 6 stamps, 11 drills$/m);
    expect(err).toBe('');
  });

  test('as JSON is one document with a version', async () => {
    const result = await run('check', '--json', '--stamps', EXAMPLE_STAMPS);
    expect(result.exitCode).toBe(0);
    expect(documentOf(result)).toMatchObject({ schemaVersion: 1, ok: true, findings: expect.any(Array) });
    expect(result.err).toBe('');
  });
});

describe('bad input', () => {
  let stamps: StampsCopy;
  beforeEach(() => {
    stamps = new StampsCopy();
  });
  afterEach(() => {
    stamps.remove();
  });

  test('fails with file:line:column, reason and fix of every finding, all at once', async () => {
    const enterprise = stamps.read('groups/enterprise.yaml');
    const changed = enterprise.replace('standby: usw2', 'standby: use1').replace('memory: 1024', 'memry: 1024');
    stamps.write('groups/enterprise.yaml', changed);
    stamps.write(
      'groups/pool.yaml',
      stamps.read('groups/pool.yaml').replace('regions: [use1, usw2, euw1]', 'regions: [use1, mars]'),
    );
    const { exitCode, out } = await stamps.run('check');
    expect(exitCode).toBe(1);
    const line = changed.split('\n').findIndex((text) => text.includes('memry')) + 1;
    expect(out).toMatch(new RegExp(`^groups/enterprise\\.yaml:${line}:3 error unknown-key: .*memry.*\\n {4}fix: .*memory`, 'm'));
    expect(out).toMatch(/^groups\/pool\.yaml:\d+:\d+ error [a-z-]+: .*mars.*\n {4}fix: /m);
    expect(out).toMatch(/^\d+ errors, /m);
    expect(out).not.toMatch(/^ok/m);
    expect(out).not.toMatch(/^\s+at /m);
  });

  test('fails with the finding that README shows', async () => {
    const shown = codeBlocks(readPage('README.md'), 'text').find((block) => block.startsWith('groups/'))!;
    stamps.write('groups/enterprise.yaml', stamps.read('groups/enterprise.yaml').replace('memory: 1024', 'memry: 1024'));
    expect((await stamps.run('check')).out).toContain(shown.slice(0, shown.indexOf('...')));
  });

  test('fails for YAML that cannot be parsed, at the character', async () => {
    stamps.write('groups/pool.yaml', 'group: pool\ntenants: [initech\nobjectives: 1\n');
    const result = await stamps.run('check');
    expect(result.exitCode).toBe(1);
    expect(result.out).toMatch(/^groups\/pool\.yaml:\d+:\d+ error yaml-/m);
    const { findings } = documentOf(await stamps.run('check', '--json'));
    const finding = findings.find((each: { severity: string }) => each.severity === 'error');
    expect(finding).toMatchObject({ severity: 'error', where: { file: 'groups/pool.yaml', line: expect.any(Number) } });
  });

  test('fails while the lock is behind, and names the command', async () => {
    stamps.delete('fleet.lock.yaml');
    const result = await stamps.run('check', '--json');
    expect(result.exitCode).toBe(1);
    expect(documentOf(result)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'lock-missing', fix: expect.stringContaining('stampkit lock') }),
      ]),
    });
  });
});
