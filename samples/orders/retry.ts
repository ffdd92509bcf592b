export interface RetryOptions {
  /** In all, the first one included. */
  readonly attempts: number;
  /** Milliseconds; doubled for each further pause. */
  readonly firstPauseMs: number;
  /** Only what may go better the next time. */
  readonly retryable: (error: unknown) => boolean;
}

/** Exponential backoff with full jitter: callers that failed together do not come back together. */
export async function retry<T>(work: () => Promise<T>, { attempts, firstPauseMs, retryable }: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !retryable(error)) throw error;
      const pause = Math.random() * firstPauseMs * 2 ** (attempt - 1);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
