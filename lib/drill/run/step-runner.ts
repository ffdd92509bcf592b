import type { DrillCondition, DrillOperation, DrillSpec, DrillStep, RollbackStep } from '../../config/drill/types';
import { isStampError } from '../../errors';
import { CancellationSource } from '../../operations/execute/cancellation';
import type { OperationReport } from '../../operations/execute/operation-report';
import type { OperationFinding } from '../../operations/finding-codes';
import type { GroupView } from '../../operations/group-view';
import type { Plan } from '../../operations/plan';
import { type Cancellation, type Fault, type FaultRequest, isPortError } from '../../ports';
import { look, type Looker } from './conditions';
import { DrillFailure } from './failure';
import { linked, type OperationEnd } from './operator';
import type { Recorder } from './recorder';
import { faultRequest, operationRequest } from './requests';
import type { DrillTarget } from './target';
import type { Watch } from './watch';

/** A fault has to take hold within so many seconds. */
const HOLD_SECONDS = 60;

/** A fault of a drill, for the report. */
export interface DrillFaultRecord {
  readonly step: string;
  readonly request: FaultRequest;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** How it was seen to hold. */
  readonly evidence: string;
}

/** An operation of a drill, for the report. */
export interface DrillOperationRecord {
  readonly step: string;
  readonly do: DrillOperation['do'] | 'resume';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: 'completed' | 'refused' | 'crashed' | 'failed';
  readonly report?: OperationReport;
  /** Why it was refused. */
  readonly findings: readonly OperationFinding[];
  readonly plan?: Plan;
  /** Id of the operation whose process died. */
  readonly crashed?: string;
}

export interface StepContext {
  readonly spec: DrillSpec;
  readonly target: DrillTarget;
  readonly view: GroupView;
  readonly watch: Watch;
  readonly recorder: Recorder;
}

/** Carries out single steps, and remembers what they left behind. */
export class StepRunner {
  public readonly faults: DrillFaultRecord[] = [];
  public readonly operations: DrillOperationRecord[] = [];
  /** When each step began, in milliseconds since 1970. */
  public readonly began = new Map<string, number>();
  /** Faults of the target that go on, by step. */
  private readonly open = new Map<string, Fault>();
  private methodBegan: number | undefined;
  /** Crash that waits for an operation. */
  private doom: { readonly step: string; readonly at: string } | undefined;

  public constructor(private readonly context: StepContext) {}

  /** @throws DrillFailure when it does not go as written */
  public async run(step: DrillStep | RollbackStep, cancellation: Cancellation): Promise<void> {
    const { recorder, target } = this.context;
    if (step.when !== undefined) await this.waitFor(step.id, step.when, cancellation);
    if ('delay' in step && step.delay > 0) await this.sleep(step.delay / target.speed, cancellation);
    this.began.set(step.id, target.ports.clock.now());
    recorder.note('step-started', describe(step), step.id);
    await this.within(step.timeout, step.id, cancellation, (inner) => this.work(step, inner));
    recorder.note('step-done', `${step.id} is over`, step.id);
  }

  /** Ends what goes on, the youngest first. Says which faults could not be ended. */
  public async endFaults(): Promise<string[]> {
    const stuck: string[] = [];
    for (const step of [...this.open.keys()].reverse()) {
      try {
        await this.endFault(step);
      } catch (error) {
        if (!isPortError(error)) throw error;
        stuck.push(step);
        this.context.recorder.note('fault-stays', `${step} could not be ended: ${error.message}`, step, 'error');
      }
    }
    return stuck;
  }

  private async work(step: DrillStep | RollbackStep, cancellation: Cancellation): Promise<void> {
    try {
      if (step.fault !== undefined) await this.startFault(step.id, step.fault, cancellation);
      if (step.end !== undefined) await this.endFault(step.end);
      if (step.operation !== undefined) await this.operate(step, step.operation, cancellation);
      if (step.resume !== undefined) await this.goOn(step, step.resume, cancellation);
      if (step.wait !== undefined) await this.sleep(step.wait / this.context.target.speed, cancellation);
    } catch (error) {
      // What the world, or the file, does not allow is a failed drill; everything else is a bug.
      if (isPortError(error) || isStampError(error)) throw new DrillFailure('failed', `${step.id}: ${error.message}`);
      throw error;
    }
  }

  private async startFault(step: string, fault: NonNullable<DrillStep['fault']>, cancellation: Cancellation): Promise<void> {
    const { target, recorder, spec } = this.context;
    const { clock } = target.ports;
    const request = faultRequest(target.fleet, spec.group, fault);
    if (request.kind === 'operator-crash') {
      this.doom = { step, at: request.step ?? '' };
      this.faults.push({ step, request, startedAt: clock.now(), evidence: 'waits for the next operation' });
      recorder.note('fault-armed', `the process of the next operation dies at ${request.step ?? 'its first step'}`, step);
      return;
    }
    const started = await target.faults.start(request);
    this.open.set(step, started);
    const until = clock.monotonic() + HOLD_SECONDS * 1000;
    for (;;) {
      const { holds, evidence } = await target.faults.check(started.id);
      if (holds) {
        this.faults.push({ step, request, startedAt: started.startedAt, evidence });
        recorder.note('fault-holds', `${request.kind}: ${evidence}`, step);
        return;
      }
      if (clock.monotonic() >= until) {
        throw new DrillFailure('failed', `${step}: the fault did not take hold: ${evidence}`);
      }
      await this.sleep(target.lookEvery / 1000, cancellation);
    }
  }

  private async endFault(step: string): Promise<void> {
    const { target, recorder } = this.context;
    const fault = this.open.get(step);
    if (fault === undefined) return;
    const { endedAt = target.ports.clock.now() } = await target.faults.end(fault.id);
    this.open.delete(step);
    const at = this.faults.findIndex((each) => each.step === step);
    const known = this.faults[at];
    if (known !== undefined) this.faults[at] = { ...known, endedAt };
    recorder.note('fault-ended', `${fault.request.kind} is over`, step);
  }

  private async operate(step: DrillStep | RollbackStep, operation: DrillOperation, cancellation: Cancellation): Promise<void> {
    const { target, spec } = this.context;
    const request = operationRequest(spec.group, spec.drill, operation, {
      startOf: (id) => this.began.get(id),
      restoreOf: (id) => restoreId(this.operations.findLast((each) => each.step === id)),
    });
    const startedAt = target.ports.clock.now();
    const { doom } = this;
    this.doom = undefined;
    const end = await target.operator.run(request, { cancellation, ...(doom !== undefined && { crashAt: doom.at }) });
    this.keep(step, operation.do, startedAt, end);
  }

  private async goOn(step: DrillStep | RollbackStep, of: string, cancellation: Cancellation): Promise<void> {
    const { target, spec } = this.context;
    const before = this.operations.findLast((each) => each.step === of);
    const id = before?.report?.operation ?? before?.crashed;
    if (before?.plan === undefined || id === undefined) throw new DrillFailure('failed', `${of} left nothing to go on with`);
    const startedAt = target.ports.clock.now();
    const report = await target.operator.resume(spec.group, id, { cancellation });
    this.keep(step, 'resume', startedAt, { kind: 'ended', report, plan: before.plan });
  }

  /** @throws DrillFailure when it did not end as the file wants it */
  private keep(step: DrillStep | RollbackStep, what: DrillOperationRecord['do'], startedAt: number, end: OperationEnd): void {
    const { target, recorder } = this.context;
    const outcome = outcomeOf(end);
    const findings = end.kind === 'refused' ? end.findings : end.kind === 'ended' ? end.report.findings : [];
    this.operations.push({
      ...{ step: step.id, do: what, startedAt, endedAt: target.ports.clock.now(), outcome, findings },
      ...(end.kind === 'ended' && { report: end.report, plan: end.plan }),
      ...(end.kind === 'crashed' && { plan: end.plan, crashed: end.operation }),
    });
    const errors = findings.filter(({ severity }) => severity === 'error');
    const detail =
      end.kind === 'ended'
        ? end.report.detail
        : end.kind === 'crashed'
          ? `the process of ${end.operation} is dead`
          : errors.map(({ code, message }) => `${code}: ${message}`).join('; ');
    const rollback = !('outcome' in step);
    const wanted = rollback ? 'completed' : (step.outcome ?? 'completed');
    recorder.note(`operation-${outcome}`, `${what}: ${detail}`, step.id, outcome === wanted ? 'info' : 'error');
    if (rollback && outcome === 'refused' && errors.every(({ code }) => NOTHING_TO_UNDO.has(code))) return;
    if (outcome !== wanted) {
      throw new DrillFailure('failed', `${step.id}: ${what} was ${outcome} and should have been ${wanted}: ${detail}`);
    }
    const wantedFinding = rollback ? undefined : step.finding;
    if (wantedFinding !== undefined && !errors.some(({ code }) => code === wantedFinding)) {
      throw new DrillFailure('failed', `${step.id}: ${what} was refused, but not for ${wantedFinding}: ${detail}`);
    }
  }

  private async waitFor(step: string, condition: DrillCondition, cancellation: Cancellation): Promise<void> {
    const { target, recorder, spec, watch, view } = this.context;
    const { clock } = target.ports;
    const populations = spec.load.populations.map(({ name }) => name);
    const looker: Looker = { target, view, watch, populations, consecutive: spec.expect.consecutive };
    const since = clock.now();
    const until = clock.monotonic() + condition.within * 1000;
    for (;;) {
      const { holds, saw } = await look(condition, looker, condition.is === 'failing' ? 0 : since);
      if (holds) {
        recorder.note('condition-holds', saw, step);
        return;
      }
      if (clock.monotonic() >= until) {
        throw new DrillFailure('failed', `${step}: "${condition.is}" was not so within ${condition.within} s: ${saw}`);
      }
      await this.sleep(target.lookEvery / 1000, cancellation);
    }
  }

  /** @throws DrillFailure when somebody wants to stop */
  public async sleep(seconds: number, cancellation: Cancellation): Promise<void> {
    if (cancellation.level === 0) await this.context.target.ports.clock.sleep(seconds * 1000, cancellation);
    if (cancellation.level > 0) throw new DrillFailure('interrupted', 'stopped');
  }

  /** Waits until so many seconds after the method began. */
  public async sleepUntil(seconds: number, cancellation: Cancellation): Promise<void> {
    const { clock } = this.context.target.ports;
    this.methodBegan ??= clock.monotonic();
    const left = seconds - (clock.monotonic() - this.methodBegan) / 1000;
    if (left > 0) await this.sleep(left, cancellation);
  }

  /** Notes the moment that `at` counts from. */
  public beginMethod(): void {
    this.methodBegan = this.context.target.ports.clock.monotonic();
  }

  /** Calls back after so many seconds, unless it is cleared before. */
  public timer(seconds: number, callBack: () => void): { readonly clear: () => Promise<void> } {
    const over = new CancellationSource();
    const work = this.context.target.ports.clock.sleep(seconds * 1000, over).then(() => {
      if (over.level === 0) callBack();
    });
    return {
      clear: async () => {
        over.raise();
        await work;
      },
    };
  }

  /** Gives work so many seconds; then it is stopped like by a Ctrl-C, and the step has failed. */
  private async within(
    seconds: number,
    step: string,
    cancellation: Cancellation,
    work: (inner: Cancellation) => Promise<void>,
  ): Promise<void> {
    const inner = linked(cancellation);
    let late = false;
    const timer = this.timer(seconds, () => {
      late = true;
      inner.raise();
    });
    try {
      await work(inner);
      if (isTrue(late)) throw new DrillFailure('failed', `${step} took longer than ${seconds} s`);
    } catch (error) {
      if (isTrue(late) && error instanceof DrillFailure)
        throw new DrillFailure('failed', `${step} took longer than ${seconds} s`);
      throw error;
    } finally {
      await timer.clear();
      inner.release();
    }
  }
}

/** Refusals of a rollback that say that there is nothing left to do. */
const NOTHING_TO_UNDO = new Set(['already-there', 'nothing-to-do']);

/** Flow analysis does not see that a callback has changed it. */
function isTrue(value: boolean): boolean {
  return value;
}

function outcomeOf(end: OperationEnd): DrillOperationRecord['outcome'] {
  if (end.kind !== 'ended') return end.kind;
  return end.report.result === 'completed' ? 'completed' : 'failed';
}

function restoreId(record: DrillOperationRecord | undefined): string | undefined {
  const step = record?.plan?.steps.find(({ action }) => action.do === 'record-restore');
  return step?.action.do === 'record-restore' ? step.action.record.id : undefined;
}

function describe(step: DrillStep | RollbackStep): string {
  if (step.fault !== undefined) return `breaks: ${step.fault.kind}`;
  if (step.end !== undefined) return `ends the fault ${step.end}`;
  if (step.operation !== undefined) return `operates: ${step.operation.do}`;
  if (step.resume !== undefined) return `goes on with ${step.resume}`;
  return step.wait === undefined ? 'the condition holds' : `waits for ${step.wait} s`;
}
