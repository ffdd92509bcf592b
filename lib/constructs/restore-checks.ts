import type { Duration } from 'aws-cdk-lib';

/** What has to hold for data that a restore test brought back. */
export interface RestoreChecks {
  /**
   * Rows that there have to be at least, in all tables together; items of a DynamoDB table. 0 accepts an empty database.
   * @default 1
   */
  readonly minimumRows?: number;
  /**
   * Column that says when a row was written: a date, a date and time, or seconds or milliseconds since 1970. For DynamoDB an attribute.
   * Needs `newestMaxAge` and, for Aurora, `newestTable`.
   * @default - the age of the data is not checked
   */
  readonly newestColumn?: string;
  /**
   * Table of `newestColumn`: `schema.table`, or a table of the schema `public` (PostgreSQL) or of the own database (MySQL). Aurora only.
   * @default - none
   */
  readonly newestTable?: string;
  /**
   * How old the newest row may be when the restore test begins: the recovery point objective.
   * @default - none
   */
  readonly newestMaxAge?: Duration;
  /**
   * A query that answers with one row of one value. It runs read-only, as the validator. Aurora only.
   * @default - no query
   */
  readonly query?: string;
  /**
   * The value the query has to answer with, as text.
   * @default - the value has to be true
   */
  readonly queryAnswer?: string;
  /**
   * Time for all checks together, 10 seconds to 14 minutes.
   * @default Duration.minutes(10)
   */
  readonly timeLimit?: Duration;
}
