import type { RestoreJobsListMember } from '@aws-sdk/client-backup';
import type { Clock, RestoreJob } from '../../../ports';
import { RESTORE_TAG } from '../restore-tag';
import type { RdsApi } from '../aurora/rds-api';
import type { TableApi } from '../tables/table-api';
import type { BackupApi } from './backup-api';

export interface RestoreApis {
  readonly backup: BackupApi;
  readonly rds: RdsApi;
  readonly tables: TableApi;
  readonly clock: Clock;
}

export interface FoundJob {
  readonly job: RestoreJob;
  /** The restore that its tag names; undefined when it carries none. */
  readonly restore?: string;
}

/** AWS Backup keeps jobs for 30 days; in milliseconds. */
const MEMORY_MS = 30 * 86_400_000;

/** Only tables have a dot in their name: Aurora takes none, and every table's prefix ends with one (`lib/topology/names.ts`). */
export function isTable(target: string): boolean {
  return target.includes('.');
}

/** The restore that makes or made `target`, whoever carries it out. @throws PortError */
export async function findJob(apis: RestoreApis, region: string, target: string): Promise<FoundJob | undefined> {
  const found = isTable(target) ? await tableJob(apis, region, target) : await clusterJob(apis, region, target);
  return found ?? backupJob(apis, region, target);
}

async function clusterJob({ rds }: RestoreApis, region: string, target: string): Promise<FoundJob | undefined> {
  const cluster = await rds.cluster(region, target);
  const restore = cluster?.TagList?.find((tag) => tag.Key === RESTORE_TAG)?.Value;
  // Without the tag AWS Backup may have made it; that is for its own list of jobs to say.
  if (cluster === undefined || restore === undefined) return undefined;
  const status = cluster.Status ?? 'unknown';
  if (/^(failed|incompatible-.*|inaccessible-.*|.*-failed)$/.test(status))
    return { restore, job: { status: 'failed', message: `the cluster is ${status}` } };
  return { restore, job: { status: status === 'creating' ? 'running' : 'completed' } };
}

async function tableJob({ tables }: RestoreApis, region: string, target: string): Promise<FoundJob | undefined> {
  const table = await tables.describe(region, target);
  if (table?.RestoreSummary === undefined) return undefined;
  const running = table.RestoreSummary.RestoreInProgress === true || table.TableStatus === 'CREATING';
  return { job: { status: running ? 'running' : 'completed' } };
}

/** A job names what it made; one that has made nothing yet, or failed, only says what it was started with. */
async function backupJob({ backup, clock }: RestoreApis, region: string, target: string): Promise<FoundJob | undefined> {
  const jobs = await backup.jobs(region, target, {
    ByResourceType: isTable(target) ? 'DynamoDB' : 'Aurora',
    ByCreatedAfter: new Date(clock.now() - MEMORY_MS),
  });
  const newest = [...jobs].sort((a, b) => (b.CreationDate?.getTime() ?? 0) - (a.CreationDate?.getTime() ?? 0));
  for (const job of newest) {
    const made = job.CreatedResourceArn;
    if (made === undefined ? await isFor(backup, region, target, job) : made.split(/[:/]/).at(-1) === target)
      return { job: jobOf(job) };
  }
  return undefined;
}

async function isFor(
  backup: BackupApi,
  region: string,
  target: string,
  { RestoreJobId: id }: RestoreJobsListMember,
): Promise<boolean> {
  if (id === undefined) return false;
  const { targetTableName, DBClusterIdentifier } = await backup.metadata(region, target, id);
  return targetTableName === target || DBClusterIdentifier === target;
}

function jobOf({ Status, StatusMessage }: RestoreJobsListMember): RestoreJob {
  if (Status === 'COMPLETED') return { status: 'completed' };
  if (Status !== 'FAILED' && Status !== 'ABORTED') return { status: 'running' };
  return { status: 'failed', message: StatusMessage ?? `AWS Backup says ${Status}` };
}
