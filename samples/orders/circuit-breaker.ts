/** Nobody was asked: the last answers were all bad, and the pause is not over. */
export class CircuitOpenError extends Error {
  public constructor(name: string) {
    super(`${name} is not asked for a moment: its last answers were errors`);
    this.name = 'CircuitOpenError';
  }
}

export interface BreakerOptions {
  readonly name: string;
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Milliseconds until one caller may try again. */
  readonly pauseMs: number;
  /** Whether an error says that the other side is unwell; a refusal that it is right to give does not. */
  readonly counts: (error: unknown) => boolean;
}

/** Fails at once while the other side is down, so that its callers' threads, connections and users do not wait for it too. */
export class CircuitBreaker {
  private row = 0;
  private openUntil = 0;
  private trying = false;

  public constructor(
    private readonly options: BreakerOptions,
    private readonly now: () => number = () => performance.now(),
  ) {}

  public get open(): boolean {
    return this.row >= this.options.failures && (this.trying || this.now() < this.openUntil);
  }

  /** @throws CircuitOpenError without calling `work` while it is open */
  public async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.open) throw new CircuitOpenError(this.options.name);
    const trial = this.row >= this.options.failures;
    // Half open: one of many callers finds out whether the other side is back.
    if (trial) this.trying = true;
    try {
      const result = await work();
      this.row = 0;
      return result;
    } catch (error) {
      if (this.options.counts(error)) {
        this.row += 1;
        if (this.row >= this.options.failures) this.openUntil = this.now() + this.options.pauseMs;
      } else this.row = 0;
      throw error;
    } finally {
      if (trial) this.trying = false;
    }
  }
}
