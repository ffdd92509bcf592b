import { type AttributeValue, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Guard, isPortError } from '../../../ports';
import { problem, type TableApi } from './table-api';

/** Items of a portion: a few seconds of single writes, so that a lost lease is noticed in between. */
const PORTION = 100;
/** Writes that are under way at once. */
const AT_ONCE = 10;

interface Progress {
  readonly next: Record<string, AttributeValue> | undefined;
  readonly copied: number;
}

/**
 * Copies items from one table to another of the same Region in portions. Where it is, is remembered in this process only: a new one begins
 * at the first item again and finds that it is there already. Every write is conditional, so nothing that is in the target is overwritten.
 */
export class ItemCopy {
  private readonly progress = new Map<string, Progress>();

  public constructor(private readonly api: TableApi) {}

  /** @throws PortError */
  public async portion(change: {
    readonly region: string;
    readonly from: string;
    readonly to: string;
    readonly guard: Guard;
  }): Promise<{ readonly copied: number; readonly done: boolean }> {
    const { region, from, to, guard } = change;
    const key = `${region} ${from} ${to}`;
    const { next, copied } = this.progress.get(key) ?? { next: undefined, copied: 0 };
    const partitionKey = await this.partitionKey(region, to);
    const scan = new ScanCommand({ TableName: from, Limit: PORTION, ConsistentRead: true, ExclusiveStartKey: next });
    const page = await this.api.read(region, 'Scan', from, (client, abortSignal) => client.send(scan, { abortSignal }));
    const items = page.Items ?? [];
    for (let at = 0; at < items.length; at += AT_ONCE)
      await Promise.all(items.slice(at, at + AT_ONCE).map((item) => this.put({ region, to, guard, partitionKey, item })));
    const done = page.LastEvaluatedKey === undefined;
    const total = copied + items.length;
    if (done) this.progress.delete(key);
    else this.progress.set(key, { next: page.LastEvaluatedKey, copied: total });
    return { copied: total, done };
  }

  private async partitionKey(region: string, table: string): Promise<string> {
    const found = await this.api.describe(region, table);
    const name = found?.KeySchema?.find((each) => each.KeyType === 'HASH')?.AttributeName;
    if (name === undefined) throw problem('not-found', region, 'PutItem', `there is no table ${table}`);
    return name;
  }

  private async put(write: {
    readonly region: string;
    readonly to: string;
    readonly guard: Guard;
    readonly partitionKey: string;
    readonly item: Record<string, AttributeValue>;
  }): Promise<void> {
    const { region, to, guard, partitionKey, item } = write;
    const command = new PutItemCommand({
      TableName: to,
      Item: item,
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': partitionKey },
    });
    try {
      await this.api.change(region, 'PutItem', { table: to, guard }, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
    } catch (error) {
      // It is there already.
      if (!isPortError(error) || !error.message.includes('ConditionalCheckFailed')) throw error;
    }
  }
}
