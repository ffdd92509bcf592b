import type { SqlEndpoint, SqlSession } from '../health-probes/sql-session';

/** Who logs in to create users. The password is never part of a message. */
export interface MasterLogin {
  readonly user: string;
  readonly password: string;
  /** PEM roots to trust. @default - the runtime's, which NODE_EXTRA_CA_CERTS extends with the RDS roots */
  readonly ca?: string;
}

/** A login of the master user. */
export interface MasterSession extends SqlSession {
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Says goodbye, so that the server ends the session at once. Never throws. */
  close(): Promise<void>;
}

/** Opens a session of the master user; TLS with verified certificate and host name. */
export type MasterConnect = (endpoint: SqlEndpoint, login: MasterLogin) => Promise<MasterSession>;

/** Milliseconds until a connection attempt is given up. */
export const CONNECT_TIMEOUT = 10_000;
/** Milliseconds a statement may take: nothing here reads user data. */
export const STATEMENT_TIMEOUT = 60_000;
/** Seconds a run waits for another one on the same database. */
export const LOCK_TIMEOUT_SECONDS = 60;
