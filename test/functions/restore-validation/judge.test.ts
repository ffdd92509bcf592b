import { describe, expect, test } from 'vitest';
import { instantOf } from '../../../lib/functions/restore-validation/instant';
import {
  isCounted,
  judgeAnswer,
  judgeItems,
  judgeNewest,
  judgeRows,
  type RowCount,
  verdictOf,
} from '../../../lib/functions/restore-validation/judge';

const CHECKS = { minimumRows: 1, timeLimit: 600 };
const LOST_AT = new Date('2026-11-24T10:00:00Z');
const HOUR = 3600;

describe('instants', () => {
  test.each([
    ['2026-11-24', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24 09:30:00', '2026-11-24T09:30:00.000Z'],
    ['2026-11-24 09:30:00.123456+00', '2026-11-24T09:30:00.123Z'],
    ['2026-11-24 09:30:00.5-07', '2026-11-24T16:30:00.500Z'],
    ['2026-11-24 09:30:00+05:30', '2026-11-24T04:00:00.000Z'],
    ['2026-11-24T09:30:00.000Z', '2026-11-24T09:30:00.000Z'],
    ['2026-11-24T09:30Z', '2026-11-24T09:30:00.000Z'],
    ['1795512600', '2026-11-24T09:30:00.000Z'],
    ['1795512600.5', '2026-11-24T09:30:00.500Z'],
    ['1795512600000', '2026-11-24T09:30:00.000Z'],
  ])('%s', (text, instant) => {
    expect(instantOf(text)?.toISOString()).toBe(instant);
  });

  test.each(['', 'yesterday', '24.11.2026', '2026-13-45', 'infinity', '9'.repeat(40), '{"at":1}'])('fails: %s', (text) => {
    expect(instantOf(text)).toBeUndefined();
  });
});

describe('rows', () => {
  const rows = (changes: Partial<RowCount> = {}): RowCount => ({
    counted: 0,
    estimated: 0,
    countedTables: 0,
    estimatedTables: 0,
    hiddenTables: 0,
    ...changes,
  });

  test.each([
    [{}, 1, false, '0 rows in 0 tables, at least 1 expected'],
    [{ countedTables: 3 }, 1, false, '0 rows in 3 tables, at least 1 expected'],
    [{ countedTables: 3 }, 0, true, '0 rows in 3 tables'],
    [{ counted: 1, countedTables: 1 }, 1, true, '1 row in 1 table'],
    [{ counted: 9, countedTables: 1 }, 10, false, '9 rows in 1 table, at least 10 expected'],
    [
      { counted: 9, countedTables: 1, estimated: 1, estimatedTables: 1 },
      10,
      true,
      '10 rows in 2 tables (about 1 of them by statistics)',
    ],
    [{ counted: 1, countedTables: 1, hiddenTables: 2 }, 1, true, '1 row in 1 table, 2 tables not readable for the validator'],
  ])('%j with at least %d: %s', (count, minimumRows, ok, text) => {
    expect(judgeRows(rows(count), { ...CHECKS, minimumRows })).toEqual({ ok, text });
  });

  const table = { schema: 'public', name: 'orders', readable: true };
  test.each([
    [{ ...table, estimate: 5, bytes: 8192 }, true],
    [{ ...table, estimate: 1e9, bytes: 256 * 1024 * 1024 }, true],
    [{ ...table, estimate: 1e9, bytes: 256 * 1024 * 1024 + 1 }, false],
    [{ ...table, bytes: 1e12 }, true],
  ])('%j is counted row by row: %s', (of, counted) => {
    expect(isCounted(of)).toBe(counted);
  });

  test.each([
    [5, true, 5, true, '5 items'],
    [5, false, 5, true, 'at least 5 items'],
    [4, true, 5, false, '4 items, at least 5 expected'],
  ])('%d items, complete %s, with at least %d: %s', (items, complete, minimumRows, ok, text) => {
    expect(judgeItems(items, complete, { ...CHECKS, minimumRows })).toEqual({ ok, text });
  });
});

describe('the newest row', () => {
  test.each([
    ['exactly as old as allowed', '2026-11-23 04:00:00', 30 * HOUR, true, /is 30 h old$/],
    ['a second too old', '2026-11-23 03:59:59', 30 * HOUR, false, /more than the recovery point objective of 30 h/],
    ['written while the test began', '2026-11-24 10:00:30', HOUR, true, /0 s old/],
    ['written after the test began', '2026-11-24 10:05:01', HOUR, false, /does not say when a row was written/],
    ['no date', 'blue', HOUR, false, /no date and no time: blue/],
    ['nothing', undefined, HOUR, false, /has no value at all/],
  ])('%s', (_name, value, maxAge, ok, says) => {
    const judged = judgeNewest(value, 'orders.at', maxAge, LOST_AT);
    expect(judged.ok).toBe(ok);
    expect(judged.text).toMatch(says);
  });
});

describe('the query', () => {
  test.each([
    ['true', undefined, true],
    ['t', undefined, true],
    ['1', undefined, true],
    ['TRUE', undefined, true],
    ['false', undefined, false],
    ['0', undefined, false],
    ['2', undefined, false],
    [undefined, undefined, false],
    ['0', '0', true],
    ['0.0', '0', false],
    [undefined, 'null', true],
  ])('%s with %s expected: %s', (value, expected, ok) => {
    expect(judgeAnswer([[value]], { sql: '', ...(expected !== undefined && { expect: expected }) }).ok).toBe(ok);
  });

  test.each([
    [[], /no row/],
    [[['1'], ['2']], /several rows/],
    [[['1', '2']], /2 values/],
  ])('fails for anything but one value: %j', (rows, says) => {
    expect(judgeAnswer(rows, { sql: '' })).toMatchObject({ ok: false, text: expect.stringMatching(says) as string });
  });

  test('quotes a short piece of the answer only', () => {
    expect(judgeAnswer([['x'.repeat(5000)]], { sql: '' }).text.length).toBeLessThan(150);
  });
});

describe('the verdict', () => {
  const good = { ok: true, text: '5 rows' };
  const bad = { ok: false, text: 'the query answered false' };

  test('is good when everything is, and says what was seen', () => {
    expect(verdictOf([good])).toEqual({ status: 'SUCCESSFUL', message: '5 rows' });
  });

  test('is bad when anything is, and says that first', () => {
    expect(verdictOf([good, bad])).toEqual({ status: 'FAILED', message: 'the query answered false; 5 rows' });
  });

  test('is never longer than AWS Backup may take', () => {
    expect(verdictOf([{ ok: false, text: 'x'.repeat(9000) }]).message).toHaveLength(1000);
  });
});
