import type { GroupView } from './group-view';
import { engineOf } from './group-view';
import type { AuroraObservation, DatabaseObservation, Observation, StampObservation } from './observation';

export function seenStamp(observation: Observation, id: string): StampObservation | undefined {
  return observation.stamps.find((stamp) => stamp.stamp === id);
}

/** One control Region that says so is enough: the calculated check needs all of them healthy (design 7). */
export function isEvacuated(stamp: StampObservation): boolean {
  return stamp.switches.some((each) => each.state === 'evacuated');
}

export function inService(observation: Observation): StampObservation[] {
  return observation.stamps.filter((stamp) => !isEvacuated(stamp));
}

/** Codes of control Regions whose switch of this stamp could be read and which do not lie in a Region to avoid. */
export function reachableControls(stamp: StampObservation, avoid: readonly string[]): string[] {
  return stamp.switches
    .filter((each) => each.state !== 'unknown' && !avoid.includes(each.region))
    .map((each) => each.code)
    .sort();
}

export function unreachableControls(stamp: StampObservation, avoid: readonly string[]): string[] {
  const reachable = reachableControls(stamp, avoid);
  return stamp.switches
    .map((each) => each.code)
    .filter((code) => !reachable.includes(code))
    .sort();
}

/** The highest fencing token on any switch of the group: a new lease gets a higher one. */
export function highestToken(observation: Observation): number {
  return Math.max(0, ...observation.stamps.flatMap((stamp) => stamp.switches.map((each) => each.token)));
}

/** AWS Regions of stamps of which nothing answered. */
export function goneRegions(observation: Observation): string[] {
  return observation.stamps
    .filter((stamp) => stamp.reach === 'gone')
    .map((stamp) => stamp.region)
    .sort();
}

/** Name of what the stamps of a Region live on; undefined without a database. */
export function liveResource(database: DatabaseObservation, region: string): string | undefined {
  switch (database.engine) {
    case 'aurora':
      return database.identifiers[region];
    case 'dynamodb':
      return database.table;
    case 'none':
      return undefined;
  }
}

/** Where the database takes writes. */
export interface Writer {
  readonly stamp: string;
  readonly region: string;
  readonly cluster: string;
  /** Absent when the cluster stands alone, after a detachment. */
  readonly globalCluster?: string;
}

/**
 * The writers of an Aurora group, as its Regions tell. Two are a split: after a detachment the old side believes in itself until it is
 * rebuilt, and its stamp is evacuated; the one in service comes first.
 */
export function auroraWriters(observation: Observation, database: AuroraObservation): Writer[] {
  const writers: Writer[] = [];
  for (const stamp of observation.stamps) {
    const identifier = database.identifiers[stamp.region];
    if (identifier === undefined) continue;
    const cluster = database.clusters[stamp.region];
    const listed = database.global?.members.find((member) => member.region === stamp.region && member.cluster === identifier);
    const alone = cluster !== undefined && cluster.globalCluster === undefined;
    if (alone) writers.push({ stamp: stamp.stamp, region: stamp.region, cluster: identifier });
    else if (listed?.writer === true) {
      writers.push({ stamp: stamp.stamp, region: stamp.region, cluster: identifier, globalCluster: database.globalIdentifier });
    }
  }
  const rank = (writer: Writer): number => {
    const stamp = seenStamp(observation, writer.stamp);
    return (stamp === undefined || isEvacuated(stamp) ? 2 : 0) + (writer.globalCluster === undefined ? 0 : 1);
  };
  return writers.sort((a, b) => rank(a) - rank(b));
}

/** The stamp that writes, whatever the engine; undefined when every stamp does or nobody knows. */
export function writerStamp(view: GroupView, observation: Observation): string | undefined {
  if (engineOf(view) !== 'aurora' || observation.database.engine !== 'aurora') return undefined;
  const [first] = auroraWriters(observation, observation.database);
  return first?.stamp ?? observation.stamps.find((stamp) => stamp.writable)?.stamp;
}

/** The stamp that users of an active-passive group are led to today: in service, the PRIMARY holder first. */
export function activeStamp(view: GroupView, observation: Observation): string | undefined {
  const holder = primaryHolder(view, observation);
  const serving = inService(observation);
  const healthy = serving.filter((stamp) => stamp.health === 'healthy');
  const pool = healthy.length > 0 ? healthy : serving;
  return (pool.find((stamp) => stamp.stamp === holder) ?? pool[0])?.stamp;
}

/** Stamps that resolvers lead to; empty when none that answers knows the name. */
export function ledTo({ dns }: Observation): string[] {
  return [...new Set(dns.flatMap((answer) => (answer.error === undefined ? answer.stamps : [])))].sort();
}

/**
 * True when an active-passive group is served as it should be by this stamp: it holds the PRIMARY record, is healthy and in service, and every
 * resolver that answers leads to it. A failover to it would only take its standby away.
 */
export function servesAlready(view: GroupView, observation: Observation, id: string): boolean {
  const stamp = seenStamp(observation, id);
  const led = ledTo(observation);
  return (
    view.group.mode === 'active-passive' &&
    stamp?.health === 'healthy' &&
    !isEvacuated(stamp) &&
    primaryHolder(view, observation) === id &&
    led.length > 0 &&
    led.every((each) => each === id)
  );
}

/** The observation with what the operator knows of the deployed records, where nobody else could say. */
export function withToldHolder(observation: Observation, told: string | undefined): Observation {
  return told === undefined || observation.primaryHolder !== undefined ? observation : { ...observation, primaryHolder: told };
}

/** Who holds the PRIMARY record: what Route 53 said, otherwise what the configuration prefers. */
export function primaryHolder(view: GroupView, observation: Observation): string | undefined {
  return observation.primaryHolder ?? view.group.stamps.find((stamp) => stamp.preferredRole === 'primary')?.id;
}
