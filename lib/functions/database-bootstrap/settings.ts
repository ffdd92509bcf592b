import type { BootstrapRequest } from '../../aws/database-bootstrap/request';
import { StampError } from '../../errors';

/** What the construct hands to the function through its environment. */
export interface BootstrapSettings {
  readonly region: string;
  readonly engine: 'aurora-postgresql' | 'aurora-mysql';
  /** The member's own writer endpoint, and its reader endpoint to tell a failover from a failure. */
  readonly writer: string;
  readonly reader: string;
  readonly port: number;
  /** ARN of the master user's secret. */
  readonly masterSecret: string;
  readonly request: BootstrapRequest;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws StampError BOOTSTRAP_SETTING when a variable is missing or wrong. */
export function readSettings(environment: Environment): BootstrapSettings {
  return {
    region: text(environment, 'AWS_REGION'),
    engine: engine(environment),
    writer: text(environment, 'STAMP_DATABASE_WRITER'),
    reader: text(environment, 'STAMP_DATABASE_READER'),
    port: count(environment, 'STAMP_DATABASE_PORT'),
    masterSecret: text(environment, 'STAMP_MASTER_SECRET'),
    request: {
      database: text(environment, 'STAMP_DATABASE_NAME'),
      users: {
        app: text(environment, 'STAMP_APP_USER'),
        probe: text(environment, 'STAMP_PROBE_USER'),
        validator: text(environment, 'STAMP_VALIDATOR_USER'),
      },
      probeConnectionLimit: count(environment, 'STAMP_PROBE_CONNECTIONS'),
    },
  };
}

function engine(environment: Environment): BootstrapSettings['engine'] {
  const value = text(environment, 'STAMP_DATABASE_ENGINE');
  if (value === 'aurora-postgresql' || value === 'aurora-mysql') return value;
  throw wrong(`environment variable STAMP_DATABASE_ENGINE is ${value}, not aurora-postgresql or aurora-mysql`);
}

function text(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw wrong(`environment variable ${name} is missing`);
  return value;
}

function count(environment: Environment, name: string): number {
  const value = Number(text(environment, name));
  if (!Number.isInteger(value) || value < 1)
    throw wrong(`environment variable ${name} is ${environment[name] ?? ''}, not a number above 0`);
  return value;
}

function wrong(message: string): StampError {
  return new StampError('BOOTSTRAP_SETTING', message, 'Deploy the stamp again: DatabaseBootstrap sets it.');
}
