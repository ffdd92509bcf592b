import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { PointerUnreadable } from '../../../lib/aws/health-probes/database-pointer';
import { Table } from '../../../lib/aws/health-probes/table';
import { readDatabase } from '../../../lib/health/observation';
import { never } from './never';

describe('a table', () => {
  const pointer = { current: () => Promise.resolve({ engine: 'dynamodb', table: 'shop-pool-table' }) };
  interface Call {
    readonly constructor: { readonly name: string };
    readonly input: Record<string, unknown>;
  }
  const client = (answer: (call: Call) => unknown): { calls: Call[]; send: DynamoDBClient['send'] } => {
    const calls: Call[] = [];
    const send = (call: Call): Promise<unknown> => {
      calls.push(call);
      return new Promise((resolve) => {
        resolve(answer(call));
      });
    };
    return { calls, send: send };
  };
  const description = {
    Table: {
      KeySchema: [
        { AttributeName: 'tenant', KeyType: 'HASH' },
        { AttributeName: 'at', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'tenant', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
    },
  };
  const invalid = Object.assign(new Error('The provided key element does not match the schema'), { name: 'ValidationException' });
  const gets = ({ calls }: { calls: Call[] }): Call[] => calls.filter((call) => call.constructor.name === 'GetItemCommand');

  test('answers before its key is known, then is read by its own key, eventually consistent', async () => {
    const dynamo = client((call) => {
      if (call.constructor.name === 'DescribeTableCommand') return description;
      if ('pk' in (call.input['Key'] as object)) throw invalid;
      return {};
    });
    const table = new Table(pointer, dynamo);
    const first = await table.observe(never());
    expect(readDatabase({ kind: 'answer', answer: first })).toMatchObject({ kind: 'answer' });
    await expect(table.observe(never())).resolves.toMatchObject({ answers: true });
    expect(gets(dynamo).at(-1)?.input).toEqual({
      TableName: 'shop-pool-table',
      Key: { tenant: { S: 'stampkit-health' }, at: { N: '0' } },
      ConsistentRead: false,
    });
    expect(dynamo.calls.filter((call) => call.constructor.name === 'DescribeTableCommand')).toHaveLength(1);
  });

  test('writes nothing', async () => {
    const dynamo = client(() => ({}));
    await new Table(pointer, dynamo).observe(never());
    expect(new Set(dynamo.calls.map((call) => call.constructor.name))).toEqual(
      new Set(['GetItemCommand', 'DescribeTableCommand']),
    );
  });

  test('a control plane that is down does not matter', async () => {
    const dynamo = client((call) => {
      if (call.constructor.name === 'DescribeTableCommand') throw new Error('AccessDenied');
      throw invalid;
    });
    const table = new Table(pointer, dynamo);
    await expect(table.observe(never())).resolves.toMatchObject({ answers: true });
    await expect(table.observe(never())).resolves.toMatchObject({ answers: true });
  });

  test.each(['ResourceNotFoundException', 'InternalServerError', 'TimeoutError', 'AccessDeniedException'])(
    'fails for %s',
    async (name) => {
      const dynamo = client(() => {
        throw Object.assign(new Error('from DynamoDB'), { name });
      });
      await expect(new Table(pointer, dynamo).observe(never())).rejects.toThrow('from DynamoDB');
    },
  );

  test('fails without a table, and knows nothing without a pointer', async () => {
    const dynamo = client(() => ({}));
    await expect(new Table({ current: () => Promise.resolve({ engine: 'dynamodb' }) }, dynamo).observe(never())).rejects.toThrow(
      'names no table',
    );
    await expect(
      new Table({ current: () => Promise.reject(new PointerUnreadable('SSM')) }, dynamo).observe(never()),
    ).resolves.toEqual({ unknown: 'SSM' });
  });
});
