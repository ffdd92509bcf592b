import { StampError } from '../../../errors';
import type { Fleet, TenantGroup } from '../../../topology/types';

/** `<time>-<operation>-<group>-<six digits>`, as the engine makes them. */
const OPERATION_ID = /^\d{8}T\d{6}-[a-z]+-(.+)-[0-9a-f]{6}$/;

/** Group of an operation, from its id: the journal itself may be out of reach. */
export function groupNameOf(operation: string): string | undefined {
  return OPERATION_ID.exec(operation)?.[1];
}

/**
 * @throws StampError OPERATION_ID
 */
export function groupOfOperation(fleet: Fleet, operation: string): TenantGroup {
  const group = fleet.groups.find((candidate) => candidate.name === groupNameOf(operation));
  if (group !== undefined) return group;
  throw new StampError(
    'OPERATION_ID',
    `${operation} is no id of an operation of this fleet`,
    'List them: stampkit journal list. An id looks like 20261121T100000-failover-enterprise-0a1b2c.',
  );
}
