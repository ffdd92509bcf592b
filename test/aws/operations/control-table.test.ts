import { describe, expect, test } from 'vitest';
import { createControlTable } from '../../../lib/aws/operations/control-table';
import type { ControlItem } from '../../../lib/ports';
import { type Bench, bench, failureOf } from '../support/adapter';
import { jsonError, type Reply, type SentRequest, targetOf } from '../support/answering-clients';

const REGION = 'us-east-2';
const ITEM: ControlItem = {
  pk: 'group#pool',
  sk: 'lease',
  version: 4,
  body: { text: '', numbers: [0.1, 1e21], nested: { none: null } },
};

const stored = (item: ControlItem): object => ({
  pk: { S: item.pk },
  sk: { S: item.sk },
  version: { N: String(item.version) },
  body: { S: JSON.stringify(item.body) },
});

function table(
  reply: (request: SentRequest) => Reply,
  dead: string[] = [],
): { setup: Bench; store: ReturnType<typeof createControlTable> } {
  const setup = bench(reply, dead);
  return { setup, store: createControlTable(setup, 'shop-control') };
}

const bodyOf = (request: SentRequest): Record<string, unknown> => JSON.parse(request.body) as Record<string, unknown>;

describe('reading', () => {
  test('one item, strongly consistent, from the replica that was named', async () => {
    const { setup, store } = table(() => ({ body: { Item: stored(ITEM) } }));
    expect(await store.get(REGION, ITEM.pk, ITEM.sk)).toEqual(ITEM);
    expect(setup.clients.last).toMatchObject({ region: REGION, account: '111111111111' });
    expect(bodyOf(setup.clients.last)).toMatchObject({
      TableName: 'shop-control',
      ConsistentRead: true,
      Key: { pk: { S: ITEM.pk }, sk: { S: ITEM.sk } },
    });
  });

  test('no item', async () => {
    expect(await table(() => ({ body: {} })).store.get(REGION, 'a', 'b')).toBeUndefined();
  });

  test('a partition, page by page', async () => {
    const second = { ...ITEM, sk: 'z' };
    const { setup, store } = table((request) =>
      bodyOf(request)['ExclusiveStartKey'] === undefined
        ? { body: { Items: [stored(ITEM)], LastEvaluatedKey: { pk: { S: ITEM.pk }, sk: { S: ITEM.sk } } } }
        : { body: { Items: [stored(second)] } },
    );
    expect(await store.query(REGION, ITEM.pk)).toEqual([ITEM, second]);
    expect(setup.clients.sent.map((request) => bodyOf(request)['ConsistentRead'])).toEqual([true, true]);
  });

  test.each([
    ['no JSON', { ...stored(ITEM), body: { S: '{' } }],
    ['a version that is none', { ...stored(ITEM), version: { N: 'x' } }],
    ['no body', { pk: { S: 'a' }, sk: { S: 'b' }, version: { N: '1' } }],
  ])('fails for an item that somebody else wrote: %s', async (_name, item) => {
    expect(await failureOf(table(() => ({ body: { Item: item } })).store.get(REGION, 'a', 'b'))).toMatchObject({
      kind: 'invalid',
    });
  });

  test('fails after one short attempt: another replica is asked next', async () => {
    const { setup, store } = table(() => 'hang');
    const work = failureOf(store.get(REGION, 'a', 'b'));
    while (setup.clients.sent.length === 0) await setup.clock.pass(0);
    await setup.clock.pass(3_000);
    expect(await work).toMatchObject({ kind: 'timeout' });
    expect(setup.clients.sent).toHaveLength(1);
  });

  test.each(['get', 'query'] as const)('fails for a Region that is called dead, without asking it: %s', async (kind) => {
    const { setup, store } = table(() => ({ body: {} }), [REGION]);
    const work = kind === 'get' ? store.get(REGION, 'a', 'b') : store.query(REGION, 'a');
    expect(await failureOf(work)).toMatchObject({ kind: 'unreachable' });
    expect(setup.clients.sent).toEqual([]);
  });
});

describe('writing', () => {
  test('a new item', async () => {
    const { setup, store } = table(() => ({ body: {} }));
    expect(await store.put(REGION, ITEM, 'absent')).toBe('written');
    expect(targetOf(setup.clients.last)).toBe('PutItem');
    expect(bodyOf(setup.clients.last)).toMatchObject({ Item: stored(ITEM), ConditionExpression: 'attribute_not_exists(pk)' });
  });

  test('over a version', async () => {
    const { setup, store } = table(() => ({ body: {} }));
    expect(await store.put(REGION, ITEM, 3)).toBe('written');
    expect(bodyOf(setup.clients.last)).toMatchObject({
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': { N: '3' } },
    });
  });

  test('refused when the condition does not hold', async () => {
    const { store } = table(() => jsonError(400, 'ConditionalCheckFailedException'));
    expect(await store.put(REGION, ITEM, 3)).toBe('refused');
  });

  test.each<[string, Reply, object]>([
    ['a write in another Region at the same time', jsonError(400, 'ReplicatedWriteConflictException'), { kind: 'conflict' }],
    ['throttling', jsonError(400, 'ProvisionedThroughputExceededException'), { kind: 'throttled', maybeApplied: false }],
    ['a denial', jsonError(400, 'AccessDeniedException'), { kind: 'denied' }],
    ['no replica there', jsonError(400, 'ResourceNotFoundException'), { kind: 'not-found' }],
    ['a lost answer', Object.assign(new Error('hang up'), { code: 'ECONNRESET' }), { kind: 'unreachable', maybeApplied: true }],
  ])('fails for %s', async (_name, reply, error) => {
    const { setup, store } = table(() => reply);
    expect(await failureOf(store.put(REGION, ITEM, 3))).toMatchObject(error);
    expect(setup.clients.sent).toHaveLength(1);
  });

  test('fails at once for a Region that has just fallen silent', async () => {
    const { setup, store } = table(() => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    await failureOf(store.get(REGION, 'a', 'b'));
    await setup.clock.run(
      failureOf(
        setup.caller.read({ service: 'ssm', region: REGION, call: 'GetParameter' }, () =>
          Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })),
        ),
      ),
    );
    const before = setup.clients.sent.length;
    expect(await failureOf(store.put(REGION, ITEM, 3))).toMatchObject({ kind: 'unreachable', maybeApplied: false });
    expect(setup.clients.sent).toHaveLength(before);
  });
});
