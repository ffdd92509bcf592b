/** A table of users in a restored database. */
export interface RestoredTable {
  readonly schema: string;
  readonly name: string;
  /** Rows, as the engine's statistics have it. Absent when nobody has counted yet. */
  readonly estimate?: number;
  readonly bytes: number;
  /** False when the validator may not read it. */
  readonly readable: boolean;
}

/** What is asked of a restored SQL database. Every answer is data of the restore, never of the live database. */
export interface RestoredDatabase {
  tables(): Promise<RestoredTable[]>;
  /** Exact. */
  count(table: TableName): Promise<number>;
  /** Whether there is a row, by reading one. */
  hasRow(table: TableName): Promise<boolean>;
  /** The greatest value of a column as the engine writes it in UTC. Undefined without a value. */
  greatest(table: TableName, column: string): Promise<string | undefined>;
  /** Rows of a query, each a list of values as text; at most two are looked at. */
  answers(sql: string): Promise<(string | undefined)[][]>;
}

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** What is looked for in a restored DynamoDB table. */
export interface ItemSearch {
  /** Attribute whose greatest value is wanted. @default - items are counted only */
  readonly attribute?: string;
  /** Said of every page; true ends the search early. */
  readonly enough: (found: FoundItems) => boolean;
}

/** What a search has seen. */
export interface FoundItems {
  readonly items: number;
  /** Values of the attribute, as text. */
  readonly values: readonly string[];
  /** True when every item was seen. */
  readonly complete: boolean;
}
