/**
 * The health document of a stamp, in the spirit of the expired `application/health+json` draft (aws-facts 9.3): `status` comes
 * first, so that a string match within the first bytes of the body works too (aws-facts 2.3).
 */

/** Verdict of a probe or of the stamp. `pass` and `warn` keep the stamp in service, `fail` asks for traffic to move. */
export type HealthStatus = 'pass' | 'warn' | 'fail';

/**
 * What the stamp's database is today. `writer` and `reader` are observed, never configured (a failover changes no template);
 * `none`: the stamp has no database; `unknown`: nothing has said which since this process started.
 */
export type DatabaseRole = 'writer' | 'reader' | 'none' | 'unknown';

/** Why a document says `fail`. Stable codes: operators and drills match on them. */
export type FailReason = 'compute-down' | 'writer-unreachable' | 'replica-silent' | 'replica-not-promotable' | 'dependency-down';

export interface HealthCheck {
  readonly status: HealthStatus;
  /** What the probe saw, in a few words or a number with its unit in `message`. */
  readonly observed?: string | number | boolean;
  /** One line for a human: the cause of a failure, or what was fine. */
  readonly message: string;
  /** ISO 8601 time since when the check has had this status, as far as this process has watched. */
  readonly since: string;
}

export interface HealthDocument {
  readonly status: HealthStatus;
  readonly stampId: string;
  readonly role: DatabaseRole;
  /** True only when a probe has just seen the stamp's own database accept the role of the writer. */
  readonly writable: boolean;
  /** Seconds the replica was behind when its own database last measured it; absent on a writer and when nobody knows. */
  readonly replicationLagSeconds?: number;
  /** ISO 8601 time of the evaluation. */
  readonly time: string;
  /** Empty unless `status` is `fail`. Sorted, each once. */
  readonly reasons: readonly FailReason[];
  /** By name: `compute`, `writer`, `reader`, `dependency:<name>`. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
}

const WEIGHT: Record<HealthStatus, number> = { pass: 0, warn: 1, fail: 2 };

/** The worse of two verdicts. */
export function worse(a: HealthStatus, b: HealthStatus): HealthStatus {
  return WEIGHT[b] > WEIGHT[a] ? b : a;
}
