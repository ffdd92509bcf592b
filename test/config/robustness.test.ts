import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../lib/config/load';
import { StampError } from '../../lib/errors';
import { edit, FLEET, GROUP, load, placesOf, withFolder } from './stamps-folder';

const text = (file: string) => ({ 'groups/web.yaml': file });
const codesOf = (file: string | Uint8Array) => load({ 'groups/web.yaml': file }).findings.map((finding) => finding.code);

/** The one StampError of a call. */
function errorOf(call: () => unknown): StampError {
  try {
    call();
  } catch (error) {
    if (error instanceof StampError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a folder that is none', () => {
  test('fails with one error when it is not there', () => {
    const error = errorOf(() => loadConfig('/nowhere/stamps'));
    expect(error.code).toBe('STAMPS_FOLDER_MISSING');
    expect(error.message).toBe(
      'STAMPS_FOLDER_MISSING: there is no folder /nowhere/stamps. Name the folder with fleet.yaml by --stamps DIR',
    );
  });

  test('fails with one error when it is a file, or a loop of links', () => {
    withFolder({ file: 'x' }, (folder) => {
      symlinkSync('loop', join(folder, 'loop'));
      expect(errorOf(() => loadConfig(join(folder, 'file'))).code).toBe('STAMPS_FOLDER_NOT_A_FOLDER');
      expect(errorOf(() => loadConfig(join(folder, 'loop'))).code).toBe('STAMPS_FOLDER_UNREADABLE');
      expect(errorOf(() => loadConfig(`${folder}/x\0y`)).code).toBe('STAMPS_FOLDER_UNREADABLE');
    });
  });

  test('an empty one has findings', () => {
    expect(placesOf(withFolder({}, loadConfig).findings)).toEqual(['fleet.yaml file-missing', 'groups no-groups']);
  });

  test('fleet.yml is named in the fix', () => {
    const { findings } = withFolder({ 'fleet.yml': FLEET, 'groups/web.yaml': GROUP }, loadConfig);
    expect(findings.find((finding) => finding.code === 'file-missing')!.fix).toBe('rename fleet.yml to fleet.yaml');
  });

  test('groups that is a file is a finding', () => {
    const { findings } = withFolder({ 'fleet.yaml': FLEET, groups: 'x' }, loadConfig);
    expect(placesOf(findings)).toContain('groups not-a-file');
  });
});

describe('files that are none', () => {
  test('a pipe is not opened', () => {
    withFolder({ 'fleet.yaml': FLEET, 'groups/web.yaml': GROUP }, (folder) => {
      execFileSync('mkfifo', [join(folder, 'groups', 'pipe.yaml')]);
      expect(placesOf(loadConfig(folder).findings)).toContain('groups/pipe.yaml not-a-file');
    });
  });

  test('a link to a file is read, a broken one is a finding', () => {
    withFolder({ 'fleet.yaml': FLEET, 'elsewhere.md': GROUP }, (folder) => {
      execFileSync('mkdir', [join(folder, 'groups')]);
      symlinkSync('../elsewhere.md', join(folder, 'groups', 'web.yaml'));
      symlinkSync('../nowhere', join(folder, 'groups', 'lost.yaml'));
      const { findings } = loadConfig(folder);
      expect(findings.filter(({ where }) => where.file === 'groups/web.yaml' && where.line === undefined)).toEqual([]);
      expect(findings.find(({ where }) => where.file === 'groups/lost.yaml')!.message).toContain(
        'links to a file that is not there',
      );
    });
  });

  test('what editors and systems leave behind is passed over', () => {
    const extra = {
      'groups/.web.yaml.swp': 'x',
      'groups/web.yaml~': 'x',
      'groups/README.md': 'x',
      '.DS_Store': 'x',
      'README.md': 'x',
    };
    expect(placesOf(load(extra).findings)).toEqual(placesOf(load().findings));
  });
});

describe('texts that are none', () => {
  test.each([
    ['UTF-16LE with its mark', Buffer.from(`\ufeff${GROUP}`, 'utf16le'), 'not-utf8'],
    ['UTF-16LE without it', Buffer.from(GROUP, 'utf16le'), 'not-utf8'],
    ['UTF-16BE with its mark', Buffer.from(`\ufeff${GROUP}`, 'utf16le').swap16(), 'not-utf8'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x67, 0, 0, 0]), 'not-utf8'],
    ['Latin-1', Buffer.from('group: caf\xe9\n', 'latin1'), 'not-utf8'],
    ['an archive', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 1, 2]), 'binary-file'],
    ['nothing at all', Buffer.alloc(0), 'yaml-empty'],
    ['a byte-order mark alone', Buffer.from('\ufeff'), 'yaml-empty'],
    ['null', 'null\n', 'yaml-empty'],
    ['a comment', '# later\n', 'yaml-empty'],
    ['a list', '- a\n- b\n', 'yaml-not-a-mapping'],
    ['a number', '42\n', 'yaml-not-a-mapping'],
    ['a text', 'enterprise\n', 'yaml-not-a-mapping'],
    ['JSON with a trailing brace', '{"group": "web"}}', 'yaml-syntax'],
    ['a tab before a key', 'a:\n\tb: 1\n', 'yaml-tab'],
    ['an anchor that contains itself', 'group: &a [*a]\n', 'yaml-alias'],
    ['a key that is a list', '[a, b]: c\n', 'yaml-key'],
    ['a key that is a number', '7: c\n', 'yaml-key'],
    ['__proto__', '__proto__: { polluted: true }\n', 'yaml-key'],
    ['constructor', 'constructor: { prototype: { polluted: true } }\n', 'unknown-key'],
    ['toString', 'toString: x\n', 'unknown-key'],
    ['infinity', 'group: .inf\n', 'number-not-finite'],
    ['not a number', 'group: .nan\n', 'number-not-finite'],
    ['a number too large', 'group: 1e400\n', 'number-not-finite'],
    ['a merge key', 'a: &a { b: 1 }\nc: { <<: *a }\n', 'yaml-merge-key'],
    ['binary data', 'group: !!binary aGVsbG8=\n', 'yaml-tag'],
    ['two documents', 'group: web\n---\ngroup: b\n', 'yaml-multiple-documents'],
    ['brackets without end', '['.repeat(200_000), 'yaml-too-deep'],
    ['dashes without end', '- '.repeat(100_000), 'yaml-too-deep'],
    ['a merge conflict', `<<<<<<< HEAD\n${GROUP}=======\n>>>>>>> theirs\n`, 'yaml-syntax'],
  ])('fails on %s', (_what, file, code) => {
    expect(codesOf(file)).toContain(code);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('UTF-8 with a byte-order mark and Windows line ends is fine', () => {
    const { findings, config } = load(text(`\ufeff${GROUP.replaceAll('\n', '\r\n')}`));
    expect(placesOf(findings)).toEqual(placesOf(load().findings));
    expect(config).toEqual(load().config);
  });

  test('thousands of wrong keys take no more than a moment', () => {
    const keys = Array.from({ length: 8000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(codesOf(keys).filter((code) => code === 'unknown-key')).toHaveLength(8000);
  });

  test('what a message repeats cannot act on a terminal', () => {
    const { findings } = load(text(edit(GROUP, 'cpu: 512', 'cpu: "\\e[31m\\u202e\\x07"')));
    const { message } = findings.find((finding) => finding.code === 'wrong-type')!;
    expect(message).toBe('compute.cpu: "\\u{1b}[31m\\u{202e}\\u{7}" is not a whole number');
  });

  test('a long value is cut', () => {
    const { findings } = load(text(edit(GROUP, 'cpu: 512', `cpu: ${'x'.repeat(5000)}`)));
    expect(findings.find((finding) => finding.code === 'wrong-type')!.message.length).toBeLessThan(120);
  });
});

describe('a large fleet', () => {
  test('two thousand groups are read in seconds', () => {
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [
        `groups/g${index}.yaml`,
        edit(edit(GROUP, 'group: web', `group: g${index}`), '[acme]', `[t${index}]`),
      ]),
    );
    withFolder({ 'fleet.yaml': FLEET }, (folder) => {
      execFileSync('mkdir', [join(folder, 'groups')]);
      for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
      const { config } = loadConfig(folder);
      expect(config!.groups).toHaveLength(2000);
    });
  }, 60_000);
});
