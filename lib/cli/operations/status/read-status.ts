import { listOperations, type OperationSummary } from '../../../operations/journal/operation-index';
import type { GroupView } from '../../../operations/group-view';
import type { Observation } from '../../../operations/observation';
import { attempt } from '../../../operations/observe/bounded';
import { observe } from '../../../operations/observe/observe';
import { controlReplicas } from '../../../operations/execute/control';
import type { OperationPorts } from '../../../ports';
import { readBackups, type VaultReading } from '../backups/read-backups';

/** Everything that `status` reads of the world, at once. */
export interface StatusReading {
  readonly observation: Observation;
  readonly vaults: readonly VaultReading[];
  /** Newest first; absent when the control table does not answer. */
  readonly operations?: readonly OperationSummary[];
}

export async function readStatus(ports: OperationPorts, view: GroupView): Promise<StatusReading> {
  const [observation, vaults, operations] = await Promise.all([
    observe(ports, view),
    readBackups(ports, view),
    attempt(() => listOperations(controlReplicas(ports, view), view.group.name)),
  ]);
  return { observation, vaults, ...(operations.ok && { operations: operations.value }) };
}
