import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BackupPlan, LabPlan, StampPlan } from '../../lib/lab/plan/lab-plan';
import type { RegionTables } from '../../lib/lab/region/tables';
import { Vaults } from '../../lib/lab/region/vaults';

const REGIONS = ['us-east-1', 'eu-west-1'] as const;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vaults-'));
  vi.useFakeTimers({ now: 1_800_000_000_000, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** A stamp of a group whose table has the same name in both Regions, with copies into the other one's vault. */
function stamp(region: string): StampPlan & { readonly backup: BackupPlan } {
  const backup: BackupPlan = {
    vault: `vault-${region}`,
    interval: 86_400,
    retention: 86_400,
    continuous: false,
    lock: 'none',
    copies: REGIONS.filter((other) => other !== region).map((other) => ({ region: other, vault: `vault-${other}` })),
  };
  return {
    id: region,
    region,
    account: '111111111111',
    backup,
    database: { engine: 'dynamodb', table: 'shop-pool' },
  } as StampPlan & {
    readonly backup: BackupPlan;
  };
}

test('two Regions back up a table of one name in the same millisecond: both have their own backup, and the copy of the other', async () => {
  const stamps = REGIONS.map(stamp);
  const plan = { folder, speed: 1, stamps } as unknown as LabPlan;
  const tables = { all: () => Promise.resolve([]) } as unknown as RegionTables;
  const vaults = REGIONS.map((region) => new Vaults(plan, region, tables));
  await Promise.all(vaults.map((vault, at) => vault.run(stamps[at]!, stamps[at]!.backup)));
  for (const [at, vault] of vaults.entries()) {
    const points = vault.points(`vault-${REGIONS[at]!}`);
    expect(points.map(({ copy }) => copy).sort()).toEqual([false, true]);
    expect(new Set(points.map(({ arn }) => arn)).size).toBe(2);
  }
});
