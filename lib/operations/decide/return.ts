import {
  auroraWriters,
  goneRegions,
  isEvacuated,
  primaryHolder,
  reachableControls,
  seenStamp,
  unreachableControls,
} from '../facts';
import { type OperationFinding, refuse } from '../finding-codes';
import { engineOf, type GroupView } from '../group-view';
import type { Observation, StampObservation } from '../observation';
import type { Step } from '../plan';
import type { OperationRequest } from '../request';
import { queueSteps } from '../steps/queue-steps';
import { tableLagStep } from '../steps/table-steps';
import { healthyStep, switchStep } from '../steps/traffic-steps';
import { type Decision, stop } from './decision';
import { noSuchStamp } from './evacuate';
import { rebuild, rejoin } from './return-aurora';
import { diverged, divergenceStep, whatNext } from './return-parts';

type Request = Extract<OperationRequest, { operation: 'return' }>;

/**
 * A Region is back after an unplanned failover. Its stamp stays evacuated in every control Region, its database follows the writer again
 * (re-joined by Aurora after a managed failover, rebuilt beside the old cluster after a detachment), what only the old side has is
 * reported and kept, and its queue is worked off. Bringing traffic back is another decision: `failback` or `settle`.
 */
export function decideReturn(request: Request, view: GroupView, observation: Observation): Decision {
  const stamp = seenStamp(observation, request.stamp);
  if (stamp === undefined) return stop(noSuchStamp(view, request.stamp));
  if (stamp.reach !== 'reachable') {
    return stop(
      refuse(
        'old-region-unreachable',
        stamp.stamp,
        `${stamp.region} does not answer on every plane yet (${stamp.reach})`,
        'Wait until it does; its stamp stays evacuated meanwhile',
      ),
    );
  }
  const peer = observation.stamps.find((each) => each.stamp !== stamp.stamp && !isEvacuated(each) && each.health === 'healthy');
  if (peer === undefined)
    return stop(
      refuse(
        'last-healthy-stamp',
        stamp.stamp,
        `no other stamp of ${view.group.name} serves`,
        'There is nothing to follow: readmit the stamp instead',
      ),
    );
  if (!isEvacuated(stamp) && stamp.health === 'healthy' && engineOf(view) !== 'aurora') return stop(inServiceAlready(stamp));
  const avoid = goneRegions(observation);
  const keep = switchStep(view, stamp.stamp, 'evacuated', { controls: reachableControls(stamp, avoid), reason: request.reason });
  const missed = unreachableControls(stamp, avoid).map(
    (code) => `the switch of ${stamp.stamp} in ${code} could not be told that it stays evacuated`,
  );
  if (engineOf(view) !== 'aurora' || observation.database.engine !== 'aurora') {
    return tableReturn(view, observation, stamp, peer, keep, missed, avoid);
  }
  const database = observation.database;
  const writers = auroraWriters(observation, database);
  const writer = writers.find((each) => each.stamp !== stamp.stamp);
  if (writer === undefined) {
    return stop(
      refuse(
        'no-writer',
        view.group.name,
        `the writer is ${writers[0]?.stamp ?? 'unknown'}: ${stamp.stamp} has nothing to follow`,
        'This is for the old side of a failover that has happened; see `stampkit status`',
      ),
    );
  }
  const follows = database.global?.members.find(
    (member) => member.region === stamp.region && member.cluster === database.identifiers[stamp.region],
  );
  const standby = follows?.writer === false && follows.synchronization === 'connected';
  if (standby && !isEvacuated(stamp) && stamp.health === 'healthy' && primaryHolder(view, observation) !== stamp.stamp)
    return stop(inServiceAlready(stamp));
  const rejoins = writer.globalCluster !== undefined && follows !== undefined && !follows.writer;
  return rejoins
    ? rejoin(view, database, stamp, peer, writer, keep, missed, avoid)
    : rebuild(view, database, stamp, peer, writer, keep, missed, avoid);
}

/** A stamp that serves as it should is not taken out to be brought back. */
function inServiceAlready(stamp: StampObservation): OperationFinding {
  return refuse(
    'nothing-to-do',
    stamp.stamp,
    `${stamp.stamp} is healthy and in service: there is nothing to bring back`,
    `If something is wrong with it all the same, take it out first: stampkit evacuate ${stamp.stamp}`,
  );
}

function tableReturn(
  view: GroupView,
  observation: Observation,
  stamp: StampObservation,
  peer: StampObservation,
  keep: Step,
  pending: readonly string[],
  avoid: readonly string[],
): Decision {
  const database = observation.database;
  const eventual = database.engine === 'dynamodb' && database.consistency === 'eventual';
  const rpo = view.group.objectives.availability.rpo;
  const lags = eventual
    ? [
        tableLagStep(view, database.table, stamp, peer, rpo, [keep.id]),
        tableLagStep(view, database.table, peer, stamp, rpo, [keep.id]),
      ]
    : [];
  const divergence = eventual
    ? [
        divergenceStep(
          stamp,
          { stamp: peer.stamp, region: peer.region, cluster: database.table },
          database.table,
          database.table,
          'dynamodb',
          lags.map((each) => each.id),
        ),
      ]
    : [];
  const healthy = healthyStep(view, stamp.stamp, 'any', [keep.id, ...lags.map((each) => each.id)]);
  return {
    kind: 'go',
    variant: 'catch-up',
    reasons: [eventual ? 'both sides exchange what they have; the later write to an item wins' : 'nothing has to be rebuilt'],
    steps: [keep, ...lags, ...divergence, healthy, ...queueSteps(view, stamp.stamp, undefined, [healthy.id])],
    avoid,
    pending: [...pending, whatNext(view, stamp)],
    findings: eventual ? [diverged(stamp, 'writes of both sides to one item: the later one wins (aws-facts 4.2)')] : [],
  };
}
