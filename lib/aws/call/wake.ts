import type { Cancellation } from '../../ports';

/** Ends a sleep that nobody needs any more, so that no timer keeps the process alive. */
export class Wake implements Cancellation {
  public level: 0 | 1 | 2 = 0;
  private readonly listeners = new Set<() => void>();

  public onRaise(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  public up(): void {
    this.level = 2;
    for (const listener of [...this.listeners]) listener();
  }
}
