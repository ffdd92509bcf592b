import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { newCounts, receive, send, type ThreadPort } from './thread-port';

/** A thread that ended without a word, such as for want of memory, is not waited for any longer: what is left to do by then takes seconds. */
const PATIENCE_MS = 120_000;
/** Most of what the threads make is looked at once and dropped: with room for much of it, little has to be collected piece by piece. */
const YOUNG_MEGABYTES = 192;

/** What a thread is started with. */
export interface ThreadData<Order> {
  readonly order: Order;
  readonly port: ThreadPort;
}

export interface SideThreadOptions {
  /** Program of the thread. @default - beside this one */
  readonly worker?: string;
  /** @default 120000 */
  readonly patienceMs?: number;
}

/** A thread that does beside synth what synth could do itself: it saves time, or nothing. */
export class SideThread {
  private constructor(
    private readonly thread: Worker,
    private readonly port: ThreadPort,
    private readonly patienceMs: number,
  ) {}

  /**
   * Undefined on a machine with one CPU, and in a program that has no such worker beside it: the build puts them beside the bundled programs.
   *
   * @param name of its file, without the ending
   */
  public static start(name: string, order: object, options: SideThreadOptions = {}): SideThread | undefined {
    const { worker = join(__dirname, `${name}.js`), patienceMs = PATIENCE_MS } = options;
    if (availableParallelism() < 2 || !existsSync(worker)) return undefined;
    const [{ port1, port2 }, counts] = [new MessageChannel(), newCounts()];
    const data: ThreadData<object> = { order, port: { port: port2, counts, own: 1 } };
    const thread = new Worker(worker, {
      workerData: data,
      transferList: [port2],
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
      name: `stampkit-${name}`,
    });
    // Synth ends with what it says, and does not wait for a thread that nobody asks any more.
    thread.unref();
    thread.on('error', () => undefined);
    return new SideThread(thread, { port: port1, counts, own: 0 }, patienceMs);
  }

  public tell(message: unknown): void {
    send(this.port, message);
  }

  /** Its next word, which is waited for. Undefined when it has none. */
  public hear(): unknown {
    return receive(this.port, this.patienceMs);
  }

  public end(): void {
    this.port.port.close();
    void this.thread.terminate();
  }
}
