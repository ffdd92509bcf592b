import { failureOf } from '../../aws/database-bootstrap/failure';
import type { MasterConnect, MasterLogin, MasterSession } from '../../aws/database-bootstrap/master-session';
import type { BootstrapReport, BootstrapRequest } from '../../aws/database-bootstrap/request';
import { inspect, type SqlDialect } from '../../aws/health-probes/sql-dialect';
import { StampError } from '../../errors';
import type { BootstrapSettings } from './settings';

/** Milliseconds between attempts: doubled each time, up to the second one. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 15_000;

export interface BootstrapPorts {
  /** The master user's login. */
  readonly login: () => Promise<MasterLogin>;
  readonly connect: MasterConnect;
  readonly dialect: SqlDialect;
  /** Creates what is missing. */
  readonly bootstrap: (session: MasterSession, request: BootstrapRequest) => Promise<BootstrapReport>;
  /** Milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/**
 * Runs the bootstrap on the writer. A database that is not ready is tried again until the deadline; what waiting cannot repair (password,
 * TLS, rights) fails at once.
 *
 * After a failover to another Region the home member has no writer. That is no failure, because a failover must not stand in the way of
 * a deployment (R1): the outcome is `not-the-writer`.
 *
 * @param deadline of the clock in `ports`: no attempt starts later
 * @throws StampError whose code starts with `BOOTSTRAP_`
 */
export async function runBootstrap(
  settings: BootstrapSettings,
  ports: BootstrapPorts,
  deadline: number,
): Promise<BootstrapReport> {
  const login = await ports.login();
  const writer = { host: settings.writer, port: settings.port, database: settings.request.database };
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    const attempt = await tryOnce(settings, ports, login);
    if ('report' in attempt) return attempt.report;
    const { error, again } = failureOf(attempt.error, writer);
    if (!again) throw error;
    if (await writerIsElsewhere(settings, ports, login)) return notTheWriter();
    if (ports.now() + pause >= deadline) throw error;
    ports.log({ event: 'waiting', seconds: pause / 1000, code: error.code, cause: error.message });
    await ports.sleep(pause);
  }
}

type Attempt = { readonly report: BootstrapReport } | { readonly error: unknown };

async function tryOnce(settings: BootstrapSettings, ports: BootstrapPorts, login: MasterLogin): Promise<Attempt> {
  const { writer: host, port, request } = settings;
  try {
    const session = await ports.connect({ host, port, database: request.database }, login);
    try {
      const { readOnly, writerIsLocal } = await look(session, settings, ports);
      if (readOnly !== true) return { report: await ports.bootstrap(session, request) };
      if (writerIsLocal === false) return { report: notTheWriter() };
      return { error: new ReadOnly() };
    } finally {
      await session.close();
    }
  } catch (error) {
    return { error };
  }
}

/** An endpoint that is the writer by name and refuses writes is in the middle of a failover: `57P03` is PostgreSQL's own word for it. */
class ReadOnly extends Error {
  public readonly code = '57P03';
  public constructor() {
    super('the writer endpoint leads to an instance that takes no writes');
  }
}

/** A secondary cluster has no writer endpoint that answers; its readers know where the writer is. */
async function writerIsElsewhere(settings: BootstrapSettings, ports: BootstrapPorts, login: MasterLogin): Promise<boolean> {
  const { reader: host, port, request } = settings;
  try {
    const session = await ports.connect({ host, port, database: request.database }, login);
    try {
      return (await look(session, settings, ports)).writerIsLocal === false;
    } finally {
      await session.close();
    }
  } catch {
    // The writer's failure is the one to tell.
    return false;
  }
}

function look(session: MasterSession, { region }: BootstrapSettings, { dialect }: BootstrapPorts) {
  return inspect(session, { dialect, aurora: true, region });
}

function notTheWriter(): BootstrapReport {
  return {
    outcome: 'not-the-writer',
    changed: [],
    skipped: [
      {
        what: 'everything',
        why: 'the writer of the global cluster is in another Region: invoke this function once the home member is the writer again',
      },
    ],
  };
}

/** The text of an error without the password, should a driver ever quote it. */
export function withoutSecret(error: unknown, secret: string | undefined): StampError {
  const known = error instanceof StampError ? error : new StampError('BOOTSTRAP_FAILED', messageOf(error), 'Read the log.');
  if (secret === undefined || secret === '' || !known.message.includes(secret)) return known;
  return new StampError(known.code, 'the cause quotes the password and is withheld', known.fix);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
