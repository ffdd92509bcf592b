import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DatabaseEndpoint } from '../../../lib/aws/health-probes/database-endpoint';
import { PointerUnreadable, type DatabasePointer } from '../../../lib/aws/health-probes/database-pointer';
import { iamLogin } from '../../../lib/aws/health-probes/login';
import { connectMysql } from '../../../lib/aws/health-probes/mysql';
import { connectPostgresql } from '../../../lib/aws/health-probes/postgresql';
import { inspect, MYSQL, POSTGRESQL, type SqlDialect } from '../../../lib/aws/health-probes/sql-dialect';
import { KeptSession, type SqlConnect } from '../../../lib/aws/health-probes/sql-session';
import { readDatabase } from '../../../lib/health/observation';
import { never } from './never';

const REGION = 'us-west-2';
type Rows = Record<string, unknown>[];

/** A session that answers each of a dialect's questions; an Error is thrown. */
function session(
  dialect: SqlDialect,
  answers: { readOnly: unknown; members?: Rows | Error; lag?: Rows | Error; replica?: Rows | Error },
) {
  const table = new Map<string | undefined, Rows | Error | undefined>([
    [dialect.readOnlyQuery, [{ read_only: answers.readOnly }]],
    [dialect.auroraMembersQuery, answers.members],
    [dialect.auroraLagQuery, answers.lag],
    [dialect.replicaQuery, answers.replica],
  ]);
  return {
    destroyed: false,
    query: (sql: string) => {
      const answer = table.get(sql);
      return answer instanceof Error || answer === undefined
        ? Promise.reject(answer ?? new Error(`unexpected: ${sql}`))
        : Promise.resolve(answer);
    },
    destroy: () => undefined,
  };
}

const members = (writerRegion: string | undefined, regions = ['us-east-1', REGION]): Rows =>
  regions.map((aws_region) => ({ aws_region, is_writer: aws_region === writerRegion ? 1 : 0 }));

describe.each([
  ['PostgreSQL', POSTGRESQL],
  ['MySQL', MYSQL],
])('what Aurora %s says about itself', (_name, dialect) => {
  const look = (answers: Parameters<typeof session>[1]) =>
    inspect(session(dialect, answers), { dialect, aurora: true, region: REGION });

  test.each([false, 0, '0', 'f'])('a writer (%j)', async (readOnly) => {
    await expect(look({ readOnly })).resolves.toEqual({ readOnly: false, detail: 'accepts writes' });
  });

  test.each([true, 1, '1', 't'])('a reader of the standby, with its lag (%j)', async (readOnly) => {
    const lag = [
      { aws_region: 'us-east-1', lag_ms: '-1' },
      { aws_region: REGION, lag_ms: '1500' },
    ];
    await expect(look({ readOnly, members: members('us-east-1'), lag })).resolves.toEqual({
      readOnly: true,
      writerIsLocal: false,
      lagSeconds: 1.5,
      detail: 'read-only, writer in us-east-1',
    });
  });

  test('a reader of the writer’s own cluster', async () => {
    const answer = await look({ readOnly: true, members: members(REGION), lag: [{ aws_region: REGION, lag_ms: -1 }] });
    expect(answer).toMatchObject({ writerIsLocal: true });
    expect(answer).not.toHaveProperty('lagSeconds');
  });

  test.each([
    ['no global cluster', []],
    ['a global cluster of this Region only', members(undefined, [REGION])],
  ])('%s: the writer is its own', async (_case, rows) => {
    await expect(look({ readOnly: true, members: rows, lag: [] })).resolves.toMatchObject({ writerIsLocal: true });
  });

  test('a global cluster that names no writer: where it is stays open', async () => {
    expect(await look({ readOnly: true, members: members(undefined), lag: [] })).not.toHaveProperty('writerIsLocal');
  });

  test('a version without those tables, or a user who may not read them: a reader and no more', async () => {
    await expect(look({ readOnly: true, members: new Error('function does not exist') })).resolves.toEqual({
      readOnly: true,
      detail: 'read-only; its global cluster is not known: function does not exist',
    });
    await expect(look({ readOnly: true, members: members('us-east-1'), lag: new Error('denied') })).resolves.toEqual({
      readOnly: true,
      writerIsLocal: false,
      detail: 'read-only, writer in us-east-1',
    });
  });

  test('nonsense is handed on, for the evaluation to judge', async () => {
    const answer = await look({ readOnly: true, members: members('us-east-1'), lag: [{ aws_region: REGION, lag_ms: 'soon' }] });
    expect(readDatabase({ kind: 'answer', answer })).toEqual({ kind: 'failed', cause: 'malformed answer: lagSeconds is NaN' });
  });

  test.each([undefined, null, 'maybe', 2])('fails when it does not say whether it is read-only: %j', async (readOnly) => {
    await expect(look({ readOnly })).rejects.toThrow('does not say');
  });
});

describe('what plain PostgreSQL says about itself', () => {
  const look = (replica: Rows | Error) =>
    inspect(session(POSTGRESQL, { readOnly: true, replica }), { dialect: POSTGRESQL, aurora: false, region: REGION });

  test('a standby, with its lag', async () => {
    await expect(look([{ lag_seconds: '0.25' }])).resolves.toEqual({ readOnly: true, lagSeconds: 0.25, detail: 'read-only' });
  });

  test('a standby that has replayed nothing yet', async () => {
    await expect(look([{ lag_seconds: null }])).resolves.toEqual({ readOnly: true, detail: 'read-only' });
  });

  test('a standby that does not tell its lag', async () => {
    await expect(look(new Error('denied'))).resolves.toEqual({
      readOnly: true,
      detail: 'read-only; its lag is not known: denied',
    });
  });
});

describe('an endpoint of the pointer', () => {
  const AURORA: DatabasePointer = { engine: 'aurora-postgresql', writer: 'w', reader: 'r', name: 'app' };
  const at = (pointer: DatabasePointer | Error) => ({
    current: () => (pointer instanceof Error ? Promise.reject(pointer) : Promise.resolve(pointer)),
  });
  const probe = (which: 'writer' | 'reader', pointer: DatabasePointer | Error, connect: SqlConnect) =>
    new DatabaseEndpoint(which, at(pointer), { dialect: POSTGRESQL, region: REGION, session: new KeptSession(connect, () => 0) });
  const writing: SqlConnect = () => Promise.resolve(session(POSTGRESQL, { readOnly: false }));

  test.each([
    ['writer', 'w'],
    ['reader', 'r'],
  ] as const)('logs in to the %s on the engine’s port', async (which, host) => {
    const connect = vi.fn(writing);
    await probe(which, AURORA, connect).observe(never());
    expect(connect.mock.calls[0]?.[0]).toEqual({ host, port: 5432, database: 'app' });
  });

  test('a kept connection to the old writer, a reader since the failover, is asked again on a new one', async () => {
    let readOnly: unknown = false;
    const connect = vi.fn((): ReturnType<SqlConnect> => {
      const answer = readOnly;
      readOnly = false;
      return Promise.resolve(session(POSTGRESQL, { readOnly: answer, members: members(REGION), lag: [] }));
    });
    const sessions: ReturnType<typeof session>[] = [];
    const subject = probe('writer', AURORA, async () => {
      const opened = (await connect()) as ReturnType<typeof session>;
      sessions.push(opened);
      return opened;
    });
    await subject.observe(never());
    sessions[0]!.query = session(POSTGRESQL, { readOnly: true, members: members(REGION), lag: [] }).query;
    await expect(subject.observe(never())).resolves.toMatchObject({ readOnly: false });
    expect(connect).toHaveBeenCalledTimes(2);
  });

  test('an unreadable pointer is unknown', async () => {
    await expect(probe('writer', new PointerUnreadable('SSM is down'), writing).observe(never())).resolves.toEqual({
      unknown: 'SSM is down',
    });
  });

  test.each<[string, DatabasePointer | Error, string]>([
    ['a broken pointer', new Error('the database pointer is not JSON'), 'not JSON'],
    ['no writer', { engine: 'aurora-postgresql', name: 'app' }, 'names no writer'],
    ['no database', { engine: 'aurora-postgresql', writer: 'w' }, 'names no database'],
    ['no port', { engine: 'other', writer: 'w' }, 'names no port'],
  ])('fails for %s', async (_name, pointer, message) => {
    await expect(probe('writer', pointer, writing).observe(never())).rejects.toThrow(message);
  });
});

describe('real connections', () => {
  let server: Server | undefined;
  const sockets: Socket[] = [];
  /** A server that does to every connection what the test says. */
  const serve = (onConnection: (socket: Socket) => void): Promise<number> =>
    new Promise((resolve) => {
      server = createServer((socket) => {
        socket.on('error', () => undefined);
        sockets.push(socket);
        onConnection(socket);
      }).listen(0, '127.0.0.1', () => {
        resolve((server?.address() as AddressInfo).port);
      });
    });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.close();
    server = undefined;
  });
  const login = { user: 'stamp_probe_enterprise', password: () => Promise.resolve('token') };

  test('a mere connection', async () => {
    const port = await serve(() => undefined);
    const probe = new DatabaseEndpoint(
      'writer',
      { current: () => Promise.resolve({ engine: 'other', writer: '127.0.0.1', port }) },
      undefined,
    );
    const answer = await probe.observe(never());
    expect(readDatabase({ kind: 'answer', answer })).toMatchObject({ kind: 'answer' });
  });

  test('fails when nobody listens', async () => {
    const probe = new DatabaseEndpoint(
      'writer',
      { current: () => Promise.resolve({ engine: 'other', writer: '127.0.0.1', port: 1 }) },
      undefined,
    );
    await expect(probe.observe(never())).rejects.toThrow('ECONNREFUSED');
  });

  test('PostgreSQL: refuses a server without TLS before it sends a password', async () => {
    const received: Buffer[] = [];
    const port = await serve((socket) => {
      socket.on('data', (data) => {
        received.push(data);
        socket.write('N');
      });
    });
    await expect(connectPostgresql(login)({ host: '127.0.0.1', port, database: 'app' }, never())).rejects.toThrow(
      /does not support SSL/,
    );
    expect(Buffer.concat(received).toString('latin1')).not.toContain('token');
  });

  test('PostgreSQL: a server that says nothing is left when told to', async () => {
    const controller = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const port = await serve((socket) => {
      closed = new Promise((resolve) => socket.once('close', resolve));
      socket.once('data', () => {
        controller.abort(new Error('deadline'));
      });
    });
    await expect(connectPostgresql(login)({ host: '127.0.0.1', port, database: 'app' }, controller.signal)).rejects.toThrow();
    await closed;
  });

  test('MySQL: refuses a server without TLS before it sends a password', async () => {
    const received: Buffer[] = [];
    const port = await serve((socket) => {
      socket.on('data', (data) => received.push(data));
      socket.write(mysqlGreetingWithoutTls());
    });
    await expect(connectMysql(login)({ host: '127.0.0.1', port, database: 'app' }, never())).rejects.toThrow(/secure connection/);
    expect(Buffer.concat(received).toString('latin1')).not.toContain('token');
  });

  test('the password is an IAM token for this endpoint and user, signed without calling anybody', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    try {
      const token = await iamLogin('stamp_probe_enterprise', REGION).password({
        host: 'w.example.com',
        port: 5432,
        database: 'app',
      });
      expect(token).toMatch(/^w\.example\.com:5432\/\?/);
      expect(token).toContain('DBUser=stamp_probe_enterprise');
      expect(token).toContain('us-west-2%2Frds-db%2Faws4_request');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

/** Protocol 10 handshake of a server that offers everything but TLS (capability bit 0x800). */
function mysqlGreetingWithoutTls(): Buffer {
  const capabilities = 0xffffffff & ~0x800;
  const body = Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.36\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from('12345678\0'),
    Buffer.from([
      capabilities & 255,
      (capabilities >> 8) & 255,
      45,
      2,
      0,
      (capabilities >> 16) & 255,
      (capabilities >> 24) & 255,
      21,
    ]),
    Buffer.alloc(10),
    Buffer.from('123456789012\0'),
    Buffer.from('mysql_native_password\0'),
  ]);
  return Buffer.concat([Buffer.from([body.length & 255, body.length >> 8, 0, 0]), body]);
}
