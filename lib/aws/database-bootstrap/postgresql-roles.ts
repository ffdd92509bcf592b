import { StampError } from '../../errors';
import type { BootstrapRequest, Plan, Skip, Step } from './request';
import { postgresqlIdentifier as quoted } from './sql-text';

/** The role whose members log in by IAM; RDS makes it, plain PostgreSQL does not have it. */
export const IAM_ROLE = 'rds_iam';

/** One row: the server and who asks. */
export const SERVER_QUERY = `
SELECT r.rolname::text AS user, r.rolsuper AS superuser, current_setting('server_version_num')::int AS version,
  pg_is_in_recovery() AS recovering, EXISTS (SELECT FROM pg_roles WHERE rolname = '${IAM_ROLE}') AS iam
FROM pg_roles r WHERE r.rolname = current_user`;

export interface Server {
  readonly user: string;
  readonly superuser: boolean;
  readonly version: number;
  readonly recovering: boolean;
  /** {@link IAM_ROLE} exists. */
  readonly iam: boolean;
}

/** `$1`: names. One row per existing role. */
export const ROLES_QUERY = `
SELECT r.rolname::text AS name, r.rolcanlogin AS login, r.rolcreaterole AS "createRole", r.rolcreatedb AS "createDatabase",
  r.rolsuper OR r.rolreplication OR r.rolbypassrls AS powerful, r.rolconnlimit AS "connectionLimit",
  coalesce('default_transaction_read_only=on' = ANY (r.rolconfig), false) AS "readOnly",
  ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS groups
FROM pg_roles r WHERE r.rolname = ANY ($1::text[])`;

export interface Role {
  readonly name: string;
  readonly login: boolean;
  readonly createRole: boolean;
  readonly createDatabase: boolean;
  /** Superuser, replication or BYPASSRLS: what no master user on RDS can take away. */
  readonly powerful: boolean;
  readonly connectionLimit: number;
  readonly readOnly: boolean;
  readonly groups: readonly string[];
}

/**
 * `$1`: names. The ones whose rights the master user inherits by a grant. Since PostgreSQL 16 the creator of a role is its member too,
 * but without inheriting, which RDS does not count.
 */
export function inheritedQuery({ version }: Server): string {
  const inherits = version >= 160000 ? ' AND m.inherit_option' : '';
  return `
SELECT DISTINCT g.rolname::text AS name FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
WHERE u.rolname = current_user AND g.rolname = ANY ($1::text[])${inherits} ORDER BY 1`;
}

/**
 * Roles without passwords: who they are is proven by IAM. Existing ones lose what they should not be able to do.
 *
 * The probe must not get `default_transaction_read_only`, however tempting: it tells a writer from a reader by that very setting.
 */
export function planRoles(
  { users, probeConnectionLimit }: BootstrapRequest,
  {
    server,
    roles,
    inherited,
  }: { readonly server: Server; readonly roles: readonly Role[]; readonly inherited: readonly string[] },
): Plan {
  const steps: Step[] = [];
  const skipped: Skip[] = [];
  const byName = new Map(roles.map((role) => [role.name, role]));
  const wanted = [
    { name: users.app },
    { name: users.probe, connectionLimit: probeConnectionLimit },
    { name: users.validator, readOnly: true },
  ];
  if (server.iam) refuseLockout(server, inherited);
  for (const { name, connectionLimit = -1, readOnly = false } of wanted) {
    const role = byName.get(name);
    const limit = `CONNECTION LIMIT ${connectionLimit}`;
    if (role === undefined) {
      steps.push({
        what: `create role ${name}`,
        sql: `CREATE ROLE ${quoted(name)} LOGIN${connectionLimit === -1 ? '' : ` ${limit}`}`,
      });
    } else {
      refusePower(role);
      const attributes = [
        ...(role.login ? [] : ['LOGIN']),
        ...(role.createRole ? ['NOCREATEROLE'] : []),
        ...(role.createDatabase ? ['NOCREATEDB'] : []),
        ...(role.connectionLimit === connectionLimit ? [] : [limit]),
      ];
      if (attributes.length > 0) {
        const text = attributes.join(' ');
        steps.push({ what: `alter role ${name}: ${text.toLowerCase()}`, sql: `ALTER ROLE ${quoted(name)} ${text}` });
      }
    }
    if (readOnly && role?.readOnly !== true) {
      steps.push({
        what: `alter role ${name}: read-only transactions`,
        sql: `ALTER ROLE ${quoted(name)} SET default_transaction_read_only = on`,
      });
    }
    const groups = role?.groups ?? [];
    for (const group of groups.filter((each) => each !== IAM_ROLE)) {
      skipped.push({ what: `limit ${name} to its own rights`, why: `somebody else made it a member of ${group}` });
    }
    if (!server.iam) {
      skipped.push({
        what: `let ${name} log in by IAM`,
        why: `this server has no role ${IAM_ROLE}, so it is not Aurora or RDS`,
      });
    } else if (!groups.includes(IAM_ROLE)) {
      steps.push({ what: `let ${name} log in by IAM`, sql: `GRANT ${IAM_ROLE} TO ${quoted(name)}` });
    }
  }
  return { steps, skipped };
}

/** A master user that inherits from a member of rds_iam is asked for a token and loses its password: nobody could run this again. */
function refuseLockout({ user }: Server, [name]: readonly string[]): void {
  if (name === undefined) return;
  throw new StampError(
    'BOOTSTRAP_LOCKOUT',
    `the master user ${user} is a member of ${name}, so login by IAM for ${name} would take away the master user's password`,
    `REVOKE ${quoted(name)} FROM ${quoted(user)}, then deploy again.`,
  );
}

function refusePower({ name, powerful }: Role): void {
  if (!powerful) return;
  throw new StampError(
    'BOOTSTRAP_ROLE',
    `a role ${name} exists that is superuser, may replicate or bypasses row security`,
    'It was made for something else: rename or drop it.',
  );
}
