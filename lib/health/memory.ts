import type { HealthStatus } from './document';

/**
 * What one evaluation tells the next. Plain data, returned new every time; the caller keeps it for as long as its process lives.
 * A fresh process starts with {@link EMPTY_MEMORY} and gives a failing writer its grace again: at worst a later verdict, never a wrong one.
 */
export interface HealthMemory {
  /** Epoch milliseconds of the last evaluation. */
  readonly evaluatedAt?: number;
  /** The role that the database last proved to have. */
  readonly lastRole?: 'writer' | 'reader';
  /** Epoch milliseconds of the first of the unbroken failures of the writer, and of the replica. */
  readonly writerFailingSince?: number;
  readonly replicaFailingSince?: number;
  /** Per check its last status and since when. */
  readonly checks: Readonly<Record<string, { readonly status: HealthStatus; readonly since: number }>>;
}

export const EMPTY_MEMORY: HealthMemory = { checks: {} };

/**
 * Drops what may no longer be claimed: a process that has not looked for longer than the grace (a Lambda function that was
 * frozen) cannot say that a failure lasted all that time. A clock that ran backwards counts the same.
 */
export function stillValid(memory: HealthMemory, now: number, maxGapMilliseconds: number): HealthMemory {
  const { evaluatedAt } = memory;
  if (evaluatedAt === undefined) return memory;
  if (now >= evaluatedAt && now - evaluatedAt <= maxGapMilliseconds) return memory;
  return { evaluatedAt, ...(memory.lastRole !== undefined && { lastRole: memory.lastRole }), checks: {} };
}
