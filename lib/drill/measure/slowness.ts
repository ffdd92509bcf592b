/** A piece of work that always is the same, done by a process that has no other part in the lab. */
export interface WorkSample {
  /** When it was due, in milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds from then until it was done. */
  readonly took: number;
}

/** How slow a machine was while something was measured. */
export interface Slowness {
  /** How many times as long as on the machine of the table work took: 1 or more. Bounds are stretched by it. */
  readonly factor: number;
  /** Milliseconds that nine of ten samples took at most. */
  readonly took: number;
  /** Milliseconds by which the longest sample took longer than that: a stall, which may fall into a single phase as a whole. */
  readonly stall: number;
  readonly samples: number;
}

/** Milliseconds that nine of ten samples take at most beside a lab on two cores that have nothing else to do: the machine of the lab's table. */
export const USUAL_SAMPLE = 14;

/** Of a longer time than this, in milliseconds, nobody can say whether the machine was slow in all of it. */
const LEAST_SAMPLES = 5;

/**
 * The slowest tenth counts: a bound is a sum of many short pieces of work, so neither a single one that was caught badly nor the usual one tells how
 * long they take at worst. Never below 1: a fast machine does not make the proof's numbers stricter than they were measured.
 */
export function slownessOf(samples: readonly WorkSample[], from: number, to: number): Slowness | undefined {
  const during = samples.filter(({ at, took }) => at + took >= from && at <= to).map(({ took }) => took);
  if (during.length < LEAST_SAMPLES) return undefined;
  const sorted = during.sort((a, b) => a - b);
  const took = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
  const stall = (sorted.at(-1) ?? 0) - took;
  return { factor: Math.max(1, took / USUAL_SAMPLE), took, stall, samples: sorted.length };
}
