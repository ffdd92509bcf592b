import type { Backups, Coverage, Divergences, RecoveryPoint, RestorableWindow, RestoreJob, Validations } from '../../ports';
import { call } from '../net/rpc';
import type { DataCount } from '../../ports';
import type { LabAccess } from './access';

/** Milliseconds; both read everything. */
const COUNT_TIMEOUT = 30_000;

/** The vaults of the lab: real base backups and archives. Restore tests of AWS Backup do not run here. */
export function labBackups(access: LabAccess): Backups {
  const read = <T>(region: string, name: string, operation: string, parameters: unknown): Promise<T | null> => {
    const place = { service: 'backup', region, call: operation };
    return access.read<T | null>(access.region(region, place).rpc, name, parameters, place);
  };
  return {
    points: async (region, vault) =>
      (await read<RecoveryPoint[]>(region, 'backup.points', 'ListRecoveryPointsByBackupVault', { vault })) ?? [],
    window: async (region, _engine, resource) =>
      (await read<RestorableWindow>(region, 'backup.window', 'DescribeContinuousBackups', { resource })) ?? undefined,
    lastTest: () => Promise.resolve(undefined),
    start: async ({ guard, ...request }) => {
      const place = { service: 'backup', region: request.region, call: 'StartRestoreJob' };
      await access.change(access.region(request.region, place).rpc, 'backup.start', request, place, guard);
    },
    coverage: async (region, _engine, resource) =>
      (await read<Coverage>(region, 'backup.coverage', 'ListTags', { resource })) ?? undefined,
    cover: async ({ region, resource, stamp, guard }) => {
      const place = { service: 'backup', region, call: 'TagResource' };
      await access.change(access.region(region, place).rpc, 'backup.cover', { resource, stamp }, place, guard);
    },
    job: async (region, target) => (await read<RestoreJob>(region, 'backup.job', 'DescribeRestoreJob', { target })) ?? undefined,
  };
}

/** What the application thinks of its data: rows are there, and each is what was written under its number. */
export function labValidations(access: LabAccess): Validations {
  return {
    run: async ({ region, resource, group }) => {
      const { rows, damaged } = await count(access, region, group, resource);
      return {
        passed: rows.length > 0 && damaged.length === 0,
        checks: [
          { name: 'rows', passed: rows.length > 0, message: `${rows.length} orders` },
          { name: 'content', passed: damaged.length === 0, message: `${damaged.length} orders are not what was written` },
        ],
      };
    },
  };
}

/** Rows that only the old side has, counted in what it kept of itself. */
export function labDivergences(access: LabAccess): Divergences {
  return {
    compare: async ({ group, oldRegion, newRegion, oldResource, newResource }) => {
      const [old, now] = await Promise.all([
        count(access, oldRegion, group, oldResource, true),
        count(access, newRegion, group, newResource),
      ]);
      const present = new Set(now.rows);
      return {
        onlyOld: old.rows.filter((number) => !present.has(number)).length,
        evidence: old.evidence,
        method: 'compared the numbers of all orders',
      };
    },
  };
}

function count(
  access: LabAccess,
  region: string,
  group: string,
  resource: string,
  kept = false,
): Promise<DataCount & { readonly evidence: string }> {
  const { control, token } = access.plan;
  const place = { service: 'lab', region, call: 'count' };
  return call(control, 'countResource', { region, group, resource, kept }, { token, timeoutMs: COUNT_TIMEOUT, place });
}
