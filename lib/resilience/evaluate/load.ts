import { stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import type { CapacityOutcome } from '../types';
import type { Routed } from './answers';
import { runningTasks, stands, startObstacle } from './stamp-state';
import { type World, stampAt } from './world';

/** Least difference in requests per second that counts. */
const EPSILON = 1e-6;

/** Which stamps take which share of a group's peak in the end, and what their tasks can be by then: the same for all of a structure. */
export interface LoadQuestion {
  /** Equal for questions with equal answers. */
  readonly key: string;
  readonly world: World;
  /** By stamp. */
  readonly shares: readonly LoadShare[];
}

export interface LoadShare {
  readonly stamp: number;
  /** Of the group's peak, from 0 to 1. */
  readonly share: number;
  /** Why no further task can start. */
  readonly obstacle?: string;
}

/** Whether a stamp's tasks are enough, could be, or never are. */
export type LoadState = 'enough' | 'short' | 'never';

/** The answers of one group to a question, in its order; none when nothing says what the demand is. */
export interface StampLoads {
  readonly capacity: readonly CapacityOutcome[];
  readonly states: readonly LoadState[];
}

/**
 * What each stamp has to take once clients are where Route 53 sends them. Route 53 looks at nobody's load (aws-facts 1.1), and where
 * it goes by latency nobody can say which neighbour the clients of a lost stamp turn to, so every neighbour has to hold them.
 */
export function loadQuestion(model: GroupModel, world: World, usual: readonly Routed[], last: readonly Routed[]): LoadQuestion {
  const { clients, dns } = model;
  const sums = new Map<number, number>();
  const movable = dns.policy === 'latency';
  let displaced = 0;
  clients.forEach(({ share }, index) => {
    const before = usual[index]?.destinations ?? [];
    const after = last[index]?.destinations ?? [];
    const moved = movable && !sameStamps(before, after);
    if (moved) displaced += share;
    for (const { stamp, probability } of after) {
      sums.set(stamp, (sums.get(stamp) ?? 0) + (moved ? 0 : share * probability));
    }
  });
  const shares = [...sums]
    .sort(([a], [b]) => a - b)
    .map(([stamp, sum]): LoadShare => {
      const obstacle = startObstacle(model, world, stamp);
      return { stamp, share: Math.min(1, sum + displaced), ...(obstacle !== undefined && { obstacle }) };
    });
  return { key: shares.map((share) => keyOf(model, world, share)).join(';'), world, shares };
}

function sameStamps(a: Routed['destinations'], b: Routed['destinations']): boolean {
  return a.length === b.length && a.every(({ stamp }, index) => stamp === b[index]?.stamp);
}

/** All that a stamp's load and its tasks depend on, but for numbers of the group. */
function keyOf(model: GroupModel, world: World, { stamp, share, obstacle = '' }: LoadShare): string {
  const { zones } = stampAt(model, stamp);
  const lost = zones.map(({ zone, exitZone = '' }) => (world.lost.zones.has(zone) || world.lost.zones.has(exitZone) ? 1 : 0));
  return `${stamp} ${share} ${obstacle} ${stands(model, world, stamp)} ${lost.join('')} ${world.raised === true}`;
}

/** What the question is for one group of the structure. */
export function stampLoads(model: GroupModel, { world, shares }: LoadQuestion): StampLoads {
  const { peak, perTask } = model;
  if (peak === undefined || perTask === undefined) return { capacity: [], states: [] };
  const capacity = shares.map(({ stamp, share, obstacle }): CapacityOutcome => {
    const ready = runningTasks(model, world, stamp) * perTask;
    const { maxTasks } = stampAt(model, stamp);
    return {
      stampId: stampMark(stamp),
      load: Math.round(peak * share * 1000) / 1000,
      ready,
      reachable: obstacle === undefined ? Math.max(ready, maxTasks * perTask) : ready,
    };
  });
  return { capacity, states: capacity.map(stateOf) };
}

function stateOf({ load, ready, reachable }: CapacityOutcome): LoadState {
  if (load <= ready + EPSILON) return 'enough';
  return load > reachable + EPSILON ? 'never' : 'short';
}

/** A number of a group in a text that its whole structure shares. */
export function loadMark(number: 'load' | 'ready' | 'reachable', at: number): string {
  return `⟦${number} ${at}⟧`;
}

const MARK = /⟦(load|ready|reachable) (\d+)⟧/g;

/** The text with the numbers of a group in it. */
export function withLoads(text: string, capacity: readonly CapacityOutcome[]): string {
  return text.replace(MARK, (_all, number: 'load' | 'ready' | 'reachable', at: string) =>
    String(capacity[Number(at)]?.[number] ?? ''),
  );
}
