import { createHash } from 'node:crypto';
import { type CallPlace, type Cancellation, type Clock, type Guard, type OperationEvent, PortError } from '../../lib/ports';

/** 2026-11-21T10:00:00Z: what the wall clocks of the fakes count from. */
export const EPOCH = Date.UTC(2026, 10, 21, 10, 0, 0);

interface Timer {
  readonly at: number;
  readonly id: number;
  readonly wake: () => void;
}

/**
 * Time and failures, shared by all fakes of a test. Time stands still until everybody waits; then it jumps to the next wake-up. See
 * world.md.
 */
export class FakeWorld {
  /** Milliseconds since the beginning of the test: true time, which no process sees. */
  public time = 0;
  /** AWS Regions of which nothing answers. */
  public readonly down = new Set<string>();
  /** `service@region` pairs that do not answer, in a Region that is half there. */
  public readonly silent = new Set<string>();
  private timers: Timer[] = [];
  private counter = 0;

  /** @throws PortError `unreachable` */
  public reach(place: CallPlace): void {
    if (this.down.has(place.region) || this.silent.has(`${place.service}@${place.region}`)) {
      throw new PortError('unreachable', place, 'no answer');
    }
  }

  public wait(milliseconds: number, cancellation?: Cancellation): Promise<void> {
    return new Promise((resolve) => {
      let off = (): void => undefined;
      const id = (this.counter += 1);
      const wake = (): void => {
        off();
        this.timers = this.timers.filter((timer) => timer.id !== id);
        resolve();
      };
      if (cancellation !== undefined) off = cancellation.onRaise(wake);
      this.timers.push({ at: this.time + Math.max(0, milliseconds), id, wake });
    });
  }

  public get sleepers(): number {
    return this.timers.length;
  }

  /** Goes on to the next wake-up; false when nobody sleeps. */
  public advance(): boolean {
    const [next] = [...this.timers].sort((a, b) => a.at - b.at || a.id - b.id);
    if (next === undefined) return false;
    this.time = Math.max(this.time, next.at);
    next.wake();
    return true;
  }

  /** Runs until the promise is settled, however long that takes in fake time. */
  public async run<T>(work: Promise<T>): Promise<T> {
    const result = await this.runOr(work, () => false);
    if (result === 'stopped') throw new Error('everybody waits for something that never comes');
    return result;
  }

  /** Runs until the promise is settled, or until somebody stopped it: the process that it belongs to is gone. */
  public async runOr<T>(work: Promise<T>, gone: () => boolean): Promise<T | 'stopped'> {
    const state = { settled: false };
    const watched = work.finally(() => {
      state.settled = true;
    });
    watched.catch(() => undefined);
    for (;;) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      if (state.settled) return watched;
      if (gone()) return 'stopped';
      if (!this.advance()) throw new Error('everybody waits for something that never comes');
    }
  }
}

export interface ProcessOptions {
  readonly name?: string;
  /** Its wall clock is off by this, in milliseconds. */
  readonly skew?: number;
  /** Its monotonic clock runs faster by this share. */
  readonly drift?: number;
}

/** One operator's process: clocks of its own, a disk of its own. */
export class FakeProcess {
  public readonly clock: Clock;
  public readonly events: OperationEvent[] = [];
  public readonly name: string;
  /** Lines per operation: survives a crash, as a disk does. */
  public readonly disk: Map<string, string[]>;

  public constructor(
    public readonly world: FakeWorld,
    options: ProcessOptions = {},
    disk = new Map<string, string[]>(),
  ) {
    const { skew = 0, drift = 0 } = options;
    this.name = options.name ?? 'jo';
    this.disk = disk;
    const start = world.time;
    this.clock = {
      now: () => EPOCH + world.time + skew,
      monotonic: () => (world.time - start) * (1 + drift) + 1000,
      sleep: (milliseconds, cancellation) => world.wait(milliseconds / (1 + drift), cancellation),
    };
  }

  /** What an adapter does last before it sends. @throws PortError `lease-expired` */
  public checkGuard(guard: Guard, place: CallPlace): void {
    if (this.clock.monotonic() >= guard.validUntil) throw new PortError('lease-expired', place, 'the lease ran out');
  }
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
