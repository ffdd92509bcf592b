import type { RestoredDatabase, TableName } from '../../aws/restore-validation/restored-data';
import { isCounted, judgeAnswer, judgeNewest, judgeRows, type Observation, type RowCount } from './judge';
import type { Checks } from './settings';

/** Looks at all there is to look at, whatever fails on the way: one report with everything in it. */
export async function checkSql(
  database: RestoredDatabase,
  checks: Checks,
  lostAt: Date,
  ownSchema: string,
): Promise<Observation[]> {
  return [
    await observe('rows', async () => judgeRows(await countRows(database), checks)),
    ...(checks.newest === undefined ? [] : [await observeNewest(database, checks.newest, lostAt, ownSchema)]),
    ...(checks.query === undefined ? [] : [await observeQuery(database, checks.query)]),
  ];
}

async function countRows(database: RestoredDatabase): Promise<RowCount> {
  const tables = await database.tables();
  const readable = tables.filter((table) => table.readable);
  let [counted, estimated, countedTables, estimatedTables] = [0, 0, 0, 0];
  for (const table of readable) {
    if (isCounted(table)) {
      counted += await database.count(table);
      countedTables += 1;
    } else if (await database.hasRow(table)) {
      estimated += table.estimate ?? 0;
      estimatedTables += 1;
    }
  }
  return { counted, estimated, countedTables, estimatedTables, hiddenTables: tables.length - readable.length };
}

function observeNewest(
  database: RestoredDatabase,
  { table, column, maxAge }: NonNullable<Checks['newest']>,
  lostAt: Date,
  ownSchema: string,
): Promise<Observation> {
  const name = tableName(table ?? '', ownSchema);
  const place = `${name.name}.${column}`;
  return observe(`newest ${place}`, async () => judgeNewest(await database.greatest(name, column), place, maxAge, lostAt));
}

function observeQuery(database: RestoredDatabase, query: NonNullable<Checks['query']>): Promise<Observation> {
  return observe('the query', async () => judgeAnswer(await database.answers(query.sql), query));
}

/** `schema.table`, or a table of the own schema. */
export function tableName(text: string, ownSchema: string): TableName {
  const dot = text.indexOf('.');
  return dot === -1 ? { schema: ownSchema, name: text } : { schema: text.slice(0, dot), name: text.slice(dot + 1) };
}

/** A refused statement is a finding about the data; a lost connection is none, and is thrown. */
async function observe(what: string, look: () => Promise<Observation>): Promise<Observation> {
  try {
    return await look();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { ok: false, text: `${what} cannot be read: ${error.message}` };
  }
}

/** PostgreSQL: SQLSTATE with a severity of an error; MySQL: a numbered error of the server. Not for what ends the connection. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  if ('severity' in error) return error.severity === 'ERROR' && !/^(57P|08|53)/.test(error.code);
  return 'sqlState' in error && !/^08/.test(String(error.sqlState));
}
