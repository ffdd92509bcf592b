import type { BackupConfig, Seconds } from '../config/types';
import { assumedValue } from '../facts/assumptions';

const HOUR = 3_600;

/** When a scheduled backup runs, in seconds. */
export interface BackupWindow {
  /** Time between two scheduled backups. */
  readonly interval: Seconds;
  /** A job that has not begun by then is given up; AWS Backup takes no less than an hour (aws-facts 5.1). */
  readonly startWindow: Seconds;
  /** A job that has not ended this long after it began is cancelled. */
  readonly completionWindow: Seconds;
}

/** The rule of each schedule. Whoever writes the backup plan uses the same windows, or the ages below are wrong. */
export const BACKUP_WINDOWS: Readonly<Record<BackupConfig['schedule'], BackupWindow>> = {
  hourly: { interval: HOUR, startWindow: HOUR, completionWindow: 2 * HOUR },
  daily: { interval: 24 * HOUR, startWindow: HOUR, completionWindow: 6 * HOUR },
  weekly: { interval: 7 * 24 * HOUR, startWindow: HOUR, completionWindow: 12 * HOUR },
};

export interface RecoveryPointAges {
  /** Oldest that the newest recovery point in the stamp's own vault can be while every job succeeds. */
  readonly local: Seconds;
  /** The same for its copy in a peer's vault. */
  readonly copied: Seconds;
  /** The arithmetic, for people. */
  readonly because: string;
}

/**
 * How old the newest recovery point can be when nothing is wrong; older means that a job failed.
 *
 * Just before a backup completes, the newest one is that of the run before: one interval back, plus all that this run may
 * take to start and to complete. A copy begins when its backup is complete, so it is older by the time a copy takes, which AWS
 * does not bound (assumption `backupCopyTime`).
 */
export function recoveryPointAges(
  schedule: BackupConfig['schedule'],
  assumptions: Readonly<Record<string, number>> = {},
): RecoveryPointAges {
  const { interval, startWindow, completionWindow } = BACKUP_WINDOWS[schedule];
  const copy = assumedValue('backupCopyTime', assumptions).pessimistic;
  const local = interval + startWindow + completionWindow;
  const because =
    `${interval / HOUR} h between backups + ${startWindow / HOUR} h to start + ${completionWindow / HOUR} h to complete` +
    `; a copy ${Number((copy / HOUR).toFixed(2))} h more`;
  return { local, copied: local + copy, because };
}
