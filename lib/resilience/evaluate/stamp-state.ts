import { stampMark } from '../model/names';
import type { AuroraMemberModel, AuroraModel, GroupModel } from '../model/types';
import { type World, stampAt } from './world';

/** Whether the Region, the account and the stamp itself are there; its tasks may still be gone. */
export function stands(model: GroupModel, world: World, index: number): boolean {
  const { region, account, present } = stampAt(model, index);
  const { lost } = world;
  return present && !lost.regions.has(region) && !lost.accounts.has(account) && !lost.stamps.has(stampMark(index));
}

/** Web tasks that run right after the failure. */
export function runningTasks(model: GroupModel, world: World, index: number): number {
  if (!stands(model, world, index)) return 0;
  const { minTasks, zones } = stampAt(model, index);
  const floor = liveFloor(model, world, index);
  const grown = minTasks === 0 ? 0 : floor / minTasks;
  let gone = 0;
  for (const { zone, exitZone, tasks } of zones) {
    if (world.lost.zones.has(zone) || (exitZone !== undefined && world.lost.zones.has(exitZone)))
      gone += Math.ceil(tasks * grown);
  }
  return Math.max(0, floor - gone);
}

/** Tasks that always run: after a failover the operator has raised the minimum to what the peak needs (design 8). */
function liveFloor(model: GroupModel, world: World, index: number): number {
  const { minTasks, maxTasks, role } = stampAt(model, index);
  const { peak, perTask } = model;
  if (world.raised !== true || role !== 'standby' || minTasks === 0 || peak === undefined || perTask === undefined)
    return minTasks;
  return Math.max(minTasks, Math.min(maxTasks, Math.ceil(peak / perTask)));
}

/** Whether requests that reach the stamp are answered, reads at least. */
export function answersRequests(model: GroupModel, world: World, index: number): boolean {
  return runningTasks(model, world, index) > 0;
}

/** Why no further task can start in a stamp; undefined when one can. */
export function startObstacle(model: GroupModel, world: World, index: number): string | undefined {
  const { region, imageRegions, secretRegions } = stampAt(model, index);
  const { lost } = world;
  if (lost.planes.has(region)) return `the control planes of ${region} are away`;
  const image = [region, ...imageRegions].find((other) => lost.regions.has(other) || lost.images.has(other));
  if (image !== undefined) return `the image registry of ${image} is away`;
  const secret = [region, ...secretRegions].find((other) => lost.regions.has(other) || lost.secrets.has(other));
  return secret === undefined ? undefined : `the secrets of ${secret} are away`;
}

/** Whether a zone of the stamp is gone while the stamp serves on. */
export function lostAZone(model: GroupModel, world: World, index: number): boolean {
  const { zones } = stampAt(model, index);
  return zones.some(
    ({ zone, exitZone }) => world.lost.zones.has(zone) || (exitZone !== undefined && world.lost.zones.has(exitZone)),
  );
}

export function memberOf(data: AuroraModel, index: number): AuroraMemberModel | undefined {
  return data.members.find(({ stamp }) => stamp === index);
}

/** Whether a cluster is there with an instance that could serve, now or after RDS has replaced it. */
export function memberLives(model: GroupModel, world: World, member: AuroraMemberModel): boolean {
  const { region, account } = stampAt(model, member.stamp);
  const { lost } = world;
  const mark = stampMark(member.stamp);
  if (lost.regions.has(region) || lost.accounts.has(account) || lost.stamps.has(mark) || lost.databases.has(mark)) return false;
  return member.instanceZones.length > 0;
}

/** Whether the replica of a table in a Region answers, and the table has its quorum. */
export function tableAnswers(model: GroupModel, world: World, index: number): boolean {
  const { data } = model;
  if (data.kind !== 'table') return false;
  const { region } = stampAt(model, index);
  if (!data.regions.includes(region) || !replicaLives(model, world, region)) return false;
  if (data.consistency === 'eventual') return true;
  const voters = [...data.regions.filter((other) => replicaLives(model, world, other)), ...livingWitness(model, world)];
  return voters.length * 2 > data.regions.length + (data.witness === undefined ? 0 : 1);
}

function replicaLives(model: GroupModel, { lost }: World, region: string): boolean {
  const owner = model.stamps.findIndex((stamp) => stamp.region === region);
  const account = model.stamps[owner]?.account ?? model.stamps[0]?.account ?? '';
  return !lost.regions.has(region) && !lost.accounts.has(account) && !lost.databases.has(stampMark(owner));
}

function livingWitness({ data }: GroupModel, { lost }: World): string[] {
  if (data.kind !== 'table' || data.witness === undefined || lost.regions.has(data.witness)) return [];
  return [data.witness];
}

/** Whether a stamp's own database is as its health check wants it: the writer writes, a standby's replica could be promoted. */
export function databaseAnswers(model: GroupModel, world: World, index: number): boolean {
  const { data } = model;
  switch (data.kind) {
    case 'none':
    case 'external':
      return true;
    case 'missing':
      return false;
    case 'table':
      return tableAnswers(model, world, index);
    case 'aurora': {
      const member = memberOf(data, index);
      return member !== undefined && memberLives(model, world, member);
    }
  }
}

/** Whether requests that reach the stamp can write the group's data. */
export function writes(model: GroupModel, world: World, index: number): boolean {
  if (!answersRequests(model, world, index)) return false;
  const { data } = model;
  if (data.kind !== 'aurora') return databaseAnswers(model, world, index);
  return world.writer === index && databaseAnswers(model, world, index) && !lagCapBlocks(model, world);
}

/**
 * Whether the cap on replication lag stops every commit: the writer has one, and none of the members that it replicates to is left
 * (aws-facts 4.1, ADR 6).
 */
export function lagCapBlocks(model: GroupModel, world: World): boolean {
  const { data } = model;
  if (data.kind !== 'aurora' || world.writer === undefined || world.lagCapLifted === true) return false;
  const writer = memberOf(data, world.writer);
  if (writer?.lagCap === undefined) return false;
  const others = data.members.filter((member) => member !== writer && member.replicationGroup === writer.replicationGroup);
  return others.length > 0 && !others.some((member) => memberLives(model, world, member));
}

/** Whether the stamp is as good as gone for its users: no answers, or a table that it cannot reach. */
export function unusable(model: GroupModel, world: World, index: number): boolean {
  if (!answersRequests(model, world, index)) return true;
  return model.data.kind === 'table' && !tableAnswers(model, world, index);
}
