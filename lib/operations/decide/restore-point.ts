import type { RecoveryPoint, RestorableWindow, RestoreSource } from '../../ports';
import { liveResource } from '../facts';
import { inform, type OperationFinding, refuse, warn } from '../finding-codes';
import { engineOf, type GroupView } from '../group-view';
import type { Observation } from '../observation';
import type { RestoreRequest } from '../request';

export interface ChosenPoint {
  /** AWS Region in which the restore happens. */
  readonly region: string;
  readonly source: RestoreSource;
  /** Milliseconds since 1970 of the data. */
  readonly dataOf: number;
  readonly because: string;
}

/**
 * Which recovery point, and why. A point can only be restored in the Region of its vault (aws-facts 5.3), so only Regions that answer
 * count. A continuous backup hits the second; otherwise the newest completed point before the moment. Among equals the Region that
 * writes today wins: nothing has to be moved afterwards.
 */
export function choosePoint(
  request: RestoreRequest,
  view: GroupView,
  observation: Observation,
  preferred: string | undefined,
):
  | { readonly point: ChosenPoint; readonly findings: readonly OperationFinding[] }
  | { readonly findings: readonly OperationFinding[] } {
  const group = view.group.name;
  const backups = observation.backups ?? { points: [], windows: [] };
  const alive = new Set(observation.stamps.filter((stamp) => stamp.reach !== 'gone').map((stamp) => stamp.region));
  const rank = (region: string): number => (region === preferred ? 0 : 1);
  if (request.recoveryPoint !== undefined) return named(request.recoveryPoint, group, backups.points, alive);
  const { at } = request;
  if (at === undefined) {
    return {
      findings: [
        refuse(
          'no-recovery-point',
          group,
          'neither a time nor a recovery point is given',
          'Give --at TIME or --recovery-point ARN',
        ),
      ],
    };
  }
  const windows = backups.windows
    .filter((window) => alive.has(window.region) && window.from <= at && at <= window.to)
    .sort((a, b) => rank(a.region) - rank(b.region));
  const [window] = windows;
  if (window !== undefined) return { point: fromWindow(window, at), findings: [chosen(group, fromWindow(window, at).because)] };
  // A copy carries the name of what was backed up in the other Region.
  const live = new Set(view.group.stamps.map((stamp) => liveResource(observation.database, stamp.shape.region)));
  const kept = (each: RecoveryPoint): number => (live.has(each.resource) ? 0 : 1);
  const points = backups.points
    .filter((point) => alive.has(point.region) && point.status === 'completed' && point.createdAt <= at)
    .sort((a, b) => kept(a) - kept(b) || b.createdAt - a.createdAt || rank(a.region) - rank(b.region));
  const [point] = points;
  if (point === undefined) {
    const oldest = backups.points.filter((each) => alive.has(each.region)).at(-1);
    const message = `nothing in a Region that answers holds ${group} as of ${iso(at)}`;
    const fix =
      oldest === undefined
        ? 'See what there is: stampkit backups ' + group
        : `The oldest that can be restored is ${iso(oldest.createdAt)}; see stampkit backups ${group}`;
    return { findings: [refuse('no-recovery-point', group, message, fix)] };
  }
  const because = `the newest recovery point before ${iso(at)} in a Region that answers: ${iso(point.createdAt)} in ${point.region}${point.copy ? ' (a copy)' : ''}`;
  const old = kept(point) === 0 ? [] : [otherLineage(group, point)];
  return { point: fromPoint(point, because), findings: [chosen(group, because), ...old] };
}

/** After a rebuild or a cut-over the old data goes on being backed up under its own name. */
function otherLineage(group: string, point: RecoveryPoint): OperationFinding {
  return warn(
    'recovery-point-chosen',
    group,
    `this point was taken of ${point.resource}, which is not what ${group} lives on today: right for a moment before that changed, wrong after it`,
    `Compare the time with the journal (stampkit journal list), or name the point: --recovery-point ARN`,
  );
}

function named(
  arn: string,
  group: string,
  points: readonly RecoveryPoint[],
  alive: ReadonlySet<string>,
): ReturnType<typeof choosePoint> {
  const point = points.find((each) => each.arn === arn);
  if (point === undefined || !alive.has(point.region)) {
    return {
      findings: [
        refuse(
          'no-recovery-point',
          group,
          `no vault of ${group} that answers holds ${arn}`,
          `See what there is: stampkit backups ${group}. A copy in another Region has an ARN of its own`,
        ),
      ],
    };
  }
  if (point.status !== 'completed') {
    return {
      findings: [
        refuse('point-not-restorable', group, `${arn} is ${point.status}`, 'Choose a completed one: stampkit backups ' + group),
      ],
    };
  }
  const because = `asked for: ${iso(point.createdAt)} in ${point.region}${point.copy ? ' (a copy)' : ''}`;
  return { point: fromPoint(point, because), findings: [chosen(group, because)] };
}

function fromPoint(point: RecoveryPoint, because: string): ChosenPoint {
  const source = { kind: 'recovery-point', arn: point.arn, vault: point.vault } as const;
  return { region: point.region, source, dataOf: point.createdAt, because };
}

function fromWindow(window: RestorableWindow, at: number): ChosenPoint {
  return {
    region: window.region,
    source: { kind: 'continuous', resource: window.resource, at },
    dataOf: at,
    because: `the continuous backup in ${window.region} can restore ${iso(at)} to the second`,
  };
}

function chosen(group: string, because: string): OperationFinding {
  return inform('recovery-point-chosen', group, because, 'Nothing to do');
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** `r20261121t101500` or, of a test, `t...`: equal points give equal names, so that a repeated restore finds its own. */
export function restoreId(dataOf: number, test: boolean): string {
  const time = new Date(dataOf).toISOString().replace(/[-:]/g, '').slice(0, 15).toLowerCase();
  return `${test ? 't' : 'r'}${time}`;
}

/** Longest identifier of an Aurora cluster. */
const IDENTIFIER_LENGTH = 63;

/** The name that a restore gives: the live one's with the restore behind it. Tables keep the prefix that policies are written for. */
export function restoredName(view: GroupView, live: string, restore: string): string {
  if (engineOf(view) === 'dynamodb') return `${live}-${restore}`;
  const room = IDENTIFIER_LENGTH - restore.length - 1;
  return `${live.slice(0, room).replace(/-+$/, '')}-${restore}`;
}
