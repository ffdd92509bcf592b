import type { GroupModel, StampModel } from '../model/types';
import { runningTasks } from './stamp-state';
import { type World, mergeLosses } from './world';

/** What tells models apart. */
export interface ModelKeys {
  /**
   * Models with equal structures are told apart by numbers only: how much is asked of them, how many tasks they have, what they
   * promise. Their failures end alike but for those numbers, so they share a `SharedEvaluator`.
   */
  readonly structure: string;
  /** With the structure, everything that a model says. */
  readonly numbers: string;
}

/** How many failures happen at once, at most: as many zones may be lost. */
const PARTS = 2;

export function keysOf(model: GroupModel): ModelKeys {
  const { availability, recovery, survive, accept, peak, perTask, stamps, ...rest } = model;
  const counts = stamps.map(({ minTasks, maxTasks, zones }) => [minTasks, maxTasks, ...zones.map(({ tasks }) => tasks)]);
  return {
    structure: JSON.stringify([rest, stamps.map((stamp, index) => [withoutCounts(stamp), thresholds(model, index)])]),
    numbers: JSON.stringify([availability, recovery, survive, accept, peak, perTask, counts]),
  };
}

function withoutCounts({ minTasks: _min, maxTasks: _max, zones, ...rest }: StampModel): unknown {
  const different = [...new Set(zones.map(({ tasks }) => tasks))];
  // Zones with as many tasks are alike, however many these are.
  return [rest, zones.map(({ tasks, ...zone }) => [zone, different.indexOf(tasks)])];
}

/**
 * All that answers depend on of a stamp's number of tasks: whether any is left, and whether there are enough for its load balancer to
 * be healthy, whatever zones are lost, before a failover and after one.
 */
function thresholds(model: GroupModel, stamp: number): string {
  const { zones = [], role } = model.stamps[stamp] ?? {};
  const needed = Object.values(model.dns.targets).flatMap((target) =>
    target.stamp === stamp ? target.targetGroups.filter(({ kind }) => kind === 'web').map((group) => group.minimumHealthy) : [],
  );
  const all = [...new Set([1, ...needed])];
  const names = new Set(zones.flatMap(({ zone, exitZone }) => (exitZone === undefined ? [zone] : [zone, exitZone])));
  const worlds = subsets([...names], PARTS).flatMap((lost) =>
    (role === 'standby' ? [false, true] : [false]).map((raised) => worldOf(lost, raised)),
  );
  return worlds
    .map((world) => {
      const running = runningTasks(model, world, stamp);
      return all.filter((count) => running >= count).length;
    })
    .join('');
}

function worldOf(zones: readonly string[], raised: boolean): World {
  return { lost: mergeLosses([{ kind: 'az', id: '', what: '', takes: { zones } }]), evacuated: new Set(), raised };
}

/** Every choice of at most so many. */
function subsets<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  if (most === 0) return [[]];
  return [[], ...items.flatMap((item, index) => subsets(items.slice(index + 1), most - 1).map((others) => [item, ...others]))];
}
