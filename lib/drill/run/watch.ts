import type { GroupView } from '../../operations/group-view';
import { observeDns } from '../../operations/observe/observe-dns';
import { CancellationSource } from '../../operations/execute/cancellation';
import { compareText } from '../../order';
import type { Attempt, TimelineEvent, WorkloadRun } from '../../ports';
import type { DrillTarget } from './target';

/** What DNS said from one moment on. */
export interface AnswerChange {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Sorted stamp ids, of all vantage points that answered. */
  readonly stamps: readonly string[];
}

/** Looks at a target from outside all the time: what clients log, and whom DNS leads to. */
export class Watch {
  public readonly attempts: Attempt[] = [];
  public readonly answers: AnswerChange[] = [];
  private readonly stopping = new CancellationSource();
  private work: Promise<void> = Promise.resolve();

  public constructor(
    private readonly target: DrillTarget,
    private readonly view: GroupView,
    private readonly run: WorkloadRun,
  ) {}

  public start(): void {
    this.work = this.loop();
  }

  /** Ends when the last look has ended. */
  public async stop(): Promise<void> {
    this.stopping.raise();
    this.stopping.raise();
    await this.work;
  }

  /** Fetches what clients have logged since. */
  public async catchUp(): Promise<void> {
    const news = await this.run.attempts(this.attempts.length);
    for (const attempt of news) this.attempts.push(attempt);
  }

  /** Whom DNS leads to now; empty when nobody could say. */
  public get answered(): readonly string[] {
    return this.answers.at(-1)?.stamps ?? [];
  }

  /** Changes of the answers as the runner saw them, for targets without a timeline of their own. */
  public events(): TimelineEvent[] {
    return this.answers.slice(1).map(({ at, stamps }) => ({
      at,
      code: 'answer-changed' as const,
      subject: this.view.group.recordName,
      detail: stamps.join(', '),
    }));
  }

  private async loop(): Promise<void> {
    while (this.stopping.level === 0) {
      await this.look().catch(() => undefined);
      await this.target.ports.clock.sleep(this.target.lookEvery, this.stopping);
    }
  }

  private async look(): Promise<void> {
    await Promise.all([this.catchUp().catch(() => undefined), this.askDns()]);
  }

  /** Asks DNS once. Silence is no news. */
  public async askDns(): Promise<void> {
    const seen = await observeDns(this.target.ports, this.view).catch(() => []);
    const told = seen.filter(({ error }) => error === undefined);
    if (told.length === 0) return;
    const stamps = [...new Set(told.flatMap((each) => each.stamps))].sort(compareText);
    if (stamps.join() === this.answered.join() && this.answers.length > 0) return;
    this.answers.push({ at: this.target.ports.clock.now(), stamps });
  }
}
