import { DescribeContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import type { RecoveryPointByBackupVault, RestoreJobsListMember } from '@aws-sdk/client-backup';
import type { Backups, RecoveryPoint, RestorableWindow, RestoreTestReading } from '../../../ports';
import type { AwsAccess } from '../../call/access';
import { orAbsent } from '../absent';
import { RdsApi } from '../aurora/rds-api';
import { TableApi } from '../tables/table-api';
import { BackupApi } from './backup-api';
import { cover, coverageOf } from './coverage';
import { findJob } from './find-job';
import { startRestore } from './start-restore';

/** AWS Backup, and the point-in-time restores of Aurora and DynamoDB themselves. */
export function createBackups(access: AwsAccess): Backups {
  const backup = new BackupApi(access);
  const rds = new RdsApi(access);
  const tables = new TableApi(access);
  const apis = { backup, rds, tables, clock: access.clock };
  return {
    points: async (region, vault) => {
      const [described, points] = await Promise.all([backup.vault(region, vault), backup.points(region, vault)]);
      const lock = described.Locked !== true ? 'none' : described.LockDate === undefined ? 'governance' : 'compliance';
      return points
        .flatMap((point) => pointOf(region, vault, lock, point))
        .sort((a, b) => b.createdAt - a.createdAt || (a.arn < b.arn ? -1 : 1));
    },
    window: async (region, engine, resource) =>
      engine === 'aurora' ? auroraWindow(rds, region, resource) : tableWindow(tables, region, resource),
    lastTest: async (region, plan) => {
      const arn = await backup.testingPlan(region, plan);
      if (arn === undefined) return undefined;
      const jobs = await backup.jobs(region, plan, { ByRestoreTestingPlanArn: arn });
      return jobs.flatMap(testOf).sort((a, b) => b.at - a.at)[0];
    },
    start: (start) => startRestore(apis, start),
    job: async (region, target) => (await findJob(apis, region, target))?.job,
    coverage: (region, engine, resource) => coverageOf(apis, region, engine, resource),
    cover: (change) => cover(apis, change),
  };
}

const STATES: Readonly<Record<string, RecoveryPoint['status']>> = {
  COMPLETED: 'completed',
  AVAILABLE: 'completed',
  CREATING: 'creating',
  EXPIRED: 'expired',
  DELETING: 'deleting',
};

/** A continuous backup lies in its vault as well, but is no moment: what it can restore is its window. */
function pointOf(region: string, vault: string, lock: RecoveryPoint['lock'], point: RecoveryPointByBackupVault): RecoveryPoint[] {
  const { RecoveryPointArn: arn, CreationDate, ResourceArn = '', SourceBackupVaultArn: source } = point;
  if (arn === undefined || CreationDate === undefined || arn.includes(':recovery-point:continuous:')) return [];
  const expires = point.CalculatedLifecycle?.DeleteAt?.getTime();
  return [
    {
      arn,
      region,
      vault,
      account: point.BackupVaultArn?.split(':')[4] ?? arn.split(':')[4] ?? '',
      resource: ResourceArn.split(/[:/]/).at(-1) ?? ResourceArn,
      createdAt: CreationDate.getTime(),
      // Whatever else there may be is nothing that one could restore from.
      status: STATES[point.Status ?? ''] ?? 'partial',
      copy: source !== undefined && source !== '' && source !== point.BackupVaultArn,
      lock,
      ...(expires !== undefined && { expiresAt: expires }),
    },
  ];
}

async function auroraWindow(rds: RdsApi, region: string, cluster: string): Promise<RestorableWindow | undefined> {
  const { EarliestRestorableTime: from, LatestRestorableTime: to } = (await rds.cluster(region, cluster)) ?? {};
  if (from === undefined || to === undefined) return undefined;
  return { region, resource: cluster, from: from.getTime(), to: to.getTime() };
}

async function tableWindow(tables: TableApi, region: string, table: string): Promise<RestorableWindow | undefined> {
  const command = new DescribeContinuousBackupsCommand({ TableName: table });
  const found = await orAbsent(
    tables.read(region, 'DescribeContinuousBackups', table, (client, abortSignal) => client.send(command, { abortSignal })),
  );
  const recovery = found?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const { EarliestRestorableDateTime: from, LatestRestorableDateTime: to } = recovery ?? {};
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED' || from === undefined || to === undefined) return undefined;
  return { region, resource: table, from: from.getTime(), to: to.getTime() };
}

/** A test is over when somebody judged what it restored, or when it could not restore anything. */
function testOf({ Status, ValidationStatus, CompletionDate, CreationDate }: RestoreJobsListMember): RestoreTestReading[] {
  const at = (CompletionDate ?? CreationDate)?.getTime();
  if (at === undefined) return [];
  if (Status === 'FAILED' || Status === 'ABORTED') return [{ at, passed: false }];
  if (Status !== 'COMPLETED') return [];
  if (ValidationStatus === 'SUCCESSFUL') return [{ at, passed: true }];
  return ValidationStatus === 'FAILED' || ValidationStatus === 'TIMED_OUT' ? [{ at, passed: false }] : [];
}
