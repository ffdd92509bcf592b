import type { Failure, Loss } from '../failures/types';
import type { GroupModel, StampModel } from '../model/types';
import type { Orientation } from '../types';

/** What is left of a group at one moment. Stamps are numbers of its model. */
export interface World {
  readonly lost: MergedLoss;
  /** Stamps whose switch says evacuated. */
  readonly evacuated: ReadonlySet<number>;
  /** The stamp whose cluster writes; of an Aurora group only. */
  readonly writer?: number;
  /** `rds.global_db_rpo` was taken off the writer. */
  readonly lagCapLifted?: boolean;
  /** A failover has raised the standby's minimum to what the peak needs. */
  readonly raised?: boolean;
}

type Keys = keyof Loss;
/** Everything that is lost, with stamps as the marks of the model. */
export type MergedLoss = { readonly [K in Keys]-?: ReadonlySet<string> };

const KEYS: readonly Keys[] = [
  'regions',
  'zones',
  'stamps',
  'writers',
  'databases',
  'queues',
  'deployments',
  'falseAlarms',
  'blindChecks',
  'checkers',
  'dependencies',
  'controls',
  'planes',
  'images',
  'secrets',
  'data',
  'accounts',
];

const NOTHING: ReadonlySet<string> = new Set();
const NO_LOSS: MergedLoss = Object.fromEntries(KEYS.map((key) => [key, NOTHING])) as unknown as MergedLoss;

export function mergeLosses(failures: readonly Failure[]): MergedLoss {
  const merged: { [K in Keys]: ReadonlySet<string> } = { ...NO_LOSS };
  for (const { takes } of failures) {
    for (const key of Object.keys(takes) as Keys[]) {
      const more = takes[key] ?? [];
      merged[key] = merged[key].size === 0 ? new Set(more) : new Set([...merged[key], ...more]);
    }
  }
  return merged;
}

/** The world before anything fails, in one of the two orientations. */
export function usualWorld(model: GroupModel, orientation: Orientation): World {
  const primary = model.stamps.findIndex(({ role }) => role === 'primary');
  const standby = model.stamps.findIndex(({ role }) => role === 'standby');
  const preferred = primary >= 0 ? primary : homeOf(model);
  const writer = orientation === 'after' ? standby : preferred;
  return {
    lost: NO_LOSS,
    evacuated: new Set(orientation === 'after' && primary >= 0 ? [primary] : []),
    ...(orientation === 'after' && { raised: true }),
    ...(model.data.kind === 'aurora' && writer >= 0 && { writer }),
  };
}

function homeOf({ data }: GroupModel): number {
  if (data.kind !== 'aurora') return -1;
  return (data.members.find(({ home }) => home) ?? data.members[0])?.stamp ?? -1;
}

/** Orientations that are different for a group. */
export function orientationsOf({ mode }: GroupModel): readonly Orientation[] {
  return mode === 'active-passive' ? ['before', 'after'] : ['before'];
}

export function stampAt(model: GroupModel, index: number): StampModel {
  const stamp = model.stamps[index];
  if (stamp === undefined) throw new RangeError(`no stamp ${index} in a group of ${model.stamps.length}`);
  return stamp;
}
