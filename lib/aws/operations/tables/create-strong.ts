import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type KeySchemaElement,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock, Guard } from '../../../ports';
import { copiedTags, restoreOf } from '../restore-tag';
import { problem, type TableApi } from './table-api';

interface Creation {
  readonly region: string;
  readonly table: string;
  readonly like: string;
  readonly replicas: readonly string[];
  readonly witness?: string;
  readonly restore: string;
  readonly guard: Guard;
}

/** An empty table is there within seconds; between two looks, and at most, in milliseconds. */
const LOOK_MS = 2_000;
const PATIENCE_MS = 60_000;

/**
 * A table becomes strongly consistent while it is empty, with all its Regions in one change (aws-facts 4.2): so it is made in one Region
 * first and turned into a global table when it stands. A repeated call goes on where the last one ended.
 *
 * @throws PortError `conflict` when the name is taken by something that this restore did not make, or while it is being made
 */
export async function createStrong(api: TableApi, clock: Clock, creation: Creation): Promise<void> {
  const { region, table, replicas, witness, restore, guard } = creation;
  const call = 'CreateTable';
  const present = await api.describe(region, table);
  if (present === undefined) {
    await create(api, creation);
  } else if (restoreOf(await api.tags(region, present)) !== restore) {
    throw problem('conflict', region, call, `${table} exists, and this restore did not make it`);
  } else if (present.MultiRegionConsistency === 'STRONG') {
    return;
  }
  await untilActive(api, clock, creation);
  const command = new UpdateTableCommand({
    TableName: table,
    MultiRegionConsistency: 'STRONG',
    ReplicaUpdates: replicas.map((RegionName) => ({ Create: { RegionName } })),
    ...(witness !== undefined && { GlobalTableWitnessUpdates: [{ Create: { RegionName: witness } }] }),
  });
  await api.change(region, 'UpdateTable', { table, guard }, (client, abortSignal) => client.send(command, { abortSignal }));
}

async function create(api: TableApi, { region, table, like, replicas, witness, restore, guard }: Creation): Promise<void> {
  const regions = new Set([region, ...replicas, ...(witness === undefined ? [] : [witness])]);
  if (regions.size !== 3)
    throw problem(
      'invalid',
      region,
      'CreateTable',
      `a strongly consistent table needs exactly three Regions, not ${[...regions].join(', ')}`,
    );
  const pattern = await api.describe(region, like);
  if (pattern === undefined) throw problem('invalid', region, 'CreateTable', `there is no table ${like} to take the keys of`);
  const command = new CreateTableCommand({
    ...definitionOf(pattern),
    TableName: table,
    DeletionProtectionEnabled: pattern.DeletionProtectionEnabled ?? true,
    Tags: copiedTags(await api.tags(region, pattern), restore),
  });
  await api.change(region, 'CreateTable', { table, guard }, (client, abortSignal) => client.send(command, { abortSignal }));
}

/** Keys, indexes and encryption of a table. Capacity is on demand: what a restored table will need nobody has measured. */
function definitionOf(table: TableDescription): Omit<CreateTableCommandInput, 'TableName'> {
  const indexes = (table.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema: KeySchema as KeySchemaElement[],
    Projection,
  }));
  return {
    KeySchema: table.KeySchema,
    AttributeDefinitions: table.AttributeDefinitions,
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    // AWS owned keys otherwise; keys of customers are Regional, and a global table would need one for each Region.
    ...(table.SSEDescription?.SSEType === 'KMS' && { SSESpecification: { Enabled: true, SSEType: 'KMS' } }),
  };
}

async function untilActive(api: TableApi, clock: Clock, { region, table }: Creation): Promise<void> {
  const until = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const { TableStatus: status } = (await api.describe(region, table)) ?? {};
    if (status === 'ACTIVE') return;
    if (clock.monotonic() >= until) throw problem('conflict', region, 'UpdateTable', `${table} is ${status ?? 'not there yet'}`);
    await clock.sleep(LOOK_MS);
  }
}
