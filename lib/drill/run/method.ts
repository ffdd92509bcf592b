import type { DrillSpec, DrillStep } from '../../config/drill/types';
import type { Cancellation } from '../../ports';
import { DrillFailure } from './failure';
import { linked } from './operator';
import type { StepRunner } from './step-runner';

export interface MethodOptions {
  /** What the target plays runs so many times as fast. */
  readonly speed: number;
  readonly cancellation: Cancellation;
}

/**
 * Runs the steps of a method: each begins when those it comes after are over, and not before its time. When one fails, those that run
 * beside it are stopped, and nothing new begins.
 *
 * @throws DrillFailure the first failure
 */
export async function runMethod({ method, timeout }: DrillSpec, runner: StepRunner, options: MethodOptions): Promise<void> {
  const stop = linked(options.cancellation);
  const over = new Map<string, Promise<void>>();
  let first: unknown;
  const start = async (step: DrillStep, before: readonly Promise<void>[]): Promise<void> => {
    await Promise.all(before);
    if (step.at !== undefined) await runner.sleepUntil(step.at / options.speed, stop);
    if (stop.level > 0) throw new DrillFailure('interrupted', 'stopped');
    await runner.run(step, stop);
  };
  const all = method.map((step, index) => {
    const after = step.after ?? method.slice(Math.max(0, index - 1), index).map(({ id }) => id);
    const work = start(
      step,
      after.map((id) => over.get(id)).filter((each) => each !== undefined),
    ).catch((error: unknown) => {
      first ??= error;
      stop.raise();
      throw error;
    });
    // Those that wait for it hear of the failure; nobody else has to.
    work.catch(() => undefined);
    over.set(step.id, work);
    return work;
  });
  let late = false;
  const done = Promise.allSettled(all);
  const timer = runner.timer(timeout, () => {
    late = true;
    stop.raise();
  });
  try {
    await done;
  } finally {
    await timer.clear();
    stop.release();
  }
  if (options.cancellation.level > 0) throw new DrillFailure('interrupted', 'stopped by the operator');
  if (isTrue(late)) throw new DrillFailure('failed', `the method took longer than ${timeout} s`);
  if (first !== undefined) throw first as Error;
}

/** Flow analysis does not see that a callback has changed it. */
function isTrue(value: boolean): boolean {
  return value;
}
