import type { AuroraModel, GroupModel } from '../model/types';
import type { Answers, Routed } from './answers';
import { answersRequests, lagCapBlocks, memberLives, memberOf, unusable, writes } from './stamp-state';
import { type World, stampAt } from './world';

/** What an operator does, as far as its bound depends on it (design 8). */
export interface Plan {
  /** The world after it. */
  readonly world: World;
  readonly routed: readonly Routed[];
  /** The stamp whose cluster becomes the writer; absent when nothing is promoted. */
  readonly promote?: { readonly stamp: number; readonly how: 'failover' | 'switchover' };
  /** Stamps whose switch is thrown, and those that are put back in service. */
  readonly evacuate: readonly number[];
  readonly readmit: readonly number[];
  /** `rds.global_db_rpo` is taken off the writer. */
  readonly liftLagCap: boolean;
}

/** The first plan after which every one of the clients reads and writes; otherwise why there is none. */
export function findPlan(
  model: GroupModel,
  answers: Answers,
  world: World,
  clients: readonly number[],
): Plan | { readonly obstacle: string } {
  const living = model.stamps.map((_, index) => index).filter((index) => !unusable(model, world, index));
  if (living.length === 0) return { obstacle: 'no stamp of the group is left' };
  const { data } = model;
  if (data.kind === 'aurora') return auroraPlan(model, data, answers, world, clients, living);
  const evacuated = new Set(model.stamps.map((_, index) => index).filter((index) => !living.includes(index)));
  const after = { ...world, evacuated };
  const routed = answers.in(after);
  const works = (index: number): boolean => writes(model, after, index);
  if (clients.every((client) => leadsTo(routed[client], works))) {
    return { world: after, routed, ...switches(world, after), liftLagCap: false };
  }
  if (!living.some(works)) return { obstacle: 'no stamp that is left can write' };
  return { obstacle: 'no switch moves clients away from what failed' };
}

function auroraPlan(
  model: GroupModel,
  data: AuroraModel,
  answers: Answers,
  world: World,
  clients: readonly number[],
  living: readonly number[],
): Plan | { readonly obstacle: string } {
  const { writer } = world;
  const old = writer === undefined ? undefined : memberOf(data, writer);
  if (old === undefined) return { obstacle: 'no cluster of the group writes' };
  const oldLives = memberLives(model, world, old);
  const obstacles: string[] = [];
  // The writer where it is, then the others: moving data is the last resort.
  const order = [...living].sort((a, b) => Number(b === writer) - Number(a === writer) || a - b);
  for (const target of order) {
    const member = memberOf(data, target);
    const obstacle =
      target === writer
        ? memberLives(model, world, old)
          ? undefined
          : 'the writer is gone'
        : promotionObstacle(model, world, target, member, old.replicationGroup);
    if (obstacle !== undefined) {
      obstacles.push(obstacle);
      continue;
    }
    const found = switched(model, answers, world, target, clients);
    if (found === undefined) {
      obstacles.push(`no switch and no check sends clients to ⟦${target}⟧ alone`);
      continue;
    }
    const { after, routed } = found;
    const blocked = lagCapBlocks(model, after);
    const final = blocked ? { ...after, lagCapLifted: true } : after;
    const promote =
      target === writer ? undefined : { stamp: target, how: oldLives ? ('switchover' as const) : ('failover' as const) };
    return {
      world: final,
      routed,
      ...(promote !== undefined && { promote }),
      ...switches(world, after),
      liftLagCap: blocked,
    };
  }
  return { obstacle: [...new Set(obstacles)].join('; ') || 'no stamp that is left has a database' };
}

/**
 * The world after the switches are thrown so that a stamp alone is answered: by evacuating all others, or only those that are
 * unusable where evacuating the last healthy stamp would make Route 53 fall open.
 */
function switched(
  model: GroupModel,
  answers: Answers,
  world: World,
  target: number,
  clients: readonly number[],
): { readonly after: World; readonly routed: readonly Routed[] } | undefined {
  const others = model.stamps.map((_, index) => index).filter((index) => index !== target);
  const dead = others.filter((index) => unusable(model, world, index));
  for (const evacuated of dead.length === others.length ? [others] : [others, dead]) {
    const after: World = { ...world, writer: target, evacuated: new Set(evacuated) };
    const routed = answers.in(after);
    const fallsOpen = evacuated.length > dead.length && clients.some((client) => routed[client]?.failOpen === true);
    if (!fallsOpen && clients.every((client) => leadsTo(routed[client], (index) => index === target))) return { after, routed };
  }
  return undefined;
}

function promotionObstacle(
  model: GroupModel,
  world: World,
  target: number,
  member: ReturnType<typeof memberOf>,
  replicationGroup: number,
): string | undefined {
  const { region } = stampAt(model, target);
  if (member === undefined) return `⟦${target}⟧ has no database that could be promoted`;
  if (member.replicationGroup !== replicationGroup) return `the cluster of ⟦${target}⟧ is not in the writer’s global cluster`;
  if (member.instanceZones.length === 0) return `the cluster of ⟦${target}⟧ has no instance`;
  if (!memberLives(model, world, member)) return `the cluster of ⟦${target}⟧ is gone`;
  if (world.lost.planes.has(region)) return `the control plane of ${region}, which promotes, is away`;
  return answersRequests(model, world, target) ? undefined : `⟦${target}⟧ does not answer`;
}

function leadsTo(routed: Routed | undefined, works: (stamp: number) => boolean): boolean {
  return (
    routed !== undefined &&
    routed.destinations.length > 0 &&
    routed.elsewhere === 0 &&
    routed.destinations.every(({ stamp }) => works(stamp))
  );
}

function switches(before: World, after: World): Pick<Plan, 'evacuate' | 'readmit'> {
  return {
    evacuate: [...after.evacuated].filter((stamp) => !before.evacuated.has(stamp)),
    readmit: [...before.evacuated].filter((stamp) => !after.evacuated.has(stamp)),
  };
}
