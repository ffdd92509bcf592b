import type { StampRef } from './stamp-ref';

/** The health document of a stamp, as its function answers an operator (`lib/health/document.ts` has the same members and more). */
export interface HealthReading {
  readonly status: 'pass' | 'warn' | 'fail';
  readonly role: 'writer' | 'reader' | 'none' | 'unknown';
  /** True only when the stamp's own database has just accepted the role of the writer. */
  readonly writable: boolean;
  readonly replicationLagSeconds?: number;
  readonly reasons: readonly string[];
}

/** What a user would see at the stamp's own name. */
export interface DirectReading {
  /** HTTP status of the application's health path. */
  readonly httpStatus: number;
}

/** How stamps feel. Both are data planes of the stamp's own Region. */
export interface Probes {
  /** Invokes the stamp's health function. @throws PortError `unreachable`, `timeout`, `denied`, `not-found` */
  health(stamp: StampRef): Promise<HealthReading>;
  /** Asks the health path over HTTPS at the stamp's own record. @throws PortError `unreachable`, `timeout` */
  direct(stamp: StampRef): Promise<DirectReading>;
}
