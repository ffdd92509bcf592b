import { describe, expect, test } from 'vitest';
import { createProbes } from '../../../lib/aws/operations/probes';
import { bench, failureOf, USE1, USE2 } from '../support/adapter';
import { jsonError, type Reply } from '../support/answering-clients';

const DOCUMENT = {
  status: 'pass',
  stampId: 'pool-use2',
  role: 'reader',
  writable: false,
  replicationLagSeconds: 2,
  time: '2026-08-01T03:00:00Z',
  reasons: [],
  checks: {},
};

const asking = (reply: Reply, dead: string[] = []) => bench(() => reply, dead);

describe('the health function', () => {
  test('is invoked in the stamp’s own Region and account, through the operator’s door', async () => {
    const setup = asking({ body: DOCUMENT });
    expect(await createProbes(setup).health(USE2)).toEqual({
      status: 'pass',
      role: 'reader',
      writable: false,
      replicationLagSeconds: 2,
      reasons: [],
    });
    expect(setup.clients.last).toMatchObject({
      region: 'us-east-2',
      account: '222222222222',
      path: '/2015-03-31/functions/shop-pool-use2-health/invocations',
      body: '{"door":"operator"}',
    });
  });

  test('a stamp without a database has no lag', async () => {
    const { replicationLagSeconds: _lag, ...rest } = { ...DOCUMENT, role: 'none', status: 'fail', reasons: ['compute-down'] };
    expect(await createProbes(asking({ body: rest })).health(USE2)).toEqual({
      status: 'fail',
      role: 'none',
      writable: false,
      reasons: ['compute-down'],
    });
  });

  test.each<[string, Reply, string]>([
    ['it fails', { headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorMessage: 'out of memory' } }, 'invalid'],
    ['it answers nonsense', { body: 'hello' }, 'invalid'],
    ['it answers a status nobody knows', { body: { ...DOCUMENT, status: 'fine' } }, 'invalid'],
    ['it answers a role nobody knows', { body: { ...DOCUMENT, role: 'both' } }, 'invalid'],
    ['it answers for another stamp', { body: { ...DOCUMENT, stampId: 'pool-use1' } }, 'invalid'],
    ['it is not there', jsonError(404, 'ResourceNotFoundException'), 'not-found'],
    ['it may not be invoked', jsonError(403, 'AccessDeniedException'), 'denied'],
  ])('fails when %s', async (_name, reply, kind) => {
    const setup = asking(reply);
    expect(await setup.clock.run(failureOf(createProbes(setup).health(USE2)))).toMatchObject({ name: 'PortError', kind });
  });

  test('an unwritable database is never taken for a writable one', async () => {
    const setup = asking({ body: { ...DOCUMENT, role: 'writer', writable: 'yes' } });
    expect(await createProbes(setup).health(USE2)).toMatchObject({ writable: false });
  });

  test('fails for a dead Region without asking it', async () => {
    const setup = asking({ body: DOCUMENT }, ['us-east-1']);
    expect(await failureOf(createProbes(setup).health(USE1))).toMatchObject({ kind: 'unreachable' });
    expect(setup.clients.sent).toEqual([]);
  });
});

describe('the stamp’s own name', () => {
  const setup = (): ReturnType<typeof asking> => asking({});

  test('the health path of the application, at the record of the stamp', async () => {
    const asked: string[] = [];
    const probes = createProbes(setup(), {
      get: ({ url }) => {
        asked.push(url);
        return Promise.resolve({ status: 503, headers: {} });
      },
    });
    expect(await probes.direct(USE2)).toEqual({ httpStatus: 503 });
    expect(asked).toEqual(['https://use2.pool.shop.example/healthz']);
  });

  test('somewhere else, for an emulator', async () => {
    const asked: string[] = [];
    const probes = createProbes(setup(), {
      directUrl: (stamp) => `http://127.0.0.1:8080/${stamp.id}${stamp.healthPath}`,
      get: ({ url }) => {
        asked.push(url);
        return Promise.resolve({ status: 200, headers: {} });
      },
    });
    await probes.direct(USE2);
    expect(asked).toEqual(['http://127.0.0.1:8080/pool-use2/healthz']);
  });

  test.each([
    ['nobody listens', { code: 'ECONNREFUSED' }],
    ['the name does not resolve', { code: 'ENOTFOUND' }],
    ['the certificate has expired', { code: 'CERT_HAS_EXPIRED' }],
  ])('fails after two attempts when %s', async (_name, error) => {
    const world = setup();
    let asked = 0;
    const probes = createProbes(world, {
      get: () => {
        asked += 1;
        return Promise.reject(Object.assign(new Error('no'), error));
      },
    });
    expect(await world.clock.run(failureOf(probes.direct(USE2)))).toMatchObject({ kind: 'unreachable' });
    expect(asked).toBe(2);
  });

  test('fails when nothing comes back, and ends the request', async () => {
    const world = setup();
    let ended = 0;
    const probes = createProbes(world, {
      get: (_target, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended += 1;
            reject(Object.assign(new Error('aborted'), { name: 'AbortError' }));
          });
        }),
    });
    expect(await world.clock.run(failureOf(probes.direct(USE2)))).toMatchObject({ kind: 'timeout' });
    expect(ended).toBe(2);
  });
});
