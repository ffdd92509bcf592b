import { type Call, type Handlers, text } from '../world';
import { WireError } from '../wire-error';
import type { DynamoDbState, Item, Replica, Table } from './dynamodb-state';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}
interface ReplicaUpdate {
  readonly Create?: { readonly RegionName: string };
  readonly Delete?: { readonly RegionName: string };
}

/** Largest page of a scan in the fake, in items. */
const PAGE = 100;

/** DynamoDB: global tables, restores and the few calls on items that operations make. */
export function dynamodb(state: DynamoDbState): Handlers {
  const { world, times } = state;
  const table = (call: Call, name = text(call.input, 'TableName')): Table => {
    const found = state.table(call, name);
    if (found === undefined)
      throw new WireError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    return found;
  };
  const replicaOf = (call: Call, name?: string): Replica => table(call, name).replicas.get(call.region)!;
  const idle = (found: Table): void => {
    const busy =
      found.busyUntil > world.now ||
      [...found.replicas.values()].some((each) => each.readyAt > world.now || each.goneAt !== undefined);
    if (busy) throw new WireError('ResourceInUseException', `Table is being created, updated or deleted: ${found.name}`);
  };

  return {
    DescribeTable: (call) => ({ Table: show(state, table(call), call.region) }),
    CreateTable: (call) => {
      const { input } = call;
      const name = text(input, 'TableName');
      if (state.table(call, name) !== undefined) throw new WireError('ResourceInUseException', `Table already exists: ${name}`);
      const made = state.add(call.account, name, [call.region], {
        definition: {
          KeySchema: input.KeySchema,
          AttributeDefinitions: input.AttributeDefinitions,
          ...(input.GlobalSecondaryIndexes !== undefined && { GlobalSecondaryIndexes: input.GlobalSecondaryIndexes }),
        },
        tags: () => tagsOf(input.Tags),
        stream: (input.StreamSpecification as { readonly StreamEnabled?: boolean } | undefined)?.StreamEnabled === true,
        deletionProtection: input.DeletionProtectionEnabled === true,
        readyAt: world.now + times.create,
      });
      return { TableDescription: show(state, made, call.region) };
    },
    UpdateTable: (call) => {
      const { input } = call;
      const found = table(call);
      idle(found);
      const updates = (input.ReplicaUpdates as readonly ReplicaUpdate[] | undefined) ?? [];
      const witness = (input.GlobalTableWitnessUpdates as readonly ReplicaUpdate[] | undefined) ?? [];
      if (input.MultiRegionConsistency === 'STRONG') {
        const regions = [...updates, ...witness].flatMap((each) => (each.Create === undefined ? [] : [each.Create.RegionName]));
        if (found.items.size > 0) throw invalid('table must be empty');
        if (new Set([call.region, ...regions]).size !== 3)
          throw invalid('a strongly consistent table needs exactly three Regions');
        found.strong = true;
        const [only] = witness;
        if (only?.Create !== undefined) found.witness = only.Create.RegionName;
      } else if (updates.some((each) => each.Create !== undefined)) {
        if (found.strong) throw invalid('single replicas of a strongly consistent table cannot be added');
        if (updates.length > 1) throw invalid('only one replica can be added or removed at a time');
        if (!found.stream) throw invalid('streams must be enabled with new and old images');
      }
      if (found.strong && updates.some((each) => each.Delete !== undefined)) delete found.witness;
      for (const { Create, Delete } of updates) {
        if (Create !== undefined) {
          if (found.replicas.has(Create.RegionName)) throw invalid(`there is a replica in ${Create.RegionName} already`);
          const readyAt = world.now + times.replica;
          found.replicas.set(Create.RegionName, { region: Create.RegionName, readyAt, tags: new Map(), pointInTime: false });
        }
        const gone = Delete === undefined ? undefined : found.replicas.get(Delete.RegionName);
        if (gone !== undefined) gone.goneAt = world.now + times.remove;
      }
      const stream = input.StreamSpecification as { readonly StreamEnabled?: boolean } | undefined;
      if (stream?.StreamEnabled === true) {
        found.stream = true;
        found.busyUntil = world.now + times.stream;
      }
      if (input.DeletionProtectionEnabled !== undefined) found.deletionProtection = input.DeletionProtectionEnabled as boolean;
      return { TableDescription: show(state, found, call.region) };
    },
    DeleteTable: (call) => {
      const found = table(call);
      idle(found);
      if (found.deletionProtection) throw invalid('Resource cannot be deleted as it is currently protected against deletion.');
      if (found.replicas.size > 1) throw invalid('Table has replicas: remove them first');
      for (const replica of found.replicas.values()) replica.goneAt = world.now + times.remove;
      return { TableDescription: show(state, found, call.region) };
    },
    ListTagsOfResource: (call) => ({
      Tags: [...replicaOf(call, text(call.input, 'ResourceArn')).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
    TagResource: (call) => {
      const { tags } = replicaOf(call, text(call.input, 'ResourceArn'));
      for (const [key, value] of tagsOf(call.input.Tags)) tags.set(key, value);
      return {};
    },
    DescribeContinuousBackups: (call) => {
      const found = replicaOf(call);
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: found.pointInTime
            ? {
                PointInTimeRecoveryStatus: 'ENABLED',
                EarliestRestorableDateTime: new Date(world.now - 35 * 86_400_000),
                LatestRestorableDateTime: new Date(world.now - 300_000),
              }
            : { PointInTimeRecoveryStatus: 'DISABLED' },
        },
      };
    },
    UpdateContinuousBackups: (call) => {
      const found = replicaOf(call);
      const { PointInTimeRecoveryEnabled: wanted } = call.input.PointInTimeRecoverySpecification as {
        readonly PointInTimeRecoveryEnabled: boolean;
      };
      found.pointInTime = wanted;
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: wanted ? 'ENABLED' : 'DISABLED' },
        },
      };
    },
    RestoreTableToPointInTime: (call) => {
      const source = table(call, (call.input.SourceTableName as string | undefined) ?? text(call.input, 'SourceTableArn'));
      const name = text(call.input, 'TargetTableName');
      if (state.table(call, name) !== undefined)
        throw new WireError('TableAlreadyExistsException', `Table already exists: ${name}`);
      const at = (call.input.RestoreDateTime as Date | undefined)?.getTime();
      if (at !== undefined && at > world.now - 300_000)
        throw new WireError('InvalidRestoreTimeException', `${new Date(at).toISOString()} is not restorable`);
      const made = state.add(call.account, name, [call.region], {
        definition: source.definition,
        readyAt: world.now + times.restore,
        restoredFrom: source.name,
      });
      for (const [key, item] of source.items) made.items.set(key, item);
      return { TableDescription: show(state, made, call.region) };
    },
    Scan: (call) => {
      const found = table(call);
      if (found.replicas.get(call.region)!.readyAt > world.now)
        throw new WireError('ResourceNotFoundException', `Requested resource not found: ${found.name} is being made`);
      const sorted = [...state.itemsIn(found, call.region)].sort(([a], [b]) => (a < b ? -1 : 1));
      const after = call.input.ExclusiveStartKey as Item | undefined;
      const from = after === undefined ? 0 : sorted.findIndex(([key]) => key > state.keyOf(found, after));
      const limit = Math.min(PAGE, (call.input.Limit as number | undefined) ?? PAGE);
      const page = from === -1 ? [] : sorted.slice(from, from + limit);
      const last = page.at(-1);
      const more = last !== undefined && from + limit < sorted.length;
      return {
        Items: page.map(([, item]) => item),
        Count: page.length,
        ScannedCount: page.length,
        ...(more && { LastEvaluatedKey: keyAttributes(found, last[1]) }),
      };
    },
    BatchGetItem: (call) => {
      const asked = call.input.RequestItems as Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
      const responses = Object.entries(asked).map(([name, { Keys }]) => {
        const found = table(call, name);
        const items = state.itemsIn(found, call.region);
        return [name, Keys.flatMap((key) => items.get(state.keyOf(found, key)) ?? [])];
      });
      return { Responses: Object.fromEntries(responses) as unknown, UnprocessedKeys: {} };
    },
    GetItem: (call) => {
      const found = table(call);
      const item = state.itemsIn(found, call.region).get(state.keyOf(found, call.input.Key as Item));
      return item === undefined ? {} : { Item: item };
    },
    Query: (call) => {
      const found = table(call);
      const values = call.input.ExpressionAttributeValues as Item;
      const [wanted] = Object.values(values);
      const [hash = '', range = ''] = keyNames(found);
      const items = [...state.itemsIn(found, call.region).values()]
        .filter((item) => JSON.stringify(item[hash]) === JSON.stringify(wanted))
        .sort((a, b) => (JSON.stringify(a[range]) < JSON.stringify(b[range]) ? -1 : 1));
      return { Items: items, Count: items.length, ScannedCount: items.length };
    },
    PutItem: (call) => {
      const found = table(call);
      const item = call.input.Item as Item;
      const condition = call.input.ConditionExpression as string | undefined;
      const key = state.keyOf(found, item);
      const compared = /^#(\w+) = :(\w+)$/.exec(condition ?? '');
      if (compared !== null) {
        const name = (call.input.ExpressionAttributeNames as Readonly<Record<string, string>>)[`#${compared[1] ?? ''}`] ?? '';
        const value = (call.input.ExpressionAttributeValues as Item)[`:${compared[2] ?? ''}`];
        const live = state.itemsIn(found, call.region).get(key)?.[name];
        if (JSON.stringify(live) !== JSON.stringify(value))
          throw new WireError('ConditionalCheckFailedException', 'The conditional request failed');
      }
      if (condition?.startsWith('attribute_not_exists(') === true && state.itemsIn(found, call.region).has(key))
        throw new WireError('ConditionalCheckFailedException', 'The conditional request failed');
      found.items.set(key, item);
      return {};
    },
  };
}

function tagsOf(tags: unknown): Map<string, string> {
  return new Map(((tags as readonly Tag[] | undefined) ?? []).map(({ Key, Value }) => [Key, Value]));
}

function invalid(message: string): WireError {
  return new WireError('ValidationException', message);
}

function keyNames(table: Table): string[] {
  return (table.definition.KeySchema as readonly { readonly AttributeName: string }[]).map((each) => each.AttributeName);
}

function keyAttributes(table: Table, item: Item): Item {
  const schema = table.definition.KeySchema as readonly { readonly AttributeName: string }[];
  return Object.fromEntries(schema.map(({ AttributeName }) => [AttributeName, item[AttributeName]!]));
}

function show(state: DynamoDbState, table: Table, region: string): Readonly<Record<string, unknown>> {
  const { now } = state.world;
  const here = table.replicas.get(region)!;
  const peers = [...table.replicas.values()].filter((each) => each.region !== region);
  const status =
    here.goneAt !== undefined ? 'DELETING' : here.readyAt > now ? 'CREATING' : table.busyUntil > now ? 'UPDATING' : 'ACTIVE';
  return {
    TableName: table.name,
    TableArn: `arn:aws:dynamodb:${region}:${table.account}:table/${table.name}`,
    TableStatus: status,
    ItemCount: state.itemsIn(table, region).size,
    ...table.definition,
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    DeletionProtectionEnabled: table.deletionProtection,
    ...(table.stream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } }),
    ...(peers.length > 0 && {
      GlobalTableVersion: '2019.11.21',
      MultiRegionConsistency: table.strong ? 'STRONG' : 'EVENTUAL',
      Replicas: peers.map((each) => ({
        RegionName: each.region,
        ReplicaStatus: each.goneAt !== undefined ? 'DELETING' : each.readyAt > now ? 'CREATING' : 'ACTIVE',
      })),
    }),
    ...(table.witness !== undefined && { GlobalTableWitnesses: [{ RegionName: table.witness, WitnessStatus: 'ACTIVE' }] }),
    ...(table.restoredFrom !== undefined && {
      RestoreSummary: { RestoreDateTime: new Date(table.createdAt), RestoreInProgress: here.readyAt > now },
    }),
  };
}
