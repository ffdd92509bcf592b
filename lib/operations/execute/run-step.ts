import { type Cancellation, isPortError, isTransient } from '../../ports';
import type { Journal } from '../journal/journal';
import type { StepOutcome } from '../journal/journal-entry';
import { LeaseLost } from '../lease/hold';
import type { Action, Step } from '../plan';
import { look, type Look, type Moment } from './check';
import { report, type RunContext } from './context';
import { type Pace, perform, type Performed } from './perform';
import { Fenced } from './throw-switch';

/** Between two looks at postconditions that do not hold yet, in milliseconds: a twentieth of what was waited already, within these. */
const LOOK_MS = 2_000;
const LONGEST_LOOK_MS = 15_000;
/** After a Ctrl-C a step that can be undone gets this long to finish, in milliseconds. */
const GRACE_MS = 10_000;

/** What AWS may give up again after it was accepted, or what has to be asked for in portions: asked for again when this long nothing came of it. */
const ASKED_AGAIN = new Set<Action['do']>(['switchover', 'failover', 'forward-queue', 'delete-restored']);
const ASK_AGAIN_MS = 60_000;

/** Half done, these make their own preconditions false: a cluster that is being promoted is not available. */
const PASSES_THROUGH = new Set<Action['do']>(['switchover', 'failover', 'detach']);

export interface StepResult {
  readonly step: string;
  readonly outcome: StepOutcome;
  readonly detail: string;
  readonly data?: unknown;
  readonly seconds: number;
}

export interface StepRun {
  readonly step: Step;
  readonly run: RunContext;
  readonly journal: Journal;
  readonly cancellation: Cancellation;
  /** True when an earlier run wrote the intent and no outcome. */
  readonly begun: boolean;
}

/** Stopped at once: no outcome is written, a resumed run finds the intent. */
export class Stopped extends Error {}

/**
 * One step: look whether it is done already, look at preconditions, write the intent, act, look until it is done, write the outcome.
 * A call that nobody answered is repeated after a look, until the time-out.
 *
 * @throws Stopped, LeaseLost and Fenced without an outcome; everything else is an outcome
 */
export async function runStep(task: StepRun): Promise<StepResult> {
  const { step, run, journal } = task;
  const { clock } = run.ports;
  const startedAt = clock.monotonic();
  const end = async (outcome: StepOutcome, detail: string, data?: unknown): Promise<StepResult> => {
    const seconds = Math.round((clock.monotonic() - startedAt) / 100) / 10;
    if (run.stopped()) throw new Stopped();
    await journal.append({ kind: 'outcome', step: step.id, outcome, detail, seconds, ...(data !== undefined && { data }) });
    const level = outcome === 'failed' ? 'error' : outcome === 'unconfirmed' ? 'warning' : 'info';
    report(run.ports, {
      level,
      code: `step-${outcome}`,
      message: `${step.title}: ${detail}`,
      step: step.id,
      data: { seconds, detail },
    });
    return { step: step.id, outcome, detail, seconds, ...(data !== undefined && { data }) };
  };
  const fail = (detail: string, data?: unknown): Promise<StepResult> =>
    end(step.onFailure === 'note' ? 'unconfirmed' : 'failed', detail, data);
  try {
    const before = step.postcondition.length > 0 ? await lookAll(task, step.postcondition, 'before') : undefined;
    if (before?.holds === true) return await end(task.begun ? 'done' : 'already', before.saw);
    if (!(task.begun && PASSES_THROUGH.has(step.action.do))) {
      const ready = await lookAll(task, step.precondition, 'before');
      if (!ready.holds) return await fail(`cannot begin: ${ready.saw}`);
    }
    if (run.stopped()) throw new Stopped();
    await journal.append({ kind: 'intent', step: step.id });
    report(run.ports, {
      level: 'info',
      code: 'step-started',
      message: step.title,
      step: step.id,
      data: { timeout: step.timeout },
    });
    const performed = await act(task, startedAt);
    if (performed.ok === false) return await fail(performed.detail ?? 'failed', performed.data);
    if (performed.partial === true) return await end('unconfirmed', performed.detail ?? 'in part', performed.data);
    return await settle(task, performed, startedAt, end, fail);
  } catch (error) {
    if (error instanceof Stopped || error instanceof LeaseLost || error instanceof Fenced) throw error;
    if (isPortError(error) && error.kind === 'lease-expired') throw new LeaseLost(error.message);
    return await fail(error instanceof Error ? error.message : String(error));
  }
}

/** Asks until somebody takes the request. */
async function act(task: StepRun, startedAt: number): Promise<Performed> {
  const { step, run, cancellation } = task;
  const { clock } = run.ports;
  for (;;) {
    if (run.stopped()) throw new Stopped();
    await run.hold.keepAlive();
    try {
      return await perform(step.action, run, paceOf(task, startedAt));
    } catch (error) {
      const over = clock.monotonic() - startedAt >= step.timeout * 1000 || cancellation.level > 0;
      if (!isTransient(error) || over) throw error;
      report(run.ports, { level: 'warning', code: 'step-retried', message: (error as Error).message, step: step.id });
      await clock.sleep(LOOK_MS, cancellation);
      // It may have arrived all the same.
      if (step.postcondition.length > 0 && (await lookAll(task, step.postcondition, 'before')).holds) return {};
    }
  }
}

/** How long an action that works in portions may go on. */
function paceOf({ step, run, cancellation }: StepRun, startedAt: number): Pace {
  return {
    next: async () => {
      if (run.stopped()) throw new Stopped();
      if (cancellation.level > 0) throw new Error('stopped by the operator between two portions');
      if (run.ports.clock.monotonic() - startedAt >= step.timeout * 1000)
        throw new Error(`not within ${step.timeout} s: what was done so far stays`);
      await run.hold.keepAlive();
    },
  };
}

type End = (outcome: StepOutcome, detail: string, data?: unknown) => Promise<StepResult>;

/** Looks until the postconditions hold, the time is over or the operator stops it. */
async function settle(
  task: StepRun,
  performed: Performed,
  startedAt: number,
  end: End,
  fail: (detail: string, data?: unknown) => Promise<StepResult>,
): Promise<StepResult> {
  const { step, run, cancellation } = task;
  const { clock } = run.ports;
  const waits = step.action.do === 'wait' || step.action.do === 'by-hand';
  let cancelledAt: number | undefined;
  let askedAt = clock.monotonic();
  for (;;) {
    if (run.stopped()) throw new Stopped();
    const seen: Look = await lookAll(task, step.postcondition, 'after');
    if (seen.holds) return end('done', performed.detail ?? seen.saw, performed.data);
    const now = clock.monotonic();
    const late = now - startedAt >= step.timeout * 1000;
    if (cancellation.level > 0) {
      if (waits) return end('aborted', `given up while waiting: ${seen.saw}`);
      cancelledAt ??= now;
      if (step.compensation !== undefined && now - cancelledAt >= GRACE_MS) return undo(task, seen.saw, end);
    }
    if (late) {
      if (step.compensation !== undefined && step.onFailure === 'stop')
        return undo(task, `not within ${step.timeout} s: ${seen.saw}`, end);
      return fail(`not within ${step.timeout} s: ${seen.saw}`, performed.data);
    }
    report(run.ports, { level: 'info', code: 'step-waiting', message: seen.saw, step: step.id });
    if (ASKED_AGAIN.has(step.action.do) && cancellation.level === 0 && now - askedAt >= ASK_AGAIN_MS) {
      askedAt = now;
      await askAgain(task, startedAt);
    }
    await run.hold.keepAlive();
    const pause = Math.min(LONGEST_LOOK_MS, Math.max(LOOK_MS, (now - startedAt) / 20));
    const left = Math.max(1, startedAt + step.timeout * 1000 - now);
    await clock.sleep(Math.min(pause, left), cancellation.level === 0 ? cancellation : undefined);
  }
}

/** It looks before it asks; what AWS says against it, such as that it goes on already, is told and waited for. */
async function askAgain(task: StepRun, startedAt: number): Promise<void> {
  const { step, run } = task;
  try {
    await perform(step.action, run, paceOf(task, startedAt));
  } catch (error) {
    if (!isPortError(error) || error.kind === 'lease-expired' || error.kind === 'denied') throw error;
    report(run.ports, { level: 'warning', code: 'step-retried', message: error.message, step: step.id });
  }
}

async function undo(task: StepRun, why: string, end: End): Promise<StepResult> {
  const { step, run } = task;
  if (step.compensation === undefined) return end('failed', why);
  // What takes it back is not cut short: it is the short way to an end.
  await perform(step.compensation, run, { next: () => Promise.resolve() });
  return end('compensated', `${why}; undone`);
}

async function lookAll(task: StepRun, conditions: Step['postcondition'], moment: Moment): Promise<Look> {
  const looks = await Promise.all(conditions.map((condition) => look(condition, task.run, moment)));
  const missing = looks.filter((each) => !each.holds);
  return {
    holds: missing.length === 0,
    saw: (missing.length > 0 ? missing : looks).map((each) => each.saw).join('; ') || 'nothing to see',
  };
}
