import type { DatabaseAnswer } from '../../health/observation';
import { messageOf } from './probe';
import type { SqlSession } from './sql-session';

/** What is asked of an engine. Every query answers in one row or a few, reads no user data and takes no lock. */
export interface SqlDialect {
  /** One row: `read_only` as boolean, 0/1 or text. */
  readonly readOnlyQuery: string;
  /** Rows `aws_region`, `is_writer` (0/1), one per instance of the Aurora global cluster. */
  readonly auroraMembersQuery: string;
  /** Rows `aws_region`, `lag_ms`, one per Region of the Aurora global cluster. */
  readonly auroraLagQuery: string;
  /** One row: `lag_seconds`, and `broken` when replication stopped on an error. For engines without Aurora's storage. */
  readonly replicaQuery?: string;
}

/**
 * Sources: `aurora_global_db_instance_status` (a `session_id` of MASTER_SESSION_ID marks the writer) and `aurora_global_db_status`
 * (`durability_lag_in_msec`, -1 on the primary) in the Aurora user guide's reference of PostgreSQL functions. In a standby cluster
 * there is no other sign: the writer endpoint is inactive there, and a reader of the primary cluster is as read-only as one of a standby.
 */
export const POSTGRESQL: SqlDialect = {
  readOnlyQuery: `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only`,
  auroraMembersQuery: `SELECT aws_region, CASE WHEN session_id = 'MASTER_SESSION_ID' THEN 1 ELSE 0 END AS is_writer FROM aurora_global_db_instance_status()`,
  auroraLagQuery: `SELECT aws_region, durability_lag_in_msec AS lag_ms FROM aurora_global_db_status()`,
  // An idle writer sends nothing to replay, so age counts only while something received waits to be replayed.
  replicaQuery: `SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END AS lag_seconds`,
};

/** The same for Aurora MySQL 3.04 and later (`information_schema` tables of the user guide). Needs no privilege but to connect. */
export const MYSQL: SqlDialect = {
  readOnlyQuery: 'SELECT @@innodb_read_only OR @@read_only AS read_only',
  auroraMembersQuery: `SELECT aws_region AS aws_region, IF(session_id = 'MASTER_SESSION_ID', 1, 0) AS is_writer FROM information_schema.aurora_global_db_instance_status`,
  auroraLagQuery:
    'SELECT aws_region AS aws_region, durability_lag_in_milliseconds AS lag_ms FROM information_schema.aurora_global_db_status',
};

export interface Inspection {
  readonly dialect: SqlDialect;
  readonly aurora: boolean;
  /** The stamp's Region. */
  readonly region: string;
}

/** Asks an endpoint what it is. Throws when the first question fails; what a replica cannot say about itself is left out. */
export async function inspect(session: SqlSession, { dialect, aurora, region }: Inspection): Promise<DatabaseAnswer> {
  const readOnly = truth((await session.query(dialect.readOnlyQuery))[0]?.['read_only']);
  if (readOnly === undefined) throw new Error('the database does not say whether it is read-only');
  if (!readOnly) return { readOnly: false, detail: 'accepts writes' };
  return { readOnly: true, ...(aurora ? await askAurora(session, dialect, region) : await askReplica(session, dialect)) };
}

async function askAurora(session: SqlSession, dialect: SqlDialect, region: string): Promise<Omit<DatabaseAnswer, 'readOnly'>> {
  const members = await rowsOrCause(session, dialect.auroraMembersQuery);
  if (typeof members === 'string') return { detail: `read-only; its global cluster is not known: ${members}` };
  const writer = members.find((row) => Number(row['is_writer']) === 1);
  const foreign = members.some((row) => row['aws_region'] !== region);
  // Members of this Region only, or none: not part of a global cluster, so the writer is this cluster's own.
  const writerIsLocal = writer !== undefined ? writer['aws_region'] === region : foreign ? undefined : true;
  const lags = await rowsOrCause(session, dialect.auroraLagQuery);
  const own = typeof lags === 'string' ? undefined : lags.find((row) => row['aws_region'] === region)?.['lag_ms'];
  const lag = own === undefined || own === null ? undefined : Number(own) / 1000;
  return {
    ...(writerIsLocal !== undefined && { writerIsLocal }),
    // -1 marks the primary; everything else is handed on as it is, nonsense included, for the evaluation to judge.
    ...(writerIsLocal !== true && lag !== undefined && lag !== -0.001 && { lagSeconds: lag }),
    detail: writer === undefined ? 'read-only' : `read-only, writer in ${String(writer['aws_region'])}`,
  };
}

async function askReplica(session: SqlSession, dialect: SqlDialect): Promise<Omit<DatabaseAnswer, 'readOnly'>> {
  if (dialect.replicaQuery === undefined) return { detail: 'read-only' };
  const rows = await rowsOrCause(session, dialect.replicaQuery);
  if (typeof rows === 'string') return { detail: `read-only; its lag is not known: ${rows}` };
  const lag = rows[0]?.['lag_seconds'];
  return { ...(lag !== undefined && lag !== null && { lagSeconds: Number(lag) }), detail: 'read-only' };
}

/** The rows, or why there are none: an engine without the function, or a user without the right, is no failure of the database. */
async function rowsOrCause(session: SqlSession, sql: string): Promise<Record<string, unknown>[] | string> {
  try {
    return await session.query(sql);
  } catch (error) {
    return messageOf(error);
  }
}

function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 't') return true;
  if (value === 0 || value === '0' || value === 'f') return false;
  return undefined;
}
