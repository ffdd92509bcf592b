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
/** Every name that a restore gives ends with the moment of its data: `-r20261121t101500`, or `-t...` in a test of the same (design 6). */
const RESTORE_END = /-[rt]\d{8}t\d{6}$/;

/**
 * Reads the event of the state machine, or of an operator after a restore. What was not made by either is refused: live data has other names
 * until a restore is cut over to.
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
  const name = nameOf(resource);
  if (!name.startsWith(RESTORE_TEST_PREFIX) && !RESTORE_END.test(firstLabel(resource))) {
    throw new StampError(
      'VALIDATION_TARGET',
      `${resource} was not made by a restore test: its name does not start with ${RESTORE_TEST_PREFIX}, nor does it end like that of a restore`,
      'Only what restores made is looked at.',
    );
  }
  return { step, resource, lostAt: time, last: attempt >= lastAttempt };
}

/** The cluster in a host name; the name of a table, which may have dots, is in an ARN. */
function firstLabel(resource: string): string {
  return resource.startsWith('arn:') ? nameOf(resource) : (resource.split('.')[0] ?? '');
}

/** Name of the table in an ARN; a host name is its own. */
export function nameOf(resource: string): string {
  return resource.startsWith('arn:') ? (resource.split('/')[1] ?? '') : resource;
}
