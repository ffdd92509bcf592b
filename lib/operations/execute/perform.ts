import { type Bounds, type CapacityBounds, type CapacityReading, isTransient, type PortError, type StampRef } from '../../ports';
import { stampRef, stampSpec, templateBounds } from '../group-view';
import { attempt } from '../observe/bounded';
import type { Action, CapacityFloors } from '../plan';
import type { RunContext } from './context';
import { report } from './context';
import { performDatabase } from './perform-database';
import { recordRestore, writePointer } from './perform-restore';
import { throwSwitch } from './throw-switch';

/** What an action left behind for the report. */
export interface Performed {
  readonly detail?: string;
  readonly data?: unknown;
  /** True when it is done as far as it can be, and `data.pending` says what is left: there is nothing to wait for. */
  readonly partial?: boolean;
  /** False when the data says that the operation must not go on, such as a failed validation. */
  readonly ok?: boolean;
}

/** What an action that works in portions asks before the next one. */
export interface Pace {
  /** Keeps the lease. @throws when the time is over or the operator stops it */
  next(): Promise<void>;
}

/**
 * Does one action. Every action may be repeated: it is only asked for when its postconditions do not hold, and what happened
 * halfway is found by looking.
 *
 * @throws PortError, Fenced, LeaseLost
 */
export async function perform(action: Action, run: RunContext, pace: Pace): Promise<Performed> {
  const { ports, view, hold } = run;
  const refOf = (id: string): StampRef => stampRef(view.group, stampSpec(view, id));
  switch (action.do) {
    case 'wait':
      return {};
    case 'by-hand':
      for (const command of action.commands) report(ports, { level: 'info', code: 'by-hand', message: command });
      return {};
    case 'put-switch':
      return putSwitch(action, run);
    case 'raise-floors': {
      const stamp = refOf(action.stamp);
      const bounds = raised(await ports.capacity.read(stamp), action.floors, templateBounds(stampSpec(view, action.stamp)));
      await ports.capacity.setBounds({ stamp, bounds, guard: hold.guard() });
      return { data: { bounds } };
    }
    case 'set-bounds':
      await ports.capacity.setBounds({ stamp: refOf(action.stamp), bounds: action.bounds, guard: hold.guard() });
      return {};
    case 'roll':
      await ports.capacity.roll({ stamp: refOf(action.stamp), guard: hold.guard() });
      return {};
    case 'redrive':
      await ports.queues.redrive({ stamp: refOf(action.stamp), guard: hold.guard() });
      return {};
    case 'forward-queue':
      return forward(refOf(action.from), refOf(action.to), run, pace);
    case 'report-divergence': {
      const { engine, oldRegion, newRegion, oldResource, newResource } = action;
      const found = await ports.divergences.compare({
        group: view.group.name,
        engine,
        oldRegion,
        newRegion,
        oldResource,
        newResource,
      });
      const count = found.onlyOld === undefined ? 'an unknown number of' : String(found.onlyOld);
      return { detail: `${count} rows or items only the old side has; ${found.method}; kept in ${found.evidence}`, data: found };
    }
    case 'validate': {
      const { region, engine, resource } = action;
      const result = await ports.validations.run({ region, engine, resource, group: view.group.name });
      const failed = result.checks.filter((check) => !check.passed);
      const detail =
        failed.length === 0
          ? `${result.checks.length} ${result.checks.length === 1 ? 'check' : 'checks'} passed`
          : failed.map((check) => `${check.name}: ${check.message}`).join('; ');
      return { ok: result.passed, detail, data: result };
    }
    case 'cover': {
      const { region, engine, resource, stamp } = action;
      await ports.backups.cover({ region, engine, resource, stamp, guard: hold.guard() });
      return {};
    }
    case 'write-pointer':
      return writePointer(action, run);
    case 'record-restore':
      return recordRestore(action.record, run);
    default:
      return performDatabase(action, run, pace);
  }
}

/** Rounds over control Regions that did not answer, and the pause between them in milliseconds. */
const SWITCH_ROUNDS = 3;
const SWITCH_PAUSE_MS = 2_000;

/**
 * Every control Region is told, and asked again when it does not answer. An evacuation holds with one of them, whatever the others say. A
 * readmission that did not reach all is pending: a switch that still says evacuated keeps the stamp out.
 *
 * @throws PortError when none took it, or when the lease is over
 */
async function putSwitch(action: Extract<Action, { do: 'put-switch' }>, run: RunContext): Promise<Performed> {
  let missing = action.controls;
  let asking = action.controls;
  let last: PortError | undefined;
  for (let round = 0; round < SWITCH_ROUNDS && asking.length > 0; round += 1) {
    if (round > 0) await run.ports.clock.sleep(SWITCH_PAUSE_MS);
    const results = await Promise.all(
      asking.map(async (code) => ({
        code,
        wrote: await attempt(() => throwSwitch(run, code, action.stamp, action.state, action.reason)),
      })),
    );
    const failed = results.flatMap(({ code, wrote }) => (wrote.ok ? [] : [{ code, error: wrote.error }]));
    const over = failed.find(({ error }) => error.kind === 'lease-expired');
    if (over !== undefined) throw over.error;
    missing = missing.filter((code) => !results.some((each) => each.code === code && each.wrote.ok));
    // One that is denied is not asked again, and counts against nobody else.
    asking = failed.filter(({ error }) => isTransient(error)).map(({ code }) => code);
    last = failed[0]?.error ?? last;
  }
  if (last === undefined || missing.length === 0) return { detail: `${action.state} in ${action.controls.join(', ')}` };
  if (missing.length === action.controls.length) throw last;
  const what = action.state === 'evacuated' ? 'pending' : 'pending clear';
  const detail = `${what} in ${missing.join(', ')}: ${last.message}`;
  return { detail, data: { pending: missing }, ...(action.state === 'in-service' && { partial: true }) };
}

/**
 * Minimums that are lower than the floors go up. A maximum below the template's goes back to it: workers that were paused have none, and would
 * otherwise never scale beyond the floor.
 */
function raised(reading: CapacityReading, floors: CapacityFloors, template: CapacityBounds): CapacityBounds {
  const of = (live: Bounds | undefined, floor: number | undefined, normal: Bounds | undefined): Bounds | undefined =>
    live === undefined || floor === undefined || live.min >= floor
      ? undefined
      : { min: floor, max: Math.max(live.max, floor, normal?.max ?? 0) };
  const web = of(reading.web, floors.web, template.web);
  const worker = of(reading.worker, floors.worker, template.worker);
  const instances = of(reading.instances, floors.instances, template.instances);
  return { ...(web && { web }), ...(worker && { worker }), ...(instances && { instances }) };
}

/** In portions, so that a lease that is lost in between stops it. */
async function forward(from: StampRef, to: StampRef, { ports, hold }: RunContext, pace: Pace): Promise<Performed> {
  let total = 0;
  for (;;) {
    await pace.next();
    const { moved } = await ports.queues.forward({ from, to, guard: hold.guard() });
    total += moved;
    if (moved === 0) return { detail: `${total} messages moved from ${from.id} to ${to.id}`, data: { moved: total } };
  }
}
