import type { OperationPorts } from '../../ports';
import type { GroupView } from '../group-view';
import { ControlReplicas } from '../lease/control-replicas';
import type { Plan } from '../plan';

/** The control table without the replicas in Regions that nothing may call. */
export function controlReplicas(
  ports: Pick<OperationPorts, 'controlTable'>,
  { fleet }: GroupView,
  plan?: Pick<Plan, 'avoid'>,
): ControlReplicas {
  const regions = fleet.control.table.replicaRegions;
  return new ControlReplicas(
    ports.controlTable,
    regions.filter((region) => plan?.avoid.includes(region) !== true),
  );
}
