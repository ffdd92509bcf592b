import type { Socket } from 'node:net';

/** Bytes that a line may hold back before its source has to wait. */
const WINDOW = 4 * 1024 * 1024;

/** One direction of a connection. What is late keeps its order and its rate: only its time is another. */
export class Line {
  private readonly waiting: { readonly chunk: Buffer; readonly at: number }[] = [];
  private held = 0;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  public constructor(
    private readonly source: Socket,
    private readonly sink: Socket,
    private readonly gate: { readonly dropped: () => boolean; readonly delay: (at: number) => number },
  ) {
    source.on('data', (chunk: Buffer) => {
      this.waiting.push({ chunk, at: performance.now() });
      this.held += chunk.length;
      this.pump();
      if (this.held > WINDOW) source.pause();
    });
    source.on('end', () => {
      this.ended = true;
      this.pump();
    });
    sink.on('drain', () => {
      this.pump();
    });
  }

  /** Sends what may go. Call it when the rules have changed. */
  public pump(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (!this.gate.dropped()) {
      const [next] = this.waiting;
      if (next === undefined) {
        if (this.ended && !this.sink.destroyed) this.sink.end();
        return;
      }
      const wait = next.at + this.gate.delay(next.at) - performance.now();
      if (wait > 0) {
        this.timer = setTimeout(() => {
          this.pump();
        }, wait);
        return;
      }
      this.waiting.shift();
      this.held -= next.chunk.length;
      if (this.held <= WINDOW) this.source.resume();
      if (this.sink.destroyed) return;
      if (!this.sink.write(next.chunk)) return;
    }
  }

  public close(): void {
    clearTimeout(this.timer);
    this.waiting.length = 0;
  }
}
