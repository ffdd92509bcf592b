import * as nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AtomicFileSystem } from '../../lib/config/atomic-write';
import { parseLock, readLock, serializeLock, writeLock } from '../../lib/config/lock-file';
import type { FleetLock } from '../../lib/config/types';
import { StampError } from '../../lib/errors';
import { baseConfig, lockFor } from './checks/base-config';

const LOCK: FleetLock = lockFor(baseConfig());
const NEXT: FleetLock = { ...LOCK, addresses: { ...LOCK.addresses, 'pool-use2': '10.2.0.0/20' } };

describe('text', () => {
  test('says who writes it, sorts its keys and is the same for the same content', () => {
    const text = serializeLock(LOCK);
    expect(text).toMatch(/^# Written by `stampkit lock`; commit it/);
    const shuffled = Object.fromEntries(Object.entries(LOCK.addresses).reverse());
    expect(serializeLock({ ...LOCK, addresses: shuffled })).toBe(text);
    const ids = [...text.matchAll(/^ {2}([a-z]+-[a-z0-9]+): 10\.0/gm)].map((match) => match[1]!);
    expect(ids).toEqual([...ids].sort());
    expect(ids).toHaveLength(5);
  });

  test('an empty fleet round-trips', () => {
    const empty: FleetLock = { ...LOCK, addresses: {}, tombstones: {}, homeRegions: {} };
    expect(parseLock(serializeLock(empty), 'fleet.lock.yaml')).toEqual({ lock: empty, findings: [] });
  });

  test('any lock round-trips, names that YAML takes for something else included', () => {
    const label = fc.oneof(
      fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?$/),
      fc.constantFrom('null', 'true', 'no', 'on', 'y', 'constructor'),
    );
    const code = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9]{1,5}$/), fc.constantFrom('null', 'true', 'no', 'on'));
    const range = fc.integer({ min: 0, max: 4095 }).map((n) => `10.${n >> 4}.${(n & 15) * 16}.0/20`);
    const reason = fc.oneof(
      fc.constantFrom('us-east-1 is lost', 'a: b # c', '- no', '"', '=======', '<<<<<<< HEAD', ' spaced ', '`'),
      fc.string({ minLength: 1, unit: fc.constantFrom(...'abc xyz:#-"\'\\{}[]|>&*!%@,'.split('')) }),
    );
    const id = fc.tuple(label, code).map(([group, region]) => `${group}-${region}`);
    const lock = fc.record({
      lockVersion: fc.constant(1 as const),
      fleet: label,
      regions: fc.dictionary(code, fc.constantFrom('us-east-1', 'eu-west-1', 'us-gov-west-1')),
      addresses: fc.dictionary(id, range),
      tombstones: fc.dictionary(id, range),
      homeRegions: fc.dictionary(label, code),
      controlTable: fc
        .tuple(fc.uniqueArray(code, { minLength: 3, maxLength: 3 }), fc.boolean())
        .map(([[owner, second, third], hasWitness]) =>
          hasWitness
            ? { owner: owner!, replicas: [owner!, second!].sort(), witness: third! }
            : { owner: owner!, replicas: [owner!, second!, third!].sort() },
        ),
      rehomed: fc.array(fc.record({ group: label, from: code, to: code, reason }), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(lock, (content) => {
        const { lock: read, findings } = parseLock(serializeLock(content), 'fleet.lock.yaml');
        expect(findings).toEqual([]);
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(content)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('fails with a finding, never with a stack trace', () => {
  const good = serializeLock(LOCK);
  test.each<[string, string, string, RegExp]>([
    ['empty', '', 'yaml-empty', /empty/],
    ['only a comment', '# nothing\n', 'yaml-empty', /empty/],
    ['a list', '- a\n', 'yaml-not-a-mapping', /a list/],
    ['broken YAML', 'fleet: [\n', 'yaml-syntax', /not valid YAML/],
    ['a duplicate key', good.replace('fleet: shop', 'fleet: shop\nfleet: store'), 'yaml-duplicate-key', /fleet/],
    ['another version', good.replace('lockVersion: 1', 'lockVersion: 2'), 'lock-version-unsupported', /lockVersion 2/],
    ['no version', good.replace('lockVersion: 1\n', ''), 'lock-invalid', /lockVersion is missing/],
    ['an unknown key', `${good}note: hello\n`, 'lock-invalid', /no key "note"/],
    ['a missing part', good.replace(/homeRegions:\n( {2}.*\n)+/, ''), 'lock-invalid', /homeRegions is missing/],
    ['a wrong type', good.replace('fleet: shop', 'fleet: 5'), 'lock-invalid', /fleet: 5/],
    ['a name that is none', good.replace('pool-euw1:', 'Pool_euw1:'), 'lock-invalid', /Pool_euw1 is no valid name/],
    ['host bits', good.replace('10.0.16.0/20', '10.0.17.0/20'), 'lock-range-invalid', /"10\.0\.17\.0\/20" is no aligned/],
    ['half a file', good.slice(0, good.indexOf('tombstones')), 'lock-invalid', /tombstones is missing/],
    ['a table without its owner', good.replace('owner: use2', 'owner: euw1'), 'lock-invalid', /controlTable\.owner: "euw1"/],
    ['a table twice in a Region', good.replace('    - usw2\n', '    - use2\n'), 'lock-invalid', /controlTable\.replicas/],
    ['a table of two Regions', good.replace('  witness: use1\n', ''), 'lock-invalid', /controlTable\.replicas: a list/],
    [
      'a table of four Regions',
      good.replace('    - usw2\n', '    - usw2\n    - euw1\n'),
      'lock-invalid',
      /controlTable\.replicas/,
    ],
    ['a replica as witness', good.replace('witness: use1', 'witness: usw2'), 'lock-invalid', /controlTable\.witness: "usw2"/],
    ['a move without reason', `${good}rehomed: [{ group: pool, from: use1, to: usw2 }]\n`, 'lock-invalid', /reason is missing/],
    ['a prototype', `${good}__proto__: { polluted: true }\n`, 'yaml-key', /__proto__/],
  ])('%s', (_what, text, code, message) => {
    const { lock, findings } = parseLock(text, 'fleet.lock.yaml');
    expect(lock).toBeUndefined();
    expect(findings.map((finding) => finding.code)).toContain(code);
    const finding = findings.find((candidate) => candidate.code === code)!;
    expect(finding.message).toMatch(message);
    expect(finding.where.file).toBe('fleet.lock.yaml');
    expect(finding.where.line).toBeGreaterThan(0);
    expect(finding.fix).toMatch(/version/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('a merge conflict says where, and what to do about it', () => {
    const text = good
      .replace('  pool-usw2', '<<<<<<< HEAD\n  pool-usw2')
      .replace('tombstones:', '=======\n>>>>>>> other\ntombstones:');
    const { lock, findings } = parseLock(text, 'fleet.lock.yaml');
    expect(lock).toBeUndefined();
    expect(findings).toMatchObject([
      { code: 'lock-merge-conflict', where: { line: text.split('\n').indexOf('<<<<<<< HEAD') + 1 } },
    ]);
    expect(findings[0]!.fix).toMatch(/stampkit lock/);
  });

  test('places a finding on its line', () => {
    const text = good.replace('10.0.16.0/20', '10.0.17.0/20');
    const line = text.split('\n').findIndex((candidate) => candidate.includes('10.0.17.0/20')) + 1;
    expect(parseLock(text, 'fleet.lock.yaml').findings).toMatchObject([
      { where: { path: ['addresses', 'enterprise-usw2'], line, column: 20 } },
    ]);
  });
});

describe('on disk', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = nodeFs.mkdtempSync(join(tmpdir(), 'stampkit-lock-'));
    file = join(folder, 'fleet.lock.yaml');
  });
  afterEach(() => {
    nodeFs.rmSync(folder, { recursive: true, force: true });
  });

  test('writes, reads back, replaces, and leaves nothing behind', () => {
    expect(readLock(folder)).toEqual({ findings: [] });
    writeLock(folder, LOCK);
    expect(readLock(folder)).toEqual({ lock: LOCK, findings: [] });
    writeLock(folder, NEXT);
    expect(readLock(folder).lock).toEqual(NEXT);
    expect(nodeFs.readdirSync(folder)).toEqual(['fleet.lock.yaml']);
  });

  test('keeps the permissions of the old file', () => {
    writeLock(folder, LOCK);
    nodeFs.chmodSync(file, 0o640);
    writeLock(folder, NEXT);
    expect(nodeFs.statSync(file).mode & 0o777).toBe(0o640);
  });

  test('follows a link and leaves it a link', () => {
    const elsewhere = join(folder, 'elsewhere');
    nodeFs.mkdirSync(elsewhere);
    writeLock(elsewhere, LOCK);
    nodeFs.symlinkSync(join('elsewhere', 'fleet.lock.yaml'), file);
    writeLock(folder, NEXT);
    expect(nodeFs.lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readLock(elsewhere).lock).toEqual(NEXT);
    expect(nodeFs.readdirSync(elsewhere)).toEqual(['fleet.lock.yaml']);
  });

  test.each(['a folder', 'a dangling link', 'a link to itself'])('fails clearly when the lock is %s', (what) => {
    if (what === 'a folder') nodeFs.mkdirSync(file);
    else nodeFs.symlinkSync(what === 'a dangling link' ? 'nowhere' : 'fleet.lock.yaml', file);
    expect(() => {
      writeLock(folder, LOCK);
    }).toThrow(/FILE_NOT_WRITTEN: .*(not a regular file|leads nowhere)/);
    expect(nodeFs.readdirSync(folder)).toEqual(['fleet.lock.yaml']);
  });

  test('fails clearly without a folder', () => {
    expect(() => {
      writeLock(join(folder, 'missing'), LOCK);
    }).toThrow(StampError);
  });

  test('refuses a lock that it could not read back, and keeps the old one', () => {
    writeLock(folder, LOCK);
    expect(() => {
      writeLock(folder, { ...LOCK, addresses: { 'pool-use1': 'ten' } });
    }).toThrow(/LOCK_NOT_VALID: .*addresses\.pool-use1/);
    expect(readLock(folder).lock).toEqual(LOCK);
  });

  test.each<[string, (path: string) => void, RegExp]>([
    [
      'a folder',
      (path) => {
        nodeFs.mkdirSync(path);
      },
      /LOCK_UNREADABLE: .*not a regular file/,
    ],
    [
      'gigantic',
      (path) => {
        nodeFs.truncateSync(path, 9 * 1024 * 1024);
      },
      /LOCK_UNREADABLE: .*more than any lock/,
    ],
  ])('fails to read what is %s', (what, make, message) => {
    if (what === 'gigantic') nodeFs.writeFileSync(file, '');
    make(file);
    expect(() => readLock(folder)).toThrow(message);
  });

  test('a lock in UTF-16 or binary is a finding', () => {
    nodeFs.writeFileSync(file, Buffer.from(serializeLock(LOCK), 'utf16le'));
    expect(readLock(folder).findings).toMatchObject([{ code: 'not-utf8' }]);
    nodeFs.writeFileSync(file, Buffer.from([1, 0, 2, 3]));
    expect(readLock(folder).findings).toMatchObject([{ code: 'binary-file' }]);
  });

  describe('a crash or a failing disk at any step', () => {
    /** Calls before the rename: after any of them the old lock must be there, in full. */
    const STEPS = [
      'lstatSync',
      'realpathSync',
      'statSync',
      'openSync',
      'writeFileSync',
      'fsyncSync',
      'closeSync',
      'renameSync',
    ] as const;

    function failing(step: keyof AtomicFileSystem, call = 1): AtomicFileSystem {
      let calls = 0;
      const failed = (...parameters: unknown[]): unknown => {
        calls += 1;
        if (calls === call) throw Object.assign(new Error(`ENOSPC: no space left on device, ${step}`), { code: 'ENOSPC' });
        return (nodeFs[step] as (...all: unknown[]) => unknown)(...parameters);
      };
      return { ...nodeFs, [step]: failed };
    }

    test.each(STEPS)('%s fails: the old lock stays readable and no temporary file is left', (step) => {
      writeLock(folder, LOCK);
      expect(() => {
        writeLock(folder, NEXT, failing(step));
      }).toThrow(/FILE_NOT_WRITTEN: .*no space left on device/);
      expect(readLock(folder)).toEqual({ lock: LOCK, findings: [] });
      expect(nodeFs.readdirSync(folder)).toEqual(['fleet.lock.yaml']);
    });

    test('half of the text is written and then the process is gone: the old lock stays, the rest is hidden and harmless', () => {
      writeLock(folder, LOCK);
      const killed: AtomicFileSystem = {
        ...nodeFs,
        writeFileSync: (target, data) => {
          nodeFs.writeFileSync(target, (data as string).slice(0, 100));
          throw new Error('killed');
        },
        unlinkSync: () => {
          throw new Error('killed');
        },
      };
      expect(() => {
        writeLock(folder, NEXT, killed);
      }).toThrow(/killed/);
      expect(readLock(folder)).toEqual({ lock: LOCK, findings: [] });
      expect(nodeFs.readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['fleet.lock.yaml']);
      writeLock(folder, NEXT);
      expect(readLock(folder).lock).toEqual(NEXT);
    });

    test('flushes the text before the rename and the folder after it', () => {
      const calls: string[] = [];
      const note = (name: string) => calls.push(name);
      const recording: AtomicFileSystem = {
        ...nodeFs,
        writeFileSync: (target, data) => {
          note('write');
          nodeFs.writeFileSync(target, data);
        },
        fsyncSync: (descriptor) => {
          note(nodeFs.fstatSync(descriptor).isDirectory() ? 'flush folder' : 'flush file');
          nodeFs.fsyncSync(descriptor);
        },
        renameSync: (from, to) => {
          note('rename');
          nodeFs.renameSync(from, to);
        },
      };
      writeLock(folder, LOCK, recording);
      expect(calls).toEqual(['write', 'flush file', 'rename', 'flush folder']);
    });

    test('the folder cannot be flushed: the new lock is there, and the caller learns that it may not last', () => {
      writeLock(folder, LOCK);
      expect(() => {
        writeLock(folder, NEXT, failing('fsyncSync', 2));
      }).toThrow(/FILE_NOT_FLUSHED/);
      expect(readLock(folder).lock).toEqual(NEXT);
    });
  });
});
