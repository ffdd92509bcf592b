import { StampError } from '../../lib/errors';
import { validate } from '../../lib/functions/restore-validation/validate';
import type { StampSpec, TenantGroup } from '../../lib/topology/types';
import type { FunctionCode } from './services/lambda';
import type { Cluster } from './services/rds-state';
import type { WireAws } from './wire-aws';

/**
 * The function that reads restored data: the real one (`lib/functions/restore-validation`), over databases that know only how many rows they
 * have.
 */
export function restoreValidation(aws: WireAws, group: TenantGroup, stamp: StampSpec): FunctionCode {
  const place = { account: stamp.values.account, region: stamp.shape.region };
  const aurora = group.database.engine !== 'dynamodb';
  const settings = {
    region: place.region,
    engine: group.database.engine as 'aurora-postgresql' | 'aurora-mysql' | 'dynamodb',
    checks: { minimumRows: 1, timeLimit: 60 },
    ...(aurora && { login: { database: 'app', port: 5432, user: group.names.validatorUser } }),
  };
  const reachable = (host: string): Cluster => {
    const cluster = aws.rds.cluster(place, host.split('.')[0] ?? '');
    const ready = cluster !== undefined && aws.rds.instancesOf(cluster).some((each) => each.availableAt <= aws.world.now);
    if (!ready || aws.rds.status(cluster) !== 'available') throw new Error(`connect ECONNREFUSED ${host}`);
    return cluster;
  };
  return async (event) => {
    try {
      return await validate(event, settings, {
        open: (host) => {
          const { rows } = reachable(host);
          return Promise.resolve({ data: database(rows), close: () => undefined });
        },
        search: (name) => {
          const table = aws.dynamodb.table(place, name);
          if (table === undefined) return Promise.reject(new Error(`there is no table ${name}`));
          return Promise.resolve({ items: aws.dynamodb.itemsIn(table, place.region).size, values: [], complete: true });
        },
        timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
        log: () => undefined,
      });
    } catch (error) {
      // Lambda tells the caller the code of our errors as the type.
      if (error instanceof StampError) throw Object.assign(new Error(error.message), { name: error.code });
      throw error;
    }
  };
}

function database(rows: number): Awaited<ReturnType<Parameters<typeof validate>[2]['open']>>['data'] {
  const table = { schema: 'public', name: 'orders', bytes: rows * 100, readable: true };
  return {
    tables: () => Promise.resolve(rows > 0 ? [table] : []),
    count: () => Promise.resolve(rows),
    hasRow: () => Promise.resolve(rows > 0),
    greatest: () => Promise.resolve(undefined),
    answers: () => Promise.resolve([['1']]),
  };
}
