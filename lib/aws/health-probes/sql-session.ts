import { untilAborted, type Clock } from './probe';

/** A login to one database endpoint. */
export interface SqlSession {
  /** Rows as objects with lower-case keys. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Drops the connection at once, without a goodbye. Never throws. */
  destroy(): void;
}

export interface SqlEndpoint {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** Opens a session, giving up when the signal aborts. */
export type SqlConnect = (endpoint: SqlEndpoint, signal: AbortSignal) => Promise<SqlSession>;

/** A connection is replaced at this age, so that an endpoint whose name moved to another instance is followed. */
const SESSION_MAX_AGE_MILLISECONDS = 60_000;
/** What a kept connection gets to answer before a new one is tried within the same deadline. */
const KEPT_SESSION_PATIENCE_MILLISECONDS = 400;

/**
 * One kept connection to one endpoint. A login costs a TLS handshake and a signature, so it is reused between evaluations; but a kept
 * connection proves nothing about new ones and dies silently in a failover, so it is thrown away when it hangs, breaks, gets old, or
 * contradicts what the caller expects of the endpoint.
 */
export class KeptSession {
  private kept: { session: SqlSession; key: string; openedAt: number } | undefined;

  public constructor(
    private readonly connect: SqlConnect,
    private readonly now: Clock,
  ) {}

  /**
   * Runs `work`, first on the kept connection if there is a young one, then on a new one.
   * `suspicious` answers of a kept connection are asked again on a new one.
   */
  public async run<T>(
    endpoint: SqlEndpoint,
    signal: AbortSignal,
    work: (session: SqlSession) => Promise<T>,
    suspicious: (answer: T) => boolean,
  ): Promise<T> {
    const key = `${endpoint.host}:${endpoint.port}/${endpoint.database}`;
    const kept = this.takeKept(key);
    if (kept !== undefined) {
      try {
        const answer = await untilAborted(
          AbortSignal.any([signal, timeout(KEPT_SESSION_PATIENCE_MILLISECONDS)]),
          work(kept.session),
        );
        if (!suspicious(answer)) {
          this.kept = kept;
          return answer;
        }
      } catch {
        // The new connection below tells the cause, if it lasts.
      }
      kept.session.destroy();
      signal.throwIfAborted();
    }
    const opening = this.connect(endpoint, signal);
    // A connection that opens after the deadline is closed, not leaked.
    opening.then(
      (late) => {
        if (signal.aborted) late.destroy();
      },
      () => undefined,
    );
    const session = await untilAborted(signal, opening);
    try {
      const answer = await untilAborted(signal, work(session));
      this.kept = { session, key, openedAt: this.now() };
      return answer;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  private takeKept(key: string): { session: SqlSession; key: string; openedAt: number } | undefined {
    const { kept } = this;
    this.kept = undefined;
    if (kept === undefined) return undefined;
    if (kept.key === key && this.now() - kept.openedAt < SESSION_MAX_AGE_MILLISECONDS) return kept;
    kept.session.destroy();
    return undefined;
  }
}

/** Like `AbortSignal.timeout`, made of the timer that fake clocks know. */
function timeout(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new Error(`no answer within ${milliseconds} ms`));
  }, milliseconds);
  timer.unref();
  return controller.signal;
}
