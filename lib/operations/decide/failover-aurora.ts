import { auroraWriters, isEvacuated, seenStamp, servesAlready, unreachableControls, type Writer } from '../facts';
import { refuse } from '../finding-codes';
import { type GroupView, peakFloors, stampIn, stampSpec } from '../group-view';
import type { AuroraObservation, Observation, StampObservation } from '../observation';
import type { Step } from '../plan';
import type { OperationRequest } from '../request';
import { type AuroraTarget, auroraLagStep, promoteStep, type Promotion, writableStep } from '../steps/aurora-steps';
import { scaleStep } from '../steps/capacity-steps';
import { leftBehind } from '../steps/queue-steps';
import { dnsStep, switchStep } from '../steps/traffic-steps';
import { reachableControls } from '../facts';
import { type Decision, stop } from './decision';
import { engineVersion } from './engine-version';
import { uncleared } from './uncleared';
import { type How, judgeFailover, noSuchRegion, onlyOne } from './failover-safety';

type Request = Extract<OperationRequest, { operation: 'failover' }>;

/**
 * Failover of an active-passive Aurora group (design 8). The old primary well: planned, the writer switches over before traffic moves. Its
 * stamp or Region unwell: evacuation, capacity and promotion at once; nothing calls the old Region, unless its database is alive and switches
 * over by itself.
 */
export function decideAuroraFailover(
  request: Request,
  view: GroupView,
  observation: Observation,
  database: AuroraObservation,
  now: number,
): Decision {
  const { group } = view;
  const spec = stampIn(view, request.to);
  if (spec === undefined) return stop(noSuchRegion(view, request.to));
  const target = seenStamp(observation, spec.id);
  const old = observation.stamps.find((stamp) => stamp.stamp !== spec.id);
  if (target === undefined || old === undefined) return stop(onlyOne(group.name));
  const writers = auroraWriters(observation, database);
  const [writer] = writers;
  const member = memberOf(database, target, view);
  const plannedPossible = old.health === 'healthy' && old.reach === 'reachable';
  const promoted = writer?.stamp === target.stamp;
  if (promoted && isEvacuated(old) && !isEvacuated(target)) {
    return stop(
      refuse(
        'already-there',
        group.name,
        `${target.stamp} has the writer already, and ${old.stamp} is evacuated`,
        'Nothing to do; see `stampkit status`',
      ),
    );
  }
  if (promoted && target.writable && servesAlready(view, observation, target.stamp))
    return stop(refuse('already-there', group.name, `${target.stamp} serves and writes`, 'Nothing to do; see `stampkit status`'));
  const how = howToMove(database, target, old, writer, plannedPossible);
  const planned = plannedPossible && how === 'switchover';
  // A switchover is a call to the old Region, whose database is alive. In every other way nothing there is called (R2).
  const avoid = planned || (how === 'switchover' && !promoted) ? [] : [old.region];
  const findings = judgeFailover({ request, view, database, target, old, writers, how, planned, promoted, now });
  const steps = planned
    ? plannedSteps(view, request, target, old, member, avoid, promoted)
    : unplannedSteps(view, request, target, old, member, how, avoid, promoted);
  const missed = unreachableControls(old, avoid);
  return {
    kind: 'go',
    variant: promoted ? 'traffic' : how,
    reasons: reasons(old, target, how, planned, promoted),
    steps,
    avoid,
    pending: [
      ...missed.map(
        (code) =>
          `the switch of ${old.stamp} in ${code} does not say evacuated: repeat \`stampkit evacuate ${old.stamp}\` when it answers`,
      ),
      ...(isEvacuated(target) ? uncleared(target) : []),
    ],
    findings,
  };
}

function memberOf(database: AuroraObservation, target: StampObservation, view: GroupView): AuroraTarget {
  const cluster = database.identifiers[target.region] ?? stampSpec(view, target.stamp).values.names.databaseCluster;
  const globalCluster = database.clusters[target.region]?.globalCluster ?? database.globalIdentifier;
  return { stamp: target.stamp, region: target.region, cluster, globalCluster };
}

/**
 * A switchover loses nothing but needs the old database alive. Different engine versions rule out both managed ways (aws-facts 4.1): then
 * the target is detached.
 */
function howToMove(
  database: AuroraObservation,
  target: StampObservation,
  old: StampObservation,
  writer: Writer | undefined,
  oldWell: boolean,
): How {
  const version = database.clusters[target.region]?.engineVersion;
  const wanted = database.global?.engineVersion;
  if (version !== undefined && wanted !== undefined && engineVersion(version).minor !== engineVersion(wanted).minor)
    return 'detach';
  const source = database.clusters[old.region];
  const sourceLives = old.reach !== 'gone' && source?.status === 'available' && writer?.region === old.region;
  const connected = database.global?.members.find((member) => member.region === target.region)?.synchronization === 'connected';
  // The stamp is down and its database is well: the lossless way, as long as the database says so itself.
  const databaseWell = sourceLives && connected && old.writable;
  return oldWell || databaseWell ? 'switchover' : 'managed-failover';
}

function plannedSteps(
  view: GroupView,
  request: Request,
  target: StampObservation,
  old: StampObservation,
  member: AuroraTarget,
  avoid: readonly string[],
  promoted: boolean,
): Step[] {
  const scale = scaleStep(view, target.stamp, peakFloors(view, stampSpec(view, target.stamp)));
  const lag = auroraLagStep(view, member, view.group.objectives.availability.rpo, [scale.id]);
  const promote = promoteStep(view, { how: 'switchover', from: old.region }, member, [lag.id]);
  const writable = writableStep(view, target.stamp, [promoted ? scale.id : promote.id]);
  const moved = traffic(view, request, target, old, avoid, [writable.id], [writable.id]);
  return [
    scale,
    ...(promoted ? [] : [lag, promote]),
    writable,
    ...moved,
    ...leftBehind(
      view,
      old.stamp,
      target.stamp,
      moved.slice(-1).map((each) => each.id),
    ),
  ];
}

function unplannedSteps(
  view: GroupView,
  request: Request,
  target: StampObservation,
  old: StampObservation,
  member: AuroraTarget,
  how: How,
  avoid: readonly string[],
  promoted: boolean,
): Step[] {
  const scale = scaleStep(view, target.stamp, peakFloors(view, stampSpec(view, target.stamp)), { onFailure: 'note' });
  const promote = promoteStep(view, promotionOf(how, old.region), member, []);
  const writable = writableStep(view, target.stamp, promoted ? [] : [promote.id]);
  return [scale, ...(promoted ? [] : [promote]), writable, ...traffic(view, request, target, old, avoid, [], [writable.id])];
}

function promotionOf(how: How, from: string): Promotion {
  switch (how) {
    case 'switchover':
      return { how, from };
    case 'managed-failover':
      return { how: 'failover' };
    case 'detach':
      return { how };
  }
}

/** Evacuates the old stamp, brings the target back when it is evacuated itself, and looks at the answers. */
function traffic(
  view: GroupView,
  request: Request,
  target: StampObservation,
  old: StampObservation,
  avoid: readonly string[],
  evacuateAfter: readonly string[],
  writable: readonly string[],
): Step[] {
  const { reason } = request;
  const readmit = isEvacuated(target)
    ? [switchStep(view, target.stamp, 'in-service', { controls: reachableControls(target, []), avoid, reason, after: writable })]
    : [];
  const back = readmit.map((each) => each.id);
  const controls = reachableControls(old, avoid);
  const planned = evacuateAfter.length > 0;
  const evacuate = switchStep(view, old.stamp, 'evacuated', {
    controls,
    reason,
    after: planned ? [...evacuateAfter, ...back] : [],
    undo: false,
    // Both out of service would be answered as if both were in.
    ...(planned &&
      readmit.length > 0 && {
        precondition: [
          { is: 'switch', stamp: target.stamp, state: 'in-service', controls: reachableControls(target, []) } as const,
        ],
      }),
  });
  // In an outage nobody waits for a switch that cannot be thrown: health checks move the traffic, and the promotion is what is missing.
  const evacuations = planned || controls.length > 0 ? [evacuate] : [];
  const moved = [...writable, ...back, ...evacuations.map((each) => each.id)];
  return [...readmit, ...evacuations, dnsStep(view, [target.stamp], moved)];
}

function reasons(old: StampObservation, target: StampObservation, how: How, planned: boolean, promoted: boolean): string[] {
  const state = `${old.stamp} is ${old.health}, its Region is ${old.reach}`;
  if (promoted) return [`${target.stamp} has the writer already; only traffic moves`];
  if (planned) return [`${state}: planned, the writer switches over first and loses nothing`];
  const ways: Record<How, string> = {
    switchover: 'its database is alive, so the writer switches over and loses nothing',
    'managed-failover': 'its database cannot be asked, so the target is promoted with what it has',
    detach: 'engine versions differ, so the target is detached',
  };
  return [`${state}: ${ways[how]}`];
}
