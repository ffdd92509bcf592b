import { StampError } from '../../errors';

/** What the state machine asks. */
export interface ValidationRequest {
  /** `connect`: does the restored database accept a login? `check`: is the data all right? */
  readonly step: 'connect' | 'check';
  /** What was restored: host name of the cluster, or ARN of the table. */
  readonly resource: string;
  /** Start of the restore test: the moment at which the live data counts as lost. */
  readonly lostAt: Date;
  /** True when nobody will ask again: then the answer is final, whatever it is. */
  readonly last: boolean;
}

/** The answer, in the words of AWS Backup; `READY` only for `connect`. */
export interface Verdict {
  readonly status: 'READY' | 'SUCCESSFUL' | 'FAILED';
  /** For people, in the console of AWS Backup. */
  readonly message: string;
}

/** Every name that restore testing gives starts like this (AWS Backup developer guide, "Restore testing inferred metadata"). */
const RESTORE_TEST_PREFIX = 'awsbackup-restore-test';

/**
 * Reads the event of the state machine. What was not made by a restore test is refused: the function never looks at live data.
 *
 * Throws StampError VALIDATION_EVENT, or VALIDATION_TARGET for a resource with another name.
 */
export function readRequest(event: unknown): ValidationRequest {
  const { step, resource, lostAt, attempt, lastAttempt } = (event ?? {}) as Record<string, unknown>;
  const time = typeof lostAt === 'string' ? new Date(lostAt) : new Date(Number.NaN);
  if (
    (step !== 'connect' && step !== 'check') ||
    typeof resource !== 'string' ||
    Number.isNaN(time.getTime()) ||
    typeof attempt !== 'number' ||
    typeof lastAttempt !== 'number'
  ) {
    throw new StampError(
      'VALIDATION_EVENT',
      'the event is not one of the state machine of restore validation',
      'Start the state machine, not the function: input { "detail": { "restoreJobId": "<id>" } }, execution name the same id.',
    );
  }
  if (!nameOf(resource).startsWith(RESTORE_TEST_PREFIX)) {
    throw new StampError(
      'VALIDATION_TARGET',
      `${resource} was not made by a restore test: its name does not start with ${RESTORE_TEST_PREFIX}`,
      'Only what restore testing made is looked at.',
    );
  }
  return { step, resource, lostAt: time, last: attempt >= lastAttempt };
}

/** Name of the table in an ARN; a host name is its own. */
export function nameOf(resource: string): string {
  return resource.startsWith('arn:') ? (resource.split('/')[1] ?? '') : resource;
}
