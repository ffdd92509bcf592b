import type { LagReading, TableReading, Tables } from '../../ports';
import type { MadeTable } from '../region/tables';
import type { LabAccess } from './access';

/** Global tables of the lab. A replica is there as soon as it is asked for; how long AWS takes is nothing that a lab could say. */
export function labTables(access: LabAccess): Tables {
  const at = (region: string, call: string) => ({ service: 'dynamodb', region, call });
  return {
    describe: async (region, table): Promise<TableReading | undefined> => {
      const place = at(region, 'DescribeTable');
      const found = await access.read<MadeTable | null>(access.region(region, place).rpc, 'table.describe', { table }, place);
      if (found === null) return undefined;
      return {
        region,
        name: table,
        status: 'ACTIVE',
        consistency: found.replicas.length === 1 ? 'none' : found.consistency,
        replicas: [...found.replicas].sort().map((each) => ({ region: each, status: 'ACTIVE' })),
      };
    },
    lag: async (from, to, table) => {
      const place = at(from, 'GetMetricData');
      return (
        (await access.read<LagReading | null>(access.region(from, place).rpc, 'table.lag', { table, to }, place)) ?? undefined
      );
    },
    addReplica: async ({ region, guard, ...change }) => {
      const place = at(region, 'UpdateTable');
      await access.change(access.region(region, place).rpc, 'table.addReplica', change, place, guard);
    },
    createStrong: async ({ region, guard, ...change }) => {
      const place = at(region, 'CreateTable');
      await access.change(access.region(region, place).rpc, 'table.createStrong', change, place, guard);
    },
    copy: ({ region, guard, ...change }) => {
      const place = at(region, 'BatchWriteItem');
      return access.change(access.region(region, place).rpc, 'table.copy', change, place, guard);
    },
    deleteRestored: async ({ region, guard, ...change }) => {
      const place = at(region, 'DeleteTable');
      await access.change(access.region(region, place).rpc, 'table.deleteRestored', change, place, guard);
    },
  };
}
