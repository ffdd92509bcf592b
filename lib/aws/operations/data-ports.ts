import type { OperationPorts } from '../../ports';
import type { Fleet } from '../../topology/types';
import type { AwsAccess } from '../call/access';
import { createDatabases } from './aurora/databases';
import { createCapacity } from './capacity';
import { createDivergences } from './divergences';
import { createBackups } from './restores/backups';
import { createTables } from './tables/tables';
import { createValidations, type ValidationOptions } from './validations';

/** The ports to databases, compute and backups. */
export type DataPorts = Pick<OperationPorts, 'databases' | 'tables' | 'capacity' | 'backups' | 'validations' | 'divergences'>;

export function dataPorts(access: AwsAccess, fleet: Fleet, options: ValidationOptions = {}): DataPorts {
  return {
    databases: createDatabases(access),
    tables: createTables(access),
    capacity: createCapacity(access),
    backups: createBackups(access),
    validations: createValidations(access, fleet, options),
    divergences: createDivergences(access),
  };
}
