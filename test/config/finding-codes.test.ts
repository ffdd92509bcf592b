import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONFIG_FINDING_CODES, type ConfigFindingCode } from '../../lib/config/finding-codes';
import { loadConfig } from '../../lib/config/load';
import { MAX_FILE_BYTES, MAX_GROUP_FILES } from '../../lib/config/read-folder';
import { edit, type Files, FLEET, GROUP, placesOf, withFolder } from './stamps-folder';

interface Example {
  /** `file:line:column` of the finding, or its file alone where there is no text to point into. */
  readonly at: string;
  /** Files beside the smallest folder; undefined takes one of its files away. */
  readonly files: Readonly<Record<string, Files[string] | undefined>>;
  /** What files alone cannot be. */
  readonly arrange?: (folder: string) => void;
}

/** One example of every code: a code that nothing produces, or a new one without an example, does not compile or fails. */
const EXAMPLES: Readonly<Record<ConfigFindingCode, Example>> = {
  'file-missing': { at: 'fleet.yaml', files: { 'fleet.yaml': undefined } },
  'file-unreadable': {
    at: 'groups/loop.yaml',
    files: {},
    arrange: (folder) => {
      symlinkSync('loop.yaml', join(folder, 'groups', 'loop.yaml'));
    },
  },
  'file-too-large': { at: 'groups/web.yaml', files: { 'groups/web.yaml': '#'.repeat(MAX_FILE_BYTES + 1) } },
  'too-many-files': {
    at: 'groups',
    files: {},
    arrange: (folder) => {
      for (let index = 0; index <= MAX_GROUP_FILES; index++) writeFileSync(join(folder, 'groups', `g${index}.yaml`), '');
    },
  },
  'not-a-file': { at: 'groups/web.yaml', files: { 'groups/web.yaml': null } },
  'not-utf8': { at: 'fleet.yaml:1:1', files: { 'fleet.yaml': Buffer.from(`\ufeff${FLEET}`, 'utf16le') } },
  'binary-file': { at: 'groups/web.yaml:1:1', files: { 'groups/web.yaml': Buffer.from([1, 2, 0, 3, 0, 0, 9]) } },
  'wrong-extension': { at: 'groups/shop.yml', files: { 'groups/shop.yml': GROUP } },
  'unexpected-file': { at: 'group', files: { group: null } },
  'no-groups': { at: 'groups', files: { 'groups/web.yaml': undefined } },
  'group-file-name': { at: 'groups/other.yaml:1:8', files: { 'groups/web.yaml': undefined, 'groups/other.yaml': GROUP } },
  'yaml-syntax': { at: 'groups/web.yaml:2:1', files: { 'groups/web.yaml': 'group: [web\nx: 1\n' } },
  'yaml-tab': { at: 'groups/web.yaml:2:1', files: { 'groups/web.yaml': 'compute:\n\tcpu: 512\n' } },
  'yaml-empty': { at: 'groups/web.yaml:1:1', files: { 'groups/web.yaml': '# nothing yet\n' } },
  'yaml-not-a-mapping': { at: 'groups/web.yaml:1:1', files: { 'groups/web.yaml': '- web\n' } },
  'yaml-multiple-documents': { at: 'groups/web.yaml:2:1', files: { 'groups/web.yaml': 'group: web\n---\ngroup: b\n' } },
  'yaml-duplicate-key': { at: 'groups/web.yaml:2:1', files: { 'groups/web.yaml': `group: web\n${GROUP}` } },
  'yaml-key': { at: 'groups/web.yaml:2:1', files: { 'groups/web.yaml': 'group: web\n__proto__: { x: 1 }\n' } },
  'yaml-merge-key': { at: 'groups/web.yaml:2:1', files: { 'groups/web.yaml': 'group: &a web\n<<: { x: 1 }\n' } },
  'yaml-tag': { at: 'groups/web.yaml:1:8', files: { 'groups/web.yaml': 'group: !secret web\n' } },
  'yaml-alias': { at: 'groups/web.yaml:1:8', files: { 'groups/web.yaml': 'group: *nowhere\n' } },
  'yaml-too-large': { at: 'groups/web.yaml:6:8', files: { 'groups/web.yaml': billionLaughs() } },
  'yaml-too-deep': { at: 'groups/web.yaml:1:40', files: { 'groups/web.yaml': `group: ${'['.repeat(40)}${']'.repeat(40)}\n` } },
  'yaml-version': { at: 'groups/web.yaml:1:1', files: { 'groups/web.yaml': '%YAML 1.1\n---\ngroup: web\n' } },
  'number-not-finite': { at: 'groups/web.yaml:9:8', files: { 'groups/web.yaml': edit(GROUP, 'cpu: 512', 'cpu: 1e400') } },
  'unknown-key': { at: 'groups/web.yaml:9:3', files: { 'groups/web.yaml': edit(GROUP, 'cpu: 512', 'cqu: 512') } },
  'missing-key': { at: 'groups/web.yaml:7:1', files: { 'groups/web.yaml': edit(GROUP, '  peakRequestsPerSecond: 400\n', '') } },
  'empty-value': { at: 'groups/web.yaml:9:3', files: { 'groups/web.yaml': edit(GROUP, 'cpu: 512', 'cpu:') } },
  'wrong-type': { at: 'groups/web.yaml:2:10', files: { 'groups/web.yaml': edit(GROUP, '[acme]', 'acme') } },
  'needs-quotes': { at: 'fleet.yaml:3:10', files: { 'fleet.yaml': edit(FLEET, '"111111111111"', '111111111111') } },
  'unknown-option': { at: 'groups/web.yaml:6:20', files: { 'groups/web.yaml': edit(GROUP, 'active-passive', 'passive') } },
  'invalid-duration': { at: 'groups/web.yaml:4:24', files: { 'groups/web.yaml': edit(GROUP, '20m', '20') } },
  'invalid-percentage': {
    at: 'groups/web.yaml:6:83',
    files: { 'groups/web.yaml': edit(GROUP, 'standby: usw2', 'standby: usw2, standbyCapacity: half') },
  },
  'invalid-cidr': { at: 'fleet.yaml:10:18', files: { 'fleet.yaml': `${FLEET}network: { pool: 10.0.0.1/8 }\n` } },
  'invalid-name': { at: 'groups/web.yaml:2:11', files: { 'groups/web.yaml': edit(GROUP, 'acme', 'Acme') } },
  'reserved-name': { at: 'fleet.yaml:6:3', files: { 'fleet.yaml': edit(FLEET, 'use1:', 'routing:') } },
  'invalid-dns-name': { at: 'fleet.yaml:4:15', files: { 'fleet.yaml': edit(FLEET, 'shop.example.com', 'shop') } },
  'invalid-value': { at: 'fleet.yaml:4:47', files: { 'fleet.yaml': edit(FLEET, 'Z0123456789ABCDEFGHIJ', 'zone') } },
  'out-of-range': { at: 'groups/web.yaml:9:8', files: { 'groups/web.yaml': edit(GROUP, 'cpu: 512', 'cpu: 1') } },
  'too-few': { at: 'fleet.yaml:9:21', files: { 'fleet.yaml': edit(FLEET, '[use2, usw2]', '[]') } },
  'too-many': {
    at: 'fleet.yaml:8:35',
    files: { 'fleet.yaml': edit(FLEET, 'us-east-2, azs: [a, b, c]', 'us-east-2, azs: [a, b, c, d, e, f, g]') },
  },
  'duplicate-region': {
    at: 'groups/web.yaml:22:62',
    files: {
      'groups/web.yaml': `${GROUP}network: { transitGateways: { use1: tgw-01234567, us-east-1: tgw-01234567 }, transitCidrs: [172.16.0.0/12] }\n`,
    },
  },
  'reason-missing': {
    at: 'groups/web.yaml:22:45',
    files: { 'groups/web.yaml': `${GROUP}guards: { terminationProtection: { enabled: false } }\n` },
  },
  'not-applicable': {
    at: 'groups/web.yaml:18:9',
    files: {
      'groups/web.yaml': `${GROUP.slice(0, GROUP.indexOf('database:'))}database: { engine: none }\nbackup: { retain: 7d }\n`,
    },
  },
  'conflicting-keys': {
    at: 'groups/web.yaml:21:16',
    files: { 'groups/web.yaml': edit(GROUP, '  maxReplicationLag: 30s\n', '  provisioned: { instance: db.r8g.large }\n') },
  },
  'unsupported-version': { at: 'fleet.yaml:1:16', files: { 'fleet.yaml': edit(FLEET, 'schemaVersion: 1', 'schemaVersion: 9') } },
  'not-a-default': { at: 'fleet.yaml:10:20', files: { 'fleet.yaml': `${FLEET}defaults: { group: web }\n` } },
};

/** Nine levels of ten aliases each: a billion values from a few lines. */
function billionLaughs(): string {
  const levels = 'abcdefghi'.split('').map((name, index, all) => {
    const entry = index === 0 ? '"lol"' : `*${all[index - 1]!}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => entry).join(', ')}]`;
  });
  return levels.join('\n');
}

describe('every code of the reading half', () => {
  test.each(Object.entries(EXAMPLES))('%s is reported at its place', (code, { at, files, arrange }) => {
    const all: Example['files'] = { 'fleet.yaml': FLEET, 'groups/web.yaml': GROUP, ...files };
    const given = Object.fromEntries(
      Object.entries(all).flatMap(([file, content]) => (content === undefined ? [] : [[file, content]])),
    );
    const findings = withFolder(given, (folder) => {
      mkdirSync(join(folder, 'groups'), { recursive: true });
      arrange?.(folder);
      return loadConfig(folder).findings;
    });
    expect(placesOf(findings).join('\n')).toContain(`${at} ${code}`);
  });

  test('has a meaning of one line', () => {
    for (const meaning of Object.values(CONFIG_FINDING_CODES)) expect(meaning).toMatch(/^[^\n]{10,120}$/);
  });

  test('a file without permission is a finding', () => {
    const findings = withFolder({ 'fleet.yaml': FLEET, 'groups/web.yaml': GROUP }, (folder) => {
      chmodSync(join(folder, 'groups', 'web.yaml'), 0);
      return loadConfig(folder).findings;
    });
    // Root reads everything.
    const codes = findings.filter((finding) => finding.severity === 'error').map((finding) => finding.code);
    expect(codes).toContain(process.getuid?.() === 0 ? 'lock-missing' : 'file-unreadable');
  });
});
