import type { BackupConfig, Seconds } from '../config/types';
import { assumedValue } from '../facts/assumptions';

const HOUR = 3_600;

/** When a scheduled backup runs, in seconds. */
export interface BackupWindow {
  /** Time between two scheduled backups. */
  readonly interval: Seconds;
  /** A job that has not begun by then is given up; AWS Backup takes no less than an hour (aws-facts 5.1). */
  readonly startWindow: Seconds;
  /** A job that has not ended by then is cancelled. */
  readonly completionWindow: Seconds;
}

/** The rule of each schedule. Whoever writes the backup plan uses the same windows, or the ages below are wrong. */
export const BACKUP_WINDOWS: Readonly<Record<BackupConfig['schedule'], BackupWindow>> = {
  hourly: { interval: HOUR, startWindow: HOUR, completionWindow: 2 * HOUR },
  daily: { interval: 24 * HOUR, startWindow: HOUR, completionWindow: 12 * HOUR },
  weekly: { interval: 7 * 24 * HOUR, startWindow: HOUR, completionWindow: 24 * HOUR },
};

export interface RecoveryPointAge {
  /** Seconds. */
  readonly age: Seconds;
  /** The arithmetic, for people. */
  readonly because: string;
}

/**
 * How old the newest recovery point can be when nothing is wrong; older means that a job failed.
 *
 * Just before a backup completes, the newest one is that of the run before: one interval back, plus all that this run may
 * take to start and to complete. A copy begins when its backup is complete, so where there are copies their age decides: it
 * is greater by the time a copy takes, which AWS does not bound (assumption `backupCopyTime`).
 *
 * The completion window is counted from the start of the job, the later of the two readings of AWS's wording: an alarm may be
 * late by the start window, never early.
 */
export function maxRecoveryPointAge(
  schedule: BackupConfig['schedule'],
  copies: number,
  assumptions: Readonly<Record<string, number>> = {},
): RecoveryPointAge {
  const { interval, startWindow, completionWindow } = BACKUP_WINDOWS[schedule];
  const copy = copies === 0 ? 0 : assumedValue('backupCopyTime', assumptions).pessimistic;
  const terms: [Seconds, string][] = [
    [interval, 'between backups'],
    [startWindow, 'to start'],
    [completionWindow, 'to complete'],
    ...(copies === 0 ? [] : [[copy, 'for the copy'] satisfies [Seconds, string]]),
  ];
  return {
    age: terms.reduce((total, [seconds]) => total + seconds, 0),
    because: terms.map(([seconds, what]) => `${Number((seconds / HOUR).toFixed(2))} h ${what}`).join(' + '),
  };
}
