import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { documentOf, StampsCopy } from '../support/cli';

const LOCK = 'fleet.lock.yaml';

let stamps: StampsCopy;
beforeEach(() => {
  stamps = new StampsCopy();
});
afterEach(() => {
  stamps.remove();
});

/** A second group like `internal`. */
function addGroup(name: string): void {
  stamps.write(`groups/${name}.yaml`, stamps.read('groups/internal.yaml').replace('group: internal', `group: ${name}`));
}

describe('the first lock', () => {
  beforeEach(() => {
    stamps.delete(LOCK);
  });

  test('--check fails and writes nothing', async () => {
    const { exitCode, out } = await stamps.run('lock', '--check');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/fleet\.lock\.yaml is missing: run npx stampkit lock/);
    expect(existsSync(join(stamps.directory, LOCK))).toBe(false);
  });

  test('is written, says what it allocated, and is then up to date', async () => {
    const first = await stamps.run('lock');
    expect(first).toMatchObject({ exitCode: 0, err: '' });
    expect(first.out).toMatch(/^enterprise-use1 takes 10\.1\.0\.0\/20$/m);
    expect(first.out).toMatch(/^wrote .*fleet\.lock\.yaml: commit it$/m);
    const text = stamps.read(LOCK);
    const check = await stamps.run('lock', '--check');
    expect(check.exitCode).toBe(0);
    expect(check.out).toMatch(/^.*fleet\.lock\.yaml is up to date: 6 stamps\n$/);
    expect((await stamps.run('lock')).exitCode).toBe(0);
    expect(stamps.read(LOCK)).toBe(text);
    expect((await stamps.run('check')).exitCode).toBe(0);
    expect(readdirSync(stamps.directory).filter((file) => file.startsWith('.'))).toEqual([]);
  });

  test('as JSON: --check is not ok while the lock is missing', async () => {
    const before = await stamps.run('lock', '--check', '--json');
    expect(before.exitCode).toBe(1);
    expect(documentOf(before)).toMatchObject({ schemaVersion: 1, ok: false, outdated: true, written: false });
    const written = documentOf(await stamps.run('lock', '--json'));
    expect(written).toMatchObject({ ok: true, outdated: true, written: true });
    expect(written['changes']).toContainEqual(expect.objectContaining({ kind: 'home-pinned', subject: 'enterprise' }));
    expect(documentOf(await stamps.run('lock', '--check', '--json'))).toMatchObject({ ok: true, outdated: false, changes: [] });
  });
});

describe('groups that come and go', () => {
  test('a new group moves nobody', async () => {
    const before = stamps.read(LOCK);
    addGroup('annex');
    expect((await stamps.run('lock', '--check')).exitCode).toBe(1);
    expect(stamps.read(LOCK)).toBe(before);
    const { exitCode, out } = await stamps.run('lock');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^annex-euw1 takes 10\./m);
    expect(out).not.toMatch(/enterprise|pool|internal/);
    for (const line of before.split('\n')) expect(stamps.read(LOCK)).toContain(line.replace('tombstones: {}', 'tombstones:'));
  });

  test('a group that is gone leaves a tombstone until it is released', async () => {
    addGroup('annex');
    await stamps.run('lock');
    stamps.delete('groups/annex.yaml');
    expect((await stamps.run('lock')).out).toMatch(/^annex-euw1 is gone: 10\.[\d./]+ stays set aside until it is released$/m);
    expect(stamps.read(LOCK)).toMatch(/^tombstones:\n {2}annex-euw1: 10\./m);
    addGroup('other');
    expect((await stamps.run('lock')).exitCode).toBe(0);
    expect(stamps.read(LOCK)).toMatch(/^ {2}annex-euw1: 10\./m);
    expect((await stamps.run('lock', '--release', 'annex-euw1')).exitCode).toBe(0);
    expect(stamps.read(LOCK)).not.toContain('annex');
  });

  test.each([
    ['a stamp that still exists', 'enterprise-use1', 'release-of-living-stamp'],
    ['a stamp that nobody knows', 'mars-use1', 'release-of-unknown-tombstone'],
  ])('fails to release %s, and writes nothing', async (_what, stamp, code) => {
    const before = stamps.read(LOCK);
    const { exitCode, err } = await stamps.run('lock', '--release', stamp);
    expect(exitCode).toBe(1);
    expect(err).toContain(code);
    expect(stamps.read(LOCK)).toBe(before);
  });
});

describe('--rehome', () => {
  beforeEach(() => {
    const swapped = stamps
      .read('groups/enterprise.yaml')
      .replace('primary: use1', 'primary: usw2')
      .replace('standby: usw2', 'standby: use1');
    stamps.write('groups/enterprise.yaml', swapped);
  });

  test('a swapped preferred primary alone moves no home', async () => {
    const before = stamps.read(LOCK);
    expect((await stamps.run('lock')).exitCode).toBe(0);
    expect(stamps.read(LOCK)).toBe(before);
  });

  test.each([[[]], [['--reason', ' ']]])('fails without a reason: %j', async (reason) => {
    const before = stamps.read(LOCK);
    const { exitCode, err } = await stamps.run('lock', '--rehome', 'enterprise', ...reason);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^USAGE: --rehome without --reason\. .*\n$/);
    expect(stamps.read(LOCK)).toBe(before);
  });

  test('fails for a group that nobody knows, naming those there are', async () => {
    const { exitCode, err } = await stamps.run('lock', '--rehome', 'mars', '--reason', 'moved');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/no group "mars".*enterprise, internal, pool/);
  });

  test('with a reason moves exactly that home, and keeps the reason', async () => {
    const { exitCode, out } = await stamps.run('lock', '--rehome', 'enterprise', '--reason', 'use1 is lost');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^home of enterprise is usw2 instead of use1/m);
    expect(out + stamps.read(LOCK)).toContain('use1 is lost');
    expect(stamps.read(LOCK)).toMatch(/^ {2}enterprise: usw2$/m);
  });
});

describe('a lock that cannot be trusted is never overwritten', () => {
  test.each<[string, (text: string) => string, string]>([
    ['merge conflict markers', (text) => text.replace('addresses:\n', 'addresses:\n<<<<<<< ours\n'), 'lock-merge-conflict'],
    ['half a file', (text) => text.slice(0, text.indexOf('homeRegions')), 'lock-invalid'],
    ['overlapping ranges', (text) => text.replace('10.1.16.0/20', '10.1.0.0/20'), 'lock-'],
    ['a later version', (text) => text.replace('lockVersion: 1', 'lockVersion: 2'), 'lock-version-unsupported'],
  ])('fails for %s', async (_what, damage, code) => {
    stamps.write(LOCK, damage(stamps.read(LOCK)));
    const damaged = stamps.read(LOCK);
    const result = await stamps.run('lock', '--json');
    expect(result.exitCode).toBe(1);
    const { ok, findings } = documentOf(result) as { ok: boolean; findings: { code: string; severity: string }[] };
    expect(ok).toBe(false);
    expect(findings.find(({ severity }) => severity === 'error')?.code).toContain(code);
    expect(stamps.read(LOCK)).toBe(damaged);
  });

  test('fails while the configuration has errors, and keeps the lock', async () => {
    const before = stamps.read(LOCK);
    addGroup('annex');
    stamps.write('groups/annex.yaml', `${stamps.read('groups/annex.yaml')}\nsurprise: 1\n`);
    const { exitCode, err } = await stamps.run('lock');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^groups\/annex\.yaml:\d+:1 error unknown-key/m);
    expect(stamps.read(LOCK)).toBe(before);
  });
});
