import { activeStamp, goneRegions, writerStamp } from '../facts';
import { type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView } from '../group-view';
import type { Observation, RestoreRecord } from '../observation';
import type { PointerValue, Step } from '../plan';
import type { OperationRequest } from '../request';
import { promoteStep } from '../steps/aurora-steps';
import { adoptSteps } from '../steps/pointer-steps';
import { coverStep, deleteStep, noteStep } from '../steps/restore-steps';
import { healthyStep } from '../steps/traffic-steps';
import { type Decision, stop } from './decision';
import { isStrong, sourceTable } from './restore';
import { engine } from './return-parts';

type Cutover = Extract<OperationRequest, { operation: 'cutover' }>;
type Abandon = Extract<OperationRequest, { operation: 'abandon' }>;

/** Swaps the pointers of all stamps to restored data and rolls their services. The old data stays under its name. */
export function decideCutover(request: Cutover, view: GroupView, observation: Observation): Decision {
  const { group } = view;
  const record = observation.restores.find((each) => each.id === request.restore);
  if (record === undefined) return stop(unknownRestore(group.name, request.restore, observation));
  if (record.state === 'cut-over') return stop(refuse('already-there', group.name, `${record.id} is in use`, 'Nothing to do'));
  const findings: OperationFinding[] = [
    warn(
      'data-since-restore-point',
      group.name,
      `what was written after ${new Date(record.dataOf).toISOString()} is not in ${record.id}`,
      'It stays in the old database, under its name; while the services roll, some tasks still write there',
    ),
  ];
  if (record.state !== 'validated') {
    findings.push(
      refuse(
        'restore-not-validated',
        group.name,
        `${record.id} is ${record.state}`,
        'Let the restore come to its end first: stampkit journal list',
      ),
    );
  }
  const gone = goneRegions(observation);
  const members = group.stamps.filter(
    (stamp) => record.resources[stamp.shape.region] !== undefined && !gone.includes(stamp.shape.region),
  );
  const missing = group.stamps.filter((stamp) => !members.includes(stamp));
  const active = activeStamp(view, observation);
  if (missing.some((stamp) => stamp.id === active)) {
    findings.push(
      refuse(
        'target-unreachable',
        active ?? group.name,
        `${record.id} has nothing in the Region that serves users`,
        `Move traffic first (stampkit failover ${group.name}), or restore again now that the Region answers`,
      ),
    );
  }
  const promote = promoteFirst(view, record, active, gone);
  const swaps = members.flatMap((stamp): Step[] => {
    const { region } = stamp.shape;
    const adopt = adoptSteps(
      view,
      stamp,
      valueOf(view, record, region),
      promote.map((each) => each.id),
      liveValue(view, observation, region),
    );
    const healthy = healthyStep(view, stamp.id, 'any', [`roll:${stamp.id}`]);
    if (stamp.shape.backup === undefined) return [...adopt, healthy];
    const resource = record.resources[region] ?? '';
    return [...adopt, healthy, coverStep({ region, engine: record.engine, resource, stamp: stamp.id }, [healthy.id])];
  });
  const { id, engine: kind, dataOf, origin, resources, globalCluster } = record;
  const note = {
    id,
    engine: kind,
    dataOf,
    origin,
    resources,
    ...(globalCluster !== undefined && { globalCluster }),
    state: 'cut-over' as const,
    replaced: replaced(
      observation,
      members.map((stamp) => stamp.shape.region),
    ),
  };
  return {
    kind: 'go',
    variant: kind,
    reasons: [`${id} was validated; writer today: ${writerStamp(view, observation) ?? 'every stamp'}`],
    steps: [
      ...promote,
      ...swaps,
      noteStep(
        view,
        note,
        swaps.filter((each) => each.id.startsWith('healthy:')).map((each) => each.id),
      ),
    ],
    avoid: gone,
    pending: [
      'the restored data is in no stack yet: adopt it with cdk import (docs/destroy-and-adopt.md)',
      ...missing.map((stamp) => `${stamp.id} still points at the old data: ${id} has nothing in ${stamp.shape.region}`),
    ],
    findings,
  };
}

/** The restored writer has to be where users are, before anything points at it. */
function promoteFirst(view: GroupView, record: RestoreRecord, active: string | undefined, gone: readonly string[]): Step[] {
  const stamp = view.group.stamps.find((each) => each.id === active);
  const cluster = stamp === undefined ? undefined : record.resources[stamp.shape.region];
  if (engineOf(view) !== 'aurora' || record.globalCluster === undefined || stamp === undefined || cluster === undefined)
    return [];
  // When that cluster is the writer already, its postcondition holds and nothing is done. Nobody writes to restored data yet: where its
  // writer is gone, a failover loses nothing.
  return [
    promoteStep(
      view,
      gone.includes(record.origin) ? { how: 'failover' } : { how: 'switchover', from: record.origin },
      { stamp: stamp.id, region: stamp.shape.region, cluster, globalCluster: record.globalCluster },
      [],
    ),
  ];
}

function valueOf(view: GroupView, record: RestoreRecord, region: string): PointerValue {
  const resource = record.resources[region] ?? '';
  return record.engine === 'dynamodb'
    ? { to: 'table', table: resource }
    : { to: 'cluster', region, cluster: resource, ...engine(view) };
}

function liveValue(view: GroupView, { database }: Observation, region: string): PointerValue | undefined {
  if (database.engine === 'dynamodb') return { to: 'table', table: database.table };
  const cluster = database.engine === 'aurora' ? database.identifiers[region] : undefined;
  return cluster === undefined ? undefined : { to: 'cluster', region, cluster, ...engine(view) };
}

function replaced({ database }: Observation, regions: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    regions.flatMap((region) => {
      const name =
        database.engine === 'dynamodb' ? database.table : database.engine === 'aurora' ? database.identifiers[region] : undefined;
      return name === undefined ? [] : [[region, name] as const];
    }),
  );
}

/** Removes what a restore made and nothing uses. */
export function decideAbandon(request: Abandon, view: GroupView, observation: Observation): Decision {
  const { group } = view;
  const record = observation.restores.find((each) => each.id === request.restore);
  if (record === undefined) return stop(unknownRestore(group.name, request.restore, observation));
  if (record.state === 'abandoned')
    return stop(refuse('already-there', group.name, `${record.id} is abandoned already`, 'Nothing to do'));
  const findings: OperationFinding[] = [];
  const live = Object.values(
    replaced(
      observation,
      group.stamps.map((stamp) => stamp.shape.region),
    ),
  );
  // Only pointers say what is live, and those of a silent Region say nothing.
  const unread = record.state === 'cut-over' && observation.stamps.some((stamp) => stamp.pointer === undefined);
  if (unread || Object.values(record.resources).some((name) => live.includes(name))) {
    findings.push(
      refuse(
        'restore-in-use',
        group.name,
        `${record.id} is what ${group.name} lives on`,
        'Restore or cut over to something else first: live data is never deleted',
      ),
    );
  }
  const gone = goneRegions(observation);
  if (gone.includes(record.origin)) {
    findings.push(
      refuse(
        'target-unreachable',
        group.name,
        `${record.origin}, where ${record.id} was restored, does not answer`,
        'Wait until it does',
      ),
    );
  }
  const { id, engine: kind, dataOf, resources } = record;
  // Replicas before what they follow.
  const others = Object.entries(record.resources).filter(([region]) => region !== record.origin);
  const origin = record.resources[record.origin];
  const deletions = others
    .filter(([region]) => record.engine === 'aurora' && !gone.includes(region))
    .map(([region, name]) => deleteStep(view, region, record.engine, name, record.id, []));
  const first =
    origin === undefined
      ? []
      : [
          deleteStep(
            view,
            record.origin,
            record.engine,
            origin,
            record.id,
            deletions.map((each) => each.id),
          ),
        ];
  // A strongly consistent table was filled from a restored one, which is still there when the restore was not finished.
  const source = kind === 'dynamodb' && origin !== undefined && isStrong(view) ? [sourceTable(origin)] : [];
  const sources = source.map((name) => deleteStep(view, record.origin, 'dynamodb', name, record.id, []));
  const last = [...deletions, ...first, ...sources].map((each) => each.id);
  return {
    kind: 'go',
    variant: kind,
    reasons: [`${id} is ${record.state} and nothing uses it`],
    steps: [
      ...deletions,
      ...first,
      ...sources,
      noteStep(view, { id, engine: kind, dataOf, origin: record.origin, resources, replaced: {}, state: 'abandoned' }, last),
    ],
    avoid: gone,
    pending: others
      .filter(([region]) => gone.includes(region))
      .map(([region, name]) => `${name} in ${region} is left: the Region does not answer`),
    findings,
  };
}

export function unknownRestore(group: string, id: string, { restores }: Observation): OperationFinding {
  const known = restores.map((each) => each.id).join(', ');
  return refuse(
    'restore-unknown',
    group,
    `${group} has no restore ${id}`,
    known === '' ? `Make one first: stampkit restore ${group} --at TIME` : `Use one of ${known}`,
  );
}
