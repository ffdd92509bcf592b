import type { Cancellation } from '../../ports';
import type { Journal } from '../journal/journal';
import type { JournalEntry } from '../journal/journal-entry';
import { LeaseLost } from '../lease/hold';
import type { Plan, Step } from '../plan';
import type { RunContext } from './context';
import { runStep, type StepResult, Stopped } from './run-step';
import { Fenced } from './throw-switch';

export interface PlanRun {
  readonly run: RunContext;
  readonly journal: Journal;
  readonly cancellation: Cancellation;
  /** What earlier runs wrote; empty at first. */
  readonly history: readonly JournalEntry[];
  /** Called when nothing may be started any more although nobody asked to stop: waits are given up then. */
  readonly halt: () => void;
}

export interface PlanOutcome {
  readonly results: readonly StepResult[];
  /** Why the lease was given up in the middle. */
  readonly lost?: string;
}

/** Outcomes after which the next steps may begin, and which a resumed run leaves as they are. */
export const OVER: ReadonlySet<string> = new Set(['done', 'already', 'unconfirmed']);

/**
 * Runs the graph: every step whose predecessors are over starts at once, steps beside each other at the same time. After a
 * failure or a Ctrl-C nothing new starts, and what runs comes to its end.
 *
 * @throws what broke the run itself, such as a full disk, after everything that ran has come to rest
 */
export async function runPlan({ run, journal, cancellation, history, halt }: PlanRun): Promise<PlanOutcome> {
  const earlier = outcomesOf(history);
  const begun = new Set(history.flatMap((entry) => (entry.kind === 'intent' ? [entry.step] : [])));
  const results = new Map<string, StepResult>();
  for (const step of run.plan.steps) {
    const before = earlier.get(step.id);
    if (before !== undefined && OVER.has(before.outcome)) results.set(step.id, before);
  }
  const running = new Map<string, Promise<StepResult>>();
  let lost: string | undefined;
  let broken: { readonly error: unknown } | undefined;
  let failed = false;
  for (;;) {
    const stopping = lost !== undefined || broken !== undefined || cancellation.level > 0 || run.stopped();
    if (!stopping) {
      for (const step of run.plan.steps) {
        if (results.has(step.id) || running.has(step.id)) continue;
        if (failed ? !cleansUp(step, run.plan, results, running) : !ready(step, results)) continue;
        running.set(
          step.id,
          runStep({
            step,
            run,
            journal,
            cancellation,
            begun: begun.has(step.id) && earlier.get(step.id)?.outcome !== 'compensated',
          }),
        );
      }
    }
    if (running.size === 0) break;
    // Each keeps its id, so that a thrown one can be taken out too.
    const first = await Promise.race(
      [...running].map(([id, promise]) =>
        promise.then(
          (result) => ({ id, result }),
          (error: unknown) => ({ id, error }),
        ),
      ),
    );
    running.delete(first.id);
    if ('result' in first) {
      results.set(first.id, first.result);
      if (!OVER.has(first.result.outcome)) failed = true;
    } else if (first.error instanceof LeaseLost || first.error instanceof Fenced) {
      lost ??= first.error.message;
      halt();
    } else if (!(first.error instanceof Stopped)) {
      broken ??= { error: first.error };
      halt();
    }
  }
  if (broken !== undefined) throw broken.error;
  lost ??= run.hold.lostBecause;
  const ordered = run.plan.steps.flatMap((step) => results.get(step.id) ?? []);
  return { results: ordered, ...(lost !== undefined && { lost }) };
}

function ready(step: Step, results: ReadonlyMap<string, StepResult>): boolean {
  return step.after.every((id) => OVER.has(results.get(id)?.outcome ?? ''));
}

/** After a failure: what cleans up begins when everything that runs has come to rest, in its own order. */
function cleansUp(
  step: Step,
  { steps }: Plan,
  results: ReadonlyMap<string, StepResult>,
  running: ReadonlyMap<string, unknown>,
): boolean {
  if (step.cleanup !== true || running.size > 0) return false;
  const before = steps.filter((each) => each.cleanup === true && step.after.includes(each.id));
  return before.every((each) => OVER.has(results.get(each.id)?.outcome ?? ''));
}

/** The last outcome of each step. */
export function outcomesOf(history: readonly JournalEntry[]): Map<string, StepResult> {
  const outcomes = new Map<string, StepResult>();
  for (const entry of history) {
    if (entry.kind !== 'outcome') continue;
    const { step, outcome, detail, seconds, data } = entry;
    outcomes.set(step, { step, outcome, detail, seconds, ...(data !== undefined && { data }) });
  }
  return outcomes;
}
