import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseLock } from '../../lib/config/lock-file';
import type { FleetLock } from '../../lib/config/types';
import { documentOf, StampsCopy } from '../support/cli';

const LOCK = 'fleet.lock.yaml';

let stamps: StampsCopy;
beforeEach(() => {
  stamps = new StampsCopy();
});
afterEach(() => {
  stamps.remove();
});

function edit(file: string, from: string, to: string): void {
  const text = stamps.read(file);
  if (!text.includes(from)) throw new Error(`${file} does not say ${from}`);
  stamps.write(file, text.replace(from, to));
}

function lock(): FleetLock {
  const read = parseLock(stamps.read(LOCK), LOCK);
  expect(read.findings).toEqual([]);
  return read.lock!;
}

/** The example's enterprise leaves use1, where its data was born, for euw1. */
function leaveHome(): void {
  edit('groups/enterprise.yaml', 'primary: use1', 'primary: usw2');
  edit('groups/enterprise.yaml', 'standby: usw2', 'standby: euw1');
}

describe('what only lock repairs does not stand in its way', () => {
  test('a group that left its home: a plain lock refuses, --rehome mends it, and check is content', async () => {
    leaveHome();
    const before = stamps.read(LOCK);
    const plain = await stamps.run('lock');
    expect(plain.exitCode).toBe(1);
    expect(plain.err).toMatch(/error home-region-left: .*\n {4}fix: .*--rehome enterprise --reason/);
    expect(plain.err).not.toContain('lock-outdated');
    expect(stamps.read(LOCK)).toBe(before);

    const rehomed = await stamps.run('lock', '--rehome', 'enterprise', '--reason', 'us-east-1 is lost: adopted #7');
    expect(rehomed).toMatchObject({ exitCode: 0, err: '' });
    expect(rehomed.out).toMatch(/^home of enterprise is usw2 instead of use1: us-east-1 is lost: adopted #7$/m);
    expect(rehomed.out).toMatch(/^before the next deployment read npx cdk diff/m);
    expect(lock().homeRegions['enterprise']).toBe('usw2');
    const check = documentOf(await stamps.run('check', '--json')) as { findings: { severity: string; code: string }[] };
    // The drills still name the stamp that is gone: that is for people to mend.
    const left = check.findings.filter(({ severity, code }) => severity === 'error' && code !== 'drill-stamp-unknown');
    expect(left).toEqual([]);
  });

  test('a pool without room: a plain lock refuses, --release makes room for the new stamp', async () => {
    edit('fleet.yaml', 'pool: 10.0.0.0/8', 'pool: 10.1.0.0/17');
    stamps.write('groups/annex.yaml', stamps.read('groups/internal.yaml').replace('group: internal', 'group: annex'));
    stamps.write('groups/other.yaml', stamps.read('groups/internal.yaml').replace('group: internal', 'group: other'));
    expect((await stamps.run('lock')).exitCode).toBe(0);
    stamps.delete('groups/annex.yaml');
    stamps.write('groups/third.yaml', stamps.read('groups/internal.yaml').replace('group: internal', 'group: third'));
    const full = await stamps.run('lock');
    expect(full.exitCode).toBe(1);
    expect(full.err).toMatch(/error pool-exhausted: no free \/20 is left in 10\.1\.0\.0\/17 for third-euw1/);
    const released = await stamps.run('lock', '--release', 'annex-euw1');
    expect(released).toMatchObject({ exitCode: 0, err: '' });
    expect(lock().addresses['third-euw1']).toBe('10.1.96.0/20');
  });

  test('fails while something else is wrong as well, and then names that group’s home too', async () => {
    leaveHome();
    edit('fleet.yaml', 'regions: [use2, usw2]', 'regions: [use2]');
    const { exitCode, err } = await stamps.run('lock', '--rehome', 'enterprise', '--reason', 'lost');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/error control-count/);
    expect(err).toMatch(/error home-region-left/);
    expect(lock()).not.toHaveProperty('rehomed');
  });
});

describe('the record of moved homes', () => {
  test('is kept by later locks, oldest first, each reason on one line', async () => {
    leaveHome();
    await stamps.run('lock', '--rehome', 'enterprise', '--reason', ' us-east-1\n  is lost\u202e ');
    edit('groups/enterprise.yaml', 'primary: usw2', 'primary: euw1');
    edit('groups/enterprise.yaml', 'standby: euw1', 'standby: usw2');
    expect((await stamps.run('lock')).exitCode).toBe(0);
    await stamps.run('lock', '--rehome', 'enterprise', '--rehome', 'enterprise', '--reason', 'settled in Europe');
    expect((await stamps.run('lock', '--check')).exitCode).toBe(0);
    expect(lock().rehomed).toEqual([
      { group: 'enterprise', from: 'use1', to: 'usw2', reason: 'us-east-1 is lost' },
      { group: 'enterprise', from: 'usw2', to: 'euw1', reason: 'settled in Europe' },
    ]);
  });

  test('a home that is there already is a note, and nothing is written', async () => {
    const before = stamps.read(LOCK);
    const { exitCode, err, out } = await stamps.run('lock', '--rehome', 'enterprise', '--reason', 'again');
    expect(exitCode).toBe(0);
    expect(err).toMatch(/info rehome-needless: the home of enterprise is use1 already/);
    expect(out).toMatch(/is up to date: 6 stamps\n$/);
    expect(stamps.read(LOCK)).toBe(before);
  });

  test('fails for a reason without a group: it would go nowhere', async () => {
    const { exitCode, err } = await stamps.run('lock', '--release', 'enterprise-use1', '--reason', 'gone');
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^USAGE: --reason without --rehome/);
  });

  test('--check tells what would be done, and to ask for it again', async () => {
    leaveHome();
    const before = stamps.read(LOCK);
    const { exitCode, out } = await stamps.run('lock', '--check', '--rehome', 'enterprise', '--reason', 'lost');
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^home of enterprise is usw2 instead of use1: lost$/m);
    expect(out).toMatch(/would change: run the same command without --check and commit the file$/m);
    expect(stamps.read(LOCK)).toBe(before);
  });
});

describe('control Regions that join and leave', () => {
  test('never change the lock: the table stays, and check says so once', async () => {
    const before = stamps.read(LOCK);
    const states: [string, string, number][] = [
      ['regions: [use2, usw2]', 'regions: [use2, usw2]\n  joining: [euw1]', 0],
      ['regions: [use2, usw2]\n  joining: [euw1]', 'regions: [use2, usw2, euw1]', 1],
      ['regions: [use2, usw2, euw1]', 'regions: [euw1, use2]', 1],
      ['regions: [euw1, use2]', 'regions: [euw1, usw2]\n  joining: [use2]', 1],
      ['regions: [euw1, usw2]\n  joining: [use2]', 'regions: [use2, usw2]', 0],
    ];
    for (const [from, to, notes] of states) {
      edit('fleet.yaml', from, to);
      for (const command of ['check', 'lock']) {
        const { exitCode, err, out } = await stamps.run(command);
        expect(exitCode).toBe(0);
        expect((err + out).match(/info control-table-stays/g) ?? []).toHaveLength(notes);
      }
      expect(stamps.read(LOCK)).toBe(before);
    }
  });

  test('switches and table are shown apart', async () => {
    edit('fleet.yaml', 'regions: [use2, usw2]', 'regions: [euw1, usw2]\n  joining: [use2]');
    const { out } = await stamps.run('topology');
    const rows = out.slice(out.indexOf('CONTROL  ')).split('\n').slice(2, 6);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 4))).toEqual([
      ['euw1', 'eu-west-1', 'attached', '-'],
      ['use1', 'us-east-1', '-', 'witness'],
      ['use2', 'us-east-2', 'joining: not attached yet', 'owner'],
      ['usw2', 'us-west-2', 'attached', 'replica'],
    ]);
  });

  test('fails when the owner leaves, and a broken lock is not blamed on fleet.yaml', async () => {
    edit('fleet.yaml', 'regions: [use2, usw2]', 'regions: [euw1, usw2, use1]');
    expect((await stamps.run('lock')).err).toMatch(/fleet\.yaml:29:12 error control-table-owner-left/);
    edit(LOCK, 'owner: use2', 'owner: use1');
    const { exitCode, err } = await stamps.run('lock');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/fleet\.lock\.yaml:\d+:\d+ error lock-invalid: controlTable\.owner: "use1"/);
    expect(err).not.toMatch(/error control-/);
  });
});
