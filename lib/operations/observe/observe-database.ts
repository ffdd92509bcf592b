import type { AuroraCluster, GlobalCluster, LagReading, OperationPorts, TableReading } from '../../ports';
import { isEvacuated } from '../facts';
import { engineOf, type GroupView } from '../group-view';
import type { AuroraObservation, DatabaseObservation, StampObservation, TableObservation } from '../observation';
import { type Attempt, attempt } from './bounded';
import { clusterOfPointer, tableOfPointer } from './pointer-document';

/** Generations of a global cluster that are looked for beside the first: each rebuild after a detachment makes one. */
const GENERATIONS = 3;

/** The database of a group, from every Region that answers. Silence of a Region is part of the result. */
export async function observeDatabase(
  ports: OperationPorts,
  view: GroupView,
  stamps: readonly StampObservation[],
  early: readonly MemberReading[] = [],
): Promise<DatabaseObservation> {
  switch (engineOf(view)) {
    case 'aurora':
      return observeAurora(ports, view, stamps, early);
    case 'dynamodb':
      return observeTable(ports, view, stamps);
    case 'none':
      return { engine: 'none' };
  }
}

/** What a Region says of one cluster. */
interface MemberReading {
  readonly region: string;
  readonly identifier: string;
  readonly cluster: Attempt<AuroraCluster | undefined>;
  readonly lag: Attempt<LagReading | undefined>;
}

/** Both at once: a silent Region costs one time-out, and not one for each question. */
async function readMember(ports: OperationPorts, region: string, identifier: string): Promise<MemberReading> {
  const [cluster, lag] = await Promise.all([
    attempt(() => ports.databases.cluster(region, identifier)),
    attempt(() => ports.databases.lag(region, identifier)),
  ]);
  return { region, identifier, cluster, lag };
}

/**
 * Asks for the clusters that templates name before anybody knows whether pointers lead elsewhere; who does is asked for again. A Region that is silent
 * makes itself felt once for its stamp and its database together.
 */
export async function readNamedMembers(ports: OperationPorts, view: GroupView): Promise<readonly MemberReading[]> {
  if (engineOf(view) !== 'aurora') return [];
  return Promise.all(view.group.stamps.map(({ shape, values }) => readMember(ports, shape.region, values.names.databaseCluster)));
}

async function observeAurora(
  ports: OperationPorts,
  view: GroupView,
  stamps: readonly StampObservation[],
  early: readonly MemberReading[],
): Promise<AuroraObservation> {
  const identifiers = Object.fromEntries(
    view.group.stamps.map((spec) => {
      const pointer = stamps.find((stamp) => stamp.stamp === spec.id)?.pointer;
      const pointed = pointer === undefined ? undefined : clusterOfPointer(pointer.value);
      return [spec.shape.region, pointed ?? spec.values.names.databaseCluster];
    }),
  );
  const reads = await Promise.all(
    Object.entries(identifiers).map(async ([region, identifier]) => {
      const known = early.find((each) => each.region === region && each.identifier === identifier);
      return known ?? readMember(ports, region, identifier);
    }),
  );
  const clusters: Record<string, AuroraCluster> = {};
  const lag: Record<string, LagReading> = {};
  const answering: string[] = [];
  for (const read of reads) {
    if (read.cluster.ok) {
      answering.push(read.region);
      if (read.cluster.value !== undefined) clusters[read.region] = read.cluster.value;
    }
    if (read.lag.ok && read.lag.value !== undefined) lag[read.region] = read.lag.value;
  }
  const names = [view.group.names.globalCluster];
  for (let generation = 2; generation <= GENERATIONS + 1; generation += 1) {
    names.push(`${view.group.names.globalCluster}-${generation}`);
  }
  for (const cluster of Object.values(clusters)) {
    if (cluster.globalCluster !== undefined && !names.includes(cluster.globalCluster)) names.push(cluster.globalCluster);
  }
  // A Region that comes back may still tell of the time before it went: who serves users today is asked first.
  const serves = (region: string): number => {
    const stamp = stamps.find((each) => each.region === region);
    return stamp !== undefined && stamp.health === 'healthy' && !isEvacuated(stamp) ? 0 : 1;
  };
  const asked = [...answering].sort((a, b) => serves(a) - serves(b));
  const globals = await firstAnswer(
    asked.map((region) => async () => {
      const found = await Promise.all(names.map((name) => ports.databases.global(region, name)));
      return found.filter((global) => global !== undefined);
    }),
  );
  const inUse = globalInUse(view, globals ?? [], clusters);
  return {
    engine: 'aurora',
    ...(inUse !== undefined && { global: inUse }),
    globalIdentifier: inUse?.identifier ?? view.group.names.globalCluster,
    takenGlobals: (globals ?? []).map((global) => global.identifier).sort(),
    answering: answering.sort(),
    clusters,
    identifiers,
    lag,
  };
}

/** The newest generation that a cluster in use belongs to; the first name when no cluster answers. */
function globalInUse(
  view: GroupView,
  globals: readonly GlobalCluster[],
  clusters: Readonly<Record<string, AuroraCluster>>,
): GlobalCluster | undefined {
  const used = new Set(Object.values(clusters).map((cluster) => cluster.globalCluster));
  const candidates = globals.filter((global) => used.has(global.identifier));
  const alone = Object.values(clusters).some((cluster) => cluster.globalCluster === undefined);
  if (candidates.length > 1) return candidates.at(-1);
  if (candidates.length === 1) return candidates[0];
  return alone ? undefined : globals.find((global) => global.identifier === view.group.names.globalCluster);
}

async function firstAnswer<T>(reads: readonly (() => Promise<T>)[]): Promise<T | undefined> {
  for (const read of reads) {
    const result = await attempt(read);
    if (result.ok) return result.value;
  }
  return undefined;
}

async function observeTable(
  ports: OperationPorts,
  view: GroupView,
  stamps: readonly StampObservation[],
): Promise<TableObservation> {
  const pointed = stamps.map((stamp) => (stamp.pointer === undefined ? undefined : tableOfPointer(stamp.pointer.value)));
  const table = pointed.find((name) => name !== undefined) ?? view.group.names.table;
  const regions = view.group.stamps.map((spec) => spec.shape.region);
  const tables: Record<string, TableReading> = {};
  const lag: Record<string, LagReading> = {};
  const answering: string[] = [];
  await Promise.all(
    regions.map(async (region) => {
      const read = await attempt(() => ports.tables.describe(region, table));
      if (!read.ok) return;
      answering.push(region);
      if (read.value !== undefined) tables[region] = read.value;
      for (const peer of regions.filter((other) => other !== region)) {
        const measured = await attempt(() => ports.tables.lag(region, peer, table));
        if (measured.ok && measured.value !== undefined) lag[`${region}>${peer}`] = measured.value;
      }
    }),
  );
  const database = view.group.database;
  const consistency = database.engine === 'dynamodb' ? database.consistency : 'eventual';
  return { engine: 'dynamodb', table, consistency, answering: answering.sort(), tables, lag };
}
