import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { SqlConnect } from './sql-session';
import type { Login } from './login';
import { HEALTH_SESSION, type SessionSettings } from './session-settings';

/**
 * MySQL with TLS whose certificate and host name are verified, and a fresh password per connection. An IAM token goes over the
 * wire in clear text inside TLS, as Aurora asks for (`mysql_clear_password`).
 */
export function connectMysql(login: Login, settings: Pick<SessionSettings, 'connectTimeout'> = HEALTH_SESSION): SqlConnect {
  return async (endpoint, signal) => {
    const password = await login.password(endpoint);
    signal.throwIfAborted();
    const connection = await createConnection({
      host: endpoint.host,
      port: endpoint.port,
      database: endpoint.database,
      user: login.user,
      password,
      ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(login.ca !== undefined && { ca: login.ca }) },
      enableCleartextPlugin: true,
      connectTimeout: settings.connectTimeout,
    });
    connection.on('error', () => undefined);
    return {
      query: async (sql) => {
        const [rows] = await connection.query<RowDataPacket[]>(sql);
        return rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value as unknown])),
        );
      },
      destroy: () => {
        connection.destroy();
      },
    };
  };
}
