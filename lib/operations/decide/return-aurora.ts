import type { Writer } from '../facts';
import { type GroupView, stampSpec, templateBounds } from '../group-view';
import type { AuroraObservation, StampObservation } from '../observation';
import type { Step } from '../plan';
import { createGlobalStep, memberSteps } from '../steps/aurora-steps';
import { boundsStep } from '../steps/capacity-steps';
import { adoptSteps } from '../steps/pointer-steps';
import { queueSteps } from '../steps/queue-steps';
import { call, step } from '../steps/step';
import { healthyStep } from '../steps/traffic-steps';
import { assumed } from '../steps/timing';
import type { Decision } from './decision';
import { diverged, divergenceStep, engine, whatNext } from './return-parts';

/** Aurora made the old member a replica again. */
export function rejoin(
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
export function rebuild(
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
  // A rebuild that was begun and not ended is gone on with: a global cluster takes one member per Region.
  const begun = database.global?.members.find(
    (each) => each.region === stamp.region && each.cluster !== old && database.global?.identifier === writer.globalCluster,
  );
  const cluster = begun?.cluster ?? `${names.databaseCluster}-${generation}`;
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

/** The first number that no global cluster of the group has yet. */
function nextGeneration(view: GroupView, database: AuroraObservation): number {
  let generation = 2;
  const taken = (name: string): boolean =>
    database.takenGlobals.includes(name) ||
    Object.values(database.identifiers).some((identifier) => identifier.endsWith(`-${generation}`));
  while (taken(`${view.group.names.globalCluster}-${generation}`)) generation += 1;
  return generation;
}
