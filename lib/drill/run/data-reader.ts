import type { DrillSpec } from '../../config/drill/types';
import { type GroupView, stampRef } from '../../operations/group-view';
import { type Cancellation, type DataCount, isPortError } from '../../ports';
import { mergedCount } from '../measure/merged-count';
import type { Recorder } from './recorder';
import { lostStamps } from './requests';
import type { StepRunner } from './step-runner';
import type { DrillTarget } from './target';
import type { Watch } from './watch';

/** Queues get so long to be worked off after the rollbacks, in seconds. */
const DRAIN_SECONDS = 60;

/** Reads what became of the load's rows and messages. */
export class DataReader {
  public constructor(
    private readonly spec: DrillSpec,
    private readonly target: DrillTarget,
    private readonly view: GroupView,
    private readonly recorder: Recorder,
  ) {}

  /**
   * What is in the data while what is broken still is: of the stamp that serves. Where every stamp writes, a row of any stamp that stands is
   * there: it is only on its way to the others.
   */
  public async whileBroken(watch: Watch, runner: StepRunner): Promise<DataCount | undefined> {
    const stamps = await this.serving(watch, runner);
    if (this.view.group.database.engine.startsWith('aurora')) {
      for (const stamp of stamps) {
        const count = await this.count(stamp);
        if (count !== undefined) return count;
      }
      return undefined;
    }
    const counts: DataCount[] = [];
    for (const stamp of stamps) {
      const count = await this.count(stamp);
      if (count !== undefined) counts.push(count);
    }
    return mergedCount(counts);
  }

  /** What every stamp that answers has, once no message waits any more or queues had their time. */
  public async drained(cancellation: Cancellation): Promise<DataCount[]> {
    const { clock } = this.target.ports;
    const until = clock.monotonic() + DRAIN_SECONDS * 1000;
    for (;;) {
      const counts = await this.all();
      const waiting = counts.reduce((sum, { queued }) => sum + queued.length, 0);
      if (waiting === 0 || clock.monotonic() >= until || cancellation.level > 0) return counts;
      await clock.sleep(1000, cancellation);
    }
  }

  private async count(stamp: string): Promise<DataCount | undefined> {
    try {
      const count = await this.target.workload.count(stamp);
      this.recorder.note('data-counted', `${stamp} has ${count.rows.length} rows, ${count.damaged.length} damaged`);
      return count;
    } catch (error) {
      if (!isPortError(error)) throw error;
      this.recorder.note('data-not-counted', `${stamp}: ${error.message}`, undefined, 'warning');
      return undefined;
    }
  }

  private async all(): Promise<DataCount[]> {
    const found: DataCount[] = [];
    for (const { id } of this.view.group.stamps) {
      try {
        found.push(await this.target.workload.count(id));
      } catch (error) {
        if (!isPortError(error)) throw error;
      }
    }
    return found;
  }

  /** Stamps that stand, by how much their data counts: writers that DNS leads to, other writers, those that DNS leads to. */
  private async serving(watch: Watch, runner: StepRunner): Promise<string[]> {
    const { group } = this.view;
    const lost = runner.faults
      .filter(({ endedAt }) => endedAt === undefined)
      .flatMap(({ request }) => lostStamps(this.target.fleet, this.spec.group, request));
    const ranked: { id: string; rank: number }[] = [];
    for (const stamp of group.stamps) {
      if (lost.includes(stamp.id)) continue;
      const health = await this.target.ports.probes.health(stampRef(group, stamp)).catch(() => undefined);
      const answered = watch.answered.includes(stamp.id) ? 1 : 0;
      ranked.push({ id: stamp.id, rank: (health?.writable === true ? 2 : 0) + answered });
    }
    return ranked.sort((a, b) => b.rank - a.rank).map(({ id }) => id);
  }
}
