import {
  auroraWriters,
  goneRegions,
  isEvacuated,
  reachableControls,
  seenStamp,
  unreachableControls,
  type Writer,
} from '../facts';
import { inform, type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView, stampSpec, templateBounds } from '../group-view';
import type { AuroraObservation, Observation, StampObservation } from '../observation';
import type { Step } from '../plan';
import type { OperationRequest } from '../request';
import { createGlobalStep, memberSteps } from '../steps/aurora-steps';
import { boundsStep } from '../steps/capacity-steps';
import { adoptSteps } from '../steps/pointer-steps';
import { queueSteps } from '../steps/queue-steps';
import { call, step } from '../steps/step';
import { tableLagStep } from '../steps/table-steps';
import { healthyStep, switchStep } from '../steps/traffic-steps';
import { assumed } from '../steps/timing';
import { type Decision, stop } from './decision';
import { noSuchStamp } from './evacuate';

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
  const rejoins = writer.globalCluster !== undefined && follows !== undefined && !follows.writer;
  return rejoins
    ? rejoin(view, database, stamp, peer, writer, keep, missed, avoid)
    : rebuild(view, database, stamp, peer, writer, keep, missed, avoid);
}

function rejoin(
  view: GroupView,
  database: AuroraObservation,
  stamp: StampObservation,
  peer: StampObservation,
  writer: Writer,
  keep: Step,
  pending: readonly string[],
  avoid: readonly string[],
): Decision {
  const cluster = database.identifiers[stamp.region] ?? '';
  const follow = step({
    id: `follows:${stamp.region}`,
    title: `Wait until ${cluster} follows the writer in ${writer.region}`,
    after: [keep.id],
    action: { do: 'wait' },
    postcondition: [
      {
        is: 'global-reader',
        region: writer.region,
        globalCluster: database.globalIdentifier,
        memberRegion: stamp.region,
        cluster,
      },
    ],
    calls: [call('rds', writer.region, 'regional-control')],
    expected: assumed(view, 'auroraRestore'),
  });
  const divergence = divergenceStep(stamp, writer, cluster, writer.cluster, 'aurora', [keep.id]);
  const healthy = healthyStep(view, stamp.stamp, 'reader', [follow.id]);
  return {
    kind: 'go',
    variant: 'rejoin',
    reasons: [`${cluster} is a member of ${database.globalIdentifier} again`],
    steps: [keep, follow, divergence, healthy, ...queueSteps(view, stamp.stamp, peer.stamp, [healthy.id])],
    avoid,
    pending: [...pending, whatNext(view, stamp)],
    findings: [diverged(stamp, 'Aurora keeps a snapshot rds:unplanned-global-failover-* of the old volume (aws-facts 4.1)')],
  };
}

/** The old cluster is kept as it is, beside the new member: it may hold writes that nobody else has. */
function rebuild(
  view: GroupView,
  database: AuroraObservation,
  stamp: StampObservation,
  peer: StampObservation,
  writer: Writer,
  keep: Step,
  pending: readonly string[],
  avoid: readonly string[],
): Decision {
  const spec = stampSpec(view, stamp.stamp);
  const { names } = spec.values;
  const old = database.identifiers[stamp.region] ?? names.databaseCluster;
  const generation = nextGeneration(view, database);
  const globalCluster = writer.globalCluster ?? `${view.group.names.globalCluster}-${generation}`;
  const cluster = `${names.databaseCluster}-${generation}`;
  const pause =
    spec.shape.worker === undefined
      ? []
      : [
          boundsStep(
            view,
            stamp.stamp,
            { worker: { min: 0, max: 0 } },
            {
              id: `pause:${stamp.stamp}`,
              title: `Stop the workers of ${stamp.stamp}: they would write into the old database`,
              after: [keep.id],
            },
          ),
        ];
  const ready = [keep, ...pause].map((each) => each.id);
  const divergence = divergenceStep(stamp, writer, old, writer.cluster, 'aurora', ready);
  const global =
    writer.globalCluster === undefined ? [createGlobalStep(writer.region, globalCluster, writer.cluster, { after: ready })] : [];
  const member = memberSteps(view, { region: stamp.region, cluster, like: old, globalCluster, writerRegion: writer.region }, [
    ...ready,
    ...global.map((each) => each.id),
  ]);
  const adopt = adoptSteps(view, spec, { to: 'cluster', region: stamp.region, cluster, ...engine(view) }, [
    `follows:${stamp.region}`,
  ]);
  const healthy = healthyStep(view, stamp.stamp, 'reader', [`roll:${stamp.stamp}`]);
  const drain = queueSteps(view, stamp.stamp, peer.stamp, [healthy.id]);
  const bounds = templateBounds(spec).worker;
  const resume =
    bounds === undefined || pause.length === 0
      ? []
      : [
          boundsStep(
            view,
            stamp.stamp,
            { worker: bounds },
            {
              id: `unpause:${stamp.stamp}`,
              title: `Start the workers of ${stamp.stamp} again`,
              after: [healthy.id, ...drain.map((each) => each.id)],
            },
          ),
        ];
  return {
    kind: 'go',
    variant: 'rebuild',
    reasons: [`${old} does not follow ${writer.cluster}: a new member ${cluster} is made beside it`],
    steps: [keep, ...pause, divergence, ...global, ...member, ...adopt, healthy, ...drain, ...resume],
    avoid,
    pending: [
      ...pending,
      `${old} in ${stamp.region} is kept: it may hold writes that only it has. Delete it by hand when they are no longer wanted`,
      `${cluster} and ${globalCluster} are in no stack yet: adopt them (docs/destroy-and-adopt.md)`,
      whatNext(view, stamp),
    ],
    findings: [diverged(stamp, `${old} is kept under its name`)],
  };
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

function divergenceStep(
  stamp: StampObservation,
  writer: Writer,
  oldResource: string,
  newResource: string,
  kind: 'aurora' | 'dynamodb',
  after: readonly string[],
): Step {
  const service = kind === 'aurora' ? 'rds' : 'dynamodb';
  return step({
    id: `divergence:${stamp.stamp}`,
    title: `Report what only the old side of ${stamp.stamp} has`,
    after,
    action: {
      do: 'report-divergence',
      engine: kind,
      oldRegion: stamp.region,
      newRegion: writer.region,
      oldResource,
      newResource,
    },
    onFailure: 'note',
    calls: [call(service, stamp.region, 'regional-control', true), call(service, writer.region, 'regional-control', true)],
    expected: { typical: 60, pessimistic: 1800 },
  });
}

/** The first number that no global cluster of the group has yet. */
function nextGeneration(view: GroupView, database: AuroraObservation): number {
  let generation = 2;
  const taken = (name: string): boolean =>
    database.takenGlobals.includes(name) ||
    Object.values(database.identifiers).some((identifier) => identifier.endsWith(`-${generation}`));
  while (taken(`${view.group.names.globalCluster}-${generation}`)) generation += 1;
  return generation;
}

export function engine(view: GroupView): { readonly engine: string; readonly databaseName: string } {
  const database = view.group.database;
  return { engine: database.engine, databaseName: 'name' in database ? database.name : '' };
}

function diverged(stamp: StampObservation, kept: string): OperationFinding {
  return stamp.health === 'failing'
    ? warn(
        'old-side-diverged',
        stamp.stamp,
        `what ${stamp.stamp} wrote and nobody copied may exist only there; ${kept}`,
        'Read the report of the step "divergence" before anything is deleted',
      )
    : inform(
        'old-side-diverged',
        stamp.stamp,
        `what ${stamp.stamp} wrote and nobody copied may exist only there; ${kept}`,
        'Read the report of the step "divergence"',
      );
}

function whatNext(view: GroupView, stamp: StampObservation): string {
  const { name } = view.group;
  return view.group.mode === 'active-passive'
    ? `${stamp.stamp} stays evacuated: \`stampkit failback ${name}\` brings everything back, \`stampkit settle ${name}\` keeps the new primary`
    : `${stamp.stamp} stays evacuated until \`stampkit readmit ${stamp.stamp}\``;
}
