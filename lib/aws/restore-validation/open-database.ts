import { connectMysql } from '../health-probes/mysql';
import { connectPostgresql } from '../health-probes/postgresql';
import type { Login } from '../health-probes/login';
import type { SqlEndpoint } from '../health-probes/sql-session';
import { untilAborted } from '../health-probes/probe';
import { SqlData } from './sql-data';
import { MYSQL_DATA, POSTGRESQL_DATA } from './sql-dialects';

/** Milliseconds to a connection. */
const CONNECT_TIMEOUT = 10_000;

const ENGINES = {
  'aurora-postgresql': { connect: connectPostgresql, dialect: POSTGRESQL_DATA },
  'aurora-mysql': { connect: connectMysql, dialect: MYSQL_DATA },
} as const;

/** Logs in to a restored database, read-only. Throws what the driver throws, or the reason of the signal. */
export async function openDatabase(
  engine: keyof typeof ENGINES,
  endpoint: SqlEndpoint,
  login: Login,
  statementTimeout: number,
  signal: AbortSignal,
): Promise<{ readonly data: SqlData; close(): void }> {
  const { connect, dialect } = ENGINES[engine];
  const settings = { connectTimeout: CONNECT_TIMEOUT, statementTimeout, applicationName: 'stampkit-restore-validation' };
  const opening = connect(login, settings)(endpoint, signal);
  // A connection that opens after the deadline is closed, not leaked.
  opening.then(
    (late) => {
      if (signal.aborted) late.destroy();
    },
    () => undefined,
  );
  const session = await untilAborted(signal, opening);
  const close = (): void => {
    session.destroy();
  };
  try {
    const data = new SqlData(session, dialect);
    await untilAborted(signal, data.prepare(statementTimeout));
    return { data, close };
  } catch (error) {
    close();
    throw error;
  }
}
