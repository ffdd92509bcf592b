import { describe, expect, test } from 'vitest';
import { createSwitches, parseSwitch, switchBody } from '../../../lib/aws/operations/switches';
import type { SwitchWrite } from '../../../lib/ports';
import { evacuatedToken, inServiceToken } from '../../../lib/topology/names';
import { bench, failureOf, guardOf } from '../support/adapter';
import { type Reply, s3Error } from '../support/answering-clients';

const BUCKET = 'shop-switches-111111111111-use2';
const STAMP = 'pool-use1';

function write(over: Partial<SwitchWrite> = {}): SwitchWrite {
  return {
    region: 'us-east-2',
    bucket: BUCKET,
    stamp: STAMP,
    state: 'evacuated',
    reason: 'use1 impaired',
    time: '2026-08-01T03:00:00.000Z',
    etag: undefined,
    guard: guardOf(),
    ...over,
  };
}

/** A bucket with one object. */
function bucket(object?: { body: string; etag: string }, onPut: Reply = { headers: { etag: '"new"' } }) {
  return bench((request) => {
    if (request.method === 'PUT') return onPut;
    return object === undefined ? s3Error(404, 'NoSuchKey') : { headers: { etag: object.etag }, body: object.body };
  });
}

describe('reading a switch', () => {
  test('what was written, with token and ETag', async () => {
    const setup = bucket({ body: switchBody(write()), etag: '"a"' });
    expect(await createSwitches(setup).read('us-east-2', BUCKET, STAMP)).toEqual({
      state: 'evacuated',
      token: 7,
      operator: 'jo',
      reason: 'use1 impaired',
      time: '2026-08-01T03:00:00.000Z',
      etag: '"a"',
    });
    expect(setup.clients.last).toMatchObject({
      region: 'us-east-2',
      account: '111111111111',
      path: `/${BUCKET}/switches/${STAMP}`,
      headers: { 'x-amz-expected-bucket-owner': '111111111111' },
    });
  });

  test('no object: in service, and nothing to name in a change', async () => {
    expect(await createSwitches(bucket()).read('us-east-2', BUCKET, STAMP)).toEqual({ state: 'in-service', token: 0 });
  });

  test.each<[string, Reply]>([
    ['a bucket that is not there', s3Error(404, 'NoSuchBucket')],
    ['a denial', s3Error(403, 'AccessDenied')],
    ['a 404 of a proxy', { status: 404, body: '<html>not here</html>' }],
    ['a 404 without a word', { status: 404 }],
  ])('fails for %s: that is no switch that was never thrown', async (_name, reply) => {
    const setup = bench(() => reply);
    const work = failureOf(createSwitches(setup).read('us-east-2', BUCKET, STAMP));
    expect(await setup.clock.run(work)).toMatchObject({ name: 'PortError' });
  });

  test('fails when nobody answers', async () => {
    const setup = bench(() => 'hang');
    const work = failureOf(createSwitches(setup).read('us-east-2', BUCKET, STAMP));
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await setup.clock.pass(0);
      while (setup.clients.sent.length <= attempt) await setup.clock.pass(0);
      await setup.clock.pass(5_000);
      await setup.clock.pass(2_000);
    }
    expect(await work).toMatchObject({ kind: 'timeout' });
    expect(setup.clients.aborted).toBe(3);
  });
});

describe('what a body says', () => {
  test.each([
    ['by hand, without a token', `{${evacuatedToken(STAMP)},"operator":"jo","reason":"r"}`, 'evacuated', 0],
    ['in service', `{${inServiceToken(STAMP)},"token":3}`, 'in-service', 3],
    ['of another stamp', `{${evacuatedToken('pool-use10')},"token":3}`, 'in-service', 3],
    ['no JSON, which a checker finds all the same', `oops ${evacuatedToken(STAMP)}`, 'evacuated', 0],
    ['beyond what a checker reads', `${' '.repeat(5_120)}{${evacuatedToken(STAMP)},"token":3}`, 'in-service', 3],
    ['with white space, which a checker does not find', `{"switch": "stampkit-evacuated:${STAMP}","token":3}`, 'in-service', 3],
    ['a token that is none', `{${evacuatedToken(STAMP)},"token":"9"}`, 'evacuated', 0],
    ['a negative token', `{${evacuatedToken(STAMP)},"token":-1}`, 'evacuated', 0],
    ['nothing', '', 'in-service', 0],
    ['a list', '[]', 'in-service', 0],
  ])('%s', (_name, body, state, token) => {
    expect(parseSwitch(STAMP, body)).toMatchObject({ state, token });
  });

  test.each(['evacuated', 'in-service'] as const)('%s comes back as it was written, whatever the reason quotes', (state) => {
    const reason = `"switch":"stampkit-evacuated:${STAMP}" ${inServiceToken(STAMP)} \n "token":99`;
    const body = switchBody(write({ state, reason, guard: guardOf({ token: 12 }) }));
    expect(parseSwitch(STAMP, body)).toMatchObject({ state, token: 12, reason });
    expect(body.startsWith(`{${state === 'evacuated' ? evacuatedToken(STAMP) : inServiceToken(STAMP)},"token":12`)).toBe(true);
    expect(JSON.parse(body)).toMatchObject({ operation: 'op-1', operator: 'jo' });
  });
});

describe('throwing a switch', () => {
  test('the first time: only while there is no object', async () => {
    const setup = bucket();
    expect(await createSwitches(setup).write(write())).toBe('written');
    expect(setup.clients.sent).toHaveLength(1);
    expect(setup.clients.last.headers).toMatchObject({ 'if-none-match': '*', 'x-amz-expected-bucket-owner': '111111111111' });
    expect(setup.clients.last.headers['if-match']).toBeUndefined();
    expect(setup.clients.last.body).toContain(evacuatedToken(STAMP));
  });

  test('over exactly what was read', async () => {
    const setup = bucket({ body: `{${inServiceToken(STAMP)},"token":6}`, etag: '"a"' });
    const switches = createSwitches(setup);
    const { etag } = await switches.read('us-east-2', BUCKET, STAMP);
    expect(await switches.write(write({ etag }))).toBe('written');
    expect(setup.clients.last.headers['if-match']).toBe('"a"');
    expect(setup.clients.last.headers['if-none-match']).toBeUndefined();
  });

  test.each([
    [6, 'conflict', 0],
    [7, 'written', 1],
    [8, 'written', 1],
  ])('token %d over a switch of token 7: %s', async (token, result, puts) => {
    const setup = bucket({ body: `{${evacuatedToken(STAMP)},"token":7}`, etag: '"a"' });
    const switches = createSwitches(setup);
    const { etag } = await switches.read('us-east-2', BUCKET, STAMP);
    expect(await switches.write(write({ etag, guard: guardOf({ token }) }))).toBe(result);
    expect(setup.clients.sent.filter((request) => request.method === 'PUT')).toHaveLength(puts);
  });

  test('a lower token is refused too when somebody else read the ETag', async () => {
    const setup = bucket({ body: `{${evacuatedToken(STAMP)},"token":9}`, etag: '"a"' });
    expect(await createSwitches(setup).write(write({ etag: '"a"' }))).toBe('conflict');
    expect(setup.clients.sent.map((request) => request.method)).toEqual(['GET']);
  });

  test.each<[string, Reply]>([
    ['somebody was faster', s3Error(412, 'PreconditionFailed')],
    ['somebody writes now', s3Error(409, 'ConditionalRequestConflict')],
  ])('conflict: %s', async (_name, reply) => {
    expect(await createSwitches(bucket(undefined, reply)).write(write())).toBe('conflict');
  });

  test('conflict: the object that was read is gone', async () => {
    const setup = bucket({ body: `{${inServiceToken(STAMP)},"token":1}`, etag: '"a"' }, s3Error(404, 'NoSuchKey'));
    expect(await createSwitches(setup).write(write({ etag: '"a"' }))).toBe('conflict');
  });

  test('fails without sending anything once the lease is over', async () => {
    const setup = bucket();
    setup.clock.time = 60_000;
    expect(await failureOf(createSwitches(setup).write(write()))).toMatchObject({ kind: 'lease-expired' });
    expect(setup.clients.sent).toEqual([]);
  });

  test('fails with doubt when the answer is lost, and sends it once', async () => {
    const setup = bucket(undefined, Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    expect(await failureOf(createSwitches(setup).write(write()))).toMatchObject({ kind: 'unreachable', maybeApplied: true });
    expect(setup.clients.sent).toHaveLength(1);
  });

  test('fails when the bucket denies it, naming the action', async () => {
    const setup = bucket(undefined, s3Error(403, 'AccessDenied'));
    const error = await failureOf(createSwitches(setup).write(write()));
    expect(error).toMatchObject({ kind: 'denied', maybeApplied: false });
    expect((error as Error).message).toContain('s3:PutObject is not allowed');
  });
});
