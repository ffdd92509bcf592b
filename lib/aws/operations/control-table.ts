import { type AttributeValue, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type CallPlace, type ControlItem, type ControlTableStore, isPortError, PortError } from '../../ports';
import type { AwsAccess } from '../call/access';

/** Short and once: another replica answers as well, and the engine goes from one to the next. Milliseconds. */
const IMPATIENT = { attempts: 1, timeoutMs: 3_000 };
/** The condition of a write is its fence; the lease itself is written without one. */
const UNGUARDED = { validUntil: Infinity };

/**
 * The control table through any of its replicas. Items are `{ pk, sk, version, body }` with the body as JSON text, so that what comes back is
 * what was sent, whatever DynamoDB thinks of empty strings and numbers.
 */
export function createControlTable(access: Pick<AwsAccess, 'caller' | 'clients' | 'owners'>, table: string): ControlTableStore {
  const { caller, clients, owners } = access;
  const client = (region: string): DynamoDBClient => clients.of(DynamoDBClient, region, owners.fleet);
  const at = (region: string, call: string): CallPlace => ({ service: 'dynamodb', region, call });
  return {
    get: async (region, pk, sk) => {
      const place = at(region, 'GetItem');
      const command = new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true });
      const { Item } = await caller.read(place, (abortSignal) => client(region).send(command, { abortSignal }), IMPATIENT);
      return Item === undefined ? undefined : itemOf(place, Item);
    },
    put: async (region, item, condition) => {
      const place = at(region, 'PutItem');
      // Nobody waits ten seconds for a replica that has just fallen silent while another one answers.
      if (!caller.isWorthACall(region)) throw new PortError('unreachable', place, 'not asked: the Region does not answer');
      const command = new PutItemCommand({
        TableName: table,
        Item: {
          pk: { S: item.pk },
          sk: { S: item.sk },
          version: { N: String(item.version) },
          body: { S: JSON.stringify(item.body) },
        },
        ...(condition === 'absent'
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: '#version = :version',
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':version': { N: String(condition) } },
            }),
      });
      try {
        await caller.change(place, UNGUARDED, (abortSignal) => client(region).send(command, { abortSignal }));
        return 'written';
      } catch (error) {
        if (isPortError(error) && error.kind === 'conflict' && error.message.includes('ConditionalCheckFailed')) return 'refused';
        throw error;
      }
    },
    query: async (region, pk) => {
      const place = at(region, 'Query');
      const items: ControlItem[] = [];
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const command = new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
          ConsistentRead: true,
          ExclusiveStartKey,
        });
        const page = await caller.read(place, (abortSignal) => client(region).send(command, { abortSignal }), IMPATIENT);
        items.push(...(page.Items ?? []).map((item) => itemOf(place, item)));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return items;
    },
  };
}

/** @throws PortError `invalid` for an item that the engine did not write */
function itemOf(place: CallPlace, { pk, sk, version, body }: Readonly<Record<string, AttributeValue>>): ControlItem {
  const number = Number(version?.N);
  if (pk?.S === undefined || sk?.S === undefined || body?.S === undefined || !Number.isSafeInteger(number))
    throw new PortError('invalid', place, `the item ${pk?.S ?? '?'} ${sk?.S ?? '?'} of the control table is not stampkit's`);
  try {
    return { pk: pk.S, sk: sk.S, version: number, body: JSON.parse(body.S) as unknown };
  } catch {
    throw new PortError(
      'invalid',
      place,
      `the item ${pk.S} ${sk.S} of the control table is no JSON: somebody changed it by hand`,
    );
  }
}
