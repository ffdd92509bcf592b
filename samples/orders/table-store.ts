import { AwsError, awsJson } from './aws-json';
import { retry } from './retry';
import type { Order, OrderStore, StoredOrder } from './store';

/** Milliseconds. */
const TIMEOUT = 1500;

type Attributes = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/**
 * Orders in a DynamoDB global table: every Region writes. Each order is one item that never changes after it was made, so that the last writer wins
 * nothing that anybody misses; what two Regions do to the same number ends as one order.
 */
export class TableStore implements OrderStore {
  private readonly endpoint: string;

  public constructor(
    private readonly table: string,
    private readonly region: string,
  ) {
    this.endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? `https://dynamodb.${region}.amazonaws.com`;
  }

  public writable(): Promise<boolean> {
    return Promise.resolve(true);
  }

  public async place({ number, tenant, item, quantity }: Order): Promise<'created' | 'existed'> {
    const written = await this.putOnce({
      pk: { S: `order#${number}` },
      sk: { S: 'order' },
      number: { N: String(number) },
      tenant: { S: tenant },
      item: { S: item },
      quantity: { N: String(quantity) },
      at: { S: new Date().toISOString() },
      region: { S: this.region },
    });
    return written ? 'created' : 'existed';
  }

  public async ship(message: number): Promise<'done' | 'done before'> {
    const written = await this.putOnce({
      pk: { S: `shipment#${message}` },
      sk: { S: 'shipment' },
      message: { N: String(message) },
      region: { S: this.region },
    });
    return written ? 'done' : 'done before';
  }

  public async find(number: number): Promise<StoredOrder | undefined> {
    const { Item } = await this.ask<{ Item?: Attributes }>('GetItem', {
      Key: { pk: { S: `order#${number}` }, sk: { S: 'order' } },
    });
    return Item === undefined ? undefined : orderOf(Item);
  }

  public async latest(limit: number): Promise<readonly StoredOrder[]> {
    // A scan, for the sample's sake. A real service would keep an index for the questions that it is asked.
    const { Items } = await this.ask<{ Items: readonly Attributes[] }>('Scan', { Limit: limit });
    return Items.filter((item) => item['sk']?.S === 'order').map(orderOf);
  }

  public close(): Promise<void> {
    return Promise.resolve();
  }

  /** False when an item of that key exists. A strong table may refuse for a moment because another Region writes the same item (aws-facts 4.2). */
  private putOnce(item: Attributes): Promise<boolean> {
    return retry(
      async () => {
        try {
          await this.ask('PutItem', { Item: item, ConditionExpression: 'attribute_not_exists(pk)' });
          return true;
        } catch (error) {
          if (error instanceof AwsError && error.type.endsWith('ConditionalCheckFailedException')) return false;
          throw error;
        }
      },
      {
        attempts: 3,
        firstPauseMs: 20,
        retryable: (error) => error instanceof AwsError && error.type.endsWith('ReplicatedWriteConflictException'),
      },
    );
  }

  private ask<T>(operation: string, parameters: Readonly<Record<string, unknown>>): Promise<T> {
    return awsJson(this.endpoint, `DynamoDB_20120810.${operation}`, { TableName: this.table, ...parameters }, TIMEOUT);
  }
}

function orderOf(item: Attributes): StoredOrder {
  return {
    number: Number(item['number']?.N),
    tenant: item['tenant']?.S ?? '',
    item: item['item']?.S ?? '',
    quantity: Number(item['quantity']?.N),
    at: item['at']?.S ?? '',
  };
}
