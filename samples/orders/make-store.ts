import { PostgresStore } from './postgres-store';
import type { Settings } from './settings';
import type { OrderStore } from './store';
import { TableStore } from './table-store';

/** The store that the stamp's pointer names; undefined for a stamp without a database. */
export function makeStore({ database, group, region }: Settings): OrderStore | undefined {
  if (database === undefined) return undefined;
  switch (database.engine) {
    case 'aurora-postgresql':
      return new PostgresStore(database, `stamp_app_${group.replaceAll('-', '_')}`);
    case 'dynamodb':
      return new TableStore(database.table, region);
  }
}
