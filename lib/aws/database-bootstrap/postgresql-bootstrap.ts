import { StampError } from '../../errors';
import { LOCK_TIMEOUT_SECONDS, type MasterSession } from './master-session';
import { planGrants } from './postgresql-grants';
import { inheritedQuery, planRoles, ROLES_QUERY, SERVER_QUERY, type Role, type Server } from './postgresql-roles';
import * as state from './postgresql-state';
import { type BootstrapReport, type BootstrapRequest, type Plan, checkRequest, reportOf } from './request';
import { postgresqlIdentifier as quoted } from './sql-text';

/** PostgreSQL cuts longer identifiers. */
const MAX_NAME_BYTES = 63;
/** Key of the advisory lock: "stam" and "pkit" as numbers. Locks are per database, like the grants. */
const LOCK = 'pg_advisory_xact_lock(1937006957, 1886087540)';

/**
 * Creates what is missing, in one transaction: a run that is killed leaves nothing half-done, and two runs at once wait for each other.
 * The state is read first, so a run that finds everything in place executes nothing.
 *
 * @throws StampError `BOOTSTRAP_NAME`, `BOOTSTRAP_ROLE`, `BOOTSTRAP_LOCKOUT`, `BOOTSTRAP_PRIVILEGE`, and whatever the server says
 */
export async function bootstrapPostgresql(session: MasterSession, request: BootstrapRequest): Promise<BootstrapReport> {
  await session.query('BEGIN');
  try {
    // Objects that a user put into a schema of the search path could be found in place of the catalog's, and run with master rights.
    await session.query(
      `SELECT set_config('search_path', 'pg_catalog, pg_temp', true), set_config('lock_timeout', '${LOCK_TIMEOUT_SECONDS}s', true)`,
    );
    const server = await one<Server>(session, SERVER_QUERY);
    checkRequest(request, server.user, MAX_NAME_BYTES);
    await session.query(`SELECT ${LOCK}`);
    const report = reportOf([await ensureRoles(session, request, server), await ensureGrants(session, request, server)]);
    await session.query('COMMIT');
    return report;
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function ensureRoles(session: MasterSession, request: BootstrapRequest, server: Server): Promise<Plan> {
  const { app, probe, validator } = request.users;
  const names = [[app, probe, validator]];
  const inherited = await many<{ name: string }>(session, inheritedQuery(server), names);
  const plan = planRoles(request, {
    server,
    roles: await many<Role>(session, ROLES_QUERY, names),
    inherited: inherited.map(({ name }) => name),
  });
  // With this setting on, a creator inherits from what it creates: see BOOTSTRAP_LOCKOUT.
  if (server.version >= 160000) await session.query(`SELECT set_config('createrole_self_grant', '', true)`);
  await execute(session, plan);
  return plan;
}

async function ensureGrants(session: MasterSession, request: BootstrapRequest, server: Server): Promise<Plan> {
  return asMemberOf(session, request.users.app, server, async () => {
    const plan = planGrants(request, server.user, await readRights(session, request, server));
    await execute(session, plan);
    await requireEssentials(session, request);
    return plan;
  });
}

/**
 * Grants on what the application user owns are its own to give. The master user becomes its member for the length of this transaction
 * and no longer: a lasting member of an IAM user would be asked for a token itself, and its password would no longer work.
 */
async function asMemberOf<T>(
  session: MasterSession,
  role: string,
  { user, version }: Server,
  work: () => Promise<T>,
): Promise<T> {
  const { member } = await one<{ member: boolean }>(session, `SELECT pg_has_role($1::name, 'USAGE') AS member`, [role]);
  if (member) return work();
  const options = version >= 160000 ? ' WITH INHERIT TRUE, SET FALSE' : '';
  await session.query(`GRANT ${quoted(role)} TO ${quoted(user)}${options}`);
  const result = await work();
  await session.query(`REVOKE ${quoted(role)} FROM ${quoted(user)}`);
  return result;
}

async function readRights(session: MasterSession, { users }: BootstrapRequest, { user }: Server): Promise<state.Rights> {
  const { app, probe, validator } = users;
  const three = [app, probe, validator];
  const others = await many<{ name: string }>(session, state.OTHERS_QUERY, [three]);
  return {
    database: await one<state.DatabaseRights>(session, state.DATABASE_QUERY, three),
    schemas: await many<state.SchemaRights>(session, state.SCHEMAS_QUERY, [app, validator]),
    relations: await many<state.Relation>(session, state.RELATIONS_QUERY, [app, validator]),
    defaults: await many<state.DefaultRight>(session, state.DEFAULTS_QUERY, [[user, app], three]),
    functions: await many<state.StatusFunction>(session, state.FUNCTIONS_QUERY, [probe]),
    others: others.map(({ name }) => name),
  };
}

/** Rights that were left out because the master user may not give them are a failure, unless the users have them some other way. */
async function requireEssentials(session: MasterSession, { database, users }: BootstrapRequest): Promise<void> {
  const missing = await many<{ what: string }>(session, state.ESSENTIALS_QUERY, [users.app, users.probe, users.validator]);
  if (missing.length === 0) return;
  throw new StampError(
    'BOOTSTRAP_PRIVILEGE',
    `the master user may not give what is needed in database ${database}: ${missing.map(({ what }) => what).join(', ')}`,
    'Make the master user the owner of the database and of its schema public, then deploy again.',
  );
}

async function execute(session: MasterSession, { steps }: Plan): Promise<void> {
  for (const { sql } of steps) await session.query(sql);
}

async function many<Row>(session: MasterSession, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return (await session.query(sql, parameters)) as Row[];
}

async function one<Row>(session: MasterSession, sql: string, parameters: readonly unknown[] = []): Promise<Row> {
  const [row] = await many<Row>(session, sql, parameters);
  if (row === undefined) throw new Error(`the server's catalog has no answer to: ${sql.trim().slice(0, 80)}`);
  return row;
}
