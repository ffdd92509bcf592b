import { describe, expect, test } from 'vitest';
import { ASSUMPTION_NAMES, ASSUMPTIONS, assumedValue } from '../../lib/facts/assumptions';
import { BACKUP_WINDOWS } from '../../lib/facts/backup-windows';
import { isFargateSize, nextFargateSize } from '../../lib/facts/fargate-sizes';
import { isGeolocationArea } from '../../lib/facts/geolocations';
import { NAME_LIMITS, nameProblem, type NameLimitKey } from '../../lib/facts/limits';
import { QUOTAS, QUOTA_KEYS, quotaOf } from '../../lib/facts/quotas';
import { isReservedPath } from '../../lib/facts/reserved-paths';
import { commonRegionSet, REGION_SETS } from '../../lib/facts/region-sets';
import { AWS_REGION_NAMES, awsRegion, isOtherPartition } from '../../lib/facts/regions';

describe('assumptions', () => {
  test('every entry is named in camel case, sourced, and never better at its pessimistic end', () => {
    for (const name of ASSUMPTION_NAMES) {
      const entry = ASSUMPTIONS[name];
      expect(name).toMatch(/^[a-z][A-Za-z0-9]+$/);
      expect(entry.source).toMatch(/^aws-facts \d+(\.\d+)?$/);
      expect(entry.meaning.length).toBeGreaterThan(20);
      expect(entry.typical).toBeGreaterThanOrEqual(0);
      if (entry.unit === 'seconds') expect(entry.pessimistic).toBeGreaterThanOrEqual(entry.typical);
    }
  });

  test('gives the worst case of aws-facts 10.2 for a 10 s x 3 HTTPS check: 168 s, 118 s typical', () => {
    const bound = (side: 'typical' | 'pessimistic'): number =>
      3 * (10 + ASSUMPTIONS.checkerTimeoutHttps[side]) + ASSUMPTIONS.statusPropagation[side] + 60;
    expect(bound('pessimistic')).toBe(168);
    expect(bound('typical')).toBe(118);
  });

  test('an override replaces both sides', () => {
    expect(assumedValue('statusPropagation')).toEqual({ typical: 10, pessimistic: 60 });
    expect(assumedValue('statusPropagation', { statusPropagation: 20 })).toEqual({ typical: 20, pessimistic: 20 });
    expect(assumedValue('statusPropagation', { decisionTime: 20 })).toEqual({ typical: 10, pessimistic: 60 });
  });
});

describe('Regions', () => {
  test('are sorted, unique, and know which ones need to be enabled', () => {
    expect([...AWS_REGION_NAMES].sort()).toEqual(AWS_REGION_NAMES);
    expect(new Set(AWS_REGION_NAMES).size).toBe(AWS_REGION_NAMES.length);
    expect(awsRegion('us-east-1')).toEqual({ name: 'us-east-1', optIn: false });
    expect(awsRegion('af-south-1')).toEqual({ name: 'af-south-1', optIn: true });
    expect(awsRegion('us-east-3')).toBeUndefined();
    expect(awsRegion('constructor')).toBeUndefined();
  });

  test.each(['cn-north-1', 'us-gov-west-1', 'us-isob-east-1', 'eusc-de-east-1'])('%s is in another partition', (name) => {
    expect(isOtherPartition(name)).toBe(true);
    expect(awsRegion(name)).toBeUndefined();
  });

  test('region sets are disjoint, known and exclude Stockholm', () => {
    const all = REGION_SETS.flatMap((set) => set.regions);
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((name) => awsRegion(name)?.optIn === false)).toBe(true);
    expect(commonRegionSet(['eu-north-1'])).toBeUndefined();
    expect(commonRegionSet(['us-east-1', 'us-west-2'])?.name).toBe('US');
    expect(commonRegionSet(['us-east-1', 'eu-west-1'])).toBeUndefined();
  });
});

describe('Fargate sizes', () => {
  test.each([
    [256, 512, true],
    [256, 3072, false],
    [512, 1024, true],
    [512, 512, false],
    [1024, 8192, true],
    [1024, 9216, false],
    [4096, 30720, true],
    [4096, 31744, false],
    [8192, 20480, true],
    [8192, 18432, false],
    [16384, 122880, true],
    [300, 1024, false],
  ])('%i CPU units with %i MiB: %s', (cpu, memory, valid) => {
    expect(isFargateSize(cpu, memory)).toBe(valid);
  });

  test.each([
    [512, 512, { cpu: 512, memory: 1024 }],
    [300, 700, { cpu: 512, memory: 1024 }],
    [256, 3000, { cpu: 512, memory: 3072 }],
    [20000, 200000, { cpu: 16384, memory: 122880 }],
  ])('the next size for %i and %i', (cpu, memory, expected) => {
    expect(nextFargateSize(cpu, memory)).toEqual(expected);
    expect(isFargateSize(expected.cpu, expected.memory)).toBe(true);
  });
});

describe('geolocation areas', () => {
  test.each(['continent:EU', 'country:DE', 'country:GB', 'country:US/state:CA', 'country:UA/state:05'])('%s', (area) => {
    expect(isGeolocationArea(area)).toBe(true);
  });
  test.each(['continent:XX', 'country:UK', 'country:de', 'country:DE/state:BY', 'EU', '', 'continent:EU '])(
    'fails %j',
    (area) => {
      expect(isGeolocationArea(area)).toBe(false);
    },
  );
});

describe('name limits', () => {
  test.each<[NameLimitKey, string, RegExp | undefined]>([
    ['loadBalancer', 'a'.repeat(32), undefined],
    ['loadBalancer', 'a'.repeat(33), /33 characters, 32 are allowed/],
    ['databaseCluster', 'shop-enterprise-use1', undefined],
    ['databaseCluster', 'shop--use1', /must match/],
    ['databaseCluster', '1shop', /must match/],
    ['restoreTestingPlan', 'shop_enterprise_use1', undefined],
    ['restoreTestingPlan', 'shop-enterprise', /must match/],
    ['table', 'ab', /at least 3/],
    ['backupVault', 'v'.repeat(51), /50 are allowed/],
    ['keyAlias', 'alias/shop', undefined],
    ['keyAlias', 'shop-key', /must match/],
  ])('%s %s', (key, name, problem) => {
    const found = nameProblem(key, name);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });

  test('every limit names its source', () => {
    for (const limit of Object.values(NAME_LIMITS)) expect(limit.source).not.toBe('');
  });
});

describe('quotas', () => {
  test('codes look like the Service Quotas API and are not shared', () => {
    const codes = QUOTA_KEYS.flatMap((key) => quotaOf(key).quotaCode ?? []);
    expect(codes.every((code) => /^L-[0-9A-F]{8}$/.test(code))).toBe(true);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('the ones that stop a first fleet have AWS defaults', () => {
    expect(QUOTAS.elasticIps).toMatchObject({ serviceCode: 'ec2', quotaCode: 'L-0263D0A3', defaultValue: 5, scope: 'region' });
    expect(QUOTAS.healthChecks).toMatchObject({ serviceCode: 'route53', defaultValue: 200, scope: 'account' });
    expect(QUOTAS.resourcesPerTemplate).toMatchObject({ defaultValue: 500, adjustable: false });
    expect(quotaOf('tasksPerService').quotaCode).toBeUndefined();
  });
});

test.each(Object.entries(BACKUP_WINDOWS))('AWS Backup takes the windows of %s backups', (_schedule, window) => {
  expect(window.startWindow).toBeGreaterThanOrEqual(3600);
  expect(window.completionWindow).toBeGreaterThanOrEqual(window.startWindow + 3600);
  expect(window.interval).toBeGreaterThanOrEqual(3600);
});

test.each([
  ['/.stamp', true],
  ['/.stamp/', true],
  ['/.stamp/health', true],
  ['/.stampede', false],
  ['/app/.stamp', false],
  ['/', false],
])('the path %s belongs to the stamp: %s', (path, reserved) => {
  expect(isReservedPath(path)).toBe(reserved);
});
