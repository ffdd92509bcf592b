import { describe, expect, test } from 'vitest';
import type { MasterSession } from '../../../lib/aws/database-bootstrap/master-session';
import { bootstrapMysql } from '../../../lib/aws/database-bootstrap/mysql-bootstrap';
import { ACCOUNTS_QUERY, RIGHTS_QUERY, SERVER_QUERY } from '../../../lib/aws/database-bootstrap/mysql-plan';
import type { BootstrapRequest } from '../../../lib/aws/database-bootstrap/request';

const REQUEST: BootstrapRequest = {
  database: 'my_app',
  users: { app: 'stamp_app_shop', probe: 'stamp_probe_shop', validator: 'stamp_validator_shop' },
  probeConnectionLimit: 100,
};

const CREATE = [
  `CREATE USER 'stamp_app_shop'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`,
  'GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES, CREATE VIEW, SHOW VIEW, CREATE TEMPORARY TABLES, ' +
    "LOCK TABLES, EXECUTE, TRIGGER ON `my\\_app`.* TO 'stamp_app_shop'@'%'",
  `CREATE USER 'stamp_probe_shop'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL WITH MAX_USER_CONNECTIONS 100`,
  "GRANT SHOW VIEW ON `my\\_app`.* TO 'stamp_probe_shop'@'%'",
  `CREATE USER 'stamp_validator_shop'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`,
  "GRANT SELECT, SHOW VIEW ON `my\\_app`.* TO 'stamp_validator_shop'@'%'",
];

interface Account {
  plugin: string;
  ssl_type: string;
  account_locked: string;
  max_user_connections: number;
}

/**
 * A server that understands exactly the statements of the bootstrap, and remembers accounts and rights in the spelling of its catalogs.
 * Rights are kept per account and database pattern as GRANT was given it, without the backquotes.
 */
class Server {
  public readonly accounts = new Map<string, Account>();
  public readonly rights = new Map<string, Set<string>>();
  public readonly executed: string[] = [];
  public lock = 1;
  public wildcards = 1;
  /** A statement that this server accepts without doing anything. */
  public ignores: RegExp | undefined;

  public readonly session: MasterSession = {
    query: (sql, parameters = []) => Promise.resolve(this.answer(sql, parameters)),
    destroy: () => undefined,
    close: () => Promise.resolve(),
  };

  private answer(sql: string, parameters: readonly unknown[]): Record<string, unknown>[] {
    if (sql === SERVER_QUERY) return [{ user: 'stampadmin', wildcards: this.wildcards }];
    if (sql.includes('GET_LOCK')) return [{ taken: this.lock }];
    if (sql.includes('RELEASE_LOCK')) return [{ released: 1 }];
    if (sql === ACCOUNTS_QUERY) {
      return [...this.accounts].filter(([user]) => parameters.includes(user)).map(([user, account]) => ({ user, ...account }));
    }
    if (sql === RIGHTS_QUERY) {
      const [database, ...grantees] = parameters as string[];
      return grantees.flatMap((grantee) =>
        [...(this.rights.get(`${grantee} ${database!}`) ?? [])].map((privilege) => ({ grantee, privilege })),
      );
    }
    this.executed.push(sql);
    if (this.ignores?.test(sql) !== true) this.execute(sql);
    return [];
  }

  private execute(sql: string): void {
    const account = /^(CREATE|ALTER) USER '(\w+)'@'%'(.*)$/.exec(sql);
    if (account !== null) {
      const [, verb, user, options] = account;
      const known = this.accounts.get(user!);
      if ((verb === 'CREATE') === (known !== undefined)) throw new Error(`${verb!} USER ${user!}`);
      this.accounts.set(user!, {
        plugin: /IDENTIFIED WITH (\w+)/.exec(options!)?.[1] ?? known!.plugin,
        ssl_type: options!.includes('REQUIRE SSL') ? 'ANY' : (known?.ssl_type ?? ''),
        account_locked: options!.includes('ACCOUNT UNLOCK') ? 'N' : (known?.account_locked ?? 'N'),
        max_user_connections: Number(/CONNECTIONS (\d+)/.exec(options!)?.[1] ?? known?.max_user_connections ?? 0),
      });
      return;
    }
    const grant = /^GRANT (.*) ON `(.*)`\.\* TO ('\w+'@'%')$/.exec(sql);
    if (grant === null) throw new Error(`not understood: ${sql}`);
    const key = `${grant[3]!} ${grant[2]!}`;
    this.rights.set(key, new Set([...(this.rights.get(key) ?? []), ...grant[1]!.split(', ')]));
  }
}

describe('users of MySQL', () => {
  test('log in by IAM over TLS, each with its rights on the one database', async () => {
    const server = new Server();
    await expect(bootstrapMysql(server.session, REQUEST)).resolves.toMatchObject({ outcome: 'changed', skipped: [] });
    expect(server.executed).toEqual(CREATE);
  });

  test('a second run changes nothing and says so', async () => {
    const server = new Server();
    await bootstrapMysql(server.session, REQUEST);
    await expect(bootstrapMysql(server.session, REQUEST)).resolves.toEqual({ outcome: 'unchanged', changed: [], skipped: [] });
    expect(server.executed).toEqual(CREATE);
  });

  test.each([1, 2, 3, 4, 5])('goes on where a run stopped after %d statements', async (count) => {
    const server = new Server();
    for (const sql of CREATE.slice(0, count)) await server.session.query(sql);
    await bootstrapMysql(server.session, REQUEST);
    expect(server.executed).toEqual(CREATE);
  });

  test('a user with a password, without TLS, locked or without a limit is put right', async () => {
    const server = new Server();
    await bootstrapMysql(server.session, REQUEST);
    server.executed.length = 0;
    const fine = { plugin: 'AWSAuthenticationPlugin', ssl_type: 'ANY', account_locked: 'N', max_user_connections: 0 };
    server.accounts.set('stamp_app_shop', { ...fine, plugin: 'mysql_native_password', ssl_type: '' });
    server.accounts.set('stamp_probe_shop', fine);
    server.accounts.set('stamp_validator_shop', { ...fine, account_locked: 'Y', ssl_type: 'X509' });
    server.rights.get("'stamp_validator_shop'@'%' my\\_app")!.delete('SELECT');
    await bootstrapMysql(server.session, REQUEST);
    expect(server.executed).toEqual([
      `ALTER USER 'stamp_app_shop'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`,
      `ALTER USER 'stamp_probe_shop'@'%' WITH MAX_USER_CONNECTIONS 100`,
      `ALTER USER 'stamp_validator_shop'@'%' ACCOUNT UNLOCK`,
      "GRANT SELECT ON `my\\_app`.* TO 'stamp_validator_shop'@'%'",
    ]);
  });

  test('where GRANT has no wildcards, nothing is escaped', async () => {
    const server = new Server();
    server.wildcards = 0;
    await bootstrapMysql(server.session, REQUEST);
    expect(server.executed[1]).toContain('ON `my_app`.* TO');
  });

  test('hostile names are names and nothing else', async () => {
    const said: string[] = [];
    const session: MasterSession = {
      ...new Server().session,
      query: (sql) => {
        said.push(sql);
        if (sql === SERVER_QUERY) return Promise.resolve([{ user: 'stampadmin', wildcards: 1 }]);
        return Promise.resolve(sql.includes('GET_LOCK') ? [{ taken: 1 }] : []);
      },
    };
    const users = { app: `a'; DROP DATABASE x; --`, probe: 'p\\', validator: 'v`%' };
    // This server grants nothing, which the bootstrap notices.
    await expect(bootstrapMysql(session, { ...REQUEST, database: 'd`; x', users })).rejects.toMatchObject({
      code: 'BOOTSTRAP_INCOMPLETE',
    });
    expect(said.filter((sql) => sql.startsWith('GRANT SHOW VIEW ON') || sql.startsWith('CREATE USER'))).toEqual([
      `CREATE USER 'a''; DROP DATABASE x; --'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`,
      `CREATE USER 'p\\\\'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL WITH MAX_USER_CONNECTIONS 100`,
      "GRANT SHOW VIEW ON `d``; x`.* TO 'p\\\\'@'%'",
      "CREATE USER 'v`%'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    ]);
  });

  test('fails when another run does not end', async () => {
    const server = new Server();
    server.lock = 0;
    await expect(bootstrapMysql(server.session, REQUEST)).rejects.toMatchObject({ code: 'BOOTSTRAP_BUSY' });
    expect(server.executed).toEqual([]);
  });

  test('fails when statements were accepted and did nothing', async () => {
    const server = new Server();
    server.ignores = /^GRANT SELECT, SHOW VIEW/;
    await expect(bootstrapMysql(server.session, REQUEST)).rejects.toMatchObject({
      code: 'BOOTSTRAP_INCOMPLETE',
      message: expect.stringContaining('grant SELECT, SHOW VIEW on database my_app to stamp_validator_shop'),
    });
  });

  test('fails for a name that MySQL would refuse', async () => {
    const users = { ...REQUEST.users, app: 'x'.repeat(33) };
    await expect(bootstrapMysql(new Server().session, { ...REQUEST, users })).rejects.toMatchObject({ code: 'BOOTSTRAP_NAME' });
  });
});
