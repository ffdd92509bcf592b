import { iamLogin } from '../../aws/health-probes/login';
import { restoredTableClient } from '../../aws/restore-validation/clients';
import { openDatabase } from '../../aws/restore-validation/open-database';
import { searchItems } from '../../aws/restore-validation/table-data';
import type { Verdict } from './request';
import { readSettings } from './settings';
import { validate, type ValidationPorts } from './validate';

/** What surrounds a run; real things unless a test says otherwise. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly search?: ValidationPorts['search'];
  readonly timeout?: ValidationPorts['timeout'];
  /** Password of the validator and PEM roots of the database. @default - login by IAM, roots of the runtime */
  readonly login?: { readonly password: string; readonly ca: string };
  /** Where a host name really is. @default - there */
  readonly locate?: (host: string) => string;
}

export async function handle(event: unknown, surroundings: Surroundings): Promise<Verdict> {
  const { print, login: own, locate = (host: string) => host, timeout = after } = surroundings;
  const settings = readSettings(surroundings.environment);
  const { region, engine, login } = settings;
  return validate(event, settings, {
    open: (host, statementTimeout, signal) => {
      if (engine === 'dynamodb' || login === undefined) return Promise.reject(new Error('a table has no login'));
      const { user, port, database } = login;
      const identity =
        own === undefined ? iamLogin(user, region) : { user, password: () => Promise.resolve(own.password), ca: own.ca };
      return openDatabase(engine, { host: locate(host), port, database }, identity, statementTimeout, signal);
    },
    search: surroundings.search ?? ((table, search, signal) => searchItems(restoredTableClient(region), table, search, signal)),
    timeout,
    log: (entry) => {
      print(JSON.stringify(entry));
    },
  });
}

function after(milliseconds: number): AbortSignal {
  return AbortSignal.timeout(milliseconds);
}
