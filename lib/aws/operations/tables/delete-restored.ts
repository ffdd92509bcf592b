import { DeleteTableCommand, type TableDescription, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Guard } from '../../../ports';
import { restoreOf } from '../restore-tag';
import { isChanging, problem, type TableApi } from './table-api';

interface Deletion {
  readonly region: string;
  readonly table: string;
  readonly restore: string;
  readonly guard: Guard;
}

/**
 * Deletes a table that a restore made, as far as DynamoDB takes it at the moment: the replicas, then the table. While something is on its
 * way it says `conflict`, so that it is called again until the table is `DELETING`. DynamoDB refuses to delete a table that replicas were
 * made from within the last 24 hours; then it says `invalid` in DynamoDB's words.
 *
 * @throws PortError `invalid` for a table that this restore did not make
 */
export async function deleteRestored(api: TableApi, deletion: Deletion): Promise<void> {
  const { region, table, guard } = deletion;
  const found = await api.describe(region, table);
  if (found === undefined || found.TableStatus === 'DELETING') return;
  await refuseForeign(api, deletion, found);
  const change = { table, guard };
  if (isChanging(found))
    throw problem('conflict', region, 'DeleteTable', `${table} is ${found.TableStatus ?? 'unknown'}, or a replica of it is`);
  if (found.DeletionProtectionEnabled === true) {
    const unprotect = new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false });
    await api.change(region, 'UpdateTable', change, (client, abortSignal) => client.send(unprotect, { abortSignal }));
    if ((await api.describe(region, table))?.TableStatus !== 'ACTIVE')
      throw problem('conflict', region, 'DeleteTable', `${table} is losing its deletion protection`);
  }
  const replicas = (found.Replicas ?? []).flatMap(({ RegionName }) =>
    RegionName === undefined || RegionName === region ? [] : [RegionName],
  );
  const [first] = replicas;
  if (first !== undefined) {
    // One at a time; a strongly consistent table loses all of them at once (aws-facts 4.2).
    const strong = found.MultiRegionConsistency === 'STRONG';
    const witness = found.GlobalTableWitnesses?.[0]?.RegionName;
    const command = new UpdateTableCommand({
      TableName: table,
      ReplicaUpdates: (strong ? replicas : [first]).map((RegionName) => ({ Delete: { RegionName } })),
      ...(strong && witness !== undefined && { GlobalTableWitnessUpdates: [{ Delete: { RegionName: witness } }] }),
    });
    await api.change(region, 'UpdateTable', change, (client, abortSignal) => client.send(command, { abortSignal }));
    throw problem('conflict', region, 'DeleteTable', `${table} is losing its replicas`);
  }
  const command = new DeleteTableCommand({ TableName: table });
  await api.change(region, 'DeleteTable', change, (client, abortSignal) => client.send(command, { abortSignal }));
}

/**
 * What proves that a restore made a table: its tag; or, because DynamoDB and AWS Backup give a restored table no tag of ours, that DynamoDB says
 * itself that it was restored, and that it has the name that only this restore gives.
 */
export async function isMadeBy(api: TableApi, region: string, found: TableDescription, restore: string): Promise<boolean> {
  const tagged = restoreOf(await api.tags(region, found));
  if (tagged !== undefined) return tagged === restore;
  const name = found.TableName ?? '';
  return found.RestoreSummary !== undefined && (name.endsWith(`-${restore}`) || name.endsWith(`-${restore}-source`));
}

async function refuseForeign(api: TableApi, { region, table, restore }: Deletion, found: TableDescription): Promise<void> {
  if (!(await isMadeBy(api, region, found, restore)))
    throw problem(
      'invalid',
      region,
      'DeleteTable',
      `${table} was not made by restore ${restore}: neither a tag nor DynamoDB says so`,
    );
}
