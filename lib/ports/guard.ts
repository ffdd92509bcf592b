/**
 * What every mutating call carries (R7). A target that can compare writes refuses a lower token (switches, control table). For the
 * others the adapter is the last check: it refuses to send once its own monotonic clock has reached `validUntil`, and gives up on a
 * sent request within {@link CALL_TIMEOUT_MS}, which is shorter than the margin that a successor waits before it takes over.
 */
export interface Guard {
  /** Fencing token of the lease; grows with every holder. */
  readonly token: number;
  /** Who holds it. */
  readonly operator: string;
  /** Id of the operation. */
  readonly operation: string;
  /** End of the lease on the caller's own monotonic clock, in milliseconds. `Infinity` without a lease (break-glass). */
  readonly validUntil: number;
}

/** Longest time between sending a mutating request and its last effect, in milliseconds: the adapters' time-out. */
export const CALL_TIMEOUT_MS = 10_000;
