import type { BackupConfig, Seconds } from '../config/types';
import { assumedValue } from '../facts/assumptions';
import { BACKUP_WINDOWS } from '../facts/backup-windows';

const HOUR = 3_600;

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
