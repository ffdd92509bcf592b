import type { TenantGroup } from './types';

/** Does the group have anything that is global by nature? An Aurora group of one stamp has not: its cluster joins nothing. */
export function hasGlobalData(group: TenantGroup): boolean {
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
