import type { Cancellation, Clock } from '../../../lib/ports';

/** Sat, 1 Aug 2026 03:00:00 UTC. */
export const START = 1_785_553_200_000;

/** Time that goes on when the test says so. */
export class ManualClock implements Clock {
  public time = 0;
  private readonly sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  /** Length of every sleep that was asked for, in milliseconds. */
  public readonly slept: number[] = [];

  public now(): number {
    return START + this.time;
  }

  public monotonic(): number {
    return this.time;
  }

  public sleep(milliseconds: number, signal?: Cancellation): Promise<void> {
    this.slept.push(milliseconds);
    return new Promise((resolve) => {
      const wake = (): void => {
        this.sleepers.delete(sleeper);
        takeBack?.();
        resolve();
      };
      const sleeper = { at: this.time + milliseconds, wake };
      this.sleepers.add(sleeper);
      const takeBack = signal?.onRaise(wake);
    });
  }

  /** How many sleep now. */
  public get sleeping(): number {
    return this.sleepers.size;
  }

  /** Time goes on; whoever's time has come wakes up. */
  public async pass(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    for (const sleeper of [...this.sleepers]) if (sleeper.at <= this.time) sleeper.wake();
    await settle();
  }

  /** Runs to the next wake-up again and again, until the work is over. Only for work that waits for nothing but this clock. */
  public async run<T>(work: Promise<T>): Promise<T> {
    const state = { over: false };
    const done = (): void => {
      state.over = true;
    };
    work.then(done, done);
    for (let rounds = 0; rounds < 1_000; rounds += 1) {
      await settle();
      if (state.over) return work;
      const next = Math.min(...[...this.sleepers].map((sleeper) => sleeper.at));
      if (Number.isFinite(next)) await this.pass(Math.max(0, next - this.time));
    }
    throw new Error('the work waits for something that never comes');
  }
}

/** Lets everything run that can run without time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
