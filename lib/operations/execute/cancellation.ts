import type { Cancellation } from '../../ports';

/** The operator's Ctrl-C: the first asks to stop in order, the second at once. */
export class CancellationSource implements Cancellation {
  private reached: 0 | 1 | 2 = 0;
  private readonly listeners = new Set<() => void>();

  public get level(): 0 | 1 | 2 {
    return this.reached;
  }

  /** One more Ctrl-C; a third changes nothing. */
  public raise(): void {
    if (this.reached === 2) return;
    this.reached = this.reached === 0 ? 1 : 2;
    for (const listener of [...this.listeners]) listener();
  }

  public onRaise(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
