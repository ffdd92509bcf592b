import { entryOf } from '../../entry-of';
import { goneRegions, inService, isEvacuated, reachableControls, seenStamp, unreachableControls, writerStamp } from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView, stampSpec } from '../group-view';
import type { Observation, StampObservation } from '../observation';
import type { OperationRequest } from '../request';
import { scaleStep } from '../steps/capacity-steps';
import { dnsStep, switchStep } from '../steps/traffic-steps';
import { shareFloors } from './share';
import { type Decision, stop } from './decision';

type Request = Extract<OperationRequest, { operation: 'evacuate' }>;

/** Takes one stamp out of service. Who stays gets the capacity first when there is time for it. */
export function decideEvacuate(request: Request, view: GroupView, observation: Observation): Decision {
  const leaving = seenStamp(observation, request.stamp);
  if (leaving === undefined) return stop(noSuchStamp(view, request.stamp));
  const avoid = [...new Set([...goneRegions(observation), ...(leaving.reach === 'reachable' ? [] : [leaving.region])])].sort();
  const controls = reachableControls(leaving, avoid);
  if (leaving.switches.every((each) => each.state === 'evacuated')) {
    return stop(refuse('already-there', leaving.stamp, `${leaving.stamp} is evacuated in every control Region`, 'Nothing to do'));
  }
  const staying = inService(observation).filter((stamp) => stamp.stamp !== leaving.stamp);
  const well = leaving.health === 'healthy';
  // Who is not healthy carries nothing, and is not waited for.
  const carrying = staying.filter((stamp) => stamp.health === 'healthy');
  const scales = carrying.map((stamp) =>
    scaleStep(
      view,
      stamp.stamp,
      shareFloors(view, stampSpec(view, stamp.stamp), carrying.length),
      well ? {} : { onFailure: 'note' },
    ),
  );
  const evacuate = switchStep(view, leaving.stamp, 'evacuated', {
    controls,
    reason: request.reason,
    after: well ? scales.map((each) => each.id) : [],
    heirs: carrying.map((stamp) => stamp.stamp),
  });
  return {
    kind: 'go',
    variant: 'evacuate',
    reasons: [
      `${leaving.stamp} is ${leaving.health}; ${staying.map((stamp) => stamp.stamp).join(', ') || 'nobody'} ${staying.length > 1 ? 'stay' : 'stays'} in service`,
    ],
    steps: [
      ...scales,
      evacuate,
      ...(staying.length > 0
        ? [
            dnsStep(
              view,
              staying.map((stamp) => stamp.stamp),
              [evacuate.id],
            ),
          ]
        : []),
    ],
    avoid,
    pending: unreachableControls(leaving, avoid).map(
      (code) =>
        `the switch of ${leaving.stamp} in ${code} does not say evacuated: repeat \`stampkit evacuate ${leaving.stamp}\` when it answers`,
    ),
    findings: judge(view, observation, leaving, staying),
  };
}

function judge(
  view: GroupView,
  observation: Observation,
  leaving: StampObservation,
  staying: readonly StampObservation[],
): OperationFinding[] {
  const findings: OperationFinding[] = [];
  const healthy = staying.filter((stamp) => stamp.health === 'healthy');
  if (healthy.length === 0) {
    findings.push(
      refuse(
        'last-healthy-stamp',
        leaving.stamp,
        `${leaving.stamp} is the last stamp of ${view.group.name} that can serve: ${staying.length === 0 ? 'no other is in service' : staying.map((stamp) => `${stamp.stamp} is ${stamp.health}`).join(', ')}`,
        'Make or bring back another stamp first. With none in service Route 53 would answer as if all were',
      ),
    );
  }
  findings.push(...writerFindings(view, observation, leaving));
  if (isEvacuated(leaving)) {
    findings.push(
      warn(
        'already-there',
        leaving.stamp,
        `${leaving.stamp} is evacuated already, but not in every control Region`,
        'The plan tells the others',
      ),
    );
  }
  return findings;
}

/** Where one stamp writes, traffic that leaves without the writer ends where nobody can write. */
function writerFindings(view: GroupView, observation: Observation, leaving: StampObservation): OperationFinding[] {
  if (engineOf(view) !== 'aurora' || view.group.stamps.length < 2) return [];
  const writer = writerStamp(view, observation);
  const other = view.group.stamps.find((stamp) => stamp.id !== leaving.stamp);
  const move = `Move the writer along with the traffic: stampkit failover ${view.group.name} --to ${other?.regionCode ?? 'REGION'}`;
  if (writer === undefined && leaving.health === 'healthy') {
    return [
      refuse(
        'no-writer',
        leaving.stamp,
        `nobody knows which stamp of ${view.group.name} has the writer; if it is ${leaving.stamp}, users would be led to one that cannot write`,
        'Wait until a Region’s RDS API answers',
      ),
    ];
  }
  if (writer !== leaving.stamp) return [];
  return leaving.health === 'healthy'
    ? [
        refuse(
          'writer-would-be-bypassed',
          leaving.stamp,
          `${leaving.stamp} is healthy and its database is the writer: users would be led to a stamp that cannot write`,
          move,
        ),
      ]
    : [
        warn(
          'writer-would-be-bypassed',
          leaving.stamp,
          `${leaving.stamp} has the writer: users are led to a stamp that can read and not write`,
          move,
        ),
      ];
}

export function noSuchStamp(view: GroupView, stamp: string): OperationFinding {
  const known = Object.fromEntries(view.group.stamps.map((each) => [each.id, each]));
  const fix = entryOf(known, stamp) === undefined ? `Use one of ${Object.keys(known).join(', ')}` : 'Look at it again';
  return refuse('unknown-stamp', stamp, `${view.group.name} has no stamp ${stamp}`, fix);
}
