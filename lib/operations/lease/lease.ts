import { CALL_TIMEOUT_MS, type Clock, type ControlItem, type Guard } from '../../ports';
import type { ControlReplicas } from './control-replicas';
import { type Hold, LeaseLost } from './hold';
import { leaseKey, type LeaseRecord } from './lease-record';

/** How long a lease holds without renewal, in milliseconds. */
export const LEASE_DURATION_MS = 60_000;
/** Two machines' clocks may run apart by this share: far more than real ones do. */
export const CLOCK_DRIFT = 0.05;
/** Between two looks at somebody else's lease. */
const LOOK_MS = 5_000;
/** Attempts to win a race for a free lease. */
const RACES = 5;

/**
 * How long a record has to stay unchanged before its holder is taken for dead, on the observer's own clock: the lease itself, the
 * drift of two clocks, and the longest time a request of the old holder may still be under way.
 */
export function takeoverAfterMs(durationMs: number): number {
  return Math.ceil(durationMs * (1 + CLOCK_DRIFT)) + CALL_TIMEOUT_MS;
}

export interface LeaseRequest {
  readonly group: string;
  /** Id of the operation the lease is for. */
  readonly operation: string;
  /** Unfinished operation that this one goes on with or closes. */
  readonly takesOver?: string;
  /** Unique per process. */
  readonly holder: string;
  readonly operator: string;
  /** The token is higher than this one: the highest that any switch holds. */
  readonly above?: number;
  readonly durationMs?: number;
  /** See {@link LeaseRecord.yields}. */
  readonly yields?: boolean;
  /** The operation goes on with its own begun work: whoever holds the lease has to name it. */
  readonly resumes?: boolean;
  /** False: do not wait for a silent holder's lease to run out. Default: true. */
  readonly patient?: boolean;
  /** Called while waiting. */
  readonly onWait?: (record: LeaseRecord, waitedMs: number) => void;
  /** True when the operator does not want to wait any longer. */
  readonly cancelled?: () => boolean;
}

export type LeaseAttempt =
  | { readonly kind: 'acquired'; readonly lease: Lease }
  /** Somebody holds it and is alive, or it was not waited for. */
  | { readonly kind: 'held'; readonly record: LeaseRecord }
  /** Another operation of the group was begun and has not ended. */
  | { readonly kind: 'unfinished'; readonly record: LeaseRecord }
  /** The operation that was to be resumed is not what the group waits for: it has ended, or was replaced. */
  | { readonly kind: 'over'; readonly record: LeaseRecord | undefined };

/**
 * Takes the lease of a group. Expiry is judged without comparing clocks: an observer has to see the very same record for
 * {@link takeoverAfterMs} on its own monotonic clock.
 *
 * @throws PortError when no replica of the control table answers
 */
export async function acquireLease(replicas: ControlReplicas, clock: Clock, request: LeaseRequest): Promise<LeaseAttempt> {
  const { pk, sk } = leaseKey(request.group);
  let seen: { readonly version: number; readonly at: number } | undefined;
  let races = 0;
  for (;;) {
    const item = await replicas.get(pk, sk);
    // Counted from the moment the answer is here: the holder's own count began before its write took effect.
    const now = clock.monotonic();
    const record = item?.body as LeaseRecord | undefined;
    if (record?.state === 'held' && record.holder !== request.holder && !yieldsTo(record, request)) {
      // A change means that somebody is alive; the first look means nothing yet.
      if (request.patient === false || (seen !== undefined && seen.version !== item?.version)) return { kind: 'held', record };
      seen ??= { version: item?.version ?? 0, at: now };
      const waited = now - seen.at;
      if (waited < takeoverAfterMs(record.durationMs)) {
        if (request.cancelled?.() === true) return { kind: 'held', record };
        request.onWait?.(record, waited);
        // At least a millisecond: less may be nothing at all to a clock, and the loop would spin.
        await clock.sleep(Math.max(1, Math.min(LOOK_MS, takeoverAfterMs(record.durationMs) - waited)));
        continue;
      }
    }
    if (record?.unfinished !== undefined && record.unfinished !== request.takesOver) return { kind: 'unfinished', record };
    if (request.resumes === true && record?.unfinished !== request.operation) return { kind: 'over', record };
    const lease = await Lease.take(replicas, clock, request, item);
    if (lease !== undefined) return { kind: 'acquired', lease };
    races += 1;
    seen = undefined;
    if (races >= RACES && record !== undefined) return { kind: 'held', record };
  }
}

function yieldsTo(record: LeaseRecord, { takesOver }: LeaseRequest): boolean {
  return record.yields === true && takesOver !== undefined && record.unfinished === takesOver;
}

/** A lease in our hands. */
export class Lease implements Hold {
  private validUntil: number;
  private renewal: Promise<void> | undefined;
  private lost: string | undefined;

  private constructor(
    private readonly replicas: ControlReplicas,
    private readonly clock: Clock,
    private item: ControlItem,
    sentAt: number,
  ) {
    this.validUntil = sentAt + this.record.durationMs;
  }

  /** One conditional write over what was read; undefined when somebody was faster. */
  public static async take(
    replicas: ControlReplicas,
    clock: Clock,
    request: LeaseRequest,
    found: ControlItem | undefined,
  ): Promise<Lease | undefined> {
    const before = found?.body as LeaseRecord | undefined;
    const record: LeaseRecord = {
      group: request.group,
      token: Math.max(before?.token ?? 0, request.above ?? 0) + 1,
      state: 'held',
      holder: request.holder,
      operator: request.operator,
      beat: 0,
      durationMs: request.durationMs ?? LEASE_DURATION_MS,
      unfinished: request.operation,
      ...(request.yields === true && { yields: true }),
      at: new Date(clock.now()).toISOString(),
    };
    const item: ControlItem = { ...leaseKey(request.group), version: (found?.version ?? 0) + 1, body: record };
    const sentAt = clock.monotonic();
    const written = await replicas.put(item, found === undefined ? 'absent' : found.version);
    return written === 'written' ? new Lease(replicas, clock, item, sentAt) : undefined;
  }

  public get record(): LeaseRecord {
    return this.item.body as LeaseRecord;
  }

  public get token(): number {
    return this.record.token;
  }

  public get lostBecause(): string | undefined {
    return this.lost;
  }

  public guard(): Guard {
    if (this.lost !== undefined) throw new LeaseLost(this.lost);
    if (this.clock.monotonic() >= this.validUntil) throw new LeaseLost('the lease ran out before it could be renewed');
    return {
      token: this.token,
      operator: this.record.operator,
      operation: this.record.unfinished ?? '',
      validUntil: this.validUntil,
    };
  }

  public async keepAlive(): Promise<void> {
    if (this.lost !== undefined) return;
    if (this.clock.monotonic() < this.validUntil - (this.record.durationMs * 2) / 3) return;
    this.renewal ??= this.renew().finally(() => {
      this.renewal = undefined;
    });
    await this.renewal;
  }

  public async release(unfinished: string | undefined): Promise<void> {
    await this.renewal;
    if (this.lost !== undefined) return;
    const { unfinished: _over, ...rest } = this.record;
    await this.write({ ...rest, state: 'released', ...(unfinished !== undefined && { unfinished }) });
    this.lost = 'the lease was given back';
  }

  private async renew(): Promise<void> {
    await this.write({ ...this.record, beat: this.record.beat + 1 });
  }

  /** A failed write leaves the lease as it was; it then runs out by itself. */
  private async write(record: LeaseRecord): Promise<void> {
    const item = {
      ...this.item,
      version: this.item.version + 1,
      body: { ...record, at: new Date(this.clock.now()).toISOString() },
    };
    const sentAt = this.clock.monotonic();
    try {
      if ((await this.replicas.put(item, this.item.version)) === 'refused') {
        this.lost = 'somebody else took the lease over';
        return;
      }
    } catch {
      // Unreachable: tried again at the next occasion, for as long as the lease holds.
      return;
    }
    this.item = item;
    this.validUntil = sentAt + record.durationMs;
  }
}
