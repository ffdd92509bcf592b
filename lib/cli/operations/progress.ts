import type { Clock, OperationEvent, Reporter } from '../../ports';
import { durationText } from '../../operations/render-plan';
import type { Plan } from '../../operations/plan';
import type { Terminal } from '../terminal';
import { atTimeout } from './at-timeout';
import type { OperationsHost } from './host';

/** Between two redrawings, in milliseconds. */
const REDRAW_MS = 1_000;
/** Widest line that a terminal shows without breaking it. */
const WIDTH = 100;
/** Moves the cursor to the start of the line and clears it. */
const CLEAR = '\r\u001B[2K';

interface Running {
  /** Monotonic milliseconds. */
  readonly since: number;
  /** Milliseconds since 1970. */
  readonly givesUpAt: number;
  saw?: string;
}

/**
 * Tells a person what happens: a line for everything that ended, and while something is waited for one line that is written over and over,
 * with what it waits for, how long already, until when, and what happens then. In a pipe only what ended is written.
 */
export class Progress implements Reporter {
  private readonly running = new Map<string, Running>();
  private clock: Clock | undefined;
  private plan: Plan | undefined;
  private reading: { readonly what: string; readonly since: number } | undefined;
  private off: (() => void) | undefined;
  private drawn = false;

  public constructor(
    private readonly terminal: Terminal,
    private readonly host: Pick<OperationsHost, 'every'>,
  ) {}

  /** From here on time is known. */
  public useClock(clock: Clock): void {
    this.clock = clock;
  }

  public usePlan(plan: Plan): void {
    this.plan = plan;
  }

  /** Shows that something is read until the work is over. */
  public async whileReading<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.reading = { what, since: this.clock?.monotonic() ?? 0 };
    this.start();
    try {
      return await work();
    } finally {
      this.reading = undefined;
      this.stop();
    }
  }

  public start(): void {
    if (!this.terminal.interactive || this.off !== undefined) return;
    this.off = this.host.every(REDRAW_MS, () => {
      this.draw();
    });
    this.draw();
  }

  public stop(): void {
    this.off?.();
    this.off = undefined;
    this.clear();
  }

  /** A line that stays. */
  public say(text: string): void {
    this.clear();
    this.terminal.err(`${text}\n`);
    this.draw();
  }

  public event(event: OperationEvent): void {
    const { code, step, message } = event;
    if (code === 'step-started' && step !== undefined) {
      const timeout = Number(event.data?.['timeout'] ?? 0);
      this.running.set(step, { since: this.clock?.monotonic() ?? 0, givesUpAt: Date.parse(event.time) + timeout * 1000 });
      this.draw();
      return;
    }
    if (code === 'step-waiting' && step !== undefined) {
      const running = this.running.get(step);
      if (running !== undefined) running.saw = message;
      return;
    }
    if (step !== undefined && code.startsWith('step-') && code !== 'step-retried') this.running.delete(step);
    if (code === 'lease-wait' && !this.terminal.interactive) return;
    this.say(lineOf(event));
  }

  private draw(): void {
    if (!this.terminal.interactive || this.off === undefined) return;
    const line = this.line();
    this.clear();
    if (line === undefined) return;
    this.terminal.err(line.length > WIDTH ? `${line.slice(0, WIDTH - 3)}...` : line);
    this.drawn = true;
  }

  private clear(): void {
    if (!this.drawn) return;
    this.terminal.err(CLEAR);
    this.drawn = false;
  }

  /** The step that gives up first is the one to know about; the others are counted. */
  private line(): string | undefined {
    const now = this.clock?.monotonic() ?? 0;
    if (this.reading !== undefined) return `${this.reading.what}: ${durationText((now - this.reading.since) / 1000)}`;
    const [first, ...others] = [...this.running].sort(([, a], [, b]) => a.givesUpAt - b.givesUpAt);
    if (first === undefined) return undefined;
    const [id, { since, givesUpAt, saw }] = first;
    const step = this.plan?.steps.find((each) => each.id === id);
    const more = others.length === 0 ? '' : ` (+${others.length})`;
    const usual = step === undefined ? '' : ` of ${durationText(step.expected.typical)}`;
    const until = new Date(givesUpAt).toISOString().slice(11, 19);
    const then = step === undefined ? '' : `, then ${atTimeout(step)}`;
    return `${id}${more}: ${durationText((now - since) / 1000)}${usual}, gives up ${until}Z${then}${saw === undefined ? '' : `; ${saw}`}`;
  }
}

/** `10:01:02Z done promote:enterprise-usw2 in 62 s: writer is shop-enterprise-usw2`. */
function lineOf({ time, level, code, step, message, data }: OperationEvent): string {
  const clock = `${time.slice(11, 19)}Z`;
  if (step === undefined) return `${clock} ${level === 'info' ? '' : `${level}: `}${message}`;
  const outcome = code.startsWith('step-') ? code.slice('step-'.length) : code;
  const detail = data?.['detail'];
  if (typeof detail !== 'string') return `${clock} ${outcome} ${step}: ${message}`;
  return `${clock} ${outcome} ${step} in ${durationText(Number(data?.['seconds'] ?? 0))}: ${detail}`;
}
