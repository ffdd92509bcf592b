import { BatchGetItemCommand, type AttributeValue, ScanCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { DescribeDBClusterSnapshotsCommand } from '@aws-sdk/client-rds';
import type { DivergenceReading, Divergences } from '../../ports';
import type { AwsAccess } from '../call/access';
import { RdsApi } from './aurora/rds-api';
import { TableApi } from './tables/table-api';

type Key = Record<string, AttributeValue>;

/** Items of the old side that are compared; more would take longer than somebody waits in a failover's aftermath. */
const MOST_ITEMS = 20_000;
/** Keys of one look at the new side. */
const BATCH = 100;
/** Keys that the evidence names. */
const NAMED = 5;

/**
 * What the old side has that the new one has not. Tables are compared key by key. Rows of a database that is not written any more nobody can
 * count from outside its network: there the evidence is what Aurora kept.
 */
export function createDivergences(access: AwsAccess): Divergences {
  const rds = new RdsApi(access);
  const tables = new TableApi(access);
  return {
    compare: (request) =>
      request.engine === 'aurora' ? keptByAurora(rds, request.oldRegion, request.oldResource) : compareTables(tables, request),
  };
}

/** The snapshot that Aurora takes of the old volume before it rebuilds it (aws-facts 4.1), or the old cluster itself. */
async function keptByAurora(rds: RdsApi, region: string, cluster: string): Promise<DivergenceReading> {
  const command = new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: cluster });
  const found = await rds.read(region, 'DescribeDBClusterSnapshots', cluster, (client, abortSignal) =>
    client.send(command, { abortSignal }),
  );
  const kept = (found.DBClusterSnapshots ?? [])
    .filter((each) => each.DBClusterSnapshotIdentifier?.startsWith(`rds:unplanned-global-failover-${cluster}-`) === true)
    .sort((a, b) => (b.SnapshotCreateTime?.getTime() ?? 0) - (a.SnapshotCreateTime?.getTime() ?? 0))[0];
  if (kept !== undefined) {
    return {
      onlyOld: undefined,
      evidence: `snapshot ${kept.DBClusterSnapshotIdentifier ?? ''} in ${region}`,
      method: 'rows of the old volume cannot be counted from here: restore the snapshot and compare',
    };
  }
  const live = await rds.cluster(region, cluster);
  const alone = live !== undefined && (live.GlobalClusterIdentifier ?? '') === '';
  return {
    onlyOld: undefined,
    evidence: alone
      ? `cluster ${cluster} in ${region}, which stands alone`
      : `nothing that Aurora kept of ${cluster} in ${region}`,
    method: alone
      ? 'rows of the old cluster cannot be counted from here: compare it with the new one by SQL'
      : `there is no snapshot rds:unplanned-global-failover-${cluster}-*: Aurora keeps one only after an unplanned failover`,
  };
}

async function compareTables(
  api: TableApi,
  { oldRegion, newRegion, oldResource, newResource }: Parameters<Divergences['compare']>[0],
): Promise<DivergenceReading> {
  const old = await api.describe(oldRegion, oldResource);
  if (old === undefined) {
    return { onlyOld: undefined, evidence: `nothing: ${oldResource} is not in ${oldRegion}`, method: 'there is no old table' };
  }
  if (old.MultiRegionConsistency === 'STRONG' && oldResource === newResource) {
    const method = 'strongly consistent: what was acknowledged is in every replica (aws-facts 4.2)';
    return { onlyOld: 0, evidence: `table ${oldResource}`, method };
  }
  const missing: Key[] = [];
  let seen = 0;
  let next: Key | undefined;
  do {
    const page = await oldKeys(api, oldRegion, old, next);
    missing.push(...(await absentFrom(api, newRegion, newResource, page.keys)));
    seen += page.keys.length;
    ({ next } = page);
  } while (next !== undefined && seen < MOST_ITEMS);
  const complete = next === undefined;
  const named = missing.slice(0, NAMED).map(showKey).join(', ');
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : '';
  return {
    onlyOld: complete ? missing.length : undefined,
    evidence: `table ${oldResource} in ${oldRegion}${named === '' ? '' : `: ${named}${more}`}`,
    method: complete
      ? `compared the keys of ${seen} items with ${newRegion}`
      : `compared the keys of the first ${seen} items with ${newRegion}: ${missing.length} are only there; the table is larger`,
  };
}

async function oldKeys(
  api: TableApi,
  region: string,
  table: TableDescription,
  after: Key | undefined,
): Promise<{ readonly keys: Key[]; readonly next: Key | undefined }> {
  const name = table.TableName ?? '';
  const attributes = (table.KeySchema ?? []).flatMap((each) => each.AttributeName ?? []);
  const command = new ScanCommand({
    TableName: name,
    ConsistentRead: true,
    ProjectionExpression: attributes.map((_, at) => `#k${at}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((attribute, at) => [`#k${at}`, attribute])),
    ExclusiveStartKey: after,
  });
  const page = await api.read(region, 'Scan', name, (client, abortSignal) => client.send(command, { abortSignal }));
  const keys = (page.Items ?? []).map((item) =>
    Object.fromEntries(attributes.flatMap((attribute) => (item[attribute] === undefined ? [] : [[attribute, item[attribute]]]))),
  );
  return { keys, next: page.LastEvaluatedKey };
}

/** Those of the keys that a table has not. */
async function absentFrom(api: TableApi, region: string, table: string, keys: readonly Key[]): Promise<Key[]> {
  const absent: Key[] = [];
  for (let at = 0; at < keys.length; at += BATCH) {
    const portion = keys.slice(at, at + BATCH);
    const found = await present(api, region, table, portion);
    absent.push(...portion.filter((key) => !found.has(showKey(key))));
  }
  return absent;
}

async function present(api: TableApi, region: string, table: string, keys: readonly Key[]): Promise<Set<string>> {
  const found = new Set<string>();
  let left: Key[] = [...keys];
  while (left.length > 0) {
    const names = Object.keys(left[0] ?? {});
    const command = new BatchGetItemCommand({
      RequestItems: {
        [table]: {
          Keys: left,
          ConsistentRead: true,
          ProjectionExpression: names.map((_, at) => `#k${at}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(names.map((name, at) => [`#k${at}`, name])),
        },
      },
    });
    const answer = await api.read(region, 'BatchGetItem', table, (client, abortSignal) => client.send(command, { abortSignal }));
    for (const item of answer.Responses?.[table] ?? [])
      found.add(showKey(Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])))));
    left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return found;
}

function showKey(key: Key): string {
  return JSON.stringify(Object.fromEntries(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1))));
}
