import {
  auroraWriters,
  goneRegions,
  inService,
  isEvacuated,
  reachableControls,
  seenStamp,
  withToldHolder,
  writerStamp,
} from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView, peakFloors, stampSpec, templateBounds, templateFloors } from '../group-view';
import type { Observation, StampObservation } from '../observation';
import type { Step } from '../plan';
import type { OperationRequest } from '../request';
import { auroraLagStep, promoteStep, writableStep } from '../steps/aurora-steps';
import { boundsStep, scaleStep } from '../steps/capacity-steps';
import { leftBehind } from '../steps/queue-steps';
import { tableLagStep } from '../steps/table-steps';
import { type Decision, stop } from './decision';
import { noSuchStamp } from './evacuate';
import { onlyOne, splitBrain } from './failover-safety';
import { readmitSteps } from './readmit';
import { uncleared } from './uncleared';

type Request = Extract<OperationRequest, { operation: 'failback' }>;

/**
 * Back to the preferred primary, always planned: scale, wait for the lag, switch the writer over, then readmit. Active-active groups
 * get back every stamp that is evacuated and well.
 */
export function decideFailback(request: Request, view: GroupView, seen: Observation, breakGlass: boolean): Decision {
  const { group } = view;
  const told = request.primaryHolder;
  if (told !== undefined && !group.stamps.some((each) => each.id === told)) return stop(noSuchStamp(view, told));
  const observation = withToldHolder(seen, told);
  if (observation.stamps.length < 2) return stop(onlyOne(group.name));
  if (group.mode === 'active-passive') return toPrimary(request, view, observation, breakGlass);
  const back = observation.stamps.filter((stamp) => isEvacuated(stamp) && stamp.health === 'healthy');
  const sick = observation.stamps.filter((stamp) => isEvacuated(stamp) && stamp.health !== 'healthy');
  if (back.length === 0) return stop(nothingBack(group.name, sick));
  const avoid = goneRegions(observation);
  const serving = [...new Set([...inService(observation), ...back].map((stamp) => stamp.stamp))].sort();
  const steps = back.flatMap((stamp) =>
    readmitSteps(view, observation, stamp, {
      controls: reachableControls(stamp, []),
      avoid,
      reason: request.reason,
      answers: serving,
    }),
  );
  return {
    kind: 'go',
    variant: 'routing',
    reasons: [`${back.map((stamp) => stamp.stamp).join(', ')} can serve again`],
    steps: oneDns(steps, back),
    avoid,
    pending: [...sick.map((stamp) => `${stamp.stamp} stays evacuated: it is ${stamp.health}`), ...back.flatMap(uncleared)],
    findings: [],
  };
}

function toPrimary(request: Request, view: GroupView, observation: Observation, breakGlass: boolean): Decision {
  const { group } = view;
  const spec = group.stamps.find((stamp) => stamp.preferredRole === 'primary');
  const primary = spec === undefined ? undefined : seenStamp(observation, spec.id);
  const standby = observation.stamps.find((stamp) => stamp.stamp !== primary?.stamp);
  if (spec === undefined || primary === undefined || standby === undefined) return stop(onlyOne(group.name));
  const aurora = engineOf(view) === 'aurora';
  const home = !aurora || writerStamp(view, observation) === primary.stamp;
  if (home && !isEvacuated(primary)) {
    return stop(refuse('already-there', group.name, `${primary.stamp} serves and writes`, 'Nothing to do'));
  }
  const avoid = goneRegions(observation).filter((region) => region !== primary.region);
  const before = aurora ? auroraBack(view, observation, primary, home) : tableBack(view, observation, primary, standby);
  const { reason } = request;
  const readmit = readmitSteps(view, observation, primary, {
    controls: reachableControls(primary, []),
    avoid,
    reason,
    answers: [primary.stamp],
    after: before.slice(-1).map((each) => each.id),
    scaled: true,
  });
  const gone = avoid.includes(standby.region);
  const relax = gone ? [] : relaxSteps(view, standby, primary, ['answers']);
  const left = aurora && !gone ? leftBehind(view, standby.stamp, primary.stamp, ['answers']) : [];
  return {
    kind: 'go',
    variant: aurora && !home ? 'switchover' : 'routing',
    reasons: [
      `${primary.stamp} is preferred and ${primary.health}${aurora ? `, the writer is ${writerStamp(view, observation) ?? 'unknown'}` : ''}`,
    ],
    steps: [...before, ...readmit, ...left, ...relax],
    avoid,
    pending: uncleared(primary),
    findings: [...judge(view, observation, primary, standby), ...holderFindings(view, observation, primary, breakGlass)],
  };
}

function auroraBack(view: GroupView, observation: Observation, primary: StampObservation, home: boolean): Step[] {
  const scale = scaleStep(view, primary.stamp, peakFloors(view, stampSpec(view, primary.stamp)));
  const database = observation.database;
  if (home || database.engine !== 'aurora') return [scale, writableStep(view, primary.stamp, [scale.id])];
  const cluster = database.identifiers[primary.region] ?? stampSpec(view, primary.stamp).values.names.databaseCluster;
  const target = { stamp: primary.stamp, region: primary.region, cluster, globalCluster: database.globalIdentifier };
  const lag = auroraLagStep(view, target, view.group.objectives.availability.rpo, [scale.id]);
  const [writer] = auroraWriters(observation, database);
  const from = writer?.region ?? observation.stamps.find((stamp) => stamp.stamp !== primary.stamp)?.region ?? primary.region;
  const promote = promoteStep(view, { how: 'switchover', from }, target, [lag.id]);
  return [scale, lag, promote, writableStep(view, primary.stamp, [promote.id])];
}

function tableBack(view: GroupView, observation: Observation, primary: StampObservation, standby: StampObservation): Step[] {
  const scale = scaleStep(view, primary.stamp, peakFloors(view, stampSpec(view, primary.stamp)));
  const database = observation.database;
  // A Region that does not answer cannot be waited for: what it had not sent arrives when it heals.
  if (database.engine !== 'dynamodb' || database.consistency === 'strong' || standby.reach === 'gone') return [scale];
  return [scale, tableLagStep(view, database.table, standby, primary, view.group.objectives.availability.rpo, [scale.id])];
}

/** What a failover raised goes back to the template, when nobody is led there any more. */
function relaxSteps(view: GroupView, standby: StampObservation, primary: StampObservation, after: readonly string[]): Step[] {
  const spec = stampSpec(view, standby.stamp);
  if (JSON.stringify(templateFloors(spec)) === JSON.stringify(peakFloors(view, spec))) return [];
  const title = `Give ${standby.stamp} the bounds of its template back`;
  return [
    boundsStep(view, standby.stamp, templateBounds(spec), {
      id: `relax:${standby.stamp}`,
      title,
      after,
      onFailure: 'note',
      // Answers that were not seen to move do not stop the failback, but capacity is taken from nobody who may still serve.
      precondition: [{ is: 'dns', name: view.group.recordName, stamps: [primary.stamp] }],
    }),
  ];
}

function judge(
  view: GroupView,
  observation: Observation,
  primary: StampObservation,
  standby: StampObservation,
): OperationFinding[] {
  const { group } = view;
  const database = observation.database;
  const findings: OperationFinding[] = [];
  if (primary.reach !== 'reachable') {
    findings.push(
      refuse(
        'old-region-unreachable',
        primary.stamp,
        `${primary.region} does not answer on every plane`,
        'A failback is planned: wait until the Region is well',
      ),
    );
  } else if (primary.health !== 'healthy') {
    findings.push(
      refuse(
        'not-healthy',
        primary.stamp,
        `${primary.stamp} is ${primary.health}${primary.reasons.length > 0 ? ` (${primary.reasons.join(', ')})` : ''}`,
        `Bring it back first: stampkit return ${primary.stamp}`,
      ),
    );
  }
  if (standby.reach === 'gone' && database.engine === 'aurora' && writerStamp(view, observation) === standby.stamp) {
    findings.push(
      refuse(
        'old-region-unreachable',
        standby.stamp,
        `${standby.region}, where the writer is, does not answer: nothing can be switched over in order`,
        `This is an outage: stampkit failover ${group.name} --to ${primary.code}`,
      ),
    );
  }
  if (reachableControls(primary, []).length === 0) {
    findings.push(refuse('control-regions-unreachable', primary.stamp, 'no control Region answers', 'Wait until one does'));
  }
  if (standby.health !== 'healthy') {
    findings.push(
      warn(
        'not-healthy',
        standby.stamp,
        `${standby.stamp}, which serves now, is ${standby.health}`,
        'This failback may be what helps; a failover to the primary is the same plan',
      ),
    );
  }
  if (database.engine !== 'aurora') return findings;
  const writers = auroraWriters(observation, database);
  const [writer] = writers;
  if (writers.length > 1) findings.push(splitBrain(group.name, writers));
  if (writer === undefined)
    findings.push(refuse('no-writer', group.name, 'nobody knows where the writer is', 'Wait until a Region’s RDS API answers'));
  else if (writer.stamp !== primary.stamp) {
    const member = database.global?.members.find((each) => each.region === primary.region);
    if (writer.globalCluster === undefined || member === undefined || member.writer || member.synchronization !== 'connected') {
      findings.push(
        refuse(
          'target-not-replica',
          primary.stamp,
          `the database of ${primary.stamp} does not follow the writer in ${writer.region} yet`,
          `Bring it back first: stampkit return ${primary.stamp}`,
        ),
      );
    }
  }
  return findings;
}

/**
 * Readmission leads users to the holder of the PRIMARY record, and only the deployed records say who that is. When it is the other stamp,
 * they would stay where the writer no longer is.
 */
function holderFindings(
  view: GroupView,
  observation: Observation,
  primary: StampObservation,
  breakGlass: boolean,
): OperationFinding[] {
  if (observation.database.engine !== 'aurora' || observation.primaryHolder === primary.stamp) return [];
  const { group } = view;
  if (observation.primaryHolder !== undefined) {
    return [
      refuse(
        'primary-holder-differs',
        primary.stamp,
        `the file prefers ${primary.stamp}, and the deployed PRIMARY record leads to ${observation.primaryHolder}`,
        `Deploy ${group.names.routingStack} first, or move everything by hand: stampkit failover ${group.name} --to ${primary.code}`,
      ),
    ];
  }
  if (breakGlass) return [];
  return [
    refuse(
      'primary-holder-unknown',
      primary.stamp,
      'the Route 53 API does not say who holds the PRIMARY record',
      [
        'A failback is planned: try again when it answers, or say who does: --primary-holder STAMP',
        ...(primary.reach === 'gone'
          ? []
          : [`In an outage: stampkit failover ${group.name} --to ${primary.code}, which needs no such answer`]),
      ].join('. '),
    ),
  ];
}

/** Several readmissions look at the answers once, when all are back. */
function oneDns(steps: readonly Step[], back: readonly StampObservation[]): Step[] {
  const last = steps.findLast((each) => each.id === 'answers');
  const others = steps.filter((each) => each.id !== 'answers');
  return last === undefined ? others : [...others, { ...last, after: back.map((stamp) => `readmit:${stamp.stamp}`).sort() }];
}

function nothingBack(group: string, sick: readonly StampObservation[]): OperationFinding {
  const why = sick.length === 0 ? 'no stamp is evacuated' : sick.map((stamp) => `${stamp.stamp} is ${stamp.health}`).join(', ');
  return refuse(
    'nothing-to-do',
    group,
    `nothing can come back to ${group}: ${why}`,
    sick.length === 0 ? 'Nothing to do' : 'Make the stamps healthy first',
  );
}
