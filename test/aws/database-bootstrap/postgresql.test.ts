import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootstrapPostgresql } from '../../../lib/aws/database-bootstrap/postgresql-bootstrap';
import type { BootstrapReport, BootstrapRequest } from '../../../lib/aws/database-bootstrap/request';
import { inspect, POSTGRESQL } from '../../../lib/aws/health-probes/sql-dialect';
import { type Postgres, startPostgres } from '../../support/postgres';
import { selfSigned } from '../health-probes/self-signed';
import { asMaster, freshDatabase, HOST, loginAs, makeRdsLike, MASTER } from './rds-like';

const tls = selfSigned(HOST);
let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres({ tls });
  await makeRdsLike(postgres);
});

afterAll(async () => {
  await postgres.stop();
});

const bootstrap = (request: BootstrapRequest): Promise<BootstrapReport> =>
  asMaster(postgres, tls.cert, request.database, (session) => bootstrapPostgresql(session, request));

/** Runs statements as the master user. */
const master = (database: string, ...statements: string[]): Promise<void> =>
  asMaster(postgres, tls.cert, database, async (session) => {
    for (const statement of statements) await session.query(statement);
  });

/** What a user's own login may do: `ok`, or the server's error code. */
async function tries(request: BootstrapRequest, user: string, statements: readonly string[]): Promise<Record<string, string>> {
  const client = await loginAs(postgres, request.database, user);
  const results: Record<string, string> = {};
  try {
    for (const statement of statements) results[statement] = await outcome(client, statement);
  } finally {
    await client.end();
  }
  return results;
}

async function outcome(client: Client, statement: string): Promise<string> {
  try {
    await client.query(statement);
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const all = (statements: readonly string[], result: string): Record<string, string> =>
  Object.fromEntries(statements.map((statement) => [statement, result]));

const DENIED = '42501';
const READ_ONLY = '25006';

describe('runs', () => {
  test('the first creates users and rights, the second changes nothing and says so', async () => {
    const request = await freshDatabase(postgres);
    await master(request.database, 'CREATE TABLE before (id serial PRIMARY KEY)');
    const first = await bootstrap(request);
    expect(first.outcome).toBe('changed');
    expect(first.skipped).toEqual([]);
    expect(first.changed).toEqual(
      expect.arrayContaining([
        `create role ${request.users.app}`,
        `let ${request.users.probe} log in by IAM`,
        `grant SELECT, INSERT, UPDATE, DELETE on 1 tables of schema public to ${request.users.app}`,
        `grant SELECT on future tables of ${request.users.app} to ${request.users.validator}`,
      ]),
    );
    await expect(bootstrap(request)).resolves.toEqual({ outcome: 'unchanged', changed: [], skipped: [] });
  });

  test('what is half-done is completed, and nothing else is done', async () => {
    const request = await freshDatabase(postgres);
    const { app, probe, validator } = request.users;
    await bootstrap(request);
    await master(request.database, `REVOKE rds_iam FROM ${app}`);
    await postgres.run(
      request.database,
      `ALTER ROLE ${app} CREATEDB`,
      `ALTER ROLE ${probe} NOLOGIN CONNECTION LIMIT -1`,
      `ALTER ROLE ${validator} RESET default_transaction_read_only`,
      `REVOKE CREATE ON SCHEMA public FROM ${app}`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${app} REVOKE SELECT ON TABLES FROM ${validator}`,
      'GRANT CREATE ON SCHEMA public TO PUBLIC',
    );
    expect(await bootstrap(request)).toEqual({
      outcome: 'changed',
      changed: [
        `alter role ${app}: nocreatedb`,
        `let ${app} log in by IAM`,
        `alter role ${probe}: login connection limit 3`,
        `alter role ${validator}: read-only transactions`,
        `grant CREATE on schema public to ${app}`,
        'revoke CREATE on schema public from PUBLIC',
        `grant SELECT on future tables of ${app} to ${validator}`,
      ],
      skipped: [],
    });
    await expect(bootstrap(request)).resolves.toMatchObject({ outcome: 'unchanged' });
  });

  test('users that somebody made by hand are taken over', async () => {
    const request = await freshDatabase(postgres);
    const { app, probe } = request.users;
    await master(
      request.database,
      `CREATE USER ${app}`,
      `GRANT rds_iam TO ${app}`,
      `GRANT ALL ON DATABASE ${request.database} TO ${app}`,
      `CREATE USER ${probe}`,
    );
    const { changed } = await bootstrap(request);
    expect(changed).not.toContain(`create role ${app}`);
    expect(changed).toContain(`create role ${request.users.validator}`);
    expect(changed).toContain(`alter role ${probe}: connection limit 3`);
    await expect(bootstrap(request)).resolves.toMatchObject({ outcome: 'unchanged' });
  });

  test('two at once do not collide: one does the work, the other finds it done', async () => {
    const request = await freshDatabase(postgres);
    const reports = await Promise.all([bootstrap(request), bootstrap(request), bootstrap(request)]);
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'unchanged', 'unchanged']);
  });

  test('one that fails leaves nothing behind', async () => {
    const request = await freshDatabase(postgres);
    const failing = asMaster(postgres, tls.cert, request.database, (session) =>
      bootstrapPostgresql(
        {
          ...session,
          query: (sql, parameters) =>
            sql.startsWith('ALTER DEFAULT') ? Promise.reject(new Error('cut off')) : session.query(sql, parameters),
        },
        request,
      ),
    );
    await expect(failing).rejects.toThrow('cut off');
    const client = await postgres.connect();
    const { rows } = await client.query('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)', [Object.values(request.users)]);
    await client.end();
    expect(rows).toEqual([]);
  });
});

describe('login by IAM', () => {
  const isMember = async (member: string): Promise<boolean> => {
    const client = await postgres.connect();
    const { rows } = await client.query<{ is: boolean }>(`SELECT pg_has_role($1, 'rds_iam', 'USAGE') AS is`, [member]);
    await client.end();
    return rows[0]!.is;
  };

  test('is for the three users, and no password works', async () => {
    const request = await freshDatabase(postgres);
    await bootstrap(request);
    for (const user of Object.values(request.users)) {
      expect([user, await isMember(user)]).toEqual([user, true]);
      await expect(postgres.connect({ user, password: '', database: request.database })).rejects.toThrow();
    }
  });

  test('never comes upon the master user, who would lose the password', async () => {
    const request = await freshDatabase(postgres);
    await bootstrap(request);
    const client = await postgres.connect();
    const inherited = await client.query(
      `SELECT rolname FROM pg_roles WHERE rolname = ANY ($2) AND pg_has_role($1, oid, 'USAGE')`,
      [MASTER.user, Object.values(request.users)],
    );
    await client.end();
    expect(inherited.rows).toEqual([]);
    expect(await isMember(MASTER.user)).toBe(false);
  });

  test('nor by a server that lets creators inherit', async () => {
    const request = await freshDatabase(postgres);
    await postgres.run('postgres', `ALTER ROLE ${MASTER.user} SET createrole_self_grant = 'set, inherit'`);
    await bootstrap(request);
    await postgres.run('postgres', `ALTER ROLE ${MASTER.user} RESET createrole_self_grant`);
    await expect(bootstrap(request)).resolves.toMatchObject({ outcome: 'unchanged' });
  });

  test('fails when the master user is a lasting member of one of them', async () => {
    const request = await freshDatabase(postgres);
    await master(request.database, `CREATE ROLE ${request.users.app}`, `GRANT ${request.users.app} TO ${MASTER.user}`);
    await expect(bootstrap(request)).rejects.toMatchObject({ code: 'BOOTSTRAP_LOCKOUT' });
  });
});

describe('what the users may do', () => {
  let request: BootstrapRequest;

  beforeAll(async () => {
    request = await freshDatabase(postgres);
    await master(
      request.database,
      'CREATE TABLE old_orders (id serial PRIMARY KEY, note text)',
      'CREATE SCHEMA billing',
      'CREATE TABLE billing.invoices (id int)',
      'CREATE VIEW billing.open AS SELECT * FROM billing.invoices',
    );
    await bootstrap(request);
    await master(
      request.database,
      'CREATE TABLE later (id serial PRIMARY KEY)',
      'CREATE SCHEMA reports',
      'CREATE TABLE reports.daily (id int)',
    );
    const app = await loginAs(postgres, request.database, request.users.app);
    await app.query('CREATE TABLE orders (id serial PRIMARY KEY, note text)');
    await app.query(`INSERT INTO orders (note) VALUES ('first')`);
    await app.end();
  });

  test('the application reads and writes what was there, what comes, and what it makes itself', async () => {
    const may = [
      `INSERT INTO old_orders (note) VALUES ('a')`,
      `UPDATE old_orders SET note = 'b'`,
      'SELECT * FROM old_orders',
      'DELETE FROM old_orders',
      `SELECT setval('old_orders_id_seq', 10)`,
      'INSERT INTO billing.invoices VALUES (1)',
      'SELECT * FROM billing.open',
      'INSERT INTO later DEFAULT VALUES',
      'INSERT INTO reports.daily VALUES (1)',
      'ALTER TABLE orders ADD COLUMN more text',
      'CREATE TABLE own (id int)',
      'DROP TABLE own',
      'CREATE TEMPORARY TABLE scratch (id int)',
    ];
    expect(await tries(request, request.users.app, may)).toEqual(all(may, 'ok'));
  });

  test('the application does not rule the database', async () => {
    const mayNot = [
      'DROP TABLE IF EXISTS old_orders',
      'ALTER TABLE billing.invoices ADD COLUMN more text',
      'CREATE TABLE billing.other (id int)',
      'CREATE SCHEMA private',
      'CREATE ROLE friend',
      'CREATE DATABASE another',
      `SET ROLE ${request.users.validator}`,
      `SET ROLE ${MASTER.user}`,
      `GRANT rds_iam TO ${request.users.app}`,
      `SELECT pg_read_file('postgresql.conf')`,
    ];
    expect(await tries(request, request.users.app, mayNot)).toEqual(all(mayNot, DENIED));
  });

  test('the validator reads everything, what comes included', async () => {
    const may = [
      'SELECT * FROM orders',
      'SELECT last_value FROM orders_id_seq',
      'SELECT * FROM old_orders',
      'SELECT * FROM billing.open',
      'SELECT * FROM later',
      'SELECT * FROM reports.daily',
    ];
    expect(await tries(request, request.users.validator, may)).toEqual(all(may, 'ok'));
  });

  test('the validator writes nothing, not even when it says so', async () => {
    const writes = [`INSERT INTO orders (note) VALUES ('x')`, 'DELETE FROM old_orders', 'CREATE TABLE t (id int)'];
    expect(await tries(request, request.users.validator, writes)).toEqual(all(writes, READ_ONLY));
    const insist = 'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE';
    const more = [...writes, 'CREATE TEMPORARY TABLE scratch (id int)'];
    expect(await tries(request, request.users.validator, [insist, ...more])).toEqual({ [insist]: 'ok', ...all(more, DENIED) });
  });

  test('the probe asks the server about itself, and is told that the writer takes writes', async () => {
    const client = await loginAs(postgres, request.database, request.users.probe);
    const session = {
      query: async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows,
      destroy: () => undefined,
    };
    const answer = await inspect(session, { dialect: POSTGRESQL, aurora: true, region: 'us-east-1' });
    await client.end();
    expect(answer).toEqual({ readOnly: false, detail: 'accepts writes' });
  });

  test('the probe does nothing else', async () => {
    const mayNot = [
      'SELECT * FROM public.orders',
      'SELECT * FROM billing.invoices',
      'SELECT last_value FROM public.orders_id_seq',
      'INSERT INTO public.orders DEFAULT VALUES',
      'CREATE TABLE public.t (id int)',
      'CREATE TEMPORARY TABLE scratch (id int)',
      'CREATE SCHEMA private',
      `SET ROLE ${request.users.app}`,
    ];
    expect(await tries(request, request.users.probe, mayNot)).toEqual(all(mayNot, DENIED));
  });

  test('the probe holds no more connections than its limit', async () => {
    const { probe } = request.users;
    const held = [await loginAs(postgres, request.database, probe)];
    try {
      held.push(await loginAs(postgres, request.database, probe), await loginAs(postgres, request.database, probe));
      await expect(loginAs(postgres, request.database, probe)).rejects.toMatchObject({ code: '53300' });
    } finally {
      await Promise.all(held.map((client) => client.end()));
    }
  });
});

describe('Aurora’s status functions', () => {
  test('are granted to the probe when everybody may not ask them', async () => {
    const request = await freshDatabase(postgres);
    const name = 'pg_catalog.aurora_global_db_status()';
    await postgres.run(
      request.database,
      'SET allow_system_table_mods = on',
      `CREATE FUNCTION ${name} RETURNS int LANGUAGE sql RETURN 1`,
      `REVOKE ALL ON FUNCTION ${name} FROM PUBLIC`,
    );
    expect((await bootstrap(request)).skipped).toEqual([
      { what: `grant EXECUTE on aurora_global_db_status() to ${request.users.probe}`, why: 'it belongs to the server' },
    ]);
    await postgres.run(request.database, 'SET allow_system_table_mods = on', `ALTER FUNCTION ${name} OWNER TO ${MASTER.user}`);
    expect((await bootstrap(request)).changed).toEqual([`grant EXECUTE on aurora_global_db_status() to ${request.users.probe}`]);
    expect(await tries(request, request.users.probe, ['SELECT aurora_global_db_status()'])).toEqual({
      'SELECT aurora_global_db_status()': 'ok',
    });
  });
});

describe('what others made', () => {
  test('is left alone, and said', async () => {
    const request = await freshDatabase(postgres);
    const { app } = request.users;
    await postgres.run(
      request.database,
      'CREATE ROLE somebody LOGIN',
      'CREATE SCHEMA theirs AUTHORIZATION somebody',
      'CREATE TABLE theirs.secrets (id int)',
      'ALTER TABLE theirs.secrets OWNER TO somebody',
    );
    const { skipped } = await bootstrap(request);
    await postgres.run(request.database, 'DROP OWNED BY somebody', 'DROP ROLE somebody');
    expect(skipped).toEqual([
      { what: `revoke TEMPORARY on database ${request.database} from PUBLIC`, why: 'other logins may need it: somebody' },
      { what: 'revoke USAGE on schema public from PUBLIC', why: 'other logins may need it: somebody' },
      { what: `grant USAGE on schema theirs to ${app}`, why: 'schema theirs does not belong to the master user' },
      {
        what: `grant USAGE on schema theirs to ${request.users.validator}`,
        why: 'schema theirs does not belong to the master user',
      },
      {
        what: 'grant rights on theirs.secrets',
        why: 'it belongs to a role that is neither the master user nor the application user',
      },
    ]);
  });

  test('fails when the database itself is not the master user’s to give', async () => {
    const request = await freshDatabase(postgres);
    await postgres.run(request.database, `ALTER DATABASE ${request.database} OWNER TO postgres`);
    await expect(bootstrap(request)).rejects.toMatchObject({
      code: 'BOOTSTRAP_PRIVILEGE',
      message: expect.stringContaining(`CREATE on schema public for ${request.users.app}`),
    });
  });

  test('fails when a user’s name belongs to somebody powerful', async () => {
    const request = await freshDatabase(postgres);
    await postgres.run(request.database, `CREATE ROLE ${request.users.probe} LOGIN REPLICATION`);
    await expect(bootstrap(request)).rejects.toMatchObject({ code: 'BOOTSTRAP_ROLE' });
  });

  test('a membership that makes a user more than it should be is said', async () => {
    const request = await freshDatabase(postgres);
    await bootstrap(request);
    await postgres.run(request.database, `GRANT pg_monitor TO ${request.users.probe}`);
    await expect(bootstrap(request)).resolves.toEqual({
      outcome: 'unchanged',
      changed: [],
      skipped: [{ what: `limit ${request.users.probe} to its own rights`, why: 'somebody else made it a member of pg_monitor' }],
    });
  });

  test('a function that a user put in the way is not run by the master user', async () => {
    const request = await freshDatabase(postgres);
    await bootstrap(request);
    const app = await loginAs(postgres, request.database, request.users.app);
    await app.query(`CREATE FUNCTION public.aclexplode(aclitem[]) RETURNS int LANGUAGE sql AS 'SELECT 1/0'`);
    await app.query(`CREATE FUNCTION public.coalesce(int) RETURNS int LANGUAGE sql AS 'SELECT 1/0'`);
    await app.end();
    await expect(bootstrap(request)).resolves.toMatchObject({ outcome: 'unchanged' });
  });
});

describe('hostile names', () => {
  test.each([
    ['quotes and statements', `x"; DROP DATABASE postgres; --`],
    ['apostrophes and backslashes', `it's \\ here`],
    ['capitals, spaces and other scripts', 'Stamp App Ünïcødé'],
    ['dollars', '$1 $$ %s'],
  ])('are names and nothing else: %s', async (_name, text) => {
    const request = await freshDatabase(postgres);
    const database = `${text} db`;
    const creator = await postgres.connect({ ...MASTER });
    await creator.query(`CREATE DATABASE "${database.replaceAll('"', '""')}"`);
    await creator.end();
    const hostile = { ...request, database, users: { app: `${text} a`, probe: `${text} p`, validator: `${text} v` } };
    await master(database, `CREATE TABLE "${text.replaceAll('"', '""')}" (id int)`);
    await expect(bootstrap(hostile)).resolves.toMatchObject({ outcome: 'changed', skipped: [] });
    await expect(bootstrap(hostile)).resolves.toEqual({ outcome: 'unchanged', changed: [], skipped: [] });
    expect(await tries(hostile, hostile.users.app, ['CREATE TABLE t (id int)'])).toEqual({ 'CREATE TABLE t (id int)': 'ok' });
  });
});

test('plain PostgreSQL has no login by IAM: the users are made, and the missing part is said', async () => {
  const request = await freshDatabase(postgres);
  await postgres.run('postgres', 'ALTER ROLE rds_iam RENAME TO not_on_this_server');
  try {
    const skipped = Object.values(request.users).map((user) => ({
      what: `let ${user} log in by IAM`,
      why: 'this server has no role rds_iam, so it is not Aurora or RDS',
    }));
    await expect(bootstrap(request)).resolves.toMatchObject({ outcome: 'changed', skipped });
    await expect(bootstrap(request)).resolves.toEqual({ outcome: 'unchanged', changed: [], skipped });
  } finally {
    await postgres.run('postgres', 'ALTER ROLE not_on_this_server RENAME TO rds_iam');
  }
});
