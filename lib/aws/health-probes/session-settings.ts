/** How a session behaves. Milliseconds. */
export interface SessionSettings {
  readonly connectTimeout: number;
  /** Ends a statement on the server (PostgreSQL). */
  readonly statementTimeout: number;
  /** What the server shows of the session (PostgreSQL). */
  readonly applicationName: string;
}

/** A health check is impatient. */
export const HEALTH_SESSION: SessionSettings = {
  connectTimeout: 1000,
  statementTimeout: 1000,
  applicationName: 'stampkit-health',
};
