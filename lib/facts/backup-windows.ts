/** When the job of a scheduled backup runs; all in seconds. */
export interface BackupWindow {
  /** Time between two scheduled backups; an hour is the shortest that AWS Backup offers (aws-facts 5.4). */
  readonly interval: number;
  /** A job that has not begun by then is given up; AWS Backup takes no less than an hour (aws-facts 5.1). */
  readonly startWindow: number;
  /** A job that has not ended by then is cancelled; AWS Backup wants an hour or more beyond the start window (aws-facts 5.1). */
  readonly completionWindow: number;
}

const HOUR = 3_600;

/**
 * The windows of each schedule, as the kit sets them. The backup plan is written with them, and how old the newest recovery point
 * may be is calculated from them.
 */
export const BACKUP_WINDOWS = {
  hourly: { interval: HOUR, startWindow: HOUR, completionWindow: 2 * HOUR },
  daily: { interval: 24 * HOUR, startWindow: HOUR, completionWindow: 12 * HOUR },
  weekly: { interval: 7 * 24 * HOUR, startWindow: HOUR, completionWindow: 24 * HOUR },
} as const satisfies Record<string, BackupWindow>;
