import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { searchItems } from '../../../lib/aws/restore-validation/table-data';
import { never } from '../health-probes/never';

interface Page {
  readonly Count?: number;
  readonly Items?: Record<string, unknown>[];
  readonly LastEvaluatedKey?: object;
}
type Input = Record<string, any>;

/** Pages by segment; each hands out the next one. */
function client(segments: Page[][]): { inputs: Input[]; send: DynamoDBClient['send'] } {
  const inputs: Input[] = [];
  const send = (command: { input: Input }): Promise<Page> => {
    inputs.push(command.input);
    const page = segments[command.input['Segment'] as number]?.shift() ?? { Count: 0 };
    return Promise.resolve(page);
  };
  return { inputs, send: send as DynamoDBClient['send'] };
}

const more = { LastEvaluatedKey: { pk: { S: 'next' } } };
const all = (): boolean => false;

describe('reading a restored table', () => {
  test('counts every page of every segment', async () => {
    const dynamo = client([[{ Count: 2, ...more }, { Count: 1 }], [{ Count: 4 }]]);
    await expect(searchItems(dynamo, 'copy', { enough: all }, never(), 2)).resolves.toEqual({
      items: 7,
      values: [],
      complete: true,
    });
    expect(dynamo.inputs).toHaveLength(3);
    expect(dynamo.inputs[0]).toEqual({ TableName: 'copy', Segment: 0, TotalSegments: 2, ConsistentRead: false, Select: 'COUNT' });
    expect(dynamo.inputs.find(({ ExclusiveStartKey }) => ExclusiveStartKey !== undefined)).toMatchObject({
      Segment: 0,
      ExclusiveStartKey: { pk: { S: 'next' } },
    });
  });

  test('keeps the greatest number and the greatest text of the attribute, and reads nothing else', async () => {
    const items = [
      { at: { N: '9' } },
      { at: { N: '10' } },
      { at: { S: '2026-11-24' } },
      { at: { S: '2026-11-03' } },
      {},
      { at: { BOOL: true } },
    ];
    const dynamo = client([[{ Count: 6, Items: items }]]);
    const found = await searchItems(dynamo, 'copy', { attribute: 'at', enough: all }, never(), 1);
    expect(found).toEqual({ items: 6, values: ['10', '2026-11-24'], complete: true });
    expect(dynamo.inputs[0]).toMatchObject({ ProjectionExpression: '#newest', ExpressionAttributeNames: { '#newest': 'at' } });
    expect(dynamo.inputs[0]).not.toHaveProperty('Select');
  });

  test('stops all segments when there is enough', async () => {
    const endless = (): Page[] => Array.from({ length: 100 }, () => ({ Count: 5, ...more }));
    const dynamo = client([endless(), endless()]);
    const found = await searchItems(dynamo, 'copy', { enough: ({ items }) => items >= 10 }, never(), 2);
    expect(found.complete).toBe(false);
    // Pages that were under way when the other segment had enough still count.
    expect(found.items).toBeLessThanOrEqual(15);
    expect(dynamo.inputs.length).toBeLessThanOrEqual(3);
  });

  test('stops when the time is over, with its reason', async () => {
    const controller = new AbortController();
    const dynamo = client([
      [
        { Count: 1, ...more },
        { Count: 1, ...more },
      ],
    ]);
    const enough = (): boolean => {
      controller.abort(new Error('over'));
      return false;
    };
    await expect(searchItems(dynamo, 'copy', { enough }, controller.signal, 1)).rejects.toThrow('over');
    expect(dynamo.inputs).toHaveLength(1);
  });

  test('fails with what DynamoDB says', async () => {
    const send = (() => Promise.reject(new Error('AccessDenied'))) as unknown as DynamoDBClient['send'];
    await expect(searchItems({ send }, 'copy', { enough: all }, never())).rejects.toThrow('AccessDenied');
  });
});
