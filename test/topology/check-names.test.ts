import { describe, expect, test } from 'vitest';
import type { FleetConfig, GroupConfig } from '../../lib/config/types';
import type { Finding } from '../../lib/findings';
import { buildFleet } from '../../lib/topology/build-fleet';
import { activePassive, AURORA, DYNAMODB, firstLock, fleetConfig, group, plainGroup, REGIONS, single } from './fixtures';

function findingsOf(config: FleetConfig): readonly Finding[] {
  return buildFleet(config, firstLock(config)).findings;
}
const findingsFor = (...groups: GroupConfig[]): readonly Finding[] => findingsOf(fleetConfig({ groups }));
const limitOf = (finding: Finding): string => finding.message.replace(/^the (.*) ".*/, '$1');
const letters = (count: number): string => 'g'.repeat(count);

describe('names of a group at the edge', () => {
  // shop-<group>-use1 is the backup vault and the restore testing plan: 50 characters.
  test('40 characters fit a group with backups', () => {
    expect(findingsFor(group(letters(40), { database: DYNAMODB }))).toEqual([]);
  });

  test('fails with 41, for every resource in question, once and not once per Region', () => {
    const name = letters(41);
    const findings = findingsFor(group(name, { database: DYNAMODB }));
    expect(findings.map(limitOf)).toEqual(['backup vault', 'restore testing plan']);
    expect(findings[0]).toEqual({
      code: 'name-too-long',
      severity: 'error',
      where: { file: `groups/${name}.yaml`, path: ['group'] },
      message: `the backup vault "shop-${name}-use1" has 51 characters; AWS accepts 50`,
      fix: 'Shorten the group name by 1 character, or another part of the name',
    });
  });

  test('what a group does not have does not limit it', () => {
    expect(findingsFor(plainGroup(letters(46)))).toEqual([]);
  });

  test('47 characters leave room for the health function', () => {
    expect(findingsFor(plainGroup(letters(47)))).toEqual([]);
  });

  test('fails when the health function’s name is one too long', () => {
    expect(findingsFor(plainGroup(letters(48))).map(limitOf)).toEqual(['Lambda function']);
  });

  test('fails when the group is no DNS label', () => {
    expect(findingsFor(plainGroup(letters(64))).map(limitOf)).toContain('DNS label');
  });

  test.each([
    ['aurora-mysql', 16, []],
    ['aurora-mysql', 17, ['MySQL user']],
    ['aurora-postgresql', 17, []],
  ] as const)('%s with a group of %d characters: %j', (engine, length, found) => {
    const database = { ...AURORA, engine } as GroupConfig['database'];
    const { backup: _backup, ...rest } = group(letters(length), { database });
    expect(findingsFor(rest).map(limitOf)).toEqual(found);
  });

  test('fails when a PostgreSQL user would be cut off', () => {
    const { backup: _backup, ...rest } = group(letters(48));
    expect(findingsFor(rest).map(limitOf)).toContain('PostgreSQL identifier');
  });

  test('fails when Aurora would not take the name', () => {
    const { backup: _backup, ...rest } = group('two--hyphens');
    expect(findingsFor(rest).map(({ code, where }) => [code, where.path])).toEqual([
      ['name-not-accepted', ['group']],
      ['name-not-accepted', ['group']],
    ]);
  });
});

describe('DNS', () => {
  const zoneOf = (length: number) => {
    const labels = `${'a'.repeat(60)}.`.repeat(4);
    return { name: `${labels.slice(0, length - 4)}.com`.replace('..', '.a'), hostedZoneId: 'Z0123456789ABCDEFGHIJ' };
  };

  test.each([
    [62, []],
    [63, ['first name of an ACM certificate']],
  ])('*.<zone> of a zone with %d characters: %j', (length, found) => {
    const zone = zoneOf(length);
    expect(zone.name).toHaveLength(length);
    const config = fleetConfig({ zone, groups: [plainGroup('a', { zone }), plainGroup('b', { zone })] });
    const findings = findingsOf(config);
    expect(findings.map(limitOf)).toEqual(found);
    if (found.length > 0) expect(findings[0]!.where).toEqual({ file: 'fleet.yaml', path: ['zone', 'name'] });
  });

  test('fails in the group’s file when the zone is the group’s own', () => {
    const findings = findingsFor(plainGroup('a', { zone: zoneOf(70) }));
    expect(findings.map(({ where }) => where)).toEqual([{ file: 'groups/a.yaml', path: ['zone', 'name'] }]);
    expect(findings[0]!.fix).toBe('Shorten the zone name by 8 characters, or another part of the name');
  });

  test('fails when a stamp’s record is longer than a DNS name may be', () => {
    const found = findingsFor(plainGroup('a'.repeat(20), { zone: zoneOf(240) })).map(limitOf);
    expect(found).toContain('DNS name');
  });

  test('fails for a tenant that is no DNS label, at its own place', () => {
    const findings = findingsFor(plainGroup('a', { tenants: ['fine', 't'.repeat(64)] }));
    expect(findings).toMatchObject([{ code: 'name-too-long', where: { file: 'groups/a.yaml', path: ['tenants'] } }]);
  });
});

describe('names of the fleet', () => {
  test.each([
    [36, []],
    [37, ['S3 bucket']],
  ])('with %d characters in the switch bucket’s name: %j', (length, found) => {
    // <fleet>-switches-111111111111-use2 adds 27 characters.
    const config = fleetConfig({ fleet: 'f'.repeat(length), groups: [plainGroup('a', { placement: single() })] });
    const findings = findingsOf(config);
    expect(findings.map(limitOf)).toEqual(found);
    if (found.length > 0) expect(findings[0]!.where).toEqual({ file: 'fleet.yaml', path: ['fleet'] });
  });

  test('fails for a bucket in capital letters', () => {
    const found = findingsOf(fleetConfig({ fleet: 'Shop', groups: [] }));
    expect(found.map(({ code }) => code)).toEqual(['name-not-accepted']);
  });
});

describe('stack names', () => {
  test('fails when a group is called control', () => {
    const findings = findingsFor(plainGroup('control', { placement: activePassive('use1', 'use2') }));
    expect(findings).toMatchObject([{ code: 'stack-name-clash', where: { file: 'groups/control.yaml', path: ['group'] } }]);
    expect(findings[0]!.message).toBe('stamp control-use2 and control Region use2 would both be the stack "shop-control-use2"');
  });

  test.each(['data', 'routing'])('fails when a Region code is %s', (code) => {
    const regions = [...REGIONS, { code, region: 'eu-central-1', azs: ['a', 'b', 'c'] }];
    const findings = findingsOf(fleetConfig({ regions, groups: [plainGroup('shop', { placement: single(code) })] }));
    expect(findings.map((finding) => finding.code)).toEqual(['stack-name-clash']);
  });
});
