import { DescribeRecoveryPointCommand, StartRestoreJobCommand } from '@aws-sdk/client-backup';
import { RestoreTableToPointInTimeCommand, TagResourceCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeDBClusterSnapshotsCommand,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import { isPortError, PortError, type RestoreStart } from '../../../ports';
import { copiedTags, RESTORE_TAG, restoreOf } from '../restore-tag';
import { settingsOf } from '../aurora/cluster-settings';
import { isMadeBy } from '../tables/delete-restored';
import type { RestoreApis } from './find-job';

/**
 * Starts a restore beside the live data. A cluster comes from its snapshot through RDS itself, also when AWS Backup keeps that: RDS takes tags
 * and every setting, and needs no role. A table comes from AWS Backup, with the role that took the point, or from DynamoDB's own
 * continuous backup.
 *
 * @throws PortError `conflict` when the name is taken by something that this restore did not make
 */
export async function startRestore(apis: RestoreApis, start: RestoreStart): Promise<void> {
  if (start.engine === 'aurora') return startCluster(apis, start);
  return startTable(apis, start);
}

async function startCluster(apis: RestoreApis, start: RestoreStart): Promise<void> {
  const { rds } = apis;
  const { region, source, target, like, restore, guard } = start;
  const [present, live] = await Promise.all([rds.cluster(region, target), rds.cluster(region, like)]);
  if (present !== undefined) {
    if (restoreOf(present.TagList) === restore) return;
    throw new PortError(
      'conflict',
      { service: 'rds', region, call: 'RestoreDBCluster' },
      `${target} exists, and this restore did not make it`,
    );
  }
  const settings = live === undefined ? { DeletionProtection: true } : settingsOf(live);
  const made = { ...settings, DBClusterIdentifier: target, Tags: copiedTags(live?.TagList, restore) };
  const change = { resource: target, guard };
  if (source.kind === 'continuous') {
    const command = new RestoreDBClusterToPointInTimeCommand({
      ...made,
      SourceDBClusterIdentifier: source.resource,
      RestoreToTime: new Date(source.at),
    });
    await rds.change(region, 'RestoreDBClusterToPointInTime', change, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
    return;
  }
  if (!source.arn.includes(':cluster-snapshot:')) return startJob(apis, start, 'Aurora', { DBClusterIdentifier: target });
  const command = new RestoreDBClusterFromSnapshotCommand({
    ...made,
    SnapshotIdentifier: source.arn,
    Engine: live?.Engine ?? (await engineOf(apis, region, source.arn, target)),
  });
  await rds.change(region, 'RestoreDBClusterFromSnapshot', change, (client, abortSignal) =>
    client.send(command, { abortSignal }),
  );
}

/** The engine of a snapshot whose cluster is gone. */
async function engineOf({ rds }: RestoreApis, region: string, snapshot: string, target: string): Promise<string> {
  const command = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: snapshot });
  const found = await rds.read(region, 'DescribeDBClusterSnapshots', target, (client, abortSignal) =>
    client.send(command, { abortSignal }),
  );
  return found.DBClusterSnapshots?.[0]?.Engine ?? '';
}

async function startTable(apis: RestoreApis, start: RestoreStart): Promise<void> {
  const { tables } = apis;
  const { region, source, target, like, restore, guard } = start;
  const [present, live] = await Promise.all([tables.describe(region, target), tables.describe(region, like)]);
  if (present !== undefined) {
    if (await isMadeBy(tables, region, present, restore)) return;
    const place = { service: 'dynamodb', region, call: 'RestoreTable' };
    throw new PortError('conflict', place, `${target} exists, and this restore did not make it`);
  }
  if (source.kind === 'recovery-point') {
    const key = live?.SSEDescription?.KMSMasterKeyArn;
    await startJob(apis, start, 'DynamoDB', {
      targetTableName: target,
      ...(key !== undefined && { encryptionType: 'KMS', kmsMasterKeyArn: key }),
    });
  } else {
    const command = new RestoreTableToPointInTimeCommand({
      SourceTableName: source.resource,
      TargetTableName: target,
      RestoreDateTime: new Date(source.at),
    });
    await tables.change(region, 'RestoreTableToPointInTime', { table: target, guard }, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
  }
  await tagIfPossible(apis, start);
}

/** A table that is being restored may take no tag yet; then DynamoDB's own note of the restore is what proves it (`isMadeBy`). */
async function tagIfPossible({ tables }: RestoreApis, { region, target, restore, guard }: RestoreStart): Promise<void> {
  const arn = (await tables.describe(region, target))?.TableArn;
  if (arn === undefined) return;
  const command = new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: RESTORE_TAG, Value: restore }] });
  try {
    await tables.change(region, 'TagResource', { table: target, guard }, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
  } catch (error) {
    if (!isPortError(error) || error.kind === 'lease-expired') throw error;
  }
}

async function startJob(
  { backup }: RestoreApis,
  { region, source, target, restore, guard }: RestoreStart,
  type: 'Aurora' | 'DynamoDB',
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  if (source.kind !== 'recovery-point') return;
  const point = new DescribeRecoveryPointCommand({ BackupVaultName: source.vault, RecoveryPointArn: source.arn });
  const { IamRoleArn } = await backup.read(region, 'DescribeRecoveryPoint', source.vault, (client, abortSignal) =>
    client.send(point, { abortSignal }),
  );
  const command = new StartRestoreJobCommand({
    RecoveryPointArn: source.arn,
    // The role that took it: the stamp's own, which may restore too (StampBackup).
    IamRoleArn,
    ResourceType: type,
    Metadata: { ...metadata },
    IdempotencyToken: `${target}-${restore}`,
  });
  await backup.change(region, 'StartRestoreJob', { resource: target, guard }, (client, abortSignal) =>
    client.send(command, { abortSignal }),
  );
}
