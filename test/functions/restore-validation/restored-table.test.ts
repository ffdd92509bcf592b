import { describe, expect, test } from 'vitest';
import type { FoundItems } from '../../../lib/aws/restore-validation/restored-data';
import type { Checks } from '../../../lib/functions/restore-validation/settings';
import type { ValidationPorts } from '../../../lib/functions/restore-validation/validate';
import { handle } from '../../../lib/functions/restore-validation/wiring';

const ARN = 'arn:aws:dynamodb:us-east-1:111111111111:table/awsbackup-restore-test-f00';

function check(
  search: ValidationPorts['search'],
  checks: Partial<Checks> = {},
  event: Record<string, unknown> = {},
  timeout?: ValidationPorts['timeout'],
) {
  return handle(
    { step: 'check', resource: ARN, lostAt: '2026-11-24T10:00:00.000Z', attempt: 0, lastAttempt: 1, ...event },
    {
      environment: {
        AWS_REGION: 'us-east-1',
        STAMP_DATABASE_ENGINE: 'dynamodb',
        STAMP_RESTORE_CHECKS: JSON.stringify({ minimumRows: 1, timeLimit: 60, ...checks }),
      },
      print: () => undefined,
      search,
      ...(timeout !== undefined && { timeout }),
    },
  );
}

const found = (items: number, values: string[] = [], complete = true): FoundItems => ({ items, values, complete });
const newest = { column: 'createdAt', maxAge: 30 * 3600 };

describe('items of a restored table', () => {
  test.each([
    [found(3), {}, 'SUCCESSFUL', '3 items'],
    [found(0), {}, 'FAILED', '0 items, at least 1 expected'],
    [found(0), { minimumRows: 0 }, 'SUCCESSFUL', '0 items'],
    [found(9), { minimumRows: 10 }, 'FAILED', '9 items, at least 10 expected'],
    [found(10, [], false), { minimumRows: 10 }, 'SUCCESSFUL', 'at least 10 items'],
    [found(3, ['2026-11-24T09:00:00Z']), { newest }, 'SUCCESSFUL', '3 items; newest createdAt is 60 min old'],
    [found(3, ['1795510800']), { newest }, 'SUCCESSFUL', '3 items; newest createdAt is 60 min old'],
    [found(3, ['5', '2026-11-24T09:00:00Z']), { newest }, 'SUCCESSFUL', '3 items; newest createdAt is 60 min old'],
    [found(3), { newest }, 'FAILED', 'createdAt has no value at all; 3 items'],
    [
      found(3, ['2026-11-01']),
      { newest },
      'FAILED',
      'newest createdAt is 23.4 d old, more than the recovery point objective of 30 h; 3 items',
    ],
  ] as [FoundItems, Partial<Checks>, string, string][])('%j with %j: %s', async (seen, checks, status, message) => {
    await expect(check(() => Promise.resolve(seen), checks)).resolves.toEqual({ status, message });
  });

  test('the search is told when it may stop', async () => {
    const asked: boolean[] = [];
    await check(
      (table, { attribute, enough }) => {
        expect([table, attribute]).toEqual(['awsbackup-restore-test-f00', 'createdAt']);
        for (const seen of [
          found(1, ['2026-11-24T09:00:00Z'], false),
          found(2, ['2026-11-01'], false),
          found(2, ['2026-11-24T09:00:00Z'], false),
        ]) {
          asked.push(enough(seen));
        }
        return Promise.resolve(found(2, ['2026-11-24T09:00:00Z'], false));
      },
      { minimumRows: 2, newest },
    );
    expect(asked).toEqual([false, false, true]);
  });

  test('one item is always looked for, so that a table that cannot be read is noticed', async () => {
    await check(
      (_table, { enough }) => {
        expect(enough(found(0, [], false))).toBe(false);
        return Promise.resolve(found(0));
      },
      { minimumRows: 0 },
    );
  });

  test('what DynamoDB refuses is asked again, and the last time a verdict', async () => {
    const refuse = () =>
      Promise.reject(Object.assign(new Error('Requested resource not found'), { name: 'ResourceNotFoundException' }));
    await expect(check(refuse)).rejects.toMatchObject({ name: 'DatabaseNotReady', message: 'Requested resource not found' });
    await expect(check(refuse, {}, { attempt: 1 })).resolves.toEqual({
      status: 'FAILED',
      message: 'awsbackup-restore-test-f00 cannot be read: Requested resource not found',
    });
  });

  test('the end of the time is a verdict', async () => {
    const controller = new AbortController();
    controller.abort(new Error('the time is over'));
    const verdict = await check(
      (_table, _search, signal) => Promise.reject(aborted(signal)),
      {},
      {},
      () => controller.signal,
    );
    expect(verdict).toEqual({
      status: 'FAILED',
      message: 'the checks were not done within 60 s (backup.validation.timeLimit): the time is over',
    });
  });

  test.each(['shop-pool.table-r20261121t080000', 'shop-pool.table-t20261121t080000'])(
    'what an operator restored is read: %s',
    async (name) => {
      const resource = `arn:aws:dynamodb:us-east-1:111111111111:table/${name}`;
      const verdict = await check(() => Promise.resolve({ items: 3, values: [], complete: true }), {}, { resource });
      expect(verdict).toEqual({ status: 'SUCCESSFUL', message: '3 items' });
    },
  );

  test.each(['arn:aws:dynamodb:us-east-1:111111111111:table/shop-pool.table', ''])(
    'live data is refused: %s',
    async (resource) => {
      await expect(check(() => Promise.reject(new Error('looked')), {}, { resource })).rejects.toMatchObject({
        code: 'VALIDATION_TARGET',
      });
    },
  );
});

function aborted({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('not aborted');
}

describe('events and settings', () => {
  test.each([
    null,
    {},
    { step: 'delete', resource: ARN, lostAt: '2026-11-24', attempt: 0, lastAttempt: 1 },
    { step: 'check', resource: 1, lostAt: '2026-11-24', attempt: 0, lastAttempt: 1 },
    { step: 'check', resource: ARN, lostAt: 'then', attempt: 0, lastAttempt: 1 },
    { step: 'check', resource: ARN, lostAt: '2026-11-24', attempt: '0', lastAttempt: 1 },
  ])('fails for an event that is not the state machine’s: %j', async (event) => {
    const environment = {
      AWS_REGION: 'us-east-1',
      STAMP_DATABASE_ENGINE: 'dynamodb',
      STAMP_RESTORE_CHECKS: '{"minimumRows":1,"timeLimit":60}',
    };
    await expect(handle(event, { environment, print: () => undefined })).rejects.toMatchObject({ code: 'VALIDATION_EVENT' });
  });

  const good: Record<string, string> = {
    AWS_REGION: 'us-east-1',
    STAMP_DATABASE_ENGINE: 'aurora-postgresql',
    STAMP_DATABASE_NAME: 'app',
    STAMP_DATABASE_PORT: '5432',
    STAMP_VALIDATOR_USER: 'stamp_validator_web',
    STAMP_RESTORE_CHECKS: '{"minimumRows":1,"timeLimit":60}',
  };
  test.each([
    ...Object.keys(good).map((name) => [name, '']),
    ['STAMP_DATABASE_ENGINE', 'oracle'],
    ['STAMP_DATABASE_PORT', '70000'],
    ['STAMP_RESTORE_CHECKS', '{'],
    ['STAMP_RESTORE_CHECKS', 'null'],
    ['STAMP_RESTORE_CHECKS', '{"minimumRows":"1","timeLimit":60}'],
    ['STAMP_RESTORE_CHECKS', '{"minimumRows":1,"timeLimit":60,"newest":{"maxAge":1}}'],
    ['STAMP_RESTORE_CHECKS', '{"minimumRows":1,"timeLimit":60,"query":{}}'],
  ])('fails for %s = %j', async (name, value) => {
    const event = { step: 'connect', resource: 'awsbackup-restore-test', lostAt: '2026-11-24', attempt: 0, lastAttempt: 1 };
    await expect(handle(event, { environment: { ...good, [name]: value }, print: () => undefined })).rejects.toMatchObject({
      code: 'VALIDATION_SETTING',
    });
  });
});
