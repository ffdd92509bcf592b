import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../lib/config/load';
import type { GroupConfig } from '../../lib/config/types';
import { edit, errorsOf, type Files, FLEET, GROUP, load, placesOf, withFolder } from './stamps-folder';

/** The only group of a folder that must load. */
function groupOf(files: Files): GroupConfig {
  const loaded = load(files);
  expect(placesOf(errorsOf(loaded))).toEqual([]);
  return loaded.config!.groups[0]!;
}

const withDefaults = (defaults: string) => ({ 'fleet.yaml': `${FLEET}defaults:\n${defaults}` });
const bare = GROUP.slice(0, GROUP.indexOf('worker:'));

describe('what is read', () => {
  test('durations are seconds, percentages numbers, and gaps are filled with defaults', () => {
    const group = groupOf({});
    expect(group.objectives).toEqual({
      availability: { rto: 1200, rpo: 60 },
      recovery: { rto: 43_200, rpo: 108_000 },
      survive: [],
    });
    expect(group.placement).toMatchObject({ standbyCapacity: 100 });
    expect(group.worker).toMatchObject({ averageProcessing: 0.2, minTasks: 3, retention: 1_209_600, maxReceives: 5 });
    expect(group.backup).toEqual({
      schedule: 'daily',
      continuous: true,
      retain: 3_024_000,
      copyTo: 'peers',
      copyRetain: 3_024_000,
      lock: 'governance',
      restoreTest: 'weekly',
    });
    expect(group.guards).toEqual({ deletionProtection: { enabled: true }, terminationProtection: { enabled: true } });
    expect(group.drills).toEqual({ allowed: false });
    expect(group).toMatchObject({ account: '111111111111', zone: { name: 'shop.example.com' } });
  });

  test('the fleet keeps its Regions in the order of the file and its groups sorted by name', () => {
    const small = edit(GROUP, '[acme]', '[]');
    const { config } = load({
      'groups/web.yaml': null,
      'groups/zeta.yaml': edit(small, 'group: web', 'group: zeta'),
      'groups/alpha.yaml': edit(small, 'group: web', 'group: alpha'),
    });
    expect(config).toBeUndefined();
    const loaded = withFolder(
      {
        'fleet.yaml': FLEET,
        'groups/zeta.yaml': edit(small, 'group: web', 'group: zeta'),
        'groups/alpha.yaml': edit(small, 'group: web', 'group: alpha'),
      },
      loadConfig,
    );
    expect(loaded.config!.groups.map((group) => group.group)).toEqual(['alpha', 'zeta']);
    expect(loaded.config!.regions.map((region) => region.code)).toEqual(['use1', 'usw2', 'use2']);
    expect(loaded.config!.network).toEqual({ pool: '10.0.0.0/8', stampPrefix: 20, reserved: [] });
    expect(loaded.config!.routing).toEqual({ stackRegion: 'us-east-1' });
  });

  test('Regions may be written as names anywhere', () => {
    const fleet = edit(FLEET, '[use2, usw2], witness: use1', '[us-east-2, usw2], witness: us-east-1');
    const { config } = load({
      'fleet.yaml': `${fleet}routing: { stackRegion: use1 }\n`,
      'groups/web.yaml': `${edit(GROUP, 'primary: use1, standby: usw2', 'primary: us-east-1, standby: us-west-2')}
backup: { copyTo: [us-west-2] }
network: { transitGateways: { us-east-1: tgw-01234567, usw2: tgw-01234567 }, transitCidrs: [172.16.0.0/12] }
accept: [{ failure: pair:region:us-east-1+region:usw2, reason: both }]
`,
    });
    expect(config!.control).toEqual({ regions: ['use2', 'usw2'], witness: 'use1', joining: [] });
    expect(config!.routing.stackRegion).toBe('us-east-1');
    const [group] = config!.groups;
    expect(group!.placement).toMatchObject({ primary: 'use1', standby: 'usw2' });
    expect(group!.backup!.copyTo).toEqual(['usw2']);
    expect(Object.keys(group!.network.transitGateways)).toEqual(['use1', 'usw2']);
    expect(group!.accept[0]!.failure).toBe('pair:region:use1+region:usw2');
  });

  test('assumptions are read in their unit', () => {
    const { config } = load({
      'fleet.yaml': `${FLEET}assumptions: { decisionTime: 5m, switchWrite: 500ms, checkerHealthyShare: 20%, checkerCount: 8 }\n`,
    });
    expect(config!.assumptions).toEqual({ decisionTime: 300, switchWrite: 0.5, checkerHealthyShare: 0.2, checkerCount: 8 });
  });

  test.each([
    ['postgresql', { writer: 'w.example.com', reader: 'w.example.com', port: 5432 }],
    ['mysql', { writer: 'w.example.com', reader: 'w.example.com', port: 3306 }],
  ])('an external %s database gets reader and port, and no backup', (protocol, endpoint) => {
    const endpoints = '{ use1: { writer: w.example.com }, us-west-2: { writer: v.example.com, reader: r.example.com, port: 7 } }';
    const database = `database: { engine: external, protocol: ${protocol}, endpoints: ${endpoints} }\n`;
    const group = load({ 'groups/web.yaml': bare + database }).config!.groups[0]!;
    expect(group.database).toMatchObject({
      endpoints: { use1: endpoint, usw2: { writer: 'v.example.com', reader: 'r.example.com', port: 7 } },
    });
    expect(group.backup).toBeUndefined();
  });

  test('an alias stands for its anchor', () => {
    const group = groupOf({
      'groups/web.yaml': edit(
        edit(GROUP, '{ rto: 20m, rpo: 1m }', '{ rto: 20m, rpo: &lag 1m }'),
        'maxLatency: 60s',
        'maxLatency: *lag',
      ),
    });
    expect(group.worker!.maxLatency).toBe(60);
  });
});

describe('defaults', () => {
  test('mappings merge, lists and single values of the group replace', () => {
    const group = groupOf({
      ...withDefaults('  edge: { rateLimitPer5Min: 100, blockedCidrs: [203.0.113.0/24] }\n  tags: { a: fleet, b: fleet }\n'),
      'groups/web.yaml': `${GROUP}edge: { blockedCidrs: [198.51.100.0/24] }\ntags: { b: group }\n`,
    });
    expect(group.edge).toMatchObject({ rateLimitPer5Min: 100, blockedCidrs: ['198.51.100.0/24'] });
    expect(group.tags).toEqual({ a: 'fleet', b: 'group' });
  });

  test.each([
    ['placement.mode', 'placement: { mode: active-active, regions: [use1, use2], routing: { policy: latency } }'],
    ['database.engine', 'database: { engine: dynamodb, consistency: eventual, timeToLive: expires }'],
    ['compute.kind', 'compute: { kind: ec2, instanceType: m7g.large, tasksPerInstance: 2 }'],
    ['serverless against provisioned', 'database: { engine: aurora-postgresql, provisioned: { instance: db.r8g.large } }'],
  ])('another %s replaces the default part whole', (_what, line) => {
    const text = edit(GROUP, 'compute:\n', 'compute:\n  kind: fargate\n');
    expect(groupOf({ ...withDefaults(`  ${line}\n`), 'groups/web.yaml': text })).toEqual(groupOf({ 'groups/web.yaml': text }));
  });

  test('another policy of routing does too', () => {
    const placement =
      'placement: { mode: active-active, regions: [use1, usw2], routing: { policy: latency } }\ndatabase: { engine: dynamodb, consistency: eventual }\n';
    const group = groupOf({
      ...withDefaults(
        '  placement: { mode: active-active, regions: [use1], routing: { policy: weighted, weights: { use1: 1 } } }\n',
      ),
      'groups/web.yaml': bare.slice(0, bare.indexOf('placement:')) + bare.slice(bare.indexOf('compute:')) + placement,
    });
    expect(group.placement).toEqual({ mode: 'active-active', regions: ['use1', 'usw2'], routing: { policy: 'latency' } });
  });

  test('a part without its kind inherits it', () => {
    const group = groupOf({
      ...withDefaults('  compute: { kind: ec2, instanceType: m7i.large, tasksPerInstance: 2, port: 9000 }\n'),
    });
    expect(group.compute).toMatchObject({ kind: 'ec2', port: 9000, cpu: 512 });
  });

  test('fails at the default when a default is wrong, once for all groups', () => {
    const loaded = withFolder(
      {
        'fleet.yaml': `${FLEET}defaults:\n  edge:\n    clientKeepAlive: 5s\n`,
        'groups/web.yaml': GROUP,
        'groups/b.yaml': edit(edit(GROUP, 'group: web', 'group: b'), '[acme]', '[]'),
      },
      loadConfig,
    );
    expect(placesOf(errorsOf(loaded))).toEqual(['fleet.yaml:12:22 out-of-range']);
    expect(loaded.config).toBeUndefined();
  });

  test('fails on a part whose kind nobody could tell', () => {
    const loaded = load(withDefaults('  placement: { standbyCapacity: 50% }\n'));
    expect(placesOf(errorsOf(loaded))).toEqual(['fleet.yaml:11:14 missing-key']);
    expect(errorsOf(loaded)[0]!.message).toBe('placement.mode is missing');
  });

  test('half a part is fine, because a group adds the rest', () => {
    const loaded = load({
      ...withDefaults('  guards: { deletionProtection: { enabled: false } }\n  compute: { environment: { A: b } }\n'),
      'groups/web.yaml': `${GROUP}guards: { deletionProtection: { reason: a sandbox } }\n`,
    });
    expect(placesOf(errorsOf(loaded))).toEqual([]);
    expect(loaded.config!.groups[0]!.guards.deletionProtection).toEqual({ enabled: false, reason: 'a sandbox' });
  });

  test('what is missing is missing in the file of the group', () => {
    const loaded = load({
      ...withDefaults('  compute: { port: 9000 }\n'),
      'groups/web.yaml': GROUP.replace('  requestsPerSecondPerTask: 50\n', ''),
    });
    expect(placesOf(errorsOf(loaded))).toEqual(['groups/web.yaml:7:1 missing-key']);
  });
});

describe('places', () => {
  const loaded = load({
    'fleet.yaml': `${FLEET}defaults:\n  backup:\n    copyTo:\n      - us-west-2\n`,
    'groups/web.yaml': `${GROUP}network:\n  transitGateways:\n    us-east-1: tgw-01234567\n`,
  });
  test.each([
    ['a single value', 'groups/web.yaml', ['compute', 'cpu'], 'groups/web.yaml:9:8'],
    ['a block: its key', 'groups/web.yaml', ['compute'], 'groups/web.yaml:7:1'],
    ['something in brackets: the bracket', 'groups/web.yaml', ['placement'], 'groups/web.yaml:6:12'],
    ['an entry of a list', 'groups/web.yaml', ['tenants', 0], 'groups/web.yaml:2:11'],
    ['a key that is not there: its parent', 'groups/web.yaml', ['worker', 'command', 3], 'groups/web.yaml:12:1'],
    ['the whole file', 'groups/web.yaml', [], 'groups/web.yaml:1:1'],
    ['a code that is written as a name', 'groups/web.yaml', ['network', 'transitGateways', 'use1'], 'groups/web.yaml:24:16'],
    ['a default', 'groups/web.yaml', ['backup', 'copyTo', 0], 'fleet.yaml:13:9'],
    ['a Region by its number', 'fleet.yaml', ['regions', 1, 'azs', 2], 'fleet.yaml:7:42'],
  ] as const)('%s', (_what, file, path, expected) => {
    const { file: where, line, column } = loaded.locate({ file, path });
    expect(`${where!}:${line!}:${column!}`).toBe(expected);
  });

  test('a place with a line, or outside the configuration, stays as it is', () => {
    expect(loaded.locate({ file: 'fleet.yaml', line: 3 })).toEqual({ file: 'fleet.yaml', line: 3 });
    expect(loaded.locate({ file: 'shop-web-use1', path: ['Resources'] })).toEqual({ file: 'shop-web-use1', path: ['Resources'] });
  });

  test('findings of the checks across files have places too', () => {
    const { findings } = load({ 'groups/web.yaml': edit(GROUP, 'standby: usw2', 'standby: use1') });
    expect(placesOf(findings)).toContain('groups/web.yaml:6:60 standby-equals-primary');
  });
});

describe('what is still judged when something is wrong', () => {
  test('all files and all keys at once, and the groups that are whole across files', () => {
    const other = edit(edit(GROUP, 'group: web', 'group: b'), '[acme]', '[]');
    const { findings, config } = load({
      'groups/b.yaml': edit(edit(other, 'cpu: 512', 'cpu: x'), 'maxTasks: 40', 'maxTask: 40'),
      'groups/web.yaml': edit(GROUP, 'standby: usw2', 'standby: use1'),
    });
    expect(placesOf(errorsOf({ findings, locate: (place) => place }))).toEqual([
      'groups/b.yaml:9:8 wrong-type',
      'groups/b.yaml:12:1 missing-key',
      'groups/b.yaml:16:3 unknown-key',
      'groups/web.yaml:6:60 standby-equals-primary',
    ]);
    expect(config).toBeUndefined();
  });

  test('a group beside a broken fleet.yaml', () => {
    const { findings } = load({ 'fleet.yaml': 'fleet: [', 'groups/web.yaml': edit(GROUP, 'cpu: 512', 'cpu: x') });
    expect(placesOf(findings)).toEqual(['fleet.yaml:1:9 yaml-syntax', 'groups/web.yaml:9:8 wrong-type']);
  });

  test('a lock that cannot be read is not called missing', () => {
    const { findings, lock, config } = load({ 'fleet.lock.yaml': '- x\n' });
    const codes = findings.map((finding) => finding.code);
    expect(codes).not.toContain('lock-missing');
    expect(codes).toContain('yaml-not-a-mapping');
    expect(lock).toBeUndefined();
    expect(config).toBeDefined();
  });
});
