import type { Failure } from '../failures/types';
import { stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import type { SharedEvaluator } from './shared-evaluator';
import { runningTasks, unusable, writes } from './stamp-state';
import { type World, mergeLosses } from './world';

/** The shares of a group's clients and of its tasks that a failure takes before anything responds. */
export function touched(
  model: GroupModel,
  evaluator: SharedEvaluator,
  parts: readonly Failure[],
): { readonly clientsTouched: number; readonly capacityLost: number } {
  const before = evaluator.usually('before');
  const world = { ...before, lost: mergeLosses(parts) };
  const usual = evaluator.answers.in(before);
  if (world.lost.data.size > 0) return { clientsTouched: 1, capacityLost: 0 };
  let clients = 0;
  model.clients.forEach(({ share }, index) => {
    for (const { stamp, probability } of usual[index]?.destinations ?? []) {
      clients += share * probability * hit(model, stamp, before, world);
    }
  });
  const running = sum(model.stamps.map((_, index) => runningTasks(model, before, index)));
  const left = sum(model.stamps.map((_, index) => runningTasks(model, world, index)));
  return { clientsTouched: round(clients), capacityLost: running === 0 ? 0 : round(1 - left / running) };
}

/** Share of a stamp's clients that notice: all of them, or those whose requests went to tasks that are gone. */
function hit(model: GroupModel, stamp: number, before: World, world: World): number {
  const mark = stampMark(stamp);
  if (unusable(model, world, stamp) || world.lost.deployments.has(mark)) return 1;
  if (writes(model, before, stamp) && (!writes(model, world, stamp) || (world.lost.writers.has(mark) && world.writer === stamp)))
    return 1;
  const tasks = runningTasks(model, before, stamp);
  return tasks === 0 ? 0 : 1 - runningTasks(model, world, stamp) / tasks;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}
