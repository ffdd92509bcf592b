import type { AuroraCluster, Databases, GlobalCluster, LagReading, WriterChange } from '../../ports';
import type { LabAccess } from './access';

/** Global databases through the RDS API of a Region of the lab. */
export function labDatabases(access: LabAccess): Databases {
  const read = <T>(region: string, name: string, call: string, parameters: unknown): Promise<T | null> => {
    const place = { service: 'rds', region, call };
    return access.read<T | null>(access.region(region, place).rpc, name, parameters, place);
  };
  const change = async (
    { guard, ...parameters }: { readonly region: string; readonly guard: WriterChange['guard'] },
    name: string,
    call: string,
  ): Promise<void> => {
    const place = { service: 'rds', region: parameters.region, call };
    await access.change(access.region(parameters.region, place).rpc, name, parameters, place, guard);
  };
  return {
    global: async (region, globalCluster) =>
      (await read<GlobalCluster>(region, 'rds.global', 'DescribeGlobalClusters', { globalCluster })) ?? undefined,
    cluster: async (region, cluster) =>
      (await read<AuroraCluster>(region, 'rds.cluster', 'DescribeDBClusters', { cluster })) ?? undefined,
    lag: async (region, cluster) => (await read<LagReading>(region, 'rds.lag', 'GetMetricData', { cluster })) ?? undefined,
    switchover: (wanted) => change(wanted, 'rds.switchover', 'SwitchoverGlobalCluster'),
    failover: (wanted) => change(wanted, 'rds.failover', 'FailoverGlobalCluster'),
    removeFromGlobal: (wanted) => change(wanted, 'rds.removeFromGlobal', 'RemoveFromGlobalCluster'),
    createGlobal: (wanted) => change(wanted, 'rds.createGlobal', 'CreateGlobalCluster'),
    addMember: (wanted) => change(wanted, 'rds.addMember', 'CreateDBCluster'),
    addInstances: (wanted) => change(wanted, 'rds.addInstances', 'CreateDBInstance'),
    deleteRestored: (wanted) => change(wanted, 'rds.deleteRestored', 'DeleteDBCluster'),
  };
}
