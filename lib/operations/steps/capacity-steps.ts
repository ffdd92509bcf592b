import type { CapacityBounds } from '../../ports';
import { type GroupView, stampSpec } from '../group-view';
import type { Call, CapacityFloors, Step } from '../plan';
import { call, step } from './step';
import { assumed } from './timing';

function calls(view: GroupView, stamp: string): Call[] {
  const { region, compute } = stampSpec(view, stamp).shape;
  return [
    call('application-autoscaling', region, 'regional-control'),
    call('ecs', region, 'regional-control'),
    ...(compute.kind === 'ec2' ? [call('autoscaling', region, 'regional-control')] : []),
  ];
}

/**
 * Raises a stamp's minimums to what it is going to carry, and waits until that runs.
 *
 * @param onFailure `note` while users are already without service: they are better off with too few tasks than with none
 */
export function scaleStep(
  view: GroupView,
  stamp: string,
  floors: CapacityFloors,
  given: { readonly after?: readonly string[]; readonly onFailure?: Step['onFailure'] } = {},
): Step {
  const { kind } = stampSpec(view, stamp).shape.compute;
  return step({
    id: `scale:${stamp}`,
    title: `Have at least ${floors.web} tasks${floors.worker === undefined ? '' : ` and ${floors.worker} workers`} run in ${stamp}`,
    ...given,
    action: { do: 'raise-floors', stamp, floors },
    postcondition: [{ is: 'capacity', stamp, floors, running: true }],
    calls: calls(view, stamp),
    expected: assumed(view, kind === 'ec2' ? 'ec2ScaleOut' : 'ecsScaleOut'),
  });
}

/** Sets a stamp's bounds to exactly these. */
export function boundsStep(
  view: GroupView,
  stamp: string,
  bounds: CapacityBounds,
  given: {
    readonly id: string;
    readonly title: string;
    readonly after: readonly string[];
    readonly onFailure?: Step['onFailure'];
    readonly precondition?: Step['precondition'];
  },
): Step {
  const asksDns = given.precondition?.some((condition) => condition.is === 'dns') === true;
  return step({
    ...given,
    action: { do: 'set-bounds', stamp, bounds },
    postcondition: [{ is: 'bounds', stamp, bounds }],
    calls: [...calls(view, stamp), ...(asksDns ? [call('dns', '-', 'data')] : [])],
    expected: { typical: 5, pessimistic: 120 },
  });
}
