import { putResponse } from '../../aws/database-bootstrap/cloudformation-response';
import { readMasterLogin, secretFetcher } from '../../aws/database-bootstrap/master-secret';
import { bootstrapMysql } from '../../aws/database-bootstrap/mysql-bootstrap';
import { connectMysqlMaster } from '../../aws/database-bootstrap/mysql-connection';
import { bootstrapPostgresql } from '../../aws/database-bootstrap/postgresql-bootstrap';
import { connectPostgresqlMaster } from '../../aws/database-bootstrap/postgresql-connection';
import type { BootstrapReport } from '../../aws/database-bootstrap/request';
import { MYSQL, POSTGRESQL } from '../../aws/health-probes/sql-dialect';
import { type BootstrapPorts, runBootstrap, withoutSecret } from './bootstrap';
import type { Bootstrapper } from './custom-resource';
import { type BootstrapSettings, readSettings } from './settings';

/** Milliseconds kept of the invocation for the last attempt and the answer to CloudFormation. */
const RESERVE = 90_000;

const ENGINES = {
  'aurora-postgresql': { connect: connectPostgresqlMaster, dialect: POSTGRESQL, bootstrap: bootstrapPostgresql },
  'aurora-mysql': { connect: connectMysqlMaster, dialect: MYSQL, bootstrap: bootstrapMysql },
} as const;

/** What surrounds a run; real things unless a test says otherwise. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds left of the invocation. */
  readonly remaining: () => number;
  readonly print: (line: string) => void;
  readonly now?: () => number;
  readonly sleep?: BootstrapPorts['sleep'];
  readonly fetchSecret?: (secretId: string) => Promise<string>;
  readonly respond?: Bootstrapper['respond'];
  /** PEM roots of the database. */
  readonly ca?: string;
}

export function buildBootstrapper(surroundings: Surroundings): Bootstrapper {
  const log: Bootstrapper['log'] = (entry) => {
    surroundings.print(JSON.stringify(entry));
  };
  return {
    // Settings are read at a run: a deletion is answered whatever they look like.
    run: () => run(readSettings(surroundings.environment), surroundings, log),
    respond: surroundings.respond ?? putResponse,
    log,
  };
}

async function run(
  settings: BootstrapSettings,
  { remaining, now = Date.now, sleep = pause, fetchSecret = secretFetcher(settings.region), ca }: Surroundings,
  log: Bootstrapper['log'],
): Promise<BootstrapReport> {
  let secret: string | undefined;
  const login = async () => {
    const master = await readMasterLogin(fetchSecret, settings.masterSecret);
    secret = master.password;
    return { ...master, ...(ca !== undefined && { ca }) };
  };
  try {
    return await runBootstrap(settings, { ...ENGINES[settings.engine], login, now, sleep, log }, now() + remaining() - RESERVE);
  } catch (error) {
    throw withoutSecret(error, secret);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
