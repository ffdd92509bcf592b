import { activeStamp, inService, isEvacuated, seenStamp } from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import { type GroupView, peakFloors, stampSpec, templateFloors } from '../group-view';
import type { Observation, StampObservation } from '../observation';
import type { CapacityFloors } from '../plan';
import { shareFloors } from '../decide/share';

type Kind = 'web' | 'worker' | 'instances';
const KINDS: readonly Kind[] = ['web', 'worker', 'instances'];

/**
 * Whether users may be led to a stamp, as far as anybody can see: where the switches of the one that seems to serve cannot be read, it may
 * have been evacuated, and any other may serve.
 */
export function mayServe(view: GroupView, observation: Observation, stamp: string): boolean {
  const seen = seenStamp(observation, stamp);
  if (seen !== undefined && isEvacuated(seen)) return false;
  if (view.group.mode !== 'active-passive') return true;
  const active = seenStamp(observation, activeStamp(view, observation) ?? '');
  return active === undefined || active.stamp === stamp || !knownInService(active);
}

/** False where no control Region tells whether a stamp was evacuated. */
export function knowsWhoServes(observation: Observation, stamp: string): boolean {
  return seenStamp(observation, stamp)?.switches.some((each) => each.state !== 'unknown') === true;
}

function knownInService(stamp: StampObservation): boolean {
  return !isEvacuated(stamp) && stamp.switches.some((each) => each.state === 'in-service');
}

/**
 * Would a deployment take capacity from a stamp that needs it (design 8)? After a failover the minimum of the stamp that serves was raised
 * above its template, and CloudFormation would write the template's again.
 *
 * @param template minimums of the template that is about to be deployed
 */
export function floorFindings(
  view: GroupView,
  observation: Observation,
  stamp: string,
  template: CapacityFloors,
): OperationFinding[] {
  const live = seenStamp(observation, stamp)?.capacity;
  if (live === undefined || !mayServe(view, observation, stamp)) return [];
  const isKnown = knowsWhoServes(observation, stamp);
  const spec = stampSpec(view, stamp);
  const peers = inService(observation).filter((each) => each.stamp !== stamp && knownInService(each));
  const needed = view.group.mode === 'active-passive' ? peakFloors(view, spec) : shareFloors(view, spec, 1 + peers.length);
  return KINDS.flatMap((kind) => {
    const now = live[kind]?.min;
    const next = template[kind];
    if (now === undefined || next === undefined || next >= now || next >= (needed[kind] ?? 0)) return [];
    return [
      refuse(
        'floor-would-drop',
        stamp,
        `${isKnown ? `${stamp} serves now` : `nobody can read whether ${stamp} serves`}, and its minimum of ${kind} would drop from ${now} to ${next}; it needs ${needed[kind] ?? 0}`,
        `Fail back first (stampkit failback ${view.group.name}), or make it the preferred primary (stampkit settle ${view.group.name})`,
      ),
    ];
  });
}

/** Live minimums that differ from the template's, for `status`. */
export function floorDifferences(view: GroupView, observation: Observation): OperationFinding[] {
  return view.group.stamps.flatMap((spec) => {
    const live = seenStamp(observation, spec.id)?.capacity;
    const template = templateFloors(spec);
    if (live === undefined) return [];
    return KINDS.flatMap((kind) => {
      const now = live[kind]?.min;
      const wanted = template[kind];
      if (now === undefined || wanted === undefined || now === wanted) return [];
      return [
        warn(
          'capacity-short',
          spec.id,
          `the minimum of ${kind} is ${now}, the template says ${wanted}`,
          now > wanted ? 'A failback gives it back' : `Raise it, or deploy ${spec.values.names.stack}`,
        ),
      ];
    });
  });
}
