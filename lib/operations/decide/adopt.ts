import { refuse } from '../finding-codes';
import type { GroupView } from '../group-view';
import type { Observation } from '../observation';
import type { OperationRequest } from '../request';
import { noteStep } from '../steps/restore-steps';
import { unknownRestore } from './cutover';
import { type Decision, stop } from './decision';

type Request = Extract<OperationRequest, { operation: 'adopt' }>;

/**
 * A person has imported what a restore made into the group's stacks. CloudFormation is not asked (R2): the person says so, and `status`
 * stops reminding.
 */
export function decideAdopt(request: Request, view: GroupView, observation: Observation): Decision {
  const { group } = view;
  const record = observation.restores.find((each) => each.id === request.restore);
  if (record === undefined) return stop(unknownRestore(group.name, request.restore, observation));
  if (record.state === 'adopted')
    return stop(refuse('already-there', group.name, `${record.id} is adopted already`, 'Nothing to do'));
  if (record.state !== 'cut-over') {
    return stop(
      refuse(
        'restore-not-adopted',
        group.name,
        `${record.id} is ${record.state}: nothing lives on it`,
        `Cut over to it first: stampkit restore ${group.name} --cutover ${record.id}`,
      ),
    );
  }
  const { id, engine, dataOf, origin, resources, globalCluster, replaced } = record;
  const note = { id, engine, dataOf, origin, resources, replaced, ...(globalCluster !== undefined && { globalCluster }) };
  return {
    kind: 'go',
    variant: 'note',
    reasons: [`${id} is what ${group.name} lives on, and somebody says that a stack owns it now`],
    steps: [noteStep(view, { ...note, state: 'adopted' }, [])],
    avoid: [],
    pending: [],
    findings: [],
  };
}
