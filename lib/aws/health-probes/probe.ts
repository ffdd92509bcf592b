/**
 * A look at one thing the stamp needs. Resolves with what it saw (the shapes of `lib/health/observation.ts`), rejects when it
 * could not; both are judged by the evaluation, which trusts neither. The caller sets the deadline and aborts `signal` when it passed.
 */
export interface Probe {
  observe(signal: AbortSignal): Promise<unknown>;
}

/** Milliseconds since the epoch; injected, so that tests own the time. */
export type Clock = () => number;

/** Rejects as soon as the signal aborts, whatever `work` does: the rest of a hanging call is nobody's business any more. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
    // The loser of the race may still reject: heard here, so that it is not an unhandled rejection.
    work.catch(() => undefined);
  }
}

/** The message of whatever was thrown, with the error code of systems that keep the message empty (Node's connect to several addresses). */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error.message === '') return code ?? error.name;
  return code !== undefined && !error.message.includes(code) ? `${code}: ${error.message}` : error.message;
}
