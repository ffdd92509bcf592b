import type { DrillSpec } from '../../config/drill/types';
import { CancellationSource } from '../../operations/execute/cancellation';
import { type GroupView, viewOf } from '../../operations/group-view';
import { type Attempt, type Cancellation, type DataCount, isPortError, type WorkloadRun } from '../../ports';
import type { Bound } from '../../resilience/bounds/types';
import { type Judged, judgeMeasurement, limitsOf, type Limits } from '../measure/judge';
import { type Evidence, measure, type Measurement } from '../measure/measurement';
import { slownessOf } from '../measure/slowness';
import { DataReader } from './data-reader';
import { DrillFailure } from './failure';
import { runMethod } from './method';
import { type DrillEntry, Recorder } from './recorder';
import { awsRegion, lostStamps } from './requests';
import { steadyState } from './steady-state';
import { type DrillFaultRecord, type DrillOperationRecord, StepRunner } from './step-runner';
import type { DrillTarget } from './target';
import { type AnswerChange, Watch } from './watch';

/** How a drill ended. */
export type DrillStatus =
  /** It ran as written, every expectation held, and everything is as before. */
  | 'completed'
  /** It ran as written, and an expectation did not hold, or things are not as before. */
  | 'deviated'
  /** A step did not go as written. */
  | 'failed'
  /** Nothing was broken: it was not steady before, or a guard refused. */
  | 'aborted'
  /** Somebody stopped it. */
  | 'interrupted';

/** Bounds of the proof for the failure that a drill plays, as the target runs, on a machine so many times as slow as that of the lab's table. */
export type BoundsAt = (slowness: number) => { readonly rto: Bound; readonly rpo: Bound };

export interface DrillOptions {
  readonly cancellation: Cancellation;
  /** Seed of the load; the one of the file otherwise. */
  readonly seed?: number;
  readonly bounds?: BoundsAt;
  /** Told of every line of the journal. */
  readonly tell?: (entry: DrillEntry) => void;
}

/** What happened, as data: everything that a report needs. Times are milliseconds since 1970. */
export interface DrillRun {
  readonly status: DrillStatus;
  /** One line. */
  readonly detail: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly seed: number;
  readonly limits: Limits;
  readonly judged: readonly Judged[];
  readonly measurement?: Measurement;
  /** What did not go as written, most important first. */
  readonly deviations: readonly string[];
  readonly faults: readonly DrillFaultRecord[];
  readonly operations: readonly DrillOperationRecord[];
  readonly journal: readonly DrillEntry[];
  readonly attempts: readonly Attempt[];
  readonly answers: readonly AnswerChange[];
  /** Beginning and end of the method; absent when it never began. */
  readonly method?: { readonly from: number; readonly to: number };
  /** When RTO and RPO count from. */
  readonly faultAt?: number;
}

/** The load gets so long to settle at least, in seconds. */
const LEAST_SETTLE = 3;
/** The machine is looked at for so long after the fault at least, in seconds. */
const LEAST_GAUGED = 5;

/** Runs a drill once: steady state, method, measuring, rollbacks (always), steady state again, verdict. Never leaves a fault behind that it can end. */
export async function runDrill(spec: DrillSpec, target: DrillTarget, options: DrillOptions): Promise<DrillRun> {
  return new DrillExecution(spec, target, options).run();
}

class DrillExecution {
  private readonly view: GroupView;
  private readonly recorder: Recorder;
  private readonly data: DataReader;
  private readonly startedAt: number;
  private readonly seed: number;
  private readonly limits: Limits;
  private readonly deviations: string[] = [];
  private failure: DrillFailure | undefined;
  private load: WorkloadRun | undefined;

  public constructor(
    private readonly spec: DrillSpec,
    private readonly target: DrillTarget,
    private readonly options: DrillOptions,
  ) {
    this.view = viewOf(target.fleet, spec.group);
    this.recorder = new Recorder(target.ports.clock, options.tell ?? (() => undefined));
    this.data = new DataReader(spec, target, this.view, this.recorder);
    this.startedAt = target.ports.clock.now();
    this.seed = options.seed ?? spec.load.seed;
    this.limits = limitsOf(spec.expect, this.view.group.objectives[spec.expect.objective]);
  }

  public async run(): Promise<DrillRun> {
    try {
      this.load = await this.startLoad();
    } catch (error) {
      if (!isPortError(error)) throw error;
      return this.end('aborted', `the load did not start: ${error.message}`);
    }
    const watch = new Watch(this.target, this.view, this.load);
    watch.start();
    try {
      return await this.underLoad(watch);
    } finally {
      await watch.stop();
      await this.load.stop();
    }
  }

  private async underLoad(watch: Watch): Promise<DrillRun> {
    const { cancellation } = this.options;
    const { clock } = this.target.ports;
    this.recorder.enter('steady-state');
    try {
      const before = await steadyState(this.spec, this.target, watch, cancellation);
      this.recorder.note(before.holds ? 'steady' : 'not-steady', before.saw, undefined, before.holds ? 'info' : 'error');
      if (!before.holds) return this.end('aborted', `not steady before anything was broken: ${before.saw}`, { watch });
    } catch (error) {
      if (!(error instanceof DrillFailure)) throw error;
      return this.end('interrupted', error.message, { watch });
    }
    const runner = new StepRunner({ spec: this.spec, target: this.target, view: this.view, recorder: this.recorder, watch });
    const from = clock.now();
    await this.method(runner);
    const to = clock.now();
    const data = await this.measured(watch, runner);
    const measuredTo = clock.now();
    await this.rollBack(runner);
    const counts = await this.after(watch);
    await watch.catchUp().catch(() => undefined);
    return this.judge({ watch, runner, from, to, measuredTo, data, counts });
  }

  private async method(runner: StepRunner): Promise<void> {
    const { cancellation } = this.options;
    this.recorder.enter('method');
    this.recorder.note('method-started', `${this.spec.method.length} steps`);
    runner.beginMethod();
    try {
      await runMethod(this.spec, runner, { speed: this.target.speed, cancellation });
      this.recorder.note('method-over', 'every step went as written');
      const settle = Math.max(LEAST_SETTLE, this.spec.expect.settle / this.target.speed);
      await runner.sleep(settle, cancellation);
    } catch (error) {
      if (!(error instanceof DrillFailure)) throw error;
      this.failure = error;
      this.recorder.note(error.status === 'failed' ? 'method-failed' : 'interrupted', error.message, undefined, 'error');
    }
  }

  /** What is in the data while what is broken still is. */
  private async measured(watch: Watch, runner: StepRunner): Promise<DataCount | undefined> {
    this.recorder.enter('measure');
    // Rows that are acknowledged from here on do not count: the data is read after them.
    await watch.catchUp().catch(() => undefined);
    this.attemptsThen = watch.attempts.length;
    return this.data.whileBroken(watch, runner);
  }

  private attemptsThen = 0;

  /** Every fault is ended, then the way back is gone, whatever happened before. Only a second Ctrl-C gives it up. */
  private async rollBack(runner: StepRunner): Promise<void> {
    this.recorder.enter('rollbacks');
    const second = new SecondLevel(this.options.cancellation);
    try {
      const stuck = await runner.endFaults();
      for (const step of stuck) this.deviations.push(`the fault ${step} could not be ended`);
      for (const step of this.spec.rollbacks) {
        if (second.level > 0) throw new DrillFailure('interrupted', 'stopped at once');
        if (step.undoes !== undefined && !runner.began.has(step.undoes)) {
          this.recorder.note('nothing-to-undo', `${step.undoes} never began`, step.id);
          continue;
        }
        await runner.run(step, second);
      }
    } catch (error) {
      if (!(error instanceof DrillFailure)) throw error;
      this.deviations.push(`the way back: ${error.message}`);
      this.recorder.note('rollback-failed', error.message, undefined, 'error');
      this.failure ??= error;
    } finally {
      second.release();
    }
  }

  /** Steady again, queues worked off; then what every stamp has. */
  private async after(watch: Watch): Promise<DataCount[]> {
    this.recorder.enter('steady-state');
    const second = new SecondLevel(this.options.cancellation);
    try {
      const after = await steadyState(this.spec, this.target, watch, second);
      this.recorder.note(after.holds ? 'steady' : 'not-steady', after.saw, undefined, after.holds ? 'info' : 'error');
      if (!after.holds) this.deviations.push(`not steady again: ${after.saw}`);
      await this.load?.stop();
      return this.spec.expect.messages ? await this.data.drained(second) : [];
    } catch (error) {
      if (!(error instanceof DrillFailure)) throw error;
      this.failure ??= error;
      return [];
    } finally {
      second.release();
    }
  }

  private async judge(given: {
    readonly watch: Watch;
    readonly runner: StepRunner;
    readonly from: number;
    readonly to: number;
    readonly measuredTo: number;
    readonly data: DataCount | undefined;
    readonly counts: readonly DataCount[];
  }): Promise<DrillRun> {
    const { watch, runner, from, to, measuredTo, data, counts } = given;
    const { spec, view, limits } = this;
    const faultAt = this.clockStart(runner) ?? from;
    const told = await this.target.timeline?.events(from).catch(() => undefined);
    const operated = runner.operations.find(({ startedAt, do: what }) => startedAt >= faultAt && what !== 'evacuate');
    const firstFault = runner.faults.find(({ startedAt }) => startedAt >= faultAt);
    const evidence: Evidence = {
      attempts: watch.attempts.slice(0, this.attemptsThen),
      all: watch.attempts,
      faultAt,
      ...(operated !== undefined && { operatedAt: operated.startedAt }),
      from,
      to: measuredTo,
      consecutive: spec.expect.consecutive,
      rpo: limits.rpo,
      ...(data !== undefined && { data }),
      ...(spec.expect.objective === 'recovery' && { restoredAt: restoredAt(runner.operations) }),
      counts,
      writes: this.target.name === 'lab',
      events: told ?? watch.events(),
      lost: lostStamps(this.target.fleet, spec.group, firstFault?.request),
      writerMoves: new Set(runner.operations.filter(movesWriter).map(({ report, crashed }) => report?.operation ?? crashed)).size,
      oneWriter: view.group.database.engine.startsWith('aurora'),
      answered: watch.answers
        .filter((_, index, all) => index === all.length - 1 || (all[index + 1]?.at ?? 0) >= from)
        .filter(({ at }) => at <= measuredTo)
        .map(({ stamps }) => stamps),
    };
    const measurement = await this.boundMeasurement(evidence);
    const judged = judgeMeasurement(measurement, spec.expect, limits);
    for (const { title, wanted, measured } of judged.filter(({ state }) => state === 'broken')) {
      this.deviations.push(`${title}: ${measured}; wanted ${wanted}`);
      this.recorder.note('expectation-broken', `${title}: ${measured}; wanted ${wanted}`, undefined, 'error');
    }
    const status = this.failure?.status ?? (this.deviations.length > 0 ? 'deviated' : 'completed');
    const detail = this.failure?.message ?? this.deviations[0] ?? 'every expectation held';
    return this.end(status, detail, { watch, runner, measurement, judged, method: { from, to }, faultAt });
  }

  /** Against the bounds of a machine that is as slow as this one was while it mattered. */
  private async boundMeasurement(evidence: Evidence): Promise<Measurement> {
    const { bounds } = this.options;
    if (bounds === undefined) return measure(evidence);
    const { faultAt, to } = evidence;
    const { rto } = measure(evidence);
    const until = rto === undefined ? to : faultAt + Math.max(LEAST_GAUGED, rto) * 1000;
    const samples = await this.target.gauge?.(faultAt).catch(() => undefined);
    const slowness = samples === undefined ? undefined : slownessOf(samples, faultAt, until);
    const { rto: rtoBound, rpo: rpoBound } = bounds(slowness?.factor ?? 1);
    const usual = bounds(1);
    return measure({ ...evidence, ...(slowness && { slowness }), rtoBound, rpoBound, usual });
  }

  /** Start of the step that RTO and RPO count from. */
  private clockStart(runner: StepRunner): number | undefined {
    const { from } = this.spec.expect;
    const fault = runner.faults.find(({ step, request }) =>
      from === undefined ? request.kind !== 'operator-crash' : step === from,
    );
    if (fault !== undefined) return fault.startedAt;
    const operation = runner.operations.find(({ step }) => from === undefined || step === from);
    return operation?.startedAt ?? (from === undefined ? undefined : runner.began.get(from));
  }

  private end(
    status: DrillStatus,
    detail: string,
    known: {
      readonly watch?: Watch;
      readonly runner?: StepRunner;
      readonly measurement?: Measurement;
      readonly judged?: readonly Judged[];
      readonly method?: { readonly from: number; readonly to: number };
      readonly faultAt?: number;
    } = {},
  ): DrillRun {
    this.recorder.enter('end');
    this.recorder.note(status, detail, undefined, status === 'completed' ? 'info' : 'error');
    const { watch, runner, measurement, judged = [], method, faultAt } = known;
    return {
      status,
      detail,
      startedAt: this.startedAt,
      endedAt: this.target.ports.clock.now(),
      seed: this.seed,
      limits: this.limits,
      judged,
      ...(measurement !== undefined && { measurement }),
      deviations: this.deviations,
      faults: runner?.faults ?? [],
      operations: runner?.operations ?? [],
      journal: this.recorder.entries,
      attempts: watch?.attempts ?? [],
      answers: watch?.answers ?? [],
      ...(method !== undefined && { method }),
      ...(faultAt !== undefined && { faultAt }),
    };
  }

  private startLoad(): Promise<WorkloadRun> {
    const { load, group } = this.spec;
    return this.target.workload.start({
      group,
      populations: load.populations.map(({ name, near, clients, rate }) => ({
        ...{ name, clients, ratePerSecond: rate },
        region: awsRegion(this.target.fleet, near),
      })),
      readShare: load.reads / 100,
      messageShare: load.messages / 100,
      keepConnections: load.keepConnections,
      seed: this.seed,
    });
  }
}

/** Whether an operation changed which database writes, or may have. */
function movesWriter({ plan, outcome }: DrillOperationRecord): boolean {
  return (
    outcome !== 'refused' && plan?.steps.some(({ action }) => ['switchover', 'failover', 'detach'].includes(action.do)) === true
  );
}

/** When restored data was in use: the last cut-over was done. */
function restoredAt(operations: readonly DrillOperationRecord[]): number {
  const done = operations.filter(({ do: what, outcome }) => what === 'cutover' && outcome === 'completed');
  return done.length === 0 ? Infinity : Math.max(...done.map(({ endedAt }) => endedAt));
}

/** Rolling back has to be stopped twice: the first Ctrl-C asks for it. */
class SecondLevel extends CancellationSource {
  public readonly release: () => void;

  public constructor(source: Cancellation) {
    super();
    const follow = (): void => {
      if (source.level === 2) this.raise();
    };
    this.release = source.onRaise(follow);
    follow();
  }
}
