import { describe, expect, test } from 'vitest';
import { runConfigChecks } from '../../lib/config/checks';
import { baseConfig, groupOf, lockFor, type MutableFleet } from './checks/base-config';
import { edit, errorsOf, expectedPlace, GROUP, load, MARK, placesOf } from './stamps-folder';

const withValidation = (validation: string): string => `${GROUP}backup:\n  validation: ${validation}\n`;
const DYNAMODB = edit(GROUP, GROUP.slice(GROUP.indexOf('database:')), 'database: { engine: dynamodb, consistency: eventual }\n');

describe('what may be asked of restored data', () => {
  test('nothing: the key is absent, and the construct has its defaults', () => {
    expect(load().config?.groups[0]?.backup).not.toHaveProperty('validation');
  });

  test('defaults of a part', () => {
    const loaded = load({ 'groups/web.yaml': withValidation('{}') });
    expect(errorsOf(loaded)).toEqual([]);
  });

  test.each([
    ['{ minimumRows: 0 }', ''],
    ['{ newest: { table: orders, column: created_at } }', ''],
    ['{ newest: { table: sales.orders, column: created_at }, timeLimit: 14m }', ''],
    ['{ query: { sql: "SELECT count(*) > 0 FROM orders;" } }', ''],
    ['{ query: { sql: "with x as (select 1 as n) select n from x", expect: "1" } }', ''],
  ])('%s', (validation) => {
    expect(errorsOf(load({ 'groups/web.yaml': withValidation(validation) }))).toEqual([]);
  });

  test('an attribute, of a table', () => {
    const group = `${DYNAMODB}backup: { validation: { newest: { attribute: createdAt } } }\n`;
    expect(errorsOf(load({ 'groups/web.yaml': group }))).toEqual([]);
  });

  test.each([
    ['less than nothing', `{ minimumRows: ${MARK}-1 }`, 'out-of-range'],
    ['half a row', `{ minimumRows: ${MARK}1.5 }`, 'wrong-type'],
    ['too little time', `{ timeLimit: ${MARK}9s }`, 'out-of-range'],
    ['more time than a function has', `{ timeLimit: ${MARK}15m }`, 'out-of-range'],
    ['a typo', `{ ${MARK}minimumrows: 1 }`, 'unknown-key'],
    ['a column without its table', `{ newest: ${MARK}{ column: created_at } }`, 'conflicting-keys'],
    ['a table without a column', `{ newest: ${MARK}{ table: orders } }`, 'conflicting-keys'],
    ['both engines', `{ newest: { table: orders, column: at, attribute: ${MARK}at } }`, 'conflicting-keys'],
    ['a table in quotes', `{ newest: { table: ${MARK}'"orders"', column: at } }`, 'invalid-name'],
    ['a table that is a statement', `{ newest: { table: ${MARK}"orders; drop", column: at } }`, 'invalid-name'],
    ['a statement that writes', `{ query: { sql: ${MARK}"DELETE FROM orders" } }`, 'invalid-value'],
    ['two statements', `{ query: { sql: ${MARK}"SELECT 1; DELETE FROM orders" } }`, 'invalid-value'],
    ['a query too long for the function', `{ query: { sql: ${MARK}"SELECT ${'1'.repeat(2000)}" } }`, 'invalid-value'],
    ['a number where text is compared', `{ query: { sql: "SELECT 0", expect: ${MARK}0 } }`, 'needs-quotes'],
  ])('fails: %s', (_name, validation, code) => {
    const files = { 'groups/web.yaml': withValidation(validation) };
    expect(placesOf(errorsOf(load(files)))).toEqual([`${expectedPlace(files)} ${code}`]);
  });
});

describe('what fits the database', () => {
  const codesAfter = (change: (config: MutableFleet) => unknown): string[] => {
    const config = baseConfig();
    change(config);
    return runConfigChecks(config, lockFor(config))
      .map(({ code }) => code)
      .filter((code) => code.startsWith('restore-validation'));
  };
  const validate = (group: string, validation: object) => (config: MutableFleet) =>
    Object.assign(groupOf(config, group).backup!, { validation: { minimumRows: 1, timeLimit: 600, ...validation } });

  test.each([
    ['enterprise', { newest: { table: 'orders', column: 'at' }, query: { sql: 'SELECT true' } }, []],
    ['enterprise', { newest: { attribute: 'at' } }, ['restore-validation-engine']],
    ['pool', { newest: { attribute: 'at' } }, []],
    ['pool', { newest: { table: 'orders', column: 'at' } }, ['restore-validation-engine']],
    ['pool', { query: { sql: 'SELECT true' } }, ['restore-validation-engine']],
    ['pool', { minimumRows: 0 }, []],
  ])('%s with %j: %j', (group, validation, codes) => {
    expect(codesAfter(validate(group, validation))).toEqual(codes);
  });
});
