import { describe, expect, test } from 'vitest';
import { SqlData } from '../../../lib/aws/restore-validation/sql-data';
import { MYSQL_DATA } from '../../../lib/aws/restore-validation/sql-dialects';

/** A session that answers by the beginning of a statement, and remembers all of them. */
function session(answers: Record<string, Record<string, unknown>[]>) {
  const asked: string[] = [];
  return {
    asked,
    destroy: () => undefined,
    query: (sql: string) => {
      asked.push(sql.trim().replace(/\s+/g, ' '));
      const key = Object.keys(answers).find((start) => asked.at(-1)!.startsWith(start));
      return key === undefined ? Promise.reject(new Error(`unexpected: ${sql}`)) : Promise.resolve(answers[key]!);
    },
  };
}

/** What MySQL is asked; PostgreSQL is asked for real in test/functions/restore-validation. */
describe('MySQL', () => {
  test('is read only, in UTC, with an end for every statement', async () => {
    const mysql = session({ SET: [] });
    await new SqlData(mysql, MYSQL_DATA).prepare(60_000);
    expect(mysql.asked).toEqual([
      `SET SESSION time_zone = '+00:00'`,
      'SET SESSION TRANSACTION READ ONLY',
      'SET SESSION max_execution_time = 60000',
    ]);
  });

  test('names its tables: statistics may lack, and numbers come as text', async () => {
    const mysql = session({
      'SELECT table_schema': [
        { schema: 'app', name: 'orders', estimate: '12', bytes: '16384', readable: 1 },
        { schema: 'app', name: 'fresh', estimate: null, bytes: 0, readable: 1 },
        { schema: 'app', name: 'empty', estimate: 0, bytes: 0, readable: 1 },
        { schema: 'app', name: 'guessed', estimate: 0, bytes: 16384, readable: 1 },
      ],
    });
    await expect(new SqlData(mysql, MYSQL_DATA).tables()).resolves.toEqual([
      { schema: 'app', name: 'orders', estimate: 12, bytes: 16384, readable: true },
      { schema: 'app', name: 'fresh', bytes: 0, readable: true },
      { schema: 'app', name: 'empty', estimate: 0, bytes: 0, readable: true },
      { schema: 'app', name: 'guessed', bytes: 16384, readable: true },
    ]);
    expect(mysql.asked[0]).toContain(`NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')`);
  });

  test('counts, looks and compares with names quoted in its way', async () => {
    const mysql = session({
      'SELECT count(*)': [{ rows_found: '7' }],
      'SELECT 1': [{ found: 1 }],
      'SELECT CAST': [{ greatest: '2026-11-24 09:30:00' }],
    });
    const data = new SqlData(mysql, MYSQL_DATA);
    const table = { schema: 'app', name: 'odd`name' };
    await expect(data.count(table)).resolves.toBe(7);
    await expect(data.hasRow(table)).resolves.toBe(true);
    await expect(data.greatest(table, 'at')).resolves.toBe('2026-11-24 09:30:00');
    expect(mysql.asked).toEqual([
      'SELECT count(*) AS rows_found FROM `app`.`odd``name`',
      'SELECT 1 AS found FROM `app`.`odd``name` LIMIT 1',
      'SELECT CAST(max(`at`) AS CHAR) AS greatest FROM `app`.`odd``name`',
    ]);
  });

  test.each([
    [1, '1'],
    [true, 'true'],
    ['x', 'x'],
    [BigInt(12), '12'],
    [null, undefined],
    [new Date('2026-11-24T09:30:00Z'), '2026-11-24T09:30:00.000Z'],
    [{ a: 1 }, '{"a":1}'],
  ])('answers %o as text: %s', async (value, text) => {
    const mysql = session({ SELECT: [{ a: value }, { a: 1 }, { a: 2 }] });
    await expect(new SqlData(mysql, MYSQL_DATA).answers('SELECT a')).resolves.toEqual([[text], ['1']]);
  });
});
