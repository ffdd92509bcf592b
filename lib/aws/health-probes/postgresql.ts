import { Client } from 'pg';
import type { SqlConnect } from './sql-session';
import type { Login } from './login';
import { HEALTH_SESSION, type SessionSettings } from './session-settings';

/**
 * PostgreSQL with TLS whose certificate and host name are verified, and a fresh password per connection (an IAM token).
 * `statement_timeout` ends on the server what the deadline has given up on here.
 */
export function connectPostgresql(login: Login, settings: SessionSettings = HEALTH_SESSION): SqlConnect {
  return async (endpoint, signal) => {
    const client = new Client({
      host: endpoint.host,
      port: endpoint.port,
      database: endpoint.database,
      user: login.user,
      password: await login.password(endpoint),
      ssl: { rejectUnauthorized: true, ...(login.ca !== undefined && { ca: login.ca }) },
      application_name: settings.applicationName,
      statement_timeout: settings.statementTimeout,
      connectionTimeoutMillis: settings.connectTimeout,
    });
    // Without a listener a connection lost between two evaluations would end the process.
    client.on('error', () => undefined);
    const destroy = (): void => {
      client.connection.stream.destroy();
    };
    signal.addEventListener('abort', destroy, { once: true });
    try {
      await client.connect();
    } catch (error) {
      destroy();
      throw error;
    } finally {
      signal.removeEventListener('abort', destroy);
    }
    return {
      query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
      destroy,
    };
  };
}
