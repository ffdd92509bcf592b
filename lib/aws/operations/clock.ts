import { uptime } from 'node:os';
import type { Cancellation, Clock } from '../../ports';

/** What a clock is made of. Milliseconds. */
export interface TimeSources {
  readonly wall: () => number;
  /** Grows while this machine is awake. */
  readonly awake: () => number;
  /** Grows while it sleeps too; may be coarse. */
  readonly sinceBoot: () => number;
}

/** Less than this between the two monotonic sources is their coarseness, more is a machine that slept. Milliseconds. */
const COARSENESS_MS = 1_000;
/** The longest that a timer of Node takes. */
const LONGEST_TIMER_MS = 2_147_483_647;

const SOURCES: TimeSources = {
  wall: () => Date.now(),
  awake: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
  sinceBoot: () => uptime() * 1_000,
};

/**
 * The clock of this machine. Its monotonic time goes on while the machine sleeps: Linux's own does not, and an operator who opens the lid of
 * a laptop must not believe that the lease of an hour ago still holds (ADR 9). It never follows the wall clock, which people and NTP set.
 */
export function systemClock(sources: TimeSources = SOURCES): Clock {
  const awakeAtFirst = sources.awake();
  const bootAtFirst = sources.sinceBoot();
  let slept = 0;
  return {
    now: sources.wall,
    monotonic: () => {
      const awake = sources.awake() - awakeAtFirst;
      const missed = sources.sinceBoot() - bootAtFirst - awake;
      if (missed > slept + COARSENESS_MS) slept = missed;
      return awake + slept;
    },
    sleep: (milliseconds, signal) => sleep(milliseconds, signal),
  };
}

function sleep(milliseconds: number, signal: Cancellation | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      takeBack?.();
      resolve();
    };
    const timer = setTimeout(end, Math.min(Math.max(0, milliseconds), LONGEST_TIMER_MS));
    const takeBack = signal?.onRaise(end);
  });
}
