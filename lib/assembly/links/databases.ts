import type {
  ClusterInstanceFact,
  DatabaseClusterFact,
  DatabaseInstanceFact,
  GlobalClusterFact,
  TableFact,
} from '../facts/databases';
import type { PointerFact } from '../facts/operations';
import { compareText } from '../../order';
import { environmentOf, type Drafts } from '../readers/drafts';
import { definedOf } from '../resource-view';
import { dangling, grouped, placed, sortedUnique, type LinkContext } from './link-context';
import type { LinkedNetworks } from './zones';

export interface LinkedDatabases {
  readonly databaseClusters: readonly DatabaseClusterFact[];
  readonly databaseInstances: readonly DatabaseInstanceFact[];
  readonly globalClusters: readonly GlobalClusterFact[];
  readonly tables: readonly TableFact[];
  readonly pointers: readonly PointerFact[];
}

type InstanceDraft = Drafts['databaseInstances'][number];

export function linkDatabases(drafts: Drafts, networks: LinkedNetworks, context: LinkContext): LinkedDatabases {
  const subnetGroups = new Map(
    drafts.subnetGroups.map((group) => [keyOf(group.environment, group.name), networks.zonesOf(group.subnets)]),
  );
  const instancesOf = grouped(drafts.databaseInstances, (instance) => keyOf(environmentOf(instance.origin), instance.cluster));
  const databaseClusters = linkClusters(drafts, subnetGroups, instancesOf, context);
  const clusterIds = new Set(drafts.databaseClusters.map(({ origin, identifier }) => keyOf(environmentOf(origin), identifier)));
  for (const instance of drafts.databaseInstances) {
    const key = keyOf(environmentOf(instance.origin), instance.cluster);
    if (key !== undefined && !clusterIds.has(key))
      dangling(instance, ['DBClusterIdentifier'], `the cluster ${instance.cluster ?? ''}`, context);
  }
  return {
    databaseClusters,
    databaseInstances: linkInstances(drafts, subnetGroups, context),
    globalClusters: linkGlobalClusters(drafts, databaseClusters, context),
    tables: drafts.tables.map((table) => placed(table, context)),
    pointers: linkPointers(drafts, context),
  };
}

function linkClusters(
  drafts: Drafts,
  subnetGroups: ReadonlyMap<string | undefined, readonly string[]>,
  instancesOf: ReadonlyMap<string, readonly InstanceDraft[]>,
  context: LinkContext,
): DatabaseClusterFact[] {
  const parameters = new Map(drafts.parameterGroups.map((group) => [keyOf(group.environment, group.name), group.parameters]));
  const globals = new Map(drafts.globalClusters.map(({ id, origin, identifier }) => [keyOf(origin.account, identifier), id]));
  const sources = new Map(
    drafts.globalClusters.flatMap(({ id, source }) => (source === undefined ? [] : [[source.toLowerCase(), id] as const])),
  );
  return drafts.databaseClusters.map(({ subnetGroup, parameterGroup, ...cluster }): DatabaseClusterFact => {
    const environment = environmentOf(cluster.origin);
    const joined = globals.get(keyOf(cluster.origin.account, cluster.globalClusterIdentifier ?? ''));
    if (cluster.globalClusterIdentifier !== undefined && joined === undefined) {
      dangling(cluster, ['GlobalClusterIdentifier'], `the global cluster ${cluster.globalClusterIdentifier}`, context);
    }
    const globalClusterId = joined ?? sources.get(cluster.arn.toLowerCase()) ?? sources.get(cluster.identifier.toLowerCase());
    const instances = instancesOf.get(keyOf(environment, cluster.identifier)) ?? [];
    return placed(
      {
        ...cluster,
        ...(globalClusterId !== undefined && { globalClusterId }),
        instances: instances.map(memberOf).sort((a, b) => a.promotionTier - b.promotionTier || compareText(a.id, b.id)),
        parameters: parameters.get(keyOf(environment, parameterGroup ?? '')) ?? {},
        availabilityZones: sortedUnique([
          ...cluster.availabilityZones,
          ...(subnetGroups.get(keyOf(environment, subnetGroup)) ?? []),
        ]),
      },
      context,
    );
  });
}

function memberOf({ id, availabilityZone, instanceClass, promotionTier }: InstanceDraft): ClusterInstanceFact {
  return definedOf({ id, availabilityZone, instanceClass, promotionTier });
}

function linkInstances(
  drafts: Drafts,
  subnetGroups: ReadonlyMap<string | undefined, readonly string[]>,
  context: LinkContext,
): DatabaseInstanceFact[] {
  const ids = new Map(drafts.databaseInstances.map(({ id, arn }) => [arn.toLowerCase(), id] as const));
  for (const { id, origin, identifier } of drafts.databaseInstances) ids.set(keyOf(environmentOf(origin), identifier), id);
  return drafts.databaseInstances
    .filter(({ cluster }) => cluster === undefined)
    .map((instance): DatabaseInstanceFact => {
      const { subnetGroup, cluster: _cluster, instanceClass: _class, promotionTier: _tier, replicaOf, ...fact } = instance;
      const environment = environmentOf(fact.origin);
      const source = ids.get(replicaOf?.toLowerCase() ?? '') ?? ids.get(keyOf(environment, replicaOf) ?? '') ?? replicaOf;
      return placed(
        definedOf({ ...fact, replicaOf: source, availabilityZones: subnetGroups.get(keyOf(environment, subnetGroup)) ?? [] }),
        context,
      );
    });
}

function linkGlobalClusters(drafts: Drafts, clusters: readonly DatabaseClusterFact[], context: LinkContext): GlobalClusterFact[] {
  const membersOf = grouped(clusters, ({ globalClusterId }) => globalClusterId);
  return drafts.globalClusters.map(({ source: _source, ...fact }): GlobalClusterFact => {
    const members = [...(membersOf.get(fact.id) ?? [])].sort((a, b) => compareText(a.id, b.id));
    const homeId = members.find(({ home }) => home)?.id;
    return placed({ ...fact, memberIds: members.map(({ id }) => id), ...(homeId !== undefined && { homeId }) }, context);
  });
}

function linkPointers(drafts: Drafts, context: LinkContext): PointerFact[] {
  const byEndpoint = new Map(drafts.databaseClusters.map(({ id, writerEndpoint }) => [writerEndpoint, id] as const));
  const byTable = new Map(drafts.tables.map(({ id, origin, name }) => [`${origin.account} ${name}`, id] as const));
  return drafts.pointers.map((pointer): PointerFact => {
    const table = pointer.table === undefined ? undefined : byTable.get(`${pointer.origin.account} ${pointer.table}`);
    if (pointer.table !== undefined && table === undefined) dangling(pointer, ['Value'], `the table ${pointer.table}`, context);
    return placed(definedOf({ ...pointer, databaseId: table ?? byEndpoint.get(pointer.writer ?? '') }), context);
  });
}

/** Identifiers of RDS know no case. */
function keyOf(scope: string, identifier: string): string;
function keyOf(scope: string, identifier: string | undefined): string | undefined;
function keyOf(scope: string, identifier: string | undefined): string | undefined {
  return identifier === undefined ? undefined : `${scope} ${identifier.toLowerCase()}`;
}
