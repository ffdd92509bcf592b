import { describe, expect, test } from 'vitest';
import { createPointers } from '../../../lib/aws/operations/pointers';
import { createStacks } from '../../../lib/aws/operations/stacks';
import { bench, failureOf, guardOf } from '../support/adapter';
import { jsonError, type Reply, targetOf, xmlError } from '../support/answering-clients';
import { START } from '../support/manual-clock';

const NAME = '/stampkit/shop/pool-use2/database';
const REGION = 'us-east-2';

/** A parameter as SSM keeps it; `writes` are the versions that `PutParameter` answers with. */
function parameter(live: { value: string; version: number } | undefined, write: Reply = { body: { Version: 4 } }) {
  return bench((request) => {
    if (targetOf(request) === 'PutParameter') return write;
    if (live === undefined) return jsonError(400, 'ParameterNotFound');
    return { body: { Parameter: { Name: NAME, Value: live.value, Version: live.version, LastModifiedDate: START / 1000 } } };
  });
}

describe('pointers', () => {
  test('value, version and time, from the account of the group', async () => {
    const setup = parameter({ value: '{"engine":"dynamodb"}', version: 3 });
    expect(await createPointers(setup).read(REGION, NAME)).toEqual({
      value: '{"engine":"dynamodb"}',
      version: 3,
      modifiedAt: START,
    });
    expect(setup.clients.last).toMatchObject({ region: REGION, account: '222222222222' });
  });

  test('no parameter', async () => {
    expect(await createPointers(parameter(undefined)).read(REGION, NAME)).toBeUndefined();
  });

  const write = (setup: ReturnType<typeof parameter>, version = 3, over = {}): Promise<string> =>
    createPointers(setup).write({ region: REGION, name: NAME, value: 'new', version, guard: guardOf(over) });

  test('is written over the version that was read', async () => {
    const setup = parameter({ value: 'old', version: 3 });
    expect(await write(setup)).toBe('written');
    expect(setup.clients.sent.map(targetOf)).toEqual(['GetParameter', 'PutParameter']);
    expect(JSON.parse(setup.clients.last.body)).toEqual({ Name: NAME, Value: 'new', Overwrite: true });
  });

  test.each<[string, ReturnType<typeof parameter>, string[]]>([
    ['another version is live', parameter({ value: 'theirs', version: 4 }), ['GetParameter']],
    ['there is none', parameter(undefined), ['GetParameter']],
    [
      'somebody wrote in between',
      parameter({ value: 'old', version: 3 }, { body: { Version: 5 } }),
      ['GetParameter', 'PutParameter'],
    ],
  ])('conflict: %s', async (_name, setup, calls) => {
    expect(await write(setup)).toBe('conflict');
    expect(setup.clients.sent.map(targetOf)).toEqual(calls);
  });

  test('fails without a write once the lease is over', async () => {
    const setup = parameter({ value: 'old', version: 3 });
    expect(await failureOf(write(setup, 3, { validUntil: 0 }))).toMatchObject({ kind: 'lease-expired' });
    expect(setup.clients.sent.map(targetOf)).toEqual(['GetParameter']);
  });

  test('fails with doubt when the answer of a write is lost', async () => {
    const setup = parameter({ value: 'old', version: 3 }, jsonError(500, 'InternalServerError'));
    expect(await failureOf(write(setup))).toMatchObject({ kind: 'unreachable', maybeApplied: true });
  });
});

describe('stacks', () => {
  const described = (status: string): Reply => ({
    body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>shop-pool-data</StackName><CreationTime>2026-08-01T03:00:00Z</CreationTime><StackStatus>${status}</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  });

  test.each<[string, Reply, boolean]>([
    ['is there', described('UPDATE_COMPLETE'), true],
    ['failed, and is there', described('UPDATE_ROLLBACK_FAILED'), true],
    ['is being adopted', described('IMPORT_IN_PROGRESS'), true],
    ['was only planned', described('REVIEW_IN_PROGRESS'), false],
    ['was deleted', described('DELETE_COMPLETE'), false],
    ['never was', xmlError(400, 'ValidationError', 'Stack with id shop-pool-data does not exist'), false],
  ])('%s', async (_name, reply, exists) => {
    const setup = bench(() => reply);
    expect(await createStacks(setup).exists(REGION, 'shop-pool-data')).toBe(exists);
    expect(setup.clients.last).toMatchObject({ region: REGION, account: '222222222222' });
  });

  test('fails for a denial: that is no stack that is not there', async () => {
    const setup = bench(() => xmlError(403, 'AccessDenied'));
    expect(await failureOf(createStacks(setup).exists(REGION, 'shop-pool-data'))).toMatchObject({ kind: 'denied' });
  });

  test('fails for a request that CloudFormation does not understand', async () => {
    const setup = bench(() => xmlError(400, 'ValidationError', '1 validation error detected'));
    expect(await failureOf(createStacks(setup).exists(REGION, 'x'))).toMatchObject({ kind: 'invalid' });
  });
});
