import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BackupValidationConfig, DatabaseConfig, FleetConfig } from '../../lib/config/types';
import { buildFleet } from '../../lib/topology/build-fleet';
import { fleetToJson } from '../../lib/topology/fleet-json';
import {
  activeActive,
  activePassive,
  AURORA,
  BACKUP,
  builtFleet,
  compute,
  DYNAMODB,
  firstLock,
  fleetConfig,
  group,
  plainGroup,
  REGIONS,
  single,
  stampOf,
} from './fixtures';

const codes = (found: readonly { code: string }[]): string[] => found.map(({ code }) => code);

describe('the example fleet', () => {
  const { fleet, findings } = buildFleet(fleetConfig(), firstLock(fleetConfig()));

  test('has nothing to find', () => {
    expect(findings).toEqual([]);
  });

  test('has its groups, stamps and roles in a stable order', () => {
    expect(fleet.groups.map(({ name }) => name)).toEqual(['enterprise', 'internal', 'pool']);
    expect(fleet.groups.flatMap(({ stamps }) => stamps.map(({ id, preferredRole, home }) => [id, preferredRole, home]))).toEqual([
      ['enterprise-use1', 'primary', true],
      ['enterprise-usw2', 'standby', false],
      ['internal-euw1', 'single', true],
      ['pool-euw1', 'active', false],
      ['pool-use1', 'active', true],
      ['pool-usw2', 'active', false],
    ]);
  });

  test('spells out Regions, zones and the control plane', () => {
    expect(fleet.regions.map(({ code }) => code)).toEqual(['euw1', 'use1', 'use2', 'usw2']);
    expect(fleet.regions[1]).toEqual({
      code: 'use1',
      region: 'us-east-1',
      availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    });
    expect(fleet.control).toEqual({
      table: {
        name: 'shop-control',
        owner: { code: 'use2', region: 'us-east-2' },
        replicaRegions: ['us-east-2', 'us-west-2'],
        witness: fleet.regions[1],
      },
      members: [
        {
          code: 'use2',
          region: 'us-east-2',
          stackName: 'shop-control-use2',
          bucketName: 'shop-switches-111111111111-use2',
          ownsTable: true,
        },
        {
          code: 'usw2',
          region: 'us-west-2',
          stackName: 'shop-control-usw2',
          bucketName: 'shop-switches-111111111111-usw2',
          ownsTable: false,
        },
      ],
      joining: [],
    });
  });

  test('tells DNS names of groups and tenants, sorted', () => {
    expect(fleet.groups[0]).toMatchObject({
      recordName: 'enterprise.shop.example.com',
      tenants: ['acme', 'globex'],
      tenantRecordNames: ['acme.shop.example.com', 'globex.shop.example.com'],
    });
  });

  test('gives stamps their addresses and the names others look for', () => {
    expect(stampOf(fleet, 'enterprise-usw2').values).toMatchObject({
      recordName: 'usw2.enterprise.shop.example.com',
      groupRecordName: 'enterprise.shop.example.com',
      vpcCidr: '10.0.16.0/20',
      publicSubnets: ['10.0.28.0/26', '10.0.28.64/26', '10.0.28.128/26'],
      image: '111111111111.dkr.ecr.us-west-2.amazonaws.com/shop/web:1.4.2',
      workerImage: '111111111111.dkr.ecr.us-west-2.amazonaws.com/shop/worker:1.4.2',
      backupCopyVaultArns: ['arn:aws:backup:us-east-1:111111111111:backup-vault:shop-enterprise-use1'],
    });
  });

  test('as JSON is a document with a version, the same after a round trip', () => {
    const document = fleetToJson(fleet);
    expect(document.schemaVersion).toBe(1);
    expect(document.fleet).toEqual(fleet);
  });
});

describe('the lock', () => {
  test('fails when it is behind, and still builds the whole fleet', () => {
    const lock = firstLock(fleetConfig({ groups: fleetConfig().groups.slice(0, 2) }));
    const { fleet, findings } = buildFleet(fleetConfig(), lock);
    expect(findings).toMatchObject([{ code: 'lock-outdated', severity: 'error', where: { file: 'fleet.lock.yaml' } }]);
    expect(findings[0]!.message).toContain('pool-euw1 takes 10.0.48.0/20');
    expect(findings[0]!.message).toContain('and 1 more');
    expect(stampOf(fleet, 'pool-usw2').values.vpcCidr).toBe('10.0.80.0/20');
  });

  test('fails when it holds a stamp that is gone', () => {
    const config = fleetConfig({ groups: fleetConfig().groups.slice(0, 2) });
    expect(codes(buildFleet(config, firstLock(fleetConfig())).findings)).toEqual(['lock-outdated']);
  });

  test('what is only odd about it is left to those who check it', () => {
    const network = { pool: '172.16.0.0/12', stampPrefix: 20, reserved: ['10.0.0.0/24'] };
    expect(buildFleet(fleetConfig({ network }), firstLock(fleetConfig())).findings).toEqual([]);
  });

  test('fails when it pins a Region code elsewhere', () => {
    const lock = { ...firstLock(fleetConfig()), regions: { ...firstLock(fleetConfig()).regions, use1: 'ca-central-1' } };
    expect(codes(buildFleet(fleetConfig(), lock).findings)).toEqual(['region-code-repointed']);
  });

  test('fails for a range that its zones cannot use, and leaves the stamp out', () => {
    const lock = {
      ...firstLock(fleetConfig()),
      addresses: { ...firstLock(fleetConfig()).addresses, 'internal-euw1': '10.0.32.0/24' },
    };
    const { fleet, findings } = buildFleet(fleetConfig(), lock);
    expect(findings).toMatchObject([{ code: 'stamp-range-unusable', where: { path: ['addresses', 'internal-euw1'] } }]);
    expect(fleet.groups[1]!.stamps).toEqual([]);
  });

  test('fails when the pool has no room, and leaves the stamp out', () => {
    const config = fleetConfig({ network: { pool: '10.0.0.0/18', stampPrefix: 20, reserved: [] } });
    const { fleet, findings } = buildFleet(config, firstLock(config));
    expect(codes(findings)).toEqual(['pool-exhausted']);
    expect(fleet.groups[2]!.stamps.map(({ id }) => id)).toEqual(['pool-euw1']);
  });
});

describe('a swap of primary and standby', () => {
  test.each<[string, DatabaseConfig, number]>([
    ['Aurora, full standby', AURORA, 100],
    ['Aurora, half a standby', AURORA, 50],
    ['DynamoDB', DYNAMODB, 100],
    ['no database', { engine: 'none' }, 100],
  ])('changes the routing role and capacity only: %s', (_name, database, standbyCapacity) => {
    const configFor = (primary: string, standby: string): FleetConfig =>
      fleetConfig({
        groups: [
          group('shop', {
            database,
            placement: activePassive(primary, standby, standbyCapacity),
            compute: compute({ kind: 'ec2' }),
          }),
        ],
      });
    const lock = firstLock(configFor('use1', 'usw2'));
    const before = buildFleet(configFor('use1', 'usw2'), lock);
    const after = buildFleet(configFor('usw2', 'use1'), lock);
    expect(after.findings).toEqual([]);
    for (const id of ['shop-use1', 'shop-usw2']) {
      const old = stampOf(before.fleet, id);
      const now = stampOf(after.fleet, id);
      expect(now.preferredRole).not.toBe(old.preferredRole);
      const { minTasks: _tasks, minInstances: _instances, ...sameCapacity } = old.values.capacity;
      expect(now.values.capacity).toMatchObject(sameCapacity);
      expect({ ...now, preferredRole: '', values: { ...now.values, capacity: {} } }).toEqual({
        ...old,
        preferredRole: '',
        values: { ...old.values, capacity: {} },
      });
      if (standbyCapacity === 100) expect(now.values.capacity).toEqual(old.values.capacity);
    }
    expect(after.fleet.groups[0]!.homeRegion).toBe('use1');
  });
});

describe('checks of restored data', () => {
  const shapeWith = (database: DatabaseConfig, validation?: BackupValidationConfig) => {
    const config = fleetConfig({
      groups: [
        group('pool', {
          placement: activeActive(),
          database,
          backup: { ...BACKUP, ...(validation !== undefined && { validation }) },
        }),
      ],
    });
    return stampOf(buildFleet(config, firstLock(config)).fleet, 'pool-use1').shape.backup;
  };
  const base = { minimumRows: 5, timeLimit: 60 };

  test('are part of the structure, with the recovery point objective as the age of the newest row', () => {
    const query = { sql: 'SELECT 1', expect: '1' };
    expect(shapeWith(AURORA, { ...base, newest: { table: 'orders', column: 'at' }, query })?.validation).toEqual({
      ...base,
      newest: { table: 'orders', column: 'at', maxAge: plainGroup('pool').objectives.recovery.rpo },
      query,
    });
    expect(shapeWith(DYNAMODB, { ...base, newest: { attribute: 'at' } })?.validation).toMatchObject({
      newest: { column: 'at', maxAge: plainGroup('pool').objectives.recovery.rpo },
    });
  });

  test('are absent when nobody configured any', () => {
    expect(shapeWith(AURORA)).not.toHaveProperty('validation');
    expect(shapeWith(AURORA, base)?.validation).toEqual(base);
  });
});

describe('backups', () => {
  const fleetWith = (overrides: Partial<typeof BACKUP>) =>
    builtFleet(
      fleetConfig({
        groups: [group('pool', { placement: activeActive(), database: DYNAMODB, backup: { ...BACKUP, ...overrides } })],
      }),
    );
  const vault = (region: string, code: string): string => `arn:aws:backup:${region}:111111111111:backup-vault:shop-pool-${code}`;

  test('peers: every stamp copies to every other one', () => {
    const fleet = fleetWith({ copyTo: 'peers' });
    expect(stampOf(fleet, 'pool-use1').values.backupCopyVaultArns).toEqual([
      vault('eu-west-1', 'euw1'),
      vault('us-west-2', 'usw2'),
    ]);
    expect(stampOf(fleet, 'pool-use1').shape.backup!.copies).toBe(2);
  });

  test('codes and ARNs: never to the own vault, once each', () => {
    const elsewhere = 'arn:aws:backup:eu-central-1:222222222222:backup-vault:airtight';
    const fleet = fleetWith({ copyTo: ['usw2', elsewhere, 'usw2'] });
    expect(stampOf(fleet, 'pool-use1').values.backupCopyVaultArns).toEqual([elsewhere, vault('us-west-2', 'usw2')]);
    expect(stampOf(fleet, 'pool-usw2').values.backupCopyVaultArns).toEqual([elsewhere]);
    expect(stampOf(fleet, 'pool-usw2').shape.backup!.copies).toBe(1);
  });

  test.each([
    ['hourly', 8, 4],
    ['daily', 41, 37],
    ['weekly', 197, 193],
  ] as const)('%s: the newest recovery point is at most %d hours old, %d without copies', (schedule, hours, withoutCopies) => {
    expect(stampOf(fleetWith({ schedule }), 'pool-use1').shape.backup!.maxRecoveryPointAge).toBe(hours * 3600);
    expect(stampOf(fleetWith({ schedule, copyTo: [] }), 'pool-use1').shape.backup!.maxRecoveryPointAge).toBe(
      withoutCopies * 3600,
    );
  });

  test.each<[string, DatabaseConfig]>([
    ['no database', { engine: 'none' }],
    ['a database of others', { engine: 'external', protocol: 'other', name: 'app', endpoints: {} }],
  ])('%s: nothing to back up', (_name, database) => {
    const fleet = builtFleet(fleetConfig({ groups: [group('shop', { database })] }));
    const { shape, values } = stampOf(fleet, 'shop-use1');
    expect(shape).not.toHaveProperty('backup');
    expect(values.backupCopyVaultArns).toEqual([]);
  });
});

describe('databases', () => {
  const first = (database: DatabaseConfig, placement = activePassive()) =>
    builtFleet(fleetConfig({ groups: [group('shop', { database, placement })] })).groups[0]!.stamps[0]!;

  test('Aurora in one Region joins no global cluster', () => {
    expect(first(AURORA, single('use1')).shape.database).toMatchObject({ global: false });
    expect(first(AURORA).shape.database).toMatchObject({ global: true, capacity: 'serverless', readers: 1 });
  });

  test('DynamoDB: the replica’s ARN, and its key where one is given', () => {
    const keyArn = 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555';
    const fleet = builtFleet(
      fleetConfig({ groups: [group('shop', { database: { ...DYNAMODB, keyArns: { use1: keyArn } } as DatabaseConfig })] }),
    );
    expect(stampOf(fleet, 'shop-use1').values).toMatchObject({
      tableArn: 'arn:aws:dynamodb:us-east-1:111111111111:table/shop-shop.table',
      tableKeyArn: keyArn,
    });
    expect(stampOf(fleet, 'shop-use1').shape.database).toMatchObject({ customerManagedKey: true });
    expect(stampOf(fleet, 'shop-usw2').shape.database).toMatchObject({ customerManagedKey: false });
    expect(stampOf(fleet, 'shop-usw2').values).not.toHaveProperty('tableKeyArn');
  });

  test('DynamoDB: the Regions of the other replicas, not the own one', () => {
    const fleet = builtFleet(fleetConfig({ groups: [group('pool', { database: DYNAMODB, placement: activeActive() })] }));
    expect(stampOf(fleet, 'pool-use1').shape.database).toMatchObject({ peerRegions: ['eu-west-1', 'us-west-2'] });
    expect(first(DYNAMODB, single('use1')).shape.database).toMatchObject({ peerRegions: [] });
  });

  test('external: the endpoints of the stamp’s own Region', () => {
    const endpoints = { use1: { writer: 'w.example.com', reader: 'r.example.com', port: 5432 } };
    const { values } = first({ engine: 'external', protocol: 'postgresql', name: 'orders', endpoints }, single('use1'));
    expect(values).toMatchObject({
      databaseWriter: 'w.example.com',
      databaseReader: 'r.example.com',
      databasePort: 5432,
      databaseName: 'orders',
    });
  });
});

test('the group’s tags win over the fleet’s; keys are structure and contents are values', () => {
  const config = fleetConfig({
    tags: { Product: 'shop', Team: 'core' },
    groups: [plainGroup('shop', { tags: { Team: 'shop' } })],
  });
  const { shape, values } = stampOf(builtFleet(config), 'shop-use1');
  expect(shape.tagKeys).toEqual(['Product', 'Team']);
  expect(values.tags).toEqual({ Product: 'shop', Team: 'shop' });
});

test('a Region code may be called constructor', () => {
  const config = fleetConfig({
    regions: [...REGIONS, { code: 'constructor', region: 'eu-central-1', azs: ['a', 'b', 'c'] }],
    groups: [group('shop', { placement: single('constructor'), database: DYNAMODB })],
  });
  const { shape, values } = stampOf(builtFleet(config), 'shop-constructor');
  expect(shape).toMatchObject({ network: { transitGateway: false }, database: { customerManagedKey: false } });
  expect(values).not.toHaveProperty('transitGatewayId');
});

test('fails for a Region code that nobody declares', () => {
  const config = fleetConfig({ groups: [plainGroup('shop', { placement: single('nowhere') })] });
  expect(() => builtFleet(config)).toThrow(/^UNKNOWN_REGION_CODE: no Region has the code "nowhere"/);
});

test('the order of files and keys makes no difference, down to the bytes', () => {
  const weights = { use1: 3, usw2: 1, euw1: 2 };
  const groupsWith = (reverse: boolean) => {
    const ordered = <T extends object>(record: T): T =>
      reverse ? (Object.fromEntries(Object.entries(record).reverse()) as T) : record;
    const groups = [
      ...fleetConfig().groups,
      group('weighted', {
        placement: activeActive(['use1', 'usw2', 'euw1'], { policy: 'weighted', weights: ordered(weights) }),
        compute: compute({ environment: ordered({ A: '1', B: '2' }), secrets: ordered({ S: 's', T: 't' }) }),
        tags: ordered({ X: 'x', Y: 'y' }),
        network: { egress: 'nat', transitGateways: ordered({ use1: 'tgw-1', usw2: 'tgw-2' }), transitCidrs: [] },
      }),
    ];
    return reverse ? groups.reverse() : groups;
  };
  fc.assert(
    fc.property(fc.shuffledSubarray([...REGIONS], { minLength: REGIONS.length }), fc.boolean(), (regions, reverse) => {
      const config = fleetConfig({
        regions,
        groups: groupsWith(reverse),
        tags: reverse ? { B: 'b', A: 'a' } : { A: 'a', B: 'b' },
      });
      const reference = fleetConfig({ groups: groupsWith(false), tags: { A: 'a', B: 'b' } });
      expect(JSON.stringify(builtFleet(config)) === JSON.stringify(builtFleet(reference))).toBe(true);
    }),
    { numRuns: 30 },
  );
});
