import type { SqlSession } from '../health-probes/sql-session';
import type { RestoredDatabase, RestoredTable, TableName } from './restored-data';

/** How an engine is asked. */
export interface SqlDataDialect {
  /** Run first: UTC, read-only, and an end for every statement on the server. Milliseconds. */
  readonly prepare: (statementTimeout: number) => readonly string[];
  /** Rows `schema`, `name`, `estimate`, `bytes`, `readable`: tables with rows of their own, none of the engine's. */
  readonly tablesQuery: string;
  readonly quoted: (identifier: string) => string;
  /** SQL for the text of a value. */
  readonly textOf: (expression: string) => string;
}

/** A restored database behind one session. */
export class SqlData implements RestoredDatabase {
  public constructor(
    private readonly session: SqlSession,
    private readonly dialect: SqlDataDialect,
  ) {}

  public async prepare(statementTimeout: number): Promise<void> {
    for (const statement of this.dialect.prepare(statementTimeout)) await this.session.query(statement);
  }

  public async tables(): Promise<RestoredTable[]> {
    const rows = await this.session.query(this.dialect.tablesQuery);
    return rows.map((row) => {
      const estimate = Number(row['estimate'] ?? -1);
      const bytes = Number(row['bytes'] ?? 0);
      return {
        schema: String(row['schema']),
        name: String(row['name']),
        // Never analyzed says -1 or, before PostgreSQL 14, 0.
        ...(estimate > 0 || (estimate === 0 && bytes === 0) ? { estimate: Math.round(estimate) } : {}),
        bytes,
        readable: row['readable'] === true || Number(row['readable']) === 1,
      };
    });
  }

  public async count(table: TableName): Promise<number> {
    const [row] = await this.session.query(`SELECT count(*) AS rows_found FROM ${this.quoted(table)}`);
    return Number(row?.['rows_found']);
  }

  public async hasRow(table: TableName): Promise<boolean> {
    return (await this.session.query(`SELECT 1 AS found FROM ${this.quoted(table)} LIMIT 1`)).length > 0;
  }

  public async greatest(table: TableName, column: string): Promise<string | undefined> {
    const greatest = this.dialect.textOf(`max(${this.dialect.quoted(column)})`);
    const [row] = await this.session.query(`SELECT ${greatest} AS greatest FROM ${this.quoted(table)}`);
    return textOf(row?.['greatest']);
  }

  public async answers(sql: string): Promise<(string | undefined)[][]> {
    return (await this.session.query(sql)).slice(0, 2).map((row) => Object.values(row).map(textOf));
  }

  private quoted({ schema, name }: TableName): string {
    return `${this.dialect.quoted(schema)}.${this.dialect.quoted(name)}`;
  }
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
