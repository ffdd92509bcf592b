import type { RestoreSource } from '../../ports';
import type { GroupView } from '../group-view';
import type { RestoreNote, Step } from '../plan';
import { call, step } from './step';
import { assumed } from './timing';

type Engine = 'aurora' | 'dynamodb';

/** Tells the control table what became of a restore. */
export function noteStep(view: GroupView, record: RestoreNote, after: readonly string[]): Step {
  return step({
    id: `note:${record.state}`,
    title: `Note that ${record.id} is ${record.state}`,
    after,
    action: { do: 'record-restore', record },
    ...(record.state !== 'restoring' && { postcondition: [{ is: 'restore-state', restore: record.id, state: record.state }] }),
    calls: view.fleet.control.table.replicaRegions.map((region) => call('dynamodb', region, 'data', true)),
    expected: { typical: 1, pessimistic: 10 },
  });
}

export function startStep(
  view: GroupView,
  given: {
    readonly region: string;
    readonly engine: Engine;
    readonly source: RestoreSource;
    readonly target: string;
    readonly like: string;
    readonly restore: string;
  },
  after: readonly string[],
): Step {
  const { region, engine, target } = given;
  return step({
    id: `restore:${region}`,
    title: `Restore ${target} in ${region}`,
    after,
    action: { do: 'start-restore', ...given },
    postcondition: [{ is: 'restored', region, engine, target }],
    calls: [
      call(
        given.source.kind === 'recovery-point' ? 'backup' : engine === 'aurora' ? 'rds' : 'dynamodb',
        region,
        'regional-control',
      ),
      call(engine === 'aurora' ? 'rds' : 'dynamodb', region, 'regional-control'),
    ],
    expected: assumed(view, engine === 'aurora' ? 'auroraRestore' : 'dynamoDbRestore'),
  });
}

/** The checks of the restore tests and the user's hook; reads only, so that it may be repeated. */
export function validateStep(view: GroupView, region: string, engine: Engine, resource: string, after: readonly string[]): Step {
  return step({
    id: `validate:${region}`,
    title: `Check ${resource}`,
    after,
    action: { do: 'validate', region, engine, resource },
    calls: [call('lambda', region, 'data')],
    expected: assumed(view, 'databaseReconnect'),
    timeout: 3600,
  });
}

/** Replicas one after the other: a table takes one change at a time (aws-facts 4.2). */
export function replicaSteps(
  view: GroupView,
  region: string,
  table: string,
  replicas: readonly string[],
  after: readonly string[],
): Step[] {
  return replicas.map((replica, at) => {
    const before = replicas[at - 1];
    return step({
      id: `replica:${replica}`,
      title: `Give ${table} a replica in ${replica}`,
      after: before === undefined ? after : [`replica:${before}`],
      action: { do: 'add-replica', region, table, replica },
      postcondition: [{ is: 'table', region, table, replicas: [replica] }],
      calls: [call('dynamodb', region, 'regional-control')],
      expected: assumed(view, 'dynamoDbRestore'),
    });
  });
}

export function strongStep(
  view: GroupView,
  given: {
    readonly region: string;
    readonly table: string;
    readonly like: string;
    readonly replicas: readonly string[];
    readonly witness?: string;
    readonly restore: string;
  },
  after: readonly string[],
): Step {
  const { region, table, replicas } = given;
  return step({
    id: `table:${table}`,
    title: `Make the empty strongly consistent table ${table}`,
    after,
    action: { do: 'create-strong', ...given },
    postcondition: [{ is: 'table', region, table, replicas }],
    calls: [call('dynamodb', region, 'regional-control')],
    expected: { typical: 300, pessimistic: assumed(view, 'dynamoDbRestore').pessimistic },
  });
}

export function copyStep(view: GroupView, region: string, from: string, to: string, after: readonly string[]): Step {
  return step({
    id: `copy:${to}`,
    title: `Copy the items of ${from} into ${to}`,
    after,
    action: { do: 'copy-items', region, from, to },
    calls: [call('dynamodb', region, 'data')],
    expected: assumed(view, 'dynamoDbRestore'),
  });
}

/** Restored data that is in use is in no backup plan yet: restores take no such tag, and a restored table no continuous backup. */
export function coverStep(
  given: { readonly region: string; readonly engine: Engine; readonly resource: string; readonly stamp: string },
  after: readonly string[],
): Step {
  const { region, engine, resource, stamp } = given;
  return step({
    id: `cover:${stamp}`,
    title: `Have the backup plan of ${stamp} take ${resource}`,
    after,
    action: { do: 'cover', ...given },
    postcondition: [{ is: 'covered', ...given }],
    onFailure: 'note',
    calls: [call(engine === 'aurora' ? 'rds' : 'dynamodb', region, 'regional-control')],
    expected: { typical: 5, pessimistic: 60 },
    timeout: 600,
  });
}

/** Deletes only what carries the tag of this restore. */
export function deleteStep(
  view: GroupView,
  region: string,
  engine: Engine,
  resource: string,
  restore: string,
  after: readonly string[],
): Step {
  return step({
    id: `delete:${region}:${resource}`,
    title: `Delete ${resource} in ${region}, which ${restore} made`,
    after,
    action: { do: 'delete-restored', region, engine, resource, restore },
    postcondition: [{ is: 'gone', region, engine, resource }],
    calls: [
      call(engine === 'aurora' ? 'rds' : 'dynamodb', region, 'regional-control'),
      call('backup', region, 'regional-control'),
    ],
    expected: assumed(view, 'auroraInRegionRecreate'),
  });
}
