import { messageOf, untilAborted } from '../../aws/health-probes/probe';
import type { FoundItems, ItemSearch, RestoredDatabase } from '../../aws/restore-validation/restored-data';
import { checkSql } from './check-sql';
import { failed, isFresh, judgeItems, judgeNewest, type Observation, verdictOf } from './judge';
import { nameOf, readRequest, type ValidationRequest, type Verdict } from './request';
import type { ValidationSettings } from './settings';

/** A login to a restored database; `close` never throws. */
export interface OpenDatabase {
  readonly data: RestoredDatabase;
  close(): void;
}

export interface ValidationPorts {
  /** Logs in as the validator. The limit is for every statement, in milliseconds. */
  readonly open: (host: string, statementTimeout: number, signal: AbortSignal) => Promise<OpenDatabase>;
  readonly search: (table: string, search: ItemSearch, signal: AbortSignal) => Promise<FoundItems>;
  /** Aborts after so many milliseconds. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** Milliseconds for a login while instances are still being made. */
const CONNECT_LIMIT = 15_000;

/** The name is what the state machine retries on. */
export class DatabaseNotReady extends Error {
  public override readonly name = 'DatabaseNotReady';
}

/**
 * One step for the state machine. Says FAILED for data that is not as it should be, and when the time limit ends. Throws
 * {@link DatabaseNotReady} when waiting may help and somebody will ask again, and StampError for what only a deployment can repair.
 */
export async function validate(event: unknown, settings: ValidationSettings, ports: ValidationPorts): Promise<Verdict> {
  const request = readRequest(event);
  const verdict = await answer(request, settings, ports);
  ports.log({ event: request.step, resource: request.resource, ...verdict });
  return verdict;
}

async function answer(request: ValidationRequest, settings: ValidationSettings, ports: ValidationPorts): Promise<Verdict> {
  const limit = request.step === 'connect' ? CONNECT_LIMIT : settings.checks.timeLimit * 1000;
  const signal = ports.timeout(limit);
  try {
    if (settings.login === undefined) return verdictOf(await checkTable(request, settings, ports, signal));
    return await checkDatabase(request, settings, ports, { signal, limit });
  } catch (error) {
    const cause = messageOf(error);
    if (request.step === 'check' && signal.aborted) {
      return failed(`the checks were not done within ${settings.checks.timeLimit} s (backup.validation.timeLimit): ${cause}`);
    }
    ports.log({ event: 'not-ready', step: request.step, resource: request.resource, cause });
    if (request.last) return failed(`${nameOf(request.resource)} cannot be read: ${cause}`);
    throw new DatabaseNotReady(cause);
  }
}

async function checkDatabase(
  { step, resource, lostAt }: ValidationRequest,
  { checks, engine, login }: ValidationSettings,
  ports: ValidationPorts,
  { signal, limit }: { readonly signal: AbortSignal; readonly limit: number },
): Promise<Verdict> {
  const database = await ports.open(resource, limit, signal);
  try {
    if (step === 'connect') {
      await untilAborted(signal, database.data.answers('SELECT 1 AS ready'));
      return { status: 'READY', message: 'the restored database accepts the validator' };
    }
    const ownSchema = engine === 'aurora-postgresql' ? 'public' : (login?.database ?? '');
    return verdictOf(await untilAborted(signal, checkSql(database.data, checks, lostAt, ownSchema)));
  } finally {
    database.close();
  }
}

async function checkTable(
  { resource, lostAt }: ValidationRequest,
  { checks }: ValidationSettings,
  ports: ValidationPorts,
  signal: AbortSignal,
): Promise<Observation[]> {
  const { minimumRows, newest } = checks;
  const fresh = ({ values }: FoundItems) => newest === undefined || values.some((value) => isFresh(value, newest.maxAge, lostAt));
  const found = await ports.search(
    nameOf(resource),
    {
      ...(newest !== undefined && { attribute: newest.column }),
      enough: (seen) => seen.items >= minimumRows && seen.items > 0 && fresh(seen),
    },
    signal,
  );
  return [
    judgeItems(found.items, found.complete, checks),
    ...(newest === undefined ? [] : [newestItem(found, newest.column, newest.maxAge, lostAt)]),
  ];
}

/** Numbers and texts may be mixed: the fresh one counts. */
function newestItem({ values }: FoundItems, attribute: string, maxAge: number, lostAt: Date): Observation {
  const value = values.find((each) => isFresh(each, maxAge, lostAt)) ?? values[0];
  return judgeNewest(value, attribute, maxAge, lostAt);
}
