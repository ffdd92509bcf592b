import type { WireClock } from './clock';
import type { Input } from './read-request';
import { Silence, WireError } from './wire-error';

/** Whose resources, where. */
export interface Place {
  readonly account: string;
  /** AWS Region. */
  readonly region: string;
}

export interface Call extends Place {
  /** Service as the credential scope calls it. */
  readonly service: string;
  readonly operation: string;
  /** Where the request came in, for addresses in answers. */
  readonly endpoint: string;
  readonly input: Input;
}

export type Handler = (call: Call) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;
export type Handlers = Readonly<Record<string, Handler>>;

export interface LoggedRequest extends Omit<Call, 'input' | 'endpoint'> {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
}

/** Time and failures, shared by all services of the fake. */
export class WireWorld {
  /** Every request, in the order in which they came. */
  public readonly log: LoggedRequest[] = [];
  /** Since when a Region is down, by its name. */
  private readonly downSince = new Map<string, number>();
  /** `service@region` pairs that do not answer. */
  public readonly silent = new Set<string>();
  /** IAM actions, as `rds:FailoverGlobalCluster`, that are not allowed. */
  public readonly denied = new Set<string>();
  /** How many of the next calls of an operation are throttled. */
  public readonly throttled = new Map<string, number>();
  /** How many of the next answers of an operation are lost: it happens, and nobody hears of it. */
  public readonly lostAnswers = new Map<string, number>();

  public constructor(public readonly clock: WireClock) {}

  public get now(): number {
    return this.clock.now();
  }

  public down(region: string): void {
    if (!this.downSince.has(region)) this.downSince.set(region, this.now);
  }

  public up(region: string): void {
    this.downSince.delete(region);
  }

  public isDown(region: string): boolean {
    return this.downSince.has(region);
  }

  /** The last moment at which a Region was seen to work. */
  public lastSeen(region: string): number {
    return this.downSince.get(region) ?? this.now;
  }

  /** @throws Silence, or the error that every service has */
  public before(call: Omit<Call, 'input' | 'endpoint'>): void {
    if (this.isDown(call.region) || this.silent.has(`${call.service}@${call.region}`)) throw new Silence();
    const action = `${call.service}:${call.operation}`;
    if (this.denied.has(action)) throw new WireError('AccessDeniedException', `not authorized to perform: ${action}`, 403);
    if (take(this.throttled, call.operation)) throw new WireError('ThrottlingException', 'Rate exceeded');
  }

  /** @throws Silence when the answer is lost */
  public after(call: Omit<Call, 'input' | 'endpoint'>): void {
    if (take(this.lostAnswers, call.operation)) throw new Silence();
  }
}

function take(counts: Map<string, number>, key: string): boolean {
  const left = counts.get(key) ?? 0;
  if (left > 0) counts.set(key, left - 1);
  return left > 0;
}

/** A member of the input that AWS's model requires. */
export function text(input: Input, name: string): string {
  return input[name] as string;
}
