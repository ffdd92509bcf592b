import {
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DeleteGlobalClusterCommand,
  ModifyDBClusterCommand,
  RemoveFromGlobalClusterCommand,
} from '@aws-sdk/client-rds';
import type { Guard } from '../../../ports';
import { restoreOf } from '../restore-tag';
import { busy, type FoundCluster, invalid, type RdsApi } from './rds-api';

interface Deletion {
  readonly region: string;
  readonly cluster: string;
  readonly restore: string;
  readonly guard: Guard;
}

/** States in which RDS deletes a cluster. */
const DELETABLE = new Set(['available', 'stopped', 'storage-full', 'inaccessible-encryption-credentials-recoverable']);

/**
 * Deletes what a restore made, as far as RDS takes it at the moment: out of the global cluster, then the instances, then the cluster. While
 * something is on its way it says `conflict`, so that it is called again until the cluster is `deleting`.
 *
 * @throws PortError `invalid` for a cluster without the tag of that restore, or one that others still replicate from
 */
export async function deleteRestored(rds: RdsApi, deletion: Deletion): Promise<void> {
  const { region, cluster, restore } = deletion;
  const found = await rds.cluster(region, cluster);
  if (found === undefined) return;
  if (restoreOf(found.TagList) !== restore)
    throw invalid(region, 'DeleteDBCluster', `${cluster} was not made by restore ${restore}: it has no tag that says so`);
  if (found.Status === 'deleting') return;
  if (found.GlobalClusterIdentifier !== undefined && found.GlobalClusterIdentifier !== '') {
    await leaveGlobal(rds, deletion, found, found.GlobalClusterIdentifier);
    const now = await rds.cluster(region, cluster);
    if (now?.GlobalClusterIdentifier !== undefined && now.GlobalClusterIdentifier !== '')
      throw busy(region, 'DeleteDBCluster', `${cluster} is leaving ${found.GlobalClusterIdentifier}`);
  }
  await deleteEmptyGlobal(rds, deletion);
  if (!isDeletable(found.Status)) throw busy(region, 'DeleteDBCluster', `${cluster} is ${found.Status ?? 'unknown'}`);
  await deleteInstances(rds, deletion);
  const change = { resource: cluster, guard: deletion.guard };
  if (found.DeletionProtection === true) {
    const unprotect = new ModifyDBClusterCommand({
      DBClusterIdentifier: cluster,
      DeletionProtection: false,
      ApplyImmediately: true,
    });
    await rds.change(region, 'ModifyDBCluster', change, (client, abortSignal) => client.send(unprotect, { abortSignal }));
  }
  // Its data is in the backup that it was made of.
  const remove = new DeleteDBClusterCommand({ DBClusterIdentifier: cluster, SkipFinalSnapshot: true });
  await rds.change(region, 'DeleteDBCluster', change, (client, abortSignal) => client.send(remove, { abortSignal }));
}

/** Those that never came to life can go as well. */
function isDeletable(status: string | undefined): boolean {
  return DELETABLE.has(status ?? '') || /^(failed|incompatible-.*|inaccessible-.*|.*-failed)$/.test(status ?? '');
}

async function leaveGlobal(
  rds: RdsApi,
  { region, cluster, guard }: Deletion,
  found: FoundCluster,
  global: string,
): Promise<void> {
  const call = 'RemoveFromGlobalCluster';
  const members = (await rds.global(region, global))?.GlobalClusterMembers ?? [];
  const own = members.find((each) => each.DBClusterArn === found.DBClusterArn);
  if (own?.IsWriter === true && members.length > 1)
    throw invalid(region, call, `${cluster} is the writer of ${global}, and others still follow it: delete those first`);
  if (!isDeletable(found.Status)) throw busy(region, call, `${cluster} is ${found.Status ?? 'unknown'}`);
  const command = new RemoveFromGlobalClusterCommand({
    GlobalClusterIdentifier: global,
    DbClusterIdentifier: found.DBClusterArn,
  });
  await rds.change(region, call, { resource: global, guard }, (client, abortSignal) => client.send(command, { abortSignal }));
}

/** A global cluster that nobody is in any more, and that has the restore's name: what its last member leaves behind. */
async function deleteEmptyGlobal(rds: RdsApi, { region, cluster, restore, guard }: Deletion): Promise<void> {
  const left = (await rds.globals(region, cluster)).filter(
    ({ GlobalClusterIdentifier: name = '', GlobalClusterMembers: members = [], Status: status }) =>
      name.endsWith(`-${restore}`) && members.length === 0 && status !== 'deleting',
  );
  for (const { GlobalClusterIdentifier = '' } of left) {
    const command = new DeleteGlobalClusterCommand({ GlobalClusterIdentifier });
    await rds.change(region, 'DeleteGlobalCluster', { resource: cluster, guard }, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
  }
}

async function deleteInstances(rds: RdsApi, { region, cluster, guard }: Deletion): Promise<void> {
  for (const instance of await rds.instances(region, cluster)) {
    if (instance.DBInstanceStatus === 'deleting') continue;
    const command = new DeleteDBInstanceCommand({
      DBInstanceIdentifier: instance.DBInstanceIdentifier,
      SkipFinalSnapshot: true,
    });
    await rds.change(region, 'DeleteDBInstance', { resource: cluster, guard }, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    );
  }
}
