import { describe, expect, test } from 'vitest';
import { checkRequest } from '../../../lib/aws/database-bootstrap/request';
import * as sql from '../../../lib/aws/database-bootstrap/sql-text';
import { codeOf } from '../../support/database-fixtures';

const USERS = { app: 'stamp_app_shop', probe: 'stamp_probe_shop', validator: 'stamp_validator_shop' };
const REQUEST = { database: 'app', users: USERS, probeConnectionLimit: 100 };
const check = (change: object, users: object = {}): string | undefined =>
  codeOf(() => {
    checkRequest({ ...REQUEST, ...change, users: { ...USERS, ...users } }, 'stampadmin', 32);
  });

describe('what is asked for', () => {
  test.each(['stamp_app_shop', 'a', 'x'.repeat(32), 'ä'.repeat(16), `"; DROP`])('accepts the user name %s', (app) => {
    expect(check({}, { app })).toBeUndefined();
  });

  test.each([
    ['none', ''],
    ['a zero byte', 'a\0b'],
    ['one byte too long', 'x'.repeat(33)],
    ['too long in bytes, which PostgreSQL would cut off', 'ä'.repeat(17)],
    ['reserved', 'pg_monitor'],
    ['RDS’s own', 'rds_superuser'],
    ['everybody', 'PUBLIC'],
    ['the master user’s', 'stampadmin'],
    ['another user’s', USERS.probe],
  ])('fails for a name that is %s', (_name, app) => {
    expect(check({}, { app })).toBe('BOOTSTRAP_NAME');
  });

  test.each([0, -1, 1.5, Number.NaN])('fails for a limit of %d connections', (probeConnectionLimit) => {
    expect(check({ probeConnectionLimit })).toBe('BOOTSTRAP_NAME');
  });
});

describe('quoting', () => {
  test.each([
    ['PostgreSQL’s identifiers', sql.postgresqlIdentifier, 'a"b', '"a""b"'],
    ['MySQL’s identifiers', sql.mysqlIdentifier, 'a`b', '`a``b`'],
    ['MySQL’s strings', sql.mysqlString, `a'b\\c`, `'a''b\\\\c'`],
  ])('of %s', (_what, quote, text, quoted) => {
    expect(quote(text)).toBe(quoted);
    expect(() => quote('a\0')).toThrow('zero byte');
  });

  test('of the wildcards of GRANT in MySQL, where they are some', () => {
    expect(sql.mysqlDatabasePattern('my_app%\\', true)).toBe('my\\_app\\%\\\\');
    expect(sql.mysqlDatabasePattern('my_app', false)).toBe('my_app');
  });
});
