import { goneRegions, inService, isEvacuated, reachableControls, seenStamp, servesAlready, unreachableControls } from '../facts';
import { inform, type OperationFinding, refuse, warn } from '../finding-codes';
import { type GroupView, stampIn, stampSpec } from '../group-view';
import type { Observation, StampObservation } from '../observation';
import type { Step } from '../plan';
import type { OperationRequest } from '../request';
import { scaleStep } from '../steps/capacity-steps';
import { tableLagStep } from '../steps/table-steps';
import { dnsStep, switchStep } from '../steps/traffic-steps';
import { shareFloors } from './share';
import { noSuchRegion, onlyOne } from './failover-safety';
import { type Decision, stop } from './decision';
import { uncleared } from './uncleared';

type Request = Extract<OperationRequest, { operation: 'failover' }>;

/**
 * Failover where every stamp can write, or none has a database: only traffic moves. When some stamp is unwell it leaves and the
 * healthy ones stay; when all are well everything goes to the named Region.
 */
export function decideRoutingFailover(request: Request, view: GroupView, observation: Observation): Decision {
  const { group } = view;
  const spec = stampIn(view, request.to);
  if (spec === undefined) return stop(noSuchRegion(view, request.to));
  const target = seenStamp(observation, spec.id);
  if (target === undefined || observation.stamps.length < 2) return stop(onlyOne(group.name));
  if (servesAlready(view, observation, target.stamp))
    return stop(refuse('already-there', group.name, `${target.stamp} serves`, 'Nothing to do; see `stampkit status`'));
  const others = observation.stamps.filter((stamp) => stamp.stamp !== target.stamp);
  const unwell = others.filter((stamp) => stamp.health !== 'healthy');
  const planned = unwell.length === 0;
  const leaving = (planned ? others : unwell).filter((stamp) => !isEvacuated(stamp));
  if (leaving.length === 0 && !isEvacuated(target)) {
    return stop(
      refuse(
        'already-there',
        group.name,
        `everything that should leave is evacuated: ${group.name} is served by ${names(inService(observation))}`,
        'Nothing to do; see `stampkit status`',
      ),
    );
  }
  const out = new Set(leaving.map((stamp) => stamp.stamp));
  const staying = observation.stamps.filter(
    (stamp) => !out.has(stamp.stamp) && (stamp.stamp === target.stamp || !isEvacuated(stamp)),
  );
  const avoid = planned
    ? []
    : [...new Set([...goneRegions(observation), ...unwell.map((stamp) => stamp.region)])].filter(
        (region) => region !== target.region,
      );
  return {
    kind: 'go',
    variant: 'routing',
    reasons: [
      planned
        ? `all stamps are well: everything goes to ${target.stamp}`
        : `${names(unwell)}: ${unwell.map((stamp) => stamp.health).join(', ')}; ${names(staying)} can serve and write without a promotion`,
    ],
    steps: routingSteps(request, view, observation, { target, leaving, staying, avoid, planned }),
    avoid,
    pending: [
      ...leaving.flatMap((stamp) =>
        unreachableControls(stamp, avoid).map(
          (code) =>
            `the switch of ${stamp.stamp} in ${code} does not say evacuated: repeat \`stampkit evacuate ${stamp.stamp}\` when it answers`,
        ),
      ),
      ...(isEvacuated(target) ? uncleared(target) : []),
    ],
    findings: [...judge(observation, target, leaving, planned, group.objectives.availability.rpo), ...ownDatabase(view)],
  };
}

interface Movement {
  readonly target: StampObservation;
  readonly leaving: readonly StampObservation[];
  readonly staying: readonly StampObservation[];
  readonly avoid: readonly string[];
  readonly planned: boolean;
}

function routingSteps(request: Request, view: GroupView, observation: Observation, movement: Movement): Step[] {
  const { target, leaving, staying, avoid, planned } = movement;
  const { reason } = request;
  const database = observation.database;
  const scales = staying.map((stamp) =>
    scaleStep(
      view,
      stamp.stamp,
      shareFloors(view, stampSpec(view, stamp.stamp), staying.length),
      planned ? {} : { onFailure: 'note' },
    ),
  );
  const ready = planned ? scales.map((each) => each.id) : [];
  const lags =
    planned && database.engine === 'dynamodb' && database.consistency === 'eventual'
      ? leaving.map((stamp) => tableLagStep(view, database.table, stamp, target, view.group.objectives.availability.rpo, ready))
      : [];
  const before = [...ready, ...lags.map((each) => each.id)];
  const readmit = isEvacuated(target)
    ? [switchStep(view, target.stamp, 'in-service', { controls: reachableControls(target, []), avoid, reason, after: before })]
    : [];
  const evacuations = leaving.map((stamp) =>
    switchStep(view, stamp.stamp, 'evacuated', {
      controls: reachableControls(stamp, avoid),
      reason,
      after: planned ? [...before, ...readmit.map((each) => each.id)] : [],
      undo: planned,
      ...(planned && { heirs: [target.stamp] }),
    }),
  );
  const moved = [...readmit, ...evacuations].map((each) => each.id);
  return [
    ...scales,
    ...lags,
    ...readmit,
    ...evacuations,
    dnsStep(
      view,
      staying.map((stamp) => stamp.stamp),
      moved,
    ),
  ];
}

function judge(
  observation: Observation,
  target: StampObservation,
  leaving: readonly StampObservation[],
  planned: boolean,
  rpo: number,
): OperationFinding[] {
  const findings: OperationFinding[] = [];
  if (target.health !== 'healthy') {
    const code = target.reach === 'gone' ? 'target-unreachable' : 'target-not-healthy';
    findings.push(
      refuse(
        code,
        target.stamp,
        `${target.stamp} is ${target.health}${target.reasons.length > 0 ? ` (${target.reasons.join(', ')})` : ''}`,
        'Name a Region whose stamp is healthy',
      ),
    );
  }
  const database = observation.database;
  if (database.engine !== 'dynamodb') return findings;
  for (const stamp of leaving) {
    const lag = database.lag[`${stamp.region}>${target.region}`];
    if (database.consistency === 'strong') {
      findings.push(
        inform(
          'expected-loss',
          stamp.stamp,
          'the table is strongly consistent: no acknowledged write is missing elsewhere',
          'Nothing to do',
        ),
      );
    } else if (planned) {
      if (lag !== undefined && lag.seconds <= rpo) continue;
      findings.push(
        warn(
          'lag-above-rpo',
          stamp.stamp,
          lag === undefined
            ? 'no lag is reported: nobody writes, or the metric is silent'
            : `${lag.seconds} s behind, the objective is ${rpo} s`,
          'The plan waits for it a while, and says so when it was not seen to arrive; nothing is lost for good (aws-facts 4.2)',
        ),
      );
    } else {
      const seen = lag === undefined ? 'the lag is not known' : `the last lag was ${lag.seconds} s`;
      findings.push(
        warn(
          'expected-loss',
          stamp.stamp,
          `what ${stamp.region} had not sent is missing until it is back: ${seen}`,
          'It arrives when the Region heals, and loses against later writes to the same item (aws-facts 4.2)',
        ),
      );
    }
  }
  return findings;
}

/** A database that the kit does not run moves by hand, and before the traffic does. */
function ownDatabase({ group }: GroupView): OperationFinding[] {
  if (group.database.engine !== 'external') return [];
  return [
    warn(
      'no-database',
      group.name,
      `the database of ${group.name} is run by somebody else: only traffic and capacity move`,
      'Promote it your own way first, or users are led to where it cannot be written',
    ),
  ];
}

function names(stamps: readonly StampObservation[]): string {
  return stamps.map((stamp) => stamp.stamp).join(', ') || 'nobody';
}
