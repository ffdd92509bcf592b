import {
  activeStamp,
  goneRegions,
  inService,
  isEvacuated,
  primaryHolder,
  reachableControls,
  seenStamp,
  unreachableControls,
  withToldHolder,
  writerStamp,
} from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView, stampSpec } from '../group-view';
import type { Observation, StampObservation } from '../observation';
import type { Step } from '../plan';
import type { OperationRequest } from '../request';
import { call, step } from '../steps/step';
import { scaleStep } from '../steps/capacity-steps';
import { dnsStep, healthyStep, switchStep } from '../steps/traffic-steps';
import { type Decision, stop } from './decision';
import { noSuchStamp } from './evacuate';
import { shareFloors } from './share';

type Request = Extract<OperationRequest, { operation: 'readmit' }>;

/** Puts a stamp back: capacity for its full share, deep health in its role, then the switch in every control Region. */
export function decideReadmit(request: Request, view: GroupView, seen: Observation, breakGlass: boolean): Decision {
  const told = request.primaryHolder;
  if (told !== undefined && !view.group.stamps.some((each) => each.id === told)) return stop(noSuchStamp(view, told));
  const observation = withToldHolder(seen, told);
  const stamp = seenStamp(observation, request.stamp);
  if (stamp === undefined) return stop(noSuchStamp(view, request.stamp));
  if (!isEvacuated(stamp) && stamp.switches.every((each) => each.state === 'in-service')) {
    return stop(refuse('already-there', stamp.stamp, `${stamp.stamp} is in service`, 'Nothing to do'));
  }
  const findings = judge(view, observation, stamp, breakGlass);
  const avoid = goneRegions(observation).filter((region) => region !== stamp.region);
  const after = [...inService(observation).map((each) => each.stamp), stamp.stamp];
  const missed = unreachableControls(stamp, []);
  const expected = answersAfter(view, observation, stamp, after);
  return {
    kind: 'go',
    variant: 'readmit',
    reasons: [`${stamp.stamp} is ${stamp.health}, its database is ${stamp.role}`],
    steps: readmitSteps(view, observation, stamp, {
      controls: reachableControls(stamp, []),
      avoid,
      reason: request.reason,
      answers: expected,
    }),
    avoid,
    pending: missed.map(
      (code) =>
        `pending clear: the switch of ${stamp.stamp} in ${code} could not be told; until \`stampkit readmit ${stamp.stamp}\` reaches it, it may hold the stamp out`,
    ),
    findings,
  };
}

/** The part that failback shares. */
export function readmitSteps(
  view: GroupView,
  observation: Observation,
  stamp: StampObservation,
  given: {
    readonly controls: readonly string[];
    readonly avoid: readonly string[];
    readonly reason: string;
    readonly answers: readonly string[];
    readonly after?: readonly string[];
    readonly scaled?: boolean;
  },
): Step[] {
  // Who is in service and not healthy takes no share.
  const well = inService(observation).filter((each) => each.health === 'healthy');
  const serving = new Set([...well.map((each) => each.stamp), stamp.stamp]).size;
  const floors = shareFloors(view, stampSpec(view, stamp.stamp), serving);
  const scale =
    given.scaled === true ? [] : [scaleStep(view, stamp.stamp, floors, given.after === undefined ? {} : { after: given.after })];
  const role = roleFor(view, observation, stamp);
  const healthy = healthyStep(view, stamp.stamp, role, [...(given.after ?? []), ...scale.map((each) => each.id)]);
  const { region } = stampSpec(view, stamp.stamp).shape;
  const readmit = switchStep(view, stamp.stamp, 'in-service', {
    controls: given.controls,
    avoid: given.avoid,
    reason: given.reason,
    after: [healthy.id],
    // Looked at again at the last moment: health and capacity may have changed while the plan was read.
    precondition: [
      { is: 'healthy', stamp: stamp.stamp, role },
      { is: 'capacity', stamp: stamp.stamp, floors, running: true },
    ],
  });
  const guarded = step({
    ...readmit,
    calls: [
      ...readmit.calls,
      call('lambda', region, 'data'),
      call('application-autoscaling', region, 'regional-control'),
      call('ecs', region, 'regional-control'),
    ],
  });
  return [...scale, healthy, guarded, dnsStep(view, given.answers, [readmit.id])];
}

/** Which role the stamp has to show: the one who will be answered first has to be the writer. */
function roleFor(view: GroupView, observation: Observation, stamp: StampObservation): 'writer' | 'reader' | 'any' {
  if (engineOf(view) !== 'aurora') return 'any';
  if (view.group.mode === 'active-passive' && primaryHolder(view, observation) === stamp.stamp) return 'writer';
  return 'any';
}

/** Route 53 answers with the PRIMARY while it is in service; otherwise with everybody who is. */
function answersAfter(view: GroupView, observation: Observation, stamp: StampObservation, serving: readonly string[]): string[] {
  if (view.group.mode !== 'active-passive') return [...serving];
  const holder = primaryHolder(view, observation);
  if (holder !== undefined && serving.includes(holder)) return [holder];
  return [activeStamp(view, observation) ?? stamp.stamp, stamp.stamp].filter((id, at, all) => all.indexOf(id) === at);
}

function judge(view: GroupView, observation: Observation, stamp: StampObservation, breakGlass: boolean): OperationFinding[] {
  const findings: OperationFinding[] = [];
  const { group } = view;
  if (stamp.health !== 'healthy') {
    findings.push(
      refuse(
        'not-healthy',
        stamp.stamp,
        `${stamp.stamp} is ${stamp.health}${stamp.reasons.length > 0 ? ` (${stamp.reasons.join(', ')})` : ''}`,
        'Make it healthy first; `stampkit status` says what its checks see',
      ),
    );
  }
  if (engineOf(view) === 'aurora' && group.mode === 'active-passive') {
    const writer = writerStamp(view, observation);
    if (writer === undefined) {
      findings.push(
        refuse(
          'no-writer',
          group.name,
          `nobody knows which stamp of ${group.name} has the writer`,
          'Wait until a Region’s RDS API answers',
        ),
      );
    } else if (writer !== stamp.stamp) {
      findings.push(...standbyFindings(view, observation, stamp, writer, breakGlass), ...bypassed(observation, stamp, writer));
    }
  }
  for (const code of unreachableControls(stamp, [])) {
    findings.push(
      warn(
        'switch-not-cleared',
        stamp.stamp,
        `the control Region ${code} does not answer`,
        'If its switch says evacuated, the stamp goes out again when it is back: repeat the readmission then',
      ),
    );
  }
  if (reachableControls(stamp, []).length === 0) {
    findings.push(
      refuse(
        'control-regions-unreachable',
        stamp.stamp,
        'no control Region answers',
        'Wait until one does; nothing else may throw a switch',
      ),
    );
  }
  return findings;
}

/** While the healthy writer itself is out of service, a stamp without it would be the one that users are led to. */
function bypassed(observation: Observation, stamp: StampObservation, writer: string): OperationFinding[] {
  const other = seenStamp(observation, writer);
  if (other === undefined || !isEvacuated(other) || other.health !== 'healthy') return [];
  return [
    refuse(
      'writer-would-be-bypassed',
      stamp.stamp,
      `${writer} has the writer, is healthy and evacuated: users would be led to ${stamp.stamp}, which cannot write`,
      `Put the writer back first: stampkit readmit ${writer}`,
    ),
  ];
}

/** A stamp without the writer may be in service behind the PRIMARY, and never as the PRIMARY itself. */
function standbyFindings(
  view: GroupView,
  observation: Observation,
  stamp: StampObservation,
  writer: string,
  breakGlass: boolean,
): OperationFinding[] {
  const { group } = view;
  const known = observation.primaryHolder;
  const preferred = group.stamps.find((each) => each.preferredRole === 'primary')?.id;
  if (known === stamp.stamp || (known === undefined && preferred === stamp.stamp)) {
    return [
      refuse(
        'not-the-writer',
        stamp.stamp,
        `${stamp.stamp} holds the PRIMARY record and the writer is ${writer}: users would be led to a database that cannot write`,
        `Bring the writer back (stampkit failback ${group.name}), or keep it where it is for good (stampkit settle ${group.name}, then deploy the routing stack)`,
      ),
    ];
  }
  if (known !== undefined || breakGlass) return [];
  return [
    refuse(
      'primary-holder-unknown',
      stamp.stamp,
      `the Route 53 API does not say who holds the PRIMARY record; if it is ${stamp.stamp}, users would be led to a database that cannot write`,
      'This is no emergency: try again when the API answers. When you know the deployed records: --primary-holder STAMP',
    ),
  ];
}
