import { stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import type { CapacityOutcome } from '../types';
import type { Routed } from './answers';
import { runningTasks, startObstacle } from './stamp-state';
import { type World, stampAt } from './world';

/** Least difference in requests per second that counts. */
const EPSILON = 1e-6;

export interface StampLoad extends CapacityOutcome {
  readonly stamp: number;
  /** Why no further task can start. */
  readonly obstacle?: string;
}

/**
 * What each stamp has to take once clients are where Route 53 sends them. Route 53 looks at nobody's load (aws-facts 1.1), and where
 * it goes by latency nobody can say which neighbour the clients of a lost stamp turn to, so every neighbour has to hold them.
 *
 * Empty when nothing says what the demand is.
 */
export function stampLoads(
  model: GroupModel,
  world: World,
  usual: readonly Routed[],
  last: readonly Routed[],
): readonly StampLoad[] {
  const { peak, perTask, clients, dns } = model;
  if (peak === undefined || perTask === undefined) return [];
  const shares = new Map<number, number>();
  const movable = dns.policy === 'latency';
  let displaced = 0;
  clients.forEach(({ share }, index) => {
    const before = usual[index]?.destinations ?? [];
    const after = last[index]?.destinations ?? [];
    const moved = before.map(({ stamp }) => stamp).join() !== after.map(({ stamp }) => stamp).join();
    if (movable && moved) displaced += share;
    for (const { stamp, probability } of after) {
      shares.set(stamp, (shares.get(stamp) ?? 0) + (movable && moved ? 0 : share * probability));
    }
  });
  return [...shares]
    .sort(([a], [b]) => a - b)
    .map(([stamp, share]) => stampLoad(model, world, stamp, peak * Math.min(1, share + displaced), perTask));
}

function stampLoad(model: GroupModel, world: World, stamp: number, load: number, perTask: number): StampLoad {
  const ready = runningTasks(model, world, stamp) * perTask;
  const obstacle = startObstacle(model, world, stamp);
  const { maxTasks } = stampAt(model, stamp);
  return {
    stamp,
    stampId: stampMark(stamp),
    load: Math.round(load * 1000) / 1000,
    ready,
    reachable: obstacle === undefined ? Math.max(ready, maxTasks * perTask) : ready,
    ...(obstacle !== undefined && { obstacle }),
  };
}

/** Whether the tasks that run are too few. */
export function short({ load, ready }: CapacityOutcome): boolean {
  return load > ready + EPSILON;
}

/** Whether even the tasks that scaling may start are too few. */
export function neverEnough({ load, reachable }: CapacityOutcome): boolean {
  return load > reachable + EPSILON;
}
