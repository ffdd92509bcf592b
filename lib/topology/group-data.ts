import type { TenantGroup } from './types';

/** All that decides it. */
export interface GroupWithData {
  readonly database: { readonly engine: TenantGroup['database']['engine'] };
  readonly stamps: readonly unknown[];
}

/** Does the group have anything that is global by nature? An Aurora group of one stamp has not: its cluster joins nothing. */
export function hasGlobalData(group: GroupWithData): boolean {
  switch (group.database.engine) {
    case 'dynamodb':
      return true;
    case 'aurora-postgresql':
    case 'aurora-mysql':
      return group.stamps.length >= 2;
    case 'external':
    case 'none':
      return false;
  }
}
