import { describe, expect, test } from 'vitest';
import { isFixedByLock, runConfigChecks } from '../../../lib/config/checks';
import { CHECKER_RANGES } from '../../../lib/facts/checker-ranges';
import {
  auroraOf,
  backupOf,
  baseConfig,
  enterpriseOf,
  groupOf,
  lockFor,
  makeGeolocation,
  makeSingle,
  makeStrong,
  makeWeighted,
  type MutableFleet,
  poolOf,
  serverlessOf,
  tableOf,
  workerOf,
} from './base-config';

const DAY = 86_400;

/** Codes that the change of the valid base configuration brings out, with a lock that fits. */
function codesAfter(change: (config: MutableFleet) => unknown): string[] {
  const config = baseConfig();
  change(config);
  return runConfigChecks(config, lockFor(config)).map((finding) => finding.code);
}

describe('the last value that is fine', () => {
  test.each<[string, (config: MutableFleet) => unknown]>([
    ['detection of exactly 168 s', (config) => (poolOf(config).objectives.availability.rto = 168)],
    ['decision and promotion of exactly 900 s', (config) => (enterpriseOf(config).objectives.availability.rto = 900)],
    [
      'recovery rpo of daily copies plus the copy time',
      (config) => (enterpriseOf(config).objectives.recovery.rpo = DAY + 14_400),
    ],
    ['lag cap equal to the rpo', (config) => (auroraOf(config).maxReplicationLag = 60)],
    ['least lag cap', (config) => (auroraOf(config).maxReplicationLag = 20)],
    ['8 ACU, and half steps above', (config) => Object.assign(serverlessOf(config), { minAcu: 8, maxAcu: 8.5 })],
    ['256 ACU', (config) => (serverlessOf(config).maxAcu = 256)],
    ['no reader with an rto of ten minutes or more', (config) => (serverlessOf(config).readers = 0)],
    ['stop timeout equal to the drain', (config) => (enterpriseOf(config).compute.deregistrationDelay = 60)],
    ['stop timeout of 120 s', (config) => (enterpriseOf(config).compute.stopTimeout = 120)],
    ['35 days of continuous backup', (config) => (backupOf(config).retain = 35 * DAY)],
    ['a year of snapshots', (config) => Object.assign(backupOf(config), { continuous: false, retain: 365 * DAY })],
    ['keepalive of exactly the rto', (config) => (enterpriseOf(config).edge.clientKeepAlive = 1200)],
    ['a /8 that holds no checkers', (config) => (enterpriseOf(config).edge.blockedCidrs = ['2.0.0.0/8'])],
    ['standby of more than the primary', (config) => Object.assign(enterpriseOf(config).placement, { standbyCapacity: 150 })],
    ['no work before the first message', (config) => (workerOf(config).minTasks = 0)],
    ['hourly backups of a table, whose copies are incremental', (config) => (poolOf(config).backup!.schedule = 'hourly')],
    [
      'an image digest',
      (config) => (workerOf(config).image = `111111111111.dkr.ecr.{region}.amazonaws.com/w@sha256:${'0'.repeat(64)}`),
    ],
    ['three strong replicas', (config) => makeStrong(config)],
    [
      'two strong replicas and a witness',
      (config) => {
        makeStrong(config).witness = 'use2';
        Object.assign(poolOf(config).placement, { regions: ['use1', 'usw2'] });
      },
    ],
    [
      'an rpo of 0 with strong consistency',
      (config) => {
        makeStrong(config);
        poolOf(config).objectives.availability.rpo = 0;
      },
    ],
    [
      'three control Regions and no witness',
      (config) => {
        config.control = { regions: ['use2', 'usw2', 'use1'], joining: ['euw1'] };
      },
    ],
    [
      'weights from 1 to 255',
      (config) => {
        makeWeighted(config, { use1: 1, usw2: 255, euw1: 100 });
      },
    ],
    [
      'areas inside areas',
      (config) => {
        makeGeolocation(config, { usw2: ['country:US/state:CA', 'country:US'], euw1: ['continent:EU', 'country:DE'] });
      },
    ],
    [
      'EC2 on Graviton',
      (config) =>
        Object.assign(enterpriseOf(config).compute, { kind: 'ec2', instanceType: 'c7gn.xlarge', architecture: 'arm64' }),
    ],
    [
      'EC2 with a GPU, whose g is no Graviton',
      (config) => Object.assign(enterpriseOf(config).compute, { kind: 'ec2', instanceType: 'g4dn.xlarge' }),
    ],
    [
      'a group in another account with its own zone',
      (config) => {
        const group = poolOf(config);
        group.account = '222222222222';
        group.zone = { name: 'pool.shop.example.com', hostedZoneId: 'Z2' };
        group.compute.image = '222222222222.dkr.ecr.{region}.amazonaws.com/shop/web:1.4.2';
      },
    ],
    [
      'a wide range behind the transit gateway, which the VPC route beats',
      (config) =>
        (enterpriseOf(config).network = {
          egress: 'nat',
          transitCidrs: ['10.0.0.0/8'],
          transitGateways: { use1: 'tgw-1', usw2: 'tgw-2' },
        }),
    ],
    [
      'endpoints only, with the way out through the transit gateway',
      (config) =>
        (enterpriseOf(config).network = {
          egress: 'endpoints-only',
          transitCidrs: ['0.0.0.0/0'],
          transitGateways: { use1: 'tgw-1', usw2: 'tgw-2' },
        }),
    ],
    [
      'a private dependency behind the transit gateway',
      (config) => {
        const group = enterpriseOf(config);
        group.network = { egress: 'nat', transitCidrs: ['172.20.0.0/16'], transitGateways: { use1: 'tgw-1', usw2: 'tgw-2' } };
        group.health.dependencies[0]!.url = 'https://172.20.1.5/healthz';
      },
    ],
    [
      "a stamp's own dependency per Region",
      (config) =>
        (enterpriseOf(config).health.dependencies = [
          { name: 'cache', url: 'https://cache.{region}.example.com/', shared: false },
        ]),
    ],
    [
      'accepted failures of every kind',
      (config) =>
        (enterpriseOf(config).accept = [
          'az:use1a',
          'az:us-west-2c',
          'stamp:enterprise-use1',
          'region:eu-west-1',
          'writer:enterprise',
          'dependency:payments-api',
          'control:use2',
          'plane:us-east-1',
          'checkers:blind',
          'data:enterprise',
        ].map((failure) => ({ failure, reason: 'because' }))),
    ],
    ['an overridden assumption', (config) => (config.assumptions = { decisionTime: 60, auroraGlobalMinimumAcu: 1 })],
  ])('%s', (_what, change) => {
    expect(codesAfter(change)).toEqual([]);
  });
});

describe('one theme, several ways', () => {
  test('every checker range is protected, alone and inside a larger range', () => {
    for (const range of CHECKER_RANGES) {
      expect(codesAfter((config) => (enterpriseOf(config).edge.blockedCidrs = [range]))).toEqual(['blocked-cidr-checkers']);
    }
    expect(codesAfter((config) => (enterpriseOf(config).edge.blockedCidrs = ['15.177.0.0/16']))).toEqual([
      'blocked-cidr-checkers',
    ]);
    expect(codesAfter((config) => (enterpriseOf(config).edge.blockedCidrs = ['15.177.4.0/23']))).toEqual([]);
  });

  test('fails every place that names a Region, with the suggestion', () => {
    const config = baseConfig();
    config.control.regions = ['use2', 'usw22'];
    config.control.witness = 'use11';
    Object.assign(enterpriseOf(config).placement, { standby: 'usw3' });
    enterpriseOf(config).network.transitGateways = { nope: 'tgw-1' };
    backupOf(config).copyTo = ['use1', 'wherever'];
    tableOf(config).keyArns = { eu: 'arn:aws:kms:eu-west-1:111111111111:alias/t' };
    const findings = runConfigChecks(config, lockFor(config)).filter((finding) => finding.code === 'region-code-unknown');
    expect(findings.map((finding) => `${finding.where.file ?? ''} ${(finding.where.path ?? []).join('.')}`)).toEqual([
      'fleet.yaml control.regions.1',
      'fleet.yaml control.witness',
      'groups/enterprise.yaml network.transitGateways.nope',
      'groups/enterprise.yaml placement.standby',
      'groups/enterprise.yaml backup.copyTo.1',
      'groups/pool.yaml database.keyArns.eu',
    ]);
    expect(findings[0]!.fix).toMatch(/^did you mean "usw2"\? Use one of use1, usw2, euw1, use2/);
  });

  test('backups without continuous recovery are as old as their schedule', () => {
    const snapshots = (config: MutableFleet, rpo: number): void => {
      backupOf(config).continuous = false;
      enterpriseOf(config).objectives.recovery.rpo = rpo;
    };
    expect(
      codesAfter((config) => {
        snapshots(config, DAY - 1);
      }),
    ).toEqual(['recovery-rpo-below-backup']);
    expect(
      codesAfter((config) => {
        snapshots(config, DAY);
      }),
    ).toEqual(['recovery-rpo-below-copy']);
  });

  test('manual traffic needs a person even where no database is promoted', () => {
    const codes = codesAfter((config) => {
      poolOf(config).failover.traffic = 'manual';
      poolOf(config).objectives.availability.rto = 503;
    });
    // 300 s decision, 30 s to write the switch, 3 x (10 s + 8 s) to see it, 60 s propagation, 60 s TTL.
    expect(codes).toEqual(['availability-rto-below-operator']);
    expect(
      codesAfter((config) => {
        poolOf(config).failover.traffic = 'manual';
        poolOf(config).objectives.availability.rto = 504;
      }),
    ).toEqual([]);
  });

  test('an override moves the verdict', () => {
    const codes = (statusPropagation: number) =>
      codesAfter((config) => {
        config.assumptions = { statusPropagation };
        poolOf(config).objectives.availability.rto = 130;
      });
    expect(codes(22)).toEqual([]);
    expect(codes(23)).toEqual(['availability-rto-below-detection']);
  });

  test('a group in one Region has no Region objectives', () => {
    const codes = codesAfter((config) => {
      makeSingle(enterpriseOf(config), 'use1');
      delete auroraOf(config).maxReplicationLag;
      Object.assign(enterpriseOf(config).objectives.availability, { rto: 60, rpo: 0 });
    });
    expect(codes).toEqual(['single-region-group']);
  });

  test('a copy target that is the own vault of one stamp leaves that one without', () => {
    const config = baseConfig();
    backupOf(config).copyTo = ['usw2'];
    const findings = runConfigChecks(config, lockFor(config));
    expect(findings.map((finding) => finding.code)).toEqual(['copy-nowhere']);
    expect(findings[0]!.message).toMatch(/enterprise-usw2 have nowhere to go/);
  });

  test('the pool counts what is reserved, allocated and buried once each', () => {
    const config = baseConfig();
    // Sixteen /20; five wanted, all allocated already.
    config.network = { pool: '10.0.0.0/16', stampPrefix: 20, reserved: [] };
    const lock = lockFor(config);
    lock.tombstones = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`old${i}-use1`, `10.0.${16 * (i + 5)}.0/20`]));
    expect(runConfigChecks(config, lock)).toEqual([]);
    config.groups.push({ ...structuredClone(groupOf(config, 'pool')), group: 'spare', tenants: ['soylent'] });
    expect(new Set(runConfigChecks(config, lock).map((finding) => finding.code))).toEqual(
      new Set(['pool-exhausted', 'lock-outdated']),
    );
    lock.tombstones = {};
    expect(new Set(runConfigChecks(config, lock).map((finding) => finding.code))).toEqual(new Set(['lock-outdated']));
  });

  test('what the lock command repairs is told apart from what it refuses', () => {
    const config = baseConfig();
    expect(runConfigChecks(config).every(isFixedByLock)).toBe(true);
    const lock = { ...lockFor(config), fleet: 'store' };
    expect(runConfigChecks(config, lock).some(isFixedByLock)).toBe(false);
  });

  test('names that objects inherit find nothing', () => {
    const config = baseConfig();
    enterpriseOf(config).group = 'constructor';
    const lock = lockFor(config);
    lock.homeRegions = { pool: 'use1' };
    const findings = runConfigChecks(config, lock);
    expect(findings.map((finding) => finding.message)).toEqual(['group constructor has no home Region yet']);
  });
});

test('ten thousand groups take a moment, not minutes', { timeout: 60_000 }, () => {
  const config = baseConfig();
  const template = poolOf(config);
  config.network = { pool: '10.0.0.0/8', stampPrefix: 24, reserved: [] };
  config.groups = Array.from({ length: 10_000 }, (_, index) => ({ ...template, group: `g${index}`, tenants: [`t${index}`] }));
  const lock = lockFor(config);
  lock.addresses = Object.fromEntries(
    Object.keys(lock.addresses).map((id, index) => [id, `10.${index >> 8}.${index & 255}.0/24`]),
  );
  lock.tombstones = {};
  expect(runConfigChecks(config, lock)).toEqual([]);
});
