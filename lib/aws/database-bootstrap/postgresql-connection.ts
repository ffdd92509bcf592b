import { Client } from 'pg';
import { CONNECT_TIMEOUT, STATEMENT_TIMEOUT, type MasterConnect } from './master-session';

export const connectPostgresqlMaster: MasterConnect = async (endpoint, login) => {
  const client = new Client({
    host: endpoint.host,
    port: endpoint.port,
    database: endpoint.database,
    user: login.user,
    password: login.password,
    ssl: { rejectUnauthorized: true, ...(login.ca !== undefined && { ca: login.ca }) },
    application_name: 'stampkit-bootstrap',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
  });
  // Without a listener a connection that breaks between two statements would end the process.
  client.on('error', () => undefined);
  const destroy = (): void => {
    client.connection.stream.destroy();
  };
  try {
    await client.connect();
  } catch (error) {
    destroy();
    throw error;
  }
  return {
    query: async (sql, parameters) => (await client.query<Record<string, unknown>>(sql, parameters && [...parameters])).rows,
    destroy,
    close: () => client.end().catch(destroy),
  };
};
