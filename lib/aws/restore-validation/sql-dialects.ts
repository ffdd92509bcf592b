import { mysqlIdentifier, postgresqlIdentifier } from '../database-bootstrap/sql-text';
import type { SqlDataDialect } from './sql-data';

/** Tables with rows of their own: partitions, not the table they are partitions of. What an extension brought is not the users'. */
export const POSTGRESQL_DATA: SqlDataDialect = {
  prepare: (statementTimeout) => [
    `SET TIME ZONE 'UTC'`,
    `SET datestyle = 'ISO'`,
    `SET default_transaction_read_only = on`,
    `SET statement_timeout = ${statementTimeout}`,
  ],
  tablesQuery: `
SELECT n.nspname::text AS schema, c.relname::text AS name, c.reltuples::float8 AS estimate, pg_relation_size(c.oid)::float8 AS bytes,
  has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2`,
  quoted: postgresqlIdentifier,
  textOf: (expression) => `(${expression})::text`,
};

/** `max_execution_time` ends SELECT statements only, and nothing else is sent. */
export const MYSQL_DATA: SqlDataDialect = {
  prepare: (statementTimeout) => [
    `SET SESSION time_zone = '+00:00'`,
    'SET SESSION TRANSACTION READ ONLY',
    `SET SESSION max_execution_time = ${statementTimeout}`,
  ],
  tablesQuery: `
SELECT table_schema AS \`schema\`, table_name AS name, table_rows AS estimate, data_length AS bytes, 1 AS readable
FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
ORDER BY 1, 2`,
  quoted: mysqlIdentifier,
  textOf: (expression) => `CAST(${expression} AS CHAR)`,
};
