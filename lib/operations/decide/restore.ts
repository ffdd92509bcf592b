import { goneRegions, writerStamp } from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView, regionOfCode, stampSpec } from '../group-view';
import type { Observation } from '../observation';
import type { RestoreNote, Step } from '../plan';
import type { RestoreRequest } from '../request';
import { createGlobalStep, instancesStep, memberSteps } from '../steps/aurora-steps';
import { copyStep, deleteStep, noteStep, replicaSteps, startStep, strongStep, validateStep } from '../steps/restore-steps';
import type { StampSpec } from '../../topology/types';
import { type Decision, stop } from './decision';
import { type ChosenPoint, choosePoint, restoredName, restoreId } from './restore-point';

/**
 * Restores beside the live data, never over it. Aurora: cluster, instances, a global cluster of its own, replicas. DynamoDB: a table and
 * its replicas; a strongly consistent one is made empty and filled, because a restored table cannot become one (aws-facts 4.2).
 * Nothing uses it before a cut-over.
 */
export function decideRestore(request: RestoreRequest, view: GroupView, observation: Observation): Decision {
  const { group } = view;
  const engine = engineOf(view);
  if (engine === 'none' || group.stamps.every((stamp) => stamp.shape.backup === undefined)) {
    return stop(
      refuse('no-database', group.name, `${group.name} has no database with backups of its own`, 'Nothing can be restored here'),
    );
  }
  const writer = writerStamp(view, observation);
  const preferred = group.stamps.find((stamp) => stamp.id === writer || (writer === undefined && stamp.home))?.shape.region;
  const choice = choosePoint(request, view, observation, preferred);
  if (!('point' in choice)) return stop(...choice.findings);
  const { point } = choice;
  const gone = goneRegions(observation);
  const test = request.test === true;
  const id = freshId(restoreId(point.dataOf, test), observation);
  const findings: OperationFinding[] = [...choice.findings];
  const same = observation.restores.find((each) => each.id === id);
  if (!test && same?.state === 'validated') {
    return stop(
      refuse(
        'already-there',
        group.name,
        `${id} is validated`,
        `Use it (stampkit restore ${group.name} --cutover ${id}) or remove it (--abandon ${id})`,
      ),
    );
  }
  const origin = group.stamps.find((stamp) => stamp.shape.region === point.region);
  if (origin === undefined)
    return stop(
      refuse(
        'no-recovery-point',
        group.name,
        `${group.name} has no stamp in ${point.region}`,
        'Copy the point to a Region of the group first',
      ),
    );
  const others = group.stamps.filter((stamp) => stamp.id !== origin.id && !gone.includes(stamp.shape.region));
  if (engine === 'dynamodb' && isStrong(view) && gone.length > 0 && !test) {
    findings.push(
      refuse(
        'target-unreachable',
        group.name,
        `a strongly consistent table needs all of its Regions, and ${gone.join(', ')} does not answer`,
        'Wait for the Region; a test restore (--test) works meanwhile',
      ),
    );
  }
  const given: Given = { view, observation, request, point, id, origin, others, test };
  return {
    kind: 'go',
    variant: engine === 'aurora' ? 'aurora' : isStrong(view) ? 'dynamodb-strong' : 'dynamodb-eventual',
    reasons: [point.because],
    steps: engine === 'aurora' ? auroraSteps(given) : tableSteps(given),
    avoid: gone,
    pending: [
      ...(test
        ? []
        : [`${id} is restored and not yet adopted: nothing uses it before \`stampkit restore ${group.name} --cutover ${id}\``]),
      ...(test ? [] : gone.map((region) => `${region} has no replica of ${id}: it did not answer`)),
    ],
    findings,
  };
}

interface Given {
  readonly view: GroupView;
  readonly observation: Observation;
  readonly request: RestoreRequest;
  readonly point: ChosenPoint;
  readonly id: string;
  readonly origin: StampSpec;
  readonly others: readonly StampSpec[];
  readonly test: boolean;
}

/** The restored table that fills a strongly consistent one. */
export function sourceTable(target: string): string {
  return `${target}-source`;
}

export function isStrong({ group }: GroupView): boolean {
  return group.database.engine === 'dynamodb' && group.database.consistency === 'strong';
}

/** The cluster in use in a stamp's Region. */
function liveCluster({ view, observation }: Pick<Given, 'view' | 'observation'>, stamp: StampSpec): string {
  const database = observation.database;
  const used = database.engine === 'aurora' ? database.identifiers[stamp.shape.region] : undefined;
  return used ?? stampSpec(view, stamp.id).values.names.databaseCluster;
}

function auroraSteps(given: Given): Step[] {
  const { view, point, id, origin, others, test } = given;
  const region = point.region;
  const live = liveCluster(given, origin);
  const base = origin.values.names.databaseCluster;
  const target = restoredName(view, base, id);
  const globalCluster = restoredName(view, view.group.names.globalCluster, id);
  const replicas = test ? [] : others;
  const note: RestoreNote = {
    id,
    state: 'restoring',
    engine: 'aurora',
    dataOf: point.dataOf,
    origin: region,
    resources: Object.fromEntries([
      [region, target],
      ...replicas.map((stamp) => [stamp.shape.region, restoredName(view, stamp.values.names.databaseCluster, id)] as const),
    ]),
    ...(replicas.length > 0 && { globalCluster }),
    replaced: {},
  };
  const begin = noteStep(view, note, []);
  const start = startStep(view, { region, engine: 'aurora', source: point.source, target, like: live, restore: id }, [begin.id]);
  const instances = instancesStep(view, { region, cluster: target, like: live }, [start.id]);
  const validate = validateStep(view, region, 'aurora', target, [instances.id]);
  if (test) return teardown(view, note, [begin, start, instances, validate], region, target, 'aurora');
  const global = replicas.length > 0 ? [createGlobalStep(region, globalCluster, target, { after: [instances.id] })] : [];
  const members = replicas.flatMap((stamp) => {
    const cluster = restoredName(view, stamp.values.names.databaseCluster, id);
    const like = liveCluster(given, stamp);
    return memberSteps(
      view,
      { region: stamp.shape.region, cluster, like, globalCluster, writerRegion: region, restore: id },
      global.map((each) => each.id),
    );
  });
  const last = [...members.filter((each) => each.id.startsWith('follows:')), validate].map((each) => each.id);
  return [begin, start, instances, validate, ...global, ...members, noteStep(view, { ...note, state: 'validated' }, last)];
}

function tableSteps(given: Given): Step[] {
  const { view, observation, point, id, others, test } = given;
  const region = point.region;
  const live = observation.database.engine === 'dynamodb' ? observation.database.table : view.group.names.table;
  const target = restoredName(view, view.group.names.table, id);
  const peers = test ? [] : others.map((stamp) => stamp.shape.region);
  const filled = isStrong(view) && !test;
  const source = filled ? sourceTable(target) : target;
  const note: RestoreNote = {
    id,
    state: 'restoring',
    engine: 'dynamodb',
    dataOf: point.dataOf,
    origin: region,
    resources: Object.fromEntries([region, ...peers].map((each) => [each, target])),
    replaced: {},
  };
  const begin = noteStep(view, note, []);
  const start = startStep(view, { region, engine: 'dynamodb', source: point.source, target: source, like: live, restore: id }, [
    begin.id,
  ]);
  if (test)
    return teardown(
      view,
      note,
      [begin, start, validateStep(view, region, 'dynamodb', target, [start.id])],
      region,
      target,
      'dynamodb',
    );
  if (!filled) {
    const validate = validateStep(view, region, 'dynamodb', target, [start.id]);
    const replicas = replicaSteps(view, region, target, peers, [start.id]);
    const last = [validate, ...replicas].map((each) => each.id);
    return [begin, start, validate, ...replicas, noteStep(view, { ...note, state: 'validated' }, last)];
  }
  const witness = view.group.database.engine === 'dynamodb' ? view.group.database.witness : undefined;
  const witnessRegion = witness === undefined ? undefined : regionOfCode(view.fleet, witness);
  const made = strongStep(
    view,
    {
      region,
      table: target,
      like: live,
      replicas: peers,
      restore: id,
      ...(witnessRegion !== undefined && { witness: witnessRegion }),
    },
    [begin.id],
  );
  const copy = copyStep(view, region, source, target, [start.id, made.id]);
  const validate = validateStep(view, region, 'dynamodb', target, [copy.id]);
  const done = noteStep(view, { ...note, state: 'validated' }, [validate.id]);
  return [begin, start, made, copy, validate, done, deleteStep(view, region, 'dynamodb', source, id, [done.id])];
}

/**
 * What was abandoned, or is in use, keeps its id, its names and its jobs: AWS would answer a second restore under the same token with the
 * first one. One that is not over is gone on with.
 */
function freshId(base: string, { restores }: Observation): string {
  const over = (id: string): boolean =>
    restores.some((each) => each.id === id && ['abandoned', 'cut-over', 'adopted'].includes(each.state));
  for (let attempt = 1; ; attempt += 1) {
    const id = attempt === 1 ? base : `${base}-${attempt}`;
    if (!over(id)) return id;
  }
}

/** A test takes down what it made, whatever it saw and however far it came; the note keeps that it ran. */
function teardown(
  view: GroupView,
  note: RestoreNote,
  steps: readonly Step[],
  region: string,
  target: string,
  engine: 'aurora' | 'dynamodb',
): Step[] {
  const validate = steps.at(-1);
  const remove = deleteStep(view, region, engine, target, note.id, validate === undefined ? [] : [validate.id]);
  const last = noteStep(view, { ...note, state: 'abandoned' }, [remove.id]);
  return [...steps, { ...remove, cleanup: true }, { ...last, cleanup: true }];
}

/** What `status` says of restores that exist beside the live data, or are the live data and belong to no stack. */
export function notAdopted(group: string, observation: Observation): OperationFinding[] {
  return observation.restores
    .filter((each) => each.state !== 'abandoned' && each.state !== 'adopted')
    .map(({ id, state, resources }) =>
      warn(
        'restore-not-adopted',
        group,
        `${id}: ${state === 'cut-over' ? 'restored and in use' : state}, not yet adopted; no stack holds ${[...new Set(Object.values(resources))].join(', ')}`,
        state === 'cut-over'
          ? `Adopt it with cdk import (docs/destroy-and-adopt.md), then say so: stampkit restore ${group} --adopted ${id}`
          : `Use it (stampkit restore ${group} --cutover ${id}) or remove it (--abandon ${id})`,
      ),
    );
}
