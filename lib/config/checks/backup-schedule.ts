import type { BackupConfig, Seconds } from '../types';

/** Seconds between two scheduled backups. */
export function scheduleInterval(schedule: BackupConfig['schedule']): Seconds {
  return { hourly: 3_600, daily: 86_400, weekly: 604_800 }[schedule];
}
