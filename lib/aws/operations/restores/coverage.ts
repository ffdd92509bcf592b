import { DescribeContinuousBackupsCommand, TagResourceCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { AddTagsToResourceCommand } from '@aws-sdk/client-rds';
import { type Backups, type Coverage, PortError } from '../../../ports';
import { orAbsent } from '../absent';
import { BACKUP_TAG } from '../restore-tag';
import type { RestoreApis } from './find-job';

/** How a cluster or a Region's replica of a table is protected. A replica has tags of its own (`AWS::DynamoDB::GlobalTable`), and its continuous backup (aws-facts 5.4). */
export async function coverageOf(
  { rds, tables }: RestoreApis,
  region: string,
  engine: 'aurora' | 'dynamodb',
  resource: string,
): Promise<Coverage | undefined> {
  if (engine === 'aurora') {
    const cluster = await rds.cluster(region, resource);
    // Aurora always keeps its continuous backup: of one day at least.
    return cluster === undefined ? undefined : coverage(cluster.TagList, true);
  }
  const table = await tables.describe(region, resource);
  if (table === undefined) return undefined;
  const command = new DescribeContinuousBackupsCommand({ TableName: resource });
  const [tags, found] = await Promise.all([
    tables.tags(region, table),
    orAbsent(
      tables.read(region, 'DescribeContinuousBackups', resource, (client, abortSignal) => client.send(command, { abortSignal })),
    ),
  ]);
  const recovery = found?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return coverage(tags, recovery?.PointInTimeRecoveryStatus === 'ENABLED');
}

function coverage(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
  continuous: boolean,
): Coverage {
  const stamp = tags?.find(({ Key }) => Key === BACKUP_TAG)?.Value;
  return { continuous, ...(stamp !== undefined && { stamp }) };
}

/** Says twice what is so already: both calls may be repeated. */
export async function cover(
  { rds, tables }: RestoreApis,
  { region, engine, resource, stamp, guard }: Parameters<Backups['cover']>[0],
): Promise<void> {
  const Tags = [{ Key: BACKUP_TAG, Value: stamp }];
  if (engine === 'aurora') {
    const call = 'AddTagsToResource';
    const cluster = await rds.cluster(region, resource);
    if (cluster === undefined)
      throw new PortError('not-found', { service: 'rds', region, call }, `there is no cluster ${resource}`);
    const command = new AddTagsToResourceCommand({ ResourceName: cluster.DBClusterArn, Tags });
    await rds.change(region, call, { resource, guard }, (client, abortSignal) => client.send(command, { abortSignal }));
    return;
  }
  const call = 'TagResource';
  const arn = (await tables.describe(region, resource))?.TableArn;
  if (arn === undefined) throw new PortError('not-found', { service: 'dynamodb', region, call }, `there is no table ${resource}`);
  const change = { table: resource, guard };
  const tag = new TagResourceCommand({ ResourceArn: arn, Tags });
  await tables.change(region, call, change, (client, abortSignal) => client.send(tag, { abortSignal }));
  const keep = new UpdateContinuousBackupsCommand({
    TableName: resource,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await tables.change(region, 'UpdateContinuousBackups', change, (client, abortSignal) => client.send(keep, { abortSignal }));
}
