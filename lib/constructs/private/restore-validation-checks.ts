import { Duration, Token } from 'aws-cdk-lib';
import { StampError } from '../../errors';
import { NUMBER_RANGES } from '../../facts/limits';
import type { RestoreChecks } from '../restore-checks';

const TIME_LIMIT = NUMBER_RANGES.restoreValidationTime;

/** What lib/functions/restore-validation/settings.ts reads, as JSON. */
export interface ChecksJson {
  readonly minimumRows: number;
  readonly newest?: { readonly table?: string; readonly column: string; readonly maxAge: number };
  readonly query?: { readonly sql: string; readonly expect?: string };
  readonly timeLimit: number;
}

/**
 * The checks with their defaults.
 *
 * @throws StampError `RESTORE_CHECKS` for checks that contradict each other or do not fit the engine
 */
export function checksJson(checks: RestoreChecks, aurora: boolean): ChecksJson {
  const timeLimit = (checks.timeLimit ?? Duration.minutes(10)).toSeconds();
  const minimumRows = checks.minimumRows ?? 1;
  if (!Token.isUnresolved(minimumRows) && (!Number.isInteger(minimumRows) || minimumRows < 0)) {
    throw wrong(`minimumRows is ${minimumRows}`, 'Give a whole number, 0 or more.');
  }
  if (timeLimit < TIME_LIMIT.min || timeLimit > TIME_LIMIT.max) {
    throw wrong(`timeLimit is ${timeLimit} s`, `Choose ${TIME_LIMIT.min} s to ${TIME_LIMIT.max} s.`);
  }
  if (!aurora && (checks.query !== undefined || checks.newestTable !== undefined)) {
    throw wrong(
      'query and newestTable are for Aurora, and this is a DynamoDB table',
      'Leave them out; newestColumn names an attribute.',
    );
  }
  if (checks.queryAnswer !== undefined && checks.query === undefined) {
    throw wrong('queryAnswer is given without query', 'Give both.');
  }
  return { minimumRows, ...newest(checks, aurora), ...query(checks), timeLimit };
}

function newest(checks: RestoreChecks, aurora: boolean): Pick<ChecksJson, 'newest'> {
  const { newestTable: table, newestColumn: column, newestMaxAge: maxAge } = checks;
  if (table === undefined && column === undefined) return {};
  if (column === undefined || maxAge === undefined || (aurora && table === undefined)) {
    throw wrong(
      'the age of the newest row needs to know where it is, and how old it may be',
      `Give ${aurora ? 'newestTable, ' : ''}newestColumn and newestMaxAge.`,
    );
  }
  return { newest: { ...(table !== undefined && { table }), column, maxAge: maxAge.toSeconds() } };
}

function query({ query: sql, queryAnswer: expect }: RestoreChecks): Pick<ChecksJson, 'query'> {
  if (sql === undefined) return {};
  return { query: { sql, ...(expect !== undefined && { expect }) } };
}

function wrong(message: string, fix: string): StampError {
  return new StampError('RESTORE_CHECKS', message, fix);
}
