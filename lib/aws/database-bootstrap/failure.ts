import { isStampError, StampError } from '../../errors';
import { messageOf } from '../health-probes/probe';

/** Whether it may work when it is tried again. */
export interface Failure {
  readonly error: StampError;
  readonly again: boolean;
}

/** PostgreSQL: starting up, shutting down, no connection left, connection lost. */
const NOT_READY_STATES = /^(57P0[1-3]|53300|08...)$/;
const NOT_READY_CODES = new Set([
  // Node's network errors.
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  // mysql2 and the server behind it.
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
]);
const NOT_READY_TEXT = /timeout expired|Connection terminated|connect(ion)? ETIMEDOUT/i;

const LOGIN_CODES = new Set(['28P01', '28000', 'ER_ACCESS_DENIED_ERROR']);
const DATABASE_CODES = new Set(['3D000', 'ER_BAD_DB_ERROR']);
const PRIVILEGE_CODES = new Set([
  '42501',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_CANNOT_USER',
]);
const BUSY_CODES = new Set(['55P03']);
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(VERIFY|GET|DECRYPT|DECODE)|HOSTNAME_MISMATCH|INVALID_CA|EPROTO|HANDSHAKE_|PROTOCOL_SSL)/;
const TLS_TEXT = /does not support SSL|does not support secure|self-signed certificate|unable to verify the first certificate/i;

/**
 * What went wrong with a database, in the words of the one who has to repair it. The server's own message is kept: it names users and
 * objects, never passwords.
 */
export function failureOf(error: unknown, endpoint: { readonly host: string; readonly port: number }): Failure {
  if (isStampError(error)) return { error, again: false };
  const code = codeOf(error);
  const said = messageOf(error);
  const where = `${endpoint.host}:${endpoint.port}`;
  const final = (name: string, message: string, fix: string): Failure => ({
    error: new StampError(name, `${message}: ${said}`, fix),
    again: false,
  });
  // Before the network errors: a broken handshake also ends the connection.
  if (TLS_CODES.test(code) || TLS_TEXT.test(said)) {
    return final(
      'BOOTSTRAP_TLS',
      `TLS with ${where} failed`,
      'The server must speak TLS with a certificate for this very host name; NODE_EXTRA_CA_CERTS must hold the Amazon RDS roots.',
    );
  }
  if (LOGIN_CODES.has(code)) {
    return final(
      'BOOTSTRAP_LOGIN',
      `${where} refused the master user`,
      'The password in the secret must be the one of the database: set it again with ModifyDBCluster. "PAM authentication failed" means that the master user became a member of rds_iam, also by way of another role: revoke that membership.',
    );
  }
  if (DATABASE_CODES.has(code)) {
    return final('BOOTSTRAP_DATABASE', `${where} has no such database`, 'The home member creates it: compare its databaseName.');
  }
  if (code === 'ER_PLUGIN_IS_NOT_LOADED') {
    return final('BOOTSTRAP_IAM_LOGIN', `${where} has no login by IAM`, 'Enable IAM database authentication on the cluster.');
  }
  if (PRIVILEGE_CODES.has(code)) {
    return final(
      'BOOTSTRAP_PRIVILEGE',
      `the master user may not do what the bootstrap needs on ${where}`,
      'Give the objects in question to the master user or the application user, or drop the role that somebody else created.',
    );
  }
  if (BUSY_CODES.has(code)) {
    return final('BOOTSTRAP_BUSY', `another run holds ${where}`, 'Wait until it ends, then deploy again.');
  }
  if (NOT_READY_CODES.has(code) || NOT_READY_STATES.test(code) || NOT_READY_TEXT.test(said)) {
    return { error: notReady(where, said), again: true };
  }
  return final(
    'BOOTSTRAP_FAILED',
    `the bootstrap of ${where} failed`,
    'Read the cause; a second run goes on where this one stopped.',
  );
}

function notReady(where: string, said: string): StampError {
  return new StampError(
    'BOOTSTRAP_NOT_READY',
    `${where} accepts no connections: ${said}`,
    'Wait until the instances are available and deploy again; if they are, compare security groups and subnets of function and database.',
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
