import type { BackupPlanFact } from '../../assembly/facts/backups';
import type { DatabaseClusterFact, TableFact } from '../../assembly/facts/databases';
import type { GroupDemand } from '../demand';
import type { FactIndex } from './fact-index';
import type { AuroraMemberModel, BackupModel, DataModel } from './types';

/** Where a group's data is and what can be restored, from its stamps' facts. */
export function dataModel(demand: GroupDemand, facts: FactIndex): DataModel {
  if (demand.data !== 'described') return { kind: demand.data };
  const ids = demand.members.map(({ stampId }) => facts.stamp(stampId)?.databaseIds ?? []);
  const tables = [...new Set(ids.flat())].map((id) => facts.fact('tables', id)).filter(isPresent);
  const [table] = tables;
  if (table !== undefined) return tableModel(table, facts);
  const members = ids.flatMap((own, stamp) => {
    const clusters = own.map((id) => facts.fact('databaseClusters', id)).filter(isPresent);
    return clusters.map((cluster) => ({ stamp, cluster }));
  });
  if (members.length === 0) return { kind: 'missing' };
  const replication = new Map<string, number>();
  return {
    kind: 'aurora',
    members: members.map(({ stamp, cluster }) => {
      // Clusters replicate when both say the same global cluster; one alone replicates with nobody.
      const key = cluster.globalClusterIdentifier ?? cluster.id;
      const number = replication.get(key) ?? replication.size;
      replication.set(key, number);
      return memberModel(stamp, number, cluster, facts);
    }),
  };
}

function memberModel(stamp: number, replicationGroup: number, cluster: DatabaseClusterFact, facts: FactIndex): AuroraMemberModel {
  const lagCap = Number(cluster.parameters['rds.global_db_rpo']);
  return {
    stamp,
    replicationGroup,
    home: cluster.home,
    instanceZones: cluster.instances.map(({ availabilityZone }) => availabilityZone ?? null),
    // -1 is how the parameter is spelled when it is off.
    ...(Number.isFinite(lagCap) && lagCap > 0 && { lagCap }),
    ...(cluster.serverless?.maxCapacity !== undefined && { maxAcu: cluster.serverless.maxCapacity }),
    backups: backupsOf(cluster.id, facts),
  };
}

function tableModel(table: TableFact, facts: FactIndex): DataModel {
  const { account } = table.origin;
  const native = table.replicas
    .filter(({ pointInTimeRecovery }) => pointInTimeRecovery)
    .map(({ region, recoveryPeriodDays }): BackupModel => ({
      region,
      account,
      kind: 'continuous',
      retentionDays: recoveryPeriodDays ?? 35,
    }));
  return {
    kind: 'table',
    consistency: table.consistency,
    regions: table.replicas.map(({ region }) => region),
    ...(table.witnessRegion !== undefined && { witness: table.witnessRegion }),
    backups: [...native, ...backupsOf(table.id, facts)],
  };
}

/** What the plans of the assembly make of one database, and the copies of it. */
function backupsOf(databaseId: string, facts: FactIndex): BackupModel[] {
  return facts
    .plansOf(databaseId)
    .flatMap(({ plan, region }) => plan.rules.flatMap((rule) => ruleBackups(plan, rule, region, facts)));
}

function ruleBackups(
  plan: BackupPlanFact,
  rule: BackupPlanFact['rules'][number],
  region: string,
  facts: FactIndex,
): BackupModel[] {
  const interval = rule.scheduleInterval === undefined ? {} : { interval: rule.scheduleInterval };
  const retention = rule.retentionDays === undefined ? {} : { retentionDays: rule.retentionDays };
  const { account } = plan.origin;
  const own: BackupModel = rule.continuous
    ? { region, account, kind: 'continuous', ...retention }
    : { region, account, kind: 'snapshot', ...interval, ...retention };
  const copies = rule.copies.map((copy): BackupModel => {
    const vault = copy.vaultId === undefined ? undefined : facts.fact('vaults', copy.vaultId);
    return {
      region: copy.region ?? vault?.origin.region ?? 'unknown-region',
      account: copy.account ?? vault?.origin.account ?? 'unknown-account',
      kind: 'copy',
      ...interval,
      ...(copy.retentionDays !== undefined ? { retentionDays: copy.retentionDays } : retention),
    };
  });
  return [own, ...copies];
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
