import { StampError } from '../../errors';

/** What RestoreValidation hands to the function through its environment. */
export interface ValidationSettings {
  readonly region: string;
  readonly engine: 'aurora-postgresql' | 'aurora-mysql' | 'dynamodb';
  /** Aurora only. */
  readonly login?: { readonly database: string; readonly port: number; readonly user: string };
  readonly checks: Checks;
}

/** What has to hold for restored data. */
export interface Checks {
  /** Rows (or items) there have to be at least; 0 accepts an empty database. */
  readonly minimumRows: number;
  /** Where the newest row is found, and how old it may be in seconds, counted back from the start of the restore test. */
  readonly newest?: { readonly table?: string; readonly column: string; readonly maxAge: number };
  /** A query that answers with one value. Without `expect` the value has to be true. */
  readonly query?: { readonly sql: string; readonly expect?: string };
  /** Seconds for all of it. */
  readonly timeLimit: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws StampError VALIDATION_SETTING when a variable is missing or wrong. */
export function readSettings(environment: Environment): ValidationSettings {
  const engine = text(environment, 'STAMP_DATABASE_ENGINE');
  const common = { region: text(environment, 'AWS_REGION'), checks: checks(text(environment, 'STAMP_RESTORE_CHECKS')) };
  switch (engine) {
    case 'dynamodb':
      return { ...common, engine };
    case 'aurora-postgresql':
    case 'aurora-mysql': {
      const port = Number(text(environment, 'STAMP_DATABASE_PORT'));
      if (!Number.isInteger(port) || port < 1 || port > 65_535) throw wrong(`STAMP_DATABASE_PORT is no port`);
      const login = { database: text(environment, 'STAMP_DATABASE_NAME'), port, user: text(environment, 'STAMP_VALIDATOR_USER') };
      return { ...common, engine, login };
    }
    default:
      throw wrong(`STAMP_DATABASE_ENGINE is ${engine}, which nobody knows how to validate`);
  }
}

function checks(json: string): Checks {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw wrong('STAMP_RESTORE_CHECKS is not JSON');
  }
  const { minimumRows, timeLimit, newest, query } = (value ?? {}) as Partial<Checks>;
  const numbers = [minimumRows, timeLimit, ...(newest === undefined ? [] : [newest.maxAge])];
  const texts = [...(newest === undefined ? [] : [newest.column]), ...(query === undefined ? [] : [query.sql])];
  if (!numbers.every((number) => Number.isFinite(number)) || !texts.every((each) => typeof each === 'string' && each !== '')) {
    throw wrong('STAMP_RESTORE_CHECKS is not what RestoreValidation writes');
  }
  return value as Checks;
}

function text(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw wrong(`${name} is missing`);
  return value;
}

function wrong(message: string): StampError {
  return new StampError(
    'VALIDATION_SETTING',
    `environment variable ${message}`,
    'Deploy the stamp again: RestoreValidation sets it.',
  );
}
