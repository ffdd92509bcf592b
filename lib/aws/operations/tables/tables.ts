import { type TableDescription, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { TableReading, Tables } from '../../../ports';
import type { AwsAccess } from '../../call/access';
import { latestLag, METRIC_PERIOD } from '../latest-metric';
import { createStrong } from './create-strong';
import { deleteRestored } from './delete-restored';
import { ItemCopy } from './item-copy';
import { isChanging, problem, TableApi } from './table-api';

/** DynamoDB global tables (version 2019.11.21). */
export function createTables(access: AwsAccess): Tables {
  const api = new TableApi(access);
  const copies = new ItemCopy(api);
  return {
    describe: async (region, name) => {
      const table = await api.describe(region, name);
      return table === undefined ? undefined : readingOf(region, name, table);
    },
    lag: async (from, to, table) => {
      const found = await api.describe(from, table);
      // A strongly consistent table has no lag, and reports none (aws-facts 4.2).
      if (found === undefined || readingOf(from, table, found).consistency !== 'eventual') return undefined;
      return latestLag(access, from, table, {
        MetricStat: {
          Metric: {
            Namespace: 'AWS/DynamoDB',
            MetricName: 'ReplicationLatency',
            Dimensions: [
              { Name: 'TableName', Value: table },
              { Name: 'ReceivingRegion', Value: to },
            ],
          },
          Period: METRIC_PERIOD,
          Stat: 'Maximum',
        },
      });
    },
    addReplica: async ({ region, table, replica, guard }) => {
      const call = 'UpdateTable';
      const found = await api.describe(region, table);
      if (found === undefined) throw problem('not-found', region, call, `there is no table ${table}`);
      if (isChanging(found)) throw problem('conflict', region, call, `${table} is being changed: one replica at a time`);
      if (found.StreamSpecification?.StreamEnabled !== true) {
        // Replicas need a stream (aws-facts 4.2), and a restored table has none.
        const stream = new UpdateTableCommand({
          TableName: table,
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        });
        await api.change(region, call, { table, guard }, (client, abortSignal) => client.send(stream, { abortSignal }));
        const now = await api.describe(region, table);
        if (now === undefined || isChanging(now)) throw problem('conflict', region, call, `${table} is getting its stream`);
      }
      const command = new UpdateTableCommand({ TableName: table, ReplicaUpdates: [{ Create: { RegionName: replica } }] });
      await api.change(region, call, { table, guard }, (client, abortSignal) => client.send(command, { abortSignal }));
    },
    createStrong: (change) => createStrong(api, access.clock, change),
    copy: (change) => copies.portion(change),
    deleteRestored: (deletion) => deleteRestored(api, deletion),
  };
}

/** DynamoDB lists the other replicas; the one that was asked is among them or not, as the API likes. */
function readingOf(region: string, name: string, table: TableDescription): TableReading {
  const status = table.TableStatus ?? 'unknown';
  const listed = (table.Replicas ?? []).flatMap(({ RegionName, ReplicaStatus }) =>
    RegionName === undefined || RegionName === region ? [] : [{ region: RegionName, status: ReplicaStatus ?? 'unknown' }],
  );
  const strong = table.MultiRegionConsistency === 'STRONG';
  return {
    region,
    name,
    status,
    consistency: strong ? 'strong' : listed.length > 0 ? 'eventual' : 'none',
    replicas: [...listed, { region, status }].sort((a, b) => (a.region < b.region ? -1 : 1)),
  };
}
