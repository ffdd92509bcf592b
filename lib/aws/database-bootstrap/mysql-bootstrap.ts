import { StampError } from '../../errors';
import { LOCK_TIMEOUT_SECONDS, type MasterSession } from './master-session';
import {
  ACCOUNTS_QUERY,
  granteeOf,
  type Account,
  type MysqlState,
  planMysql,
  requireNothingLeft,
  type Right,
  RIGHTS_QUERY,
  type Server,
  SERVER_QUERY,
} from './mysql-plan';
import { type BootstrapReport, type BootstrapRequest, checkRequest, reportOf } from './request';
import { mysqlDatabasePattern } from './sql-text';

/** Characters of a user name. Counted as bytes, which is never less. */
const MAX_NAME_BYTES = 32;
const LOCK = 'stampkit-database-bootstrap';

/**
 * Creates what is missing. Account statements of MySQL commit by themselves, so a run that is killed leaves a part of it, and the next one
 * goes on from there. Two runs at once wait for each other.
 *
 * @throws StampError `BOOTSTRAP_NAME`, `BOOTSTRAP_BUSY`, `BOOTSTRAP_INCOMPLETE`, and whatever the server says
 */
export async function bootstrapMysql(session: MasterSession, request: BootstrapRequest): Promise<BootstrapReport> {
  const [row] = (await session.query(SERVER_QUERY)) as unknown as Server[];
  if (row === undefined) throw new Error('the server does not say who is logged in');
  checkRequest(request, row.user, MAX_NAME_BYTES);
  await lock(session);
  try {
    const wildcards = Number(row.wildcards) === 1;
    const plan = planMysql(request, await readState(session, request, wildcards));
    for (const { sql } of plan.steps) await session.query(sql);
    if (plan.steps.length > 0) requireNothingLeft(planMysql(request, await readState(session, request, wildcards)));
    return reportOf([plan]);
  } finally {
    await session.query('SELECT RELEASE_LOCK(?) AS released', [LOCK]).catch(() => undefined);
  }
}

async function lock(session: MasterSession): Promise<void> {
  const [row] = await session.query('SELECT GET_LOCK(?, ?) AS taken', [LOCK, LOCK_TIMEOUT_SECONDS]);
  if (Number(row?.['taken']) === 1) return;
  throw new StampError(
    'BOOTSTRAP_BUSY',
    `another run holds the database for more than ${LOCK_TIMEOUT_SECONDS} s`,
    'Wait until it ends, then deploy again.',
  );
}

async function readState(session: MasterSession, { database, users }: BootstrapRequest, wildcards: boolean): Promise<MysqlState> {
  const names = [users.app, users.probe, users.validator];
  const accounts = await session.query(ACCOUNTS_QUERY, names);
  const rights = await session.query(RIGHTS_QUERY, [mysqlDatabasePattern(database, wildcards), ...names.map(granteeOf)]);
  return { wildcards, accounts: accounts as unknown as Account[], rights: rights as unknown as Right[] };
}
