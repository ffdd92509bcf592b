import { StampError } from '../../errors';
import type { BootstrapRequest, Plan, Step } from './request';
import { mysqlDatabasePattern, mysqlIdentifier, mysqlString } from './sql-text';

/** Login by IAM (RDS user guide, "Creating a database account using IAM authentication"). */
const IAM_PLUGIN = 'AWSAuthenticationPlugin';

/** One row: who asks, whether writes are refused, and whether `_` and `%` are wildcards in GRANT. */
export const SERVER_QUERY = `SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AS user, NOT @@partial_revokes AS wildcards`;

export interface Server {
  readonly user: string;
  /** 0 or 1. */
  readonly wildcards: unknown;
}

/** Three parameters: the names. One row per existing account that may come from anywhere. */
export const ACCOUNTS_QUERY = `SELECT User AS user, plugin, ssl_type, account_locked, max_user_connections FROM mysql.user WHERE Host = '%' AND User IN (?, ?, ?)`;

export interface Account {
  readonly user: string;
  readonly plugin: string;
  /** `ANY` after REQUIRE SSL. */
  readonly ssl_type: string;
  /** `Y` or `N`. */
  readonly account_locked: string;
  readonly max_user_connections: number;
}

/** Four parameters: the database as GRANT stores it, and the three names as information_schema spells them. */
export const RIGHTS_QUERY = `SELECT GRANTEE AS grantee, PRIVILEGE_TYPE AS privilege FROM information_schema.SCHEMA_PRIVILEGES WHERE TABLE_SCHEMA = ? AND GRANTEE IN (?, ?, ?)`;

export interface Right {
  readonly grantee: string;
  readonly privilege: string;
}

/** What an application needs to bring its own tables into being and to use them. Rights on a database cover all its future objects. */
const APP = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'ALTER',
  'DROP',
  'INDEX',
  'REFERENCES',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'TRIGGER',
] as const;
/**
 * A login that names a database needs some right in it, or is refused with error 1044. SHOW VIEW alone shows nothing: definitions and
 * rows of a view ask for SELECT too.
 */
const PROBE = ['SHOW VIEW'] as const;
const VALIDATOR = ['SELECT', 'SHOW VIEW'] as const;

export interface MysqlState {
  readonly wildcards: boolean;
  readonly accounts: readonly Account[];
  readonly rights: readonly Right[];
}

/** Accounts that log in by IAM over TLS from anywhere: security groups decide who can reach them. */
export function planMysql({ database, users, probeConnectionLimit }: BootstrapRequest, state: MysqlState): Plan {
  const target = mysqlIdentifier(mysqlDatabasePattern(database, state.wildcards));
  const wanted = [
    { name: users.app, rights: APP, connections: 0 },
    { name: users.probe, rights: PROBE, connections: probeConnectionLimit },
    { name: users.validator, rights: VALIDATOR, connections: 0 },
  ];
  const steps = wanted.flatMap(({ name, rights, connections }): Step[] => {
    const account = accountName(name);
    const held = new Set(state.rights.filter(({ grantee }) => grantee === granteeOf(name)).map(({ privilege }) => privilege));
    const missing = rights.filter((right) => !held.has(right));
    return [
      ...planAccount(
        name,
        connections,
        state.accounts.find(({ user }) => user === name),
      ),
      ...(missing.length === 0
        ? []
        : [
            {
              what: `grant ${missing.join(', ')} on database ${database} to ${name}`,
              sql: `GRANT ${missing.join(', ')} ON ${target}.* TO ${account}`,
            },
          ]),
    ];
  });
  return { steps, skipped: [] };
}

function planAccount(name: string, connections: number, account: Account | undefined): Step[] {
  const login = `IDENTIFIED WITH ${IAM_PLUGIN} AS 'RDS'`;
  const limit = `WITH MAX_USER_CONNECTIONS ${connections}`;
  if (account === undefined) {
    const options = connections === 0 ? '' : ` ${limit}`;
    return [{ what: `create user ${name}`, sql: `CREATE USER ${accountName(name)} ${login} REQUIRE SSL${options}` }];
  }
  const options = [
    ...(account.plugin === IAM_PLUGIN ? [] : [login]),
    ...(account.ssl_type === '' ? ['REQUIRE SSL'] : []),
    ...(account.max_user_connections === connections ? [] : [limit]),
    ...(account.account_locked === 'Y' ? ['ACCOUNT UNLOCK'] : []),
  ];
  if (options.length === 0) return [];
  return [{ what: `alter user ${name}: ${options.join(' ')}`, sql: `ALTER USER ${accountName(name)} ${options.join(' ')}` }];
}

/** In information_schema: `'name'@'%'`, without escapes. */
export function granteeOf(name: string): string {
  return `'${name}'@'%'`;
}

function accountName(name: string): string {
  return `${mysqlString(name)}@'%'`;
}

/** Throws StampError BOOTSTRAP_INCOMPLETE: statements that were accepted left something out. */
export function requireNothingLeft({ steps }: Plan): void {
  if (steps.length === 0) return;
  throw new StampError(
    'BOOTSTRAP_INCOMPLETE',
    `after the bootstrap still missing: ${steps.map(({ what }) => what).join('; ')}`,
    'Compare what the master user may grant.',
  );
}
