/** There is no place left: waiting longer than others already do would help nobody. */
export class BulkheadFullError extends Error {
  public constructor(name: string) {
    super(`${name} has as many requests as it can carry`);
    this.name = 'BulkheadFullError';
  }
}

/** Keeps one kind of work from taking everything: so many at once, so many waiting, and the rest is refused at once. */
export class Bulkhead {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  public constructor(
    private readonly name: string,
    private readonly limit: number,
    private readonly queue: number,
  ) {}

  /** @throws BulkheadFullError */
  public async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.limit) this.running += 1;
    else {
      if (this.waiting.length >= this.queue) throw new BulkheadFullError(this.name);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      // Whoever waits longest takes over the place; nobody who comes now gets in between.
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
