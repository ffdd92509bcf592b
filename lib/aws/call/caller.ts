import { CALL_TIMEOUT_MS, type CallPlace, type Clock, type Guard, PortError } from '../../ports';
import { actionOf, type CallKind } from './actions';
import { mapError } from './map-error';
import { RegionWatch } from './region-watch';
import { Wake } from './wake';

/** One attempt of a read, in milliseconds. */
const READ_TIMEOUT_MS = 5_000;
/** Attempts of a read, the first included. */
const READ_ATTEMPTS = 3;
/** The n-th pause is a random share of this times 2^n, at most of {@link LONGEST_PAUSE_MS} (full jitter), in milliseconds. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/** Services that say nothing about the health of a Region's AWS endpoints. */
const NOT_AWS = new Set(['https']);

export interface CallerOptions {
  readonly clock: Clock;
  /** AWS Regions that nothing is sent to. @default - none */
  readonly deadRegions?: ReadonlySet<string>;
  /** From 0 to just below 1. */
  readonly random: () => number;
}

export interface ReadLimits {
  /** @default 3 */
  readonly attempts?: number;
  /** Of one attempt, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
}

/** Sends one request; the signal is raised when its time is over. */
export type Send<T> = (signal: AbortSignal) => Promise<T>;

/**
 * The way every call of an adapter goes: only calls of the table of actions, a time-out for each, repeats for reads only, nothing to a Region
 * that is known to be dead, and one kind of error.
 */
export class Caller {
  private readonly clock: Clock;
  private readonly regions: RegionWatch;

  public constructor(private readonly options: CallerOptions) {
    this.clock = options.clock;
    this.regions = new RegionWatch(options.clock, options.deadRegions ?? new Set());
  }

  /** Milliseconds since 1970. */
  public now(): number {
    return this.clock.now();
  }

  /** False for a Region that is called dead, or is silent just now. */
  public isWorthACall(region: string): boolean {
    return !this.regions.isDead(region) && !this.regions.isQuiet(region);
  }

  /**
   * Something that changes nothing. Repeated after a random pause when nobody answered or AWS throttles.
   *
   * @throws PortError
   */
  public async read<T>(place: CallPlace, send: Send<T>, limits: ReadLimits = {}): Promise<T> {
    known(place, 'read');
    const { attempts = READ_ATTEMPTS, timeoutMs = READ_TIMEOUT_MS } = limits;
    for (let attempt = 1; ; attempt += 1) {
      this.refuseDead(place);
      if (!NOT_AWS.has(place.service) && this.regions.isQuiet(place.region))
        throw new PortError('unreachable', place, 'not asked, because nothing in this Region has answered for the last seconds');
      try {
        return await this.attempt(place, 'read', timeoutMs, send);
      } catch (error) {
        if (!(error instanceof PortError) || !['unreachable', 'timeout', 'throttled'].includes(error.kind)) throw error;
        if (attempt < attempts) {
          await this.clock.sleep(this.pause(attempt));
          continue;
        }
        if (error.kind !== 'throttled' && !NOT_AWS.has(place.service)) this.regions.unanswered(place.region, place.service);
        throw error;
      }
    }
  }

  /**
   * Something that changes the world: sent once, while the lease holds, and given up after `CALL_TIMEOUT_MS`. A Region that has only fallen
   * silent is tried all the same; one that is called dead is not.
   *
   * @throws PortError `lease-expired` when nothing was sent because the lease ran out; with `maybeApplied` when a sent request was not answered
   */
  public async change<T>(place: CallPlace, guard: Pick<Guard, 'validUntil'>, send: Send<T>): Promise<T> {
    known(place, 'change');
    this.refuseDead(place);
    if (this.clock.monotonic() >= guard.validUntil)
      throw new PortError('lease-expired', place, 'not sent: the lease ran out, and somebody else may hold it by now');
    return this.attempt(place, 'change', CALL_TIMEOUT_MS, send);
  }

  private refuseDead(place: CallPlace): void {
    if (this.regions.isDead(place.region)) throw new PortError('unreachable', place, 'not asked: the Region is called dead');
  }

  private pause(attempt: number): number {
    return this.options.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  }

  private async attempt<T>(place: CallPlace, kind: CallKind, timeoutMs: number, send: Send<T>): Promise<T> {
    const abort = new AbortController();
    const wake = new Wake();
    const late = this.clock.sleep(timeoutMs, wake).then((): typeof LATE => LATE);
    try {
      const answer = Promise.resolve().then(() => send(abort.signal));
      const first = await Promise.race([answer, late]);
      if (first === LATE) {
        // Whatever becomes of it now, nobody waits for it.
        answer.catch(() => undefined);
        abort.abort();
        throw new PortError('timeout', place, `no answer within ${timeoutMs / 1000} s`, kind === 'change');
      }
      if (place.region !== '-') this.regions.answered(place.region);
      return first;
    } catch (error) {
      const mapped = mapError(place, error, kind);
      if (mapped instanceof PortError && !['unreachable', 'timeout', 'lease-expired'].includes(mapped.kind))
        this.regions.answered(place.region);
      throw mapped;
    } finally {
      wake.up();
    }
  }
}

const LATE = Symbol('late');

/** @throws Error for a call that is not in the table: a mistake of the adapter, which no operator can mend */
function known(place: CallPlace, kind: CallKind): void {
  const action = actionOf(place);
  if (action === undefined)
    throw new Error(`${place.service} ${place.call} is not in the table of actions (lib/aws/call/actions)`);
  if (action.kind !== kind) throw new Error(`${place.service} ${place.call} is a ${action.kind} in the table of actions`);
}
