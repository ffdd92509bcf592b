/** An identifier of PostgreSQL, whatever is in it. */
export function postgresqlIdentifier(name: string): string {
  return `"${refuseZero(name).replaceAll('"', '""')}"`;
}

/** An identifier of MySQL, whatever is in it. */
export function mysqlIdentifier(name: string): string {
  return `\`${refuseZero(name).replaceAll('`', '``')}\``;
}

/** A string of MySQL for sessions without NO_BACKSLASH_ESCAPES. */
export function mysqlString(text: string): string {
  return `'${refuseZero(text).replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/**
 * A database in GRANT of MySQL, where `_` and `%` are wildcards unless `partial_revokes` is on: `my_app` would also grant on `my-app`.
 */
export function mysqlDatabasePattern(name: string, wildcards: boolean): string {
  return wildcards ? name.replace(/[\\_%]/g, '\\$&') : name;
}

function refuseZero(text: string): string {
  if (text.includes('\0')) throw new Error('a zero byte cannot be part of a statement');
  return text;
}
