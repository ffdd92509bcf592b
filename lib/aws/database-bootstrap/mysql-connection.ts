import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { CONNECT_TIMEOUT, STATEMENT_TIMEOUT, type MasterConnect } from './master-session';

export const connectMysqlMaster: MasterConnect = async (endpoint, login) => {
  const connection = await createConnection({
    host: endpoint.host,
    port: endpoint.port,
    database: endpoint.database,
    user: login.user,
    password: login.password,
    ssl: { rejectUnauthorized: true, verifyIdentity: true, ...(login.ca !== undefined && { ca: login.ca }) },
    connectTimeout: CONNECT_TIMEOUT,
  });
  connection.on('error', () => undefined);
  const destroy = (): void => {
    connection.destroy();
  };
  return {
    query: async (sql, parameters) => {
      const [rows] = await connection.query<RowDataPacket[]>({
        sql,
        timeout: STATEMENT_TIMEOUT,
        values: [...(parameters ?? [])],
      });
      // Statements without rows answer with a header.
      if (!Array.isArray(rows)) return [];
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value as unknown])),
      );
    },
    destroy,
    close: () => connection.end().catch(destroy),
  };
};
