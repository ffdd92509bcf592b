import type { Writer } from '../facts';
import { inform, type OperationFinding, warn } from '../finding-codes';
import type { GroupView } from '../group-view';
import type { StampObservation } from '../observation';
import type { Step } from '../plan';
import { call, step } from '../steps/step';

/** Reads both sides and keeps what only the old one has in the journal. Evidence: nothing waits for it. */
export function divergenceStep(
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

/** Engine and database name, as a pointer's document has them. */
export function engine(view: GroupView): { readonly engine: string; readonly databaseName: string } {
  const database = view.group.database;
  return { engine: database.engine, databaseName: 'name' in database ? database.name : '' };
}

export function diverged(stamp: StampObservation, kept: string): OperationFinding {
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

export function whatNext(view: GroupView, stamp: StampObservation): string {
  const { name } = view.group;
  return view.group.mode === 'active-passive'
    ? `${stamp.stamp} stays evacuated: \`stampkit failback ${name}\` brings everything back, \`stampkit settle ${name}\` keeps the new primary`
    : `${stamp.stamp} stays evacuated until \`stampkit readmit ${stamp.stamp}\``;
}
