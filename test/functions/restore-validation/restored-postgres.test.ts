import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootstrapPostgresql } from '../../../lib/aws/database-bootstrap/postgresql-bootstrap';
import type { BootstrapRequest } from '../../../lib/aws/database-bootstrap/request';
import type { Checks } from '../../../lib/functions/restore-validation/settings';
import { handle } from '../../../lib/functions/restore-validation/wiring';
import { asMaster, freshDatabase, HOST, loginAs, makeRdsLike, USER_PASSWORD } from '../../aws/database-bootstrap/rds-like';
import { selfSigned } from '../../aws/health-probes/self-signed';
import { once } from '../../support/once';
import { freePort, type Postgres, startPostgres } from '../../support/postgres';

/** The whole function, from event to verdict, against a real server: TLS, the validator's own login and rights, and the data. */
const tls = selfSigned(HOST);
const LOST_AT = '2026-11-24T10:00:00.000Z';
let postgres: Postgres;
const printed: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres({ tls });
  await makeRdsLike(postgres);
});

afterAll(async () => {
  await postgres.stop();
});

/** A database that the bootstrap prepared, with tables of the application. */
async function restored(...statements: string[]): Promise<BootstrapRequest> {
  const request = await freshDatabase(postgres);
  await asMaster(postgres, tls.cert, request.database, (session) => bootstrapPostgresql(session, request));
  const app = await loginAs(postgres, request.database, request.users.app);
  for (const statement of statements) await app.query(statement);
  await app.end();
  await (await loginAs(postgres, request.database, request.users.validator)).end();
  return request;
}

interface Change {
  readonly checks?: Partial<Checks>;
  readonly event?: Record<string, unknown>;
  readonly environment?: Record<string, string>;
  readonly timeout?: (milliseconds: number) => AbortSignal;
}

function check(request: BootstrapRequest, { checks, event, environment, timeout }: Change = {}) {
  return handle(
    { step: 'check', resource: 'awsbackup-restore-test-f00.cluster-c1', lostAt: LOST_AT, attempt: 0, lastAttempt: 1, ...event },
    {
      environment: {
        AWS_REGION: 'us-east-1',
        STAMP_DATABASE_ENGINE: 'aurora-postgresql',
        STAMP_DATABASE_NAME: request.database,
        STAMP_DATABASE_PORT: String(postgres.port),
        STAMP_VALIDATOR_USER: request.users.validator,
        STAMP_RESTORE_CHECKS: JSON.stringify({ minimumRows: 1, timeLimit: 60, ...checks }),
        ...environment,
      },
      print: (line) => printed.push(line),
      login: { password: USER_PASSWORD, ca: tls.cert },
      // The name of the restored cluster leads here.
      locate: () => HOST,
      ...(timeout !== undefined && { timeout }),
    },
  );
}

const ORDERS = [
  'CREATE TABLE orders (id int PRIMARY KEY, at timestamptz, total int)',
  `INSERT INTO orders VALUES (1, '2026-11-20 10:00+00', 5), (2, '2026-11-24 05:00+01', 7)`,
];

/** One database for all tests that only read it. */
const orders = once(() => restored(...ORDERS));

describe('nothing configured', () => {
  test('rows of every user table are counted', async () => {
    const request = await restored(...ORDERS, 'CREATE TABLE empty (id int)');
    await expect(check(request)).resolves.toEqual({ status: 'SUCCESSFUL', message: '2 rows in 2 tables' });
  });

  test.each([
    ['without tables', [], '0 rows in 0 tables, at least 1 expected'],
    ['with empty tables', ['CREATE TABLE empty (id int)'], '0 rows in 1 table, at least 1 expected'],
  ])('fails %s', async (_name, statements, message) => {
    await expect(check(await restored(...statements))).resolves.toEqual({ status: 'FAILED', message });
  });

  test('an empty database can be allowed', async () => {
    await expect(check(await restored(), { checks: { minimumRows: 0 } })).resolves.toMatchObject({ status: 'SUCCESSFUL' });
  });

  test('partitions count once, and views, sequences and temporary tables do not', async () => {
    const request = await restored(
      'CREATE TABLE log (at date, n serial) PARTITION BY RANGE (at)',
      `CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`,
      `INSERT INTO log (at) VALUES ('2026-02-01'), ('2026-03-01')`,
      'CREATE VIEW recent AS SELECT * FROM log',
    );
    await expect(check(request)).resolves.toEqual({ status: 'SUCCESSFUL', message: '2 rows in 1 table' });
  });

  test('tables of others, which the validator may not read, are told and not counted', async () => {
    const request = await restored(...ORDERS);
    await postgres.run(request.database, 'CREATE SCHEMA secret', 'CREATE TABLE secret.plans AS SELECT 1 AS n');
    await expect(check(request)).resolves.toEqual({
      status: 'SUCCESSFUL',
      message: '2 rows in 1 table, 1 table not readable for the validator',
    });
  });

  test('names with capitals, spaces and quotes are read', async () => {
    const request = await restored('CREATE TABLE "Odd ""name""" ("Id" int)', 'INSERT INTO "Odd ""name""" VALUES (1)');
    await expect(check(request)).resolves.toEqual({ status: 'SUCCESSFUL', message: '1 row in 1 table' });
  });
});

describe('the newest row', () => {
  const newest = { table: 'orders', column: 'at', maxAge: 6 * 3600 };

  test('is young enough: 04:00 UTC for a test at 10:00', async () => {
    await expect(check(await orders(), { checks: { newest } })).resolves.toEqual({
      status: 'SUCCESSFUL',
      message: '2 rows in 1 table; newest orders.at is 6 h old',
    });
  });

  test('is too old for the recovery point objective', async () => {
    const verdict = await check(await orders(), { checks: { newest: { ...newest, maxAge: 6 * 3600 - 1 } } });
    expect(verdict.status).toBe('FAILED');
    expect(verdict.message).toMatch(/^newest orders\.at is 6 h old, more than .*; 2 rows/);
  });

  test.each([
    ['timestamp', `timestamp '2026-11-24 04:30:00'`],
    ['date', `date '2026-11-24'`],
    ['bigint', `1795494600`],
    ['bigint', `1795494600000`],
    ['text', `'2026-11-24T04:30:00Z'`],
  ])('of a column of type %s: %s', async (type, value) => {
    const request = await restored(`CREATE TABLE events (at ${type})`, `INSERT INTO events VALUES (${value}), (NULL)`);
    const checks = { newest: { table: 'public.events', column: 'at', maxAge: 12 * 3600 } };
    await expect(check(request, { checks })).resolves.toMatchObject({ status: 'SUCCESSFUL' });
  });

  test.each([
    ['a table that is not there', { table: 'gone', column: 'at' }, /newest gone\.at cannot be read: .*does not exist/],
    ['a column that is not there', { table: 'orders', column: 'when' }, /newest orders\.when cannot be read/],
    ['a column that is no time', { table: 'orders', column: 'total' }, /newest orders\.total is .* old, more than/],
  ])('fails for %s, and says the rest as well', async (_name, place, says) => {
    const verdict = await check(await orders(), { checks: { newest: { ...place, maxAge: 3600 } } });
    expect(verdict.status).toBe('FAILED');
    expect(verdict.message).toMatch(says);
    expect(verdict.message).toContain('2 rows in 1 table');
  });
});

describe('the query', () => {
  test.each([
    ['SELECT count(*) = 2 FROM orders', undefined, 'SUCCESSFUL'],
    ['SELECT count(*) FROM orders WHERE total < 0', '0', 'SUCCESSFUL'],
    ['SELECT count(*) FROM orders;', '3', 'FAILED'],
    ['SELECT max(total) > 100 FROM orders', undefined, 'FAILED'],
    ['SELECT id, total FROM orders', '1', 'FAILED'],
    ['SELECT nonsense', undefined, 'FAILED'],
  ])('%s with %s expected: %s', async (sql, expected, status) => {
    const query = { sql, ...(expected !== undefined && { expect: expected }) };
    await expect(check(await orders(), { checks: { query } })).resolves.toMatchObject({ status });
  });

  test('cannot write', async () => {
    const request = await restored(
      ...ORDERS,
      'CREATE FUNCTION wipe() RETURNS bool LANGUAGE sql AS $$ DELETE FROM orders; SELECT true $$',
    );
    const verdict = await check(request, { checks: { query: { sql: 'SELECT wipe()' } } });
    expect(verdict).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(/read-only transaction|permission denied/) as string,
    });
    await expect(check(request)).resolves.toMatchObject({ message: '2 rows in 1 table' });
  });
});

describe('time', () => {
  test('a query that takes too long ends on the server, and the verdict says why', async () => {
    const request = await orders();
    const verdict = await check(request, { checks: { timeLimit: 0.3, query: { sql: 'SELECT pg_sleep(30) IS NULL' } } });
    expect(verdict.status).toBe('FAILED');
    expect(verdict.message).toMatch(/not done within 0\.3 s|statement timeout/);
    const left = async (): Promise<number> => {
      const admin = await postgres.connect();
      const { rows } = await admin.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = '${request.users.validator}'`,
      );
      await admin.end();
      return rows[0].n as number;
    };
    await expect.poll(left, { timeout: 5000 }).toBe(0);
  });
});

describe('connecting', () => {
  const connect = { step: 'connect', attempt: 3, lastAttempt: 36 };

  test('is ready when the validator is let in', async () => {
    await expect(check(await orders(), { event: connect })).resolves.toMatchObject({ status: 'READY' });
  });

  test.each([
    ['nobody listens', async () => ({ STAMP_DATABASE_PORT: String(await freePort()) })],
    ['the user is not let in yet', () => Promise.resolve({ STAMP_VALIDATOR_USER: 'stamp_validator_nobody' })],
    ['the database is not there', () => Promise.resolve({ STAMP_DATABASE_NAME: 'gone' })],
  ])('asks to be asked again while %s, and gives up with a verdict at the last time', async (_name, change) => {
    const request = await orders();
    const environment = await change();
    await expect(check(request, { event: connect, environment })).rejects.toMatchObject({ name: 'DatabaseNotReady' });
    const last = await check(request, { event: { ...connect, attempt: 36 }, environment });
    expect(last).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(/^awsbackup-restore-test-f00.* cannot be read: ./) as string,
    });
  });

  test('a certificate that nobody vouches for is never accepted', async () => {
    const request = await orders();
    const stranger = handle(
      { step: 'connect', resource: 'awsbackup-restore-test-f00', lostAt: LOST_AT, attempt: 0, lastAttempt: 1 },
      {
        environment: {
          AWS_REGION: 'us-east-1',
          STAMP_DATABASE_ENGINE: 'aurora-postgresql',
          STAMP_DATABASE_NAME: request.database,
          STAMP_DATABASE_PORT: String(postgres.port),
          STAMP_VALIDATOR_USER: request.users.validator,
          STAMP_RESTORE_CHECKS: '{"minimumRows":1,"timeLimit":60}',
        },
        print: () => undefined,
        login: { password: USER_PASSWORD, ca: selfSigned('localhost').cert },
        locate: () => HOST,
      },
    );
    await expect(stranger).rejects.toThrow(/certificate|SELF_SIGNED|UNABLE_TO_VERIFY/i);
  });
});

describe('live data', () => {
  test.each(['shop-enterprise-use1.cluster-c1', 'localhost', 'shop-awsbackup-restore-test'])(
    '%s is refused before anybody connects',
    async (resource) => {
      await expect(check(await orders(), { event: { resource } })).rejects.toMatchObject({ code: 'VALIDATION_TARGET' });
    },
  );
});

test('no password and no row is ever printed', async () => {
  await check(await orders(), { checks: { query: { sql: 'SELECT 41 + 1', expect: '42' } } });
  const text = printed.join('\n');
  expect(text).toContain('"event":"check"');
  expect(text).not.toContain(USER_PASSWORD);
});
