import { DescribeTableCommand, GetItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DatabaseAnswer, Unknown } from '../../health/observation';
import { PointerUnreadable, type PointerReader } from './database-pointer';
import type { Probe } from './probe';

/** Value of the key that is read. No item needs to have it: that there is none is an answer too. */
const MARKER = 'stampkit-health';

type Key = Record<string, AttributeValue>;

/**
 * Reads one item from the Regional replica of the table, eventually consistent: a strongly consistent read of an MRSC table needs
 * other Regions (aws-facts 4.2), and what stamps share may not fail them all. A write is never tried: tables are multi-active, and a
 * monitor that writes would be replicated into every stamp.
 */
export class Table implements Probe {
  private keys = new Map<string, Key>();
  private learning = new Set<string>();

  public constructor(
    private readonly pointer: Pick<PointerReader, 'current'>,
    private readonly client: Pick<DynamoDBClient, 'send'>,
  ) {}

  public async observe(signal: AbortSignal): Promise<DatabaseAnswer | Unknown> {
    let table;
    try {
      ({ table } = await this.pointer.current(signal));
    } catch (error) {
      if (error instanceof PointerUnreadable) return { unknown: error.message };
      throw error;
    }
    if (table === undefined) throw new Error('the database pointer names no table');
    const key = this.keys.get(table);
    if (key === undefined) this.learnKey(table);
    try {
      await this.client.send(new GetItemCommand({ TableName: table, Key: key ?? { pk: { S: MARKER } }, ConsistentRead: false }), {
        abortSignal: signal,
      });
      return { answers: true, detail: `${table} answers` };
    } catch (error) {
      // Until the key's attributes are known, "this is not my key" is the table's own answer.
      if (key === undefined && error instanceof Error && error.name === 'ValidationException')
        return { answers: true, detail: `${table} answers` };
      throw error;
    }
  }

  /** DescribeTable is a control-plane call, so the verdict never waits for it, and a table is asked until it has answered once. */
  private learnKey(table: string): void {
    if (this.learning.has(table)) return;
    this.learning.add(table);
    this.client
      .send(new DescribeTableCommand({ TableName: table }))
      .then(({ Table: description }) => {
        const types = new Map(
          description?.AttributeDefinitions?.map((attribute) => [attribute.AttributeName, attribute.AttributeType]),
        );
        const schema = description?.KeySchema ?? [];
        const key: Key = {};
        for (const { AttributeName: name } of schema) if (name !== undefined) key[name] = markerOf(types.get(name));
        if (schema.length > 0) this.keys.set(table, key);
      })
      .catch(() => undefined)
      .finally(() => this.learning.delete(table));
  }
}

function markerOf(type: string | undefined): AttributeValue {
  if (type === 'N') return { N: '0' };
  if (type === 'B') return { B: new TextEncoder().encode(MARKER) };
  return { S: MARKER };
}
