import { StampError } from '../../errors';

/** The group's users, by what they are for (design 6). */
export interface BootstrapUsers {
  /** The application: reads and writes. */
  readonly app: string;
  /** Health checks: logs in and asks the server about itself. */
  readonly probe: string;
  /** Restore validation: reads. */
  readonly validator: string;
}

/** What a database has to look like after the bootstrap. */
export interface BootstrapRequest {
  /** The database inside the cluster. */
  readonly database: string;
  readonly users: BootstrapUsers;
  /** Connections the probe may hold at one instance. */
  readonly probeConnectionLimit: number;
}

/** A statement and what it is for, in words that may be logged. */
export interface Step {
  readonly what: string;
  readonly sql: string;
}

/** Something wanted that was left out, and why. */
export interface Skip {
  readonly what: string;
  readonly why: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly skipped: readonly Skip[];
}

export type BootstrapOutcome =
  /** Something was missing and is there now. */
  | 'changed'
  /** Everything was there. */
  | 'unchanged'
  /** The writer of the global cluster is in another Region: users reach this member by replication, and nothing could be written. */
  | 'not-the-writer';

export interface BootstrapReport {
  readonly outcome: BootstrapOutcome;
  /** What was done, in order. */
  readonly changed: readonly string[];
  readonly skipped: readonly Skip[];
}

export function reportOf(plans: readonly Plan[]): BootstrapReport {
  const changed = plans.flatMap(({ steps }) => steps.map(({ what }) => what));
  return { outcome: changed.length > 0 ? 'changed' : 'unchanged', changed, skipped: plans.flatMap(({ skipped }) => skipped) };
}

/** Names that SQL gives a meaning of its own, and what the engines keep for themselves. */
const RESERVED = /^(public|none|current_role|current_user|session_user|pg_.*|rds.*|mysql\..*)$/i;

/**
 * Throws StampError BOOTSTRAP_NAME for names that the engine would refuse, cut off (PostgreSQL cuts at 63 bytes and only mentions it)
 * or take for something else, and for users that are one and the same: their rights would add up.
 */
export function checkRequest({ users, probeConnectionLimit }: BootstrapRequest, master: string, maxBytes: number): void {
  const names = [users.app, users.probe, users.validator];
  for (const name of names) {
    const problem =
      name === ''
        ? 'is empty'
        : name.includes('\0')
          ? 'contains a zero byte'
          : new TextEncoder().encode(name).length > maxBytes
            ? `is longer than ${maxBytes} bytes`
            : RESERVED.test(name)
              ? 'is reserved by the database'
              : name === master
                ? 'is the master user'
                : names.filter((other) => other === name).length > 1
                  ? 'is given to two users'
                  : undefined;
    if (problem !== undefined) throw nameError(`the user name ${JSON.stringify(name)} ${problem}`);
  }
  if (!Number.isInteger(probeConnectionLimit) || probeConnectionLimit < 1) {
    throw nameError(`${probeConnectionLimit} is no limit of connections`);
  }
}

function nameError(message: string): StampError {
  return new StampError('BOOTSTRAP_NAME', message, 'Give the names that stampkit computes for the group.');
}
