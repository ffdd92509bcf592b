import type { GroupModel } from '../model/types';
import type { FeltFailure } from './enumerate';
import type { FailureKind, FailureSet } from './types';

export interface PairsToJudge {
  readonly pairs: readonly JudgedPair[];
  readonly all: number;
  readonly contained: number;
  readonly symmetric: number;
}

export interface JudgedPair extends FailureSet {
  readonly parts: readonly [FeltFailure, FeltFailure];
  /** Class of the pair: what symmetric ones have in common. */
  readonly symmetry: string;
}

/** The id of two failures at once. */
export function pairId(a: string, b: string): string {
  return [a, b].sort().join('+');
}

export function pairSymmetry(a: FeltFailure, b: FeltFailure): string {
  return pairId(a.symmetry, b.symmetry);
}

/** Pairs of a group's failures that can be worse than their parts, one of each kind. */
export function pairsToJudge(model: GroupModel, failures: readonly FeltFailure[]): PairsToJudge {
  const pairs = new Map<string, JudgedPair>();
  let all = 0;
  let contained = 0;
  let symmetric = 0;
  for (const [index, a] of failures.entries()) {
    for (const b of failures.slice(index + 1)) {
      all += 1;
      if (!combine(model, a, b)) {
        contained += 1;
        continue;
      }
      const symmetry = pairSymmetry(a, b);
      if (pairs.has(symmetry)) symmetric += 1;
      else pairs.set(symmetry, { id: pairId(a.id, b.id), parts: [a, b], symmetry });
    }
  }
  return { pairs: [...pairs.values()], all, contained, symmetric };
}

/** Whether two failures together can do more than the worse of them. */
export function combine(model: GroupModel, a: FeltFailure, b: FeltFailure): boolean {
  if (!a.combines || !b.combines) return false;
  // What is restored does not depend on what else is out of order, but for the Region that holds the backups.
  if (a.kind === 'data' || b.kind === 'data') return a.kind === 'region' || b.kind === 'region';
  if (apart(a.kind, b.kind) || apart(b.kind, a.kind)) return false;
  if (unseen(model, a, b) || unseen(model, b, a)) return false;
  return !contains(model, a, b) && !contains(model, b, a);
}

/**
 * Kinds whose losses meet nowhere: switches matter to traffic that has to be moved, registries and secrets to tasks that have to
 * start.
 */
const APART: Readonly<Partial<Record<FailureKind, readonly FailureKind[]>>> = {
  control: ['az', 'writer', 'deployment', 'image', 'secret', 'plane'],
  image: ['image', 'secret', 'plane', 'checkers', 'writer', 'dependency'],
  secret: ['secret', 'plane', 'checkers', 'writer', 'dependency'],
  writer: ['checkers', 'dependency'],
};

function apart(a: FailureKind, b: FailureKind): boolean {
  return APART[a]?.includes(b) ?? false;
}

/** A check that passes whatever happens matters only when something happens to its stamp. */
function unseen(model: GroupModel, check: FeltFailure, other: FeltFailure): boolean {
  const [mark] = check.takes.blindChecks ?? [];
  if (mark === undefined) return false;
  const { regions = [], zones = [], dependencies = [], stamps = [], databases = [], blindChecks = [] } = other.takes;
  if (dependencies.length > 0 || [...stamps, ...databases].includes(mark)) return false;
  const stamp = model.stamps[indexOf(mark)];
  const hit =
    regions.includes(stamp?.region ?? '') || zones.some((zone) => stamp?.zones.length === 1 && stamp.zones[0]?.zone === zone);
  return !hit || blindChecks.length > 0;
}

/** Whether the loss of a Region or a stamp takes the other failure's object along. */
function contains(model: GroupModel, outer: FeltFailure, inner: FeltFailure): boolean {
  const { regions = [], stamps = [], databases = [] } = outer.takes;
  const takes = inner.takes;
  if (regions.length > 0) {
    const lost = (region: string | undefined): boolean => region !== undefined && regions.includes(region);
    if (some(takes.zones, (zone) => regions.some((region) => zone.startsWith(region)))) return true;
    if ([...(takes.controls ?? []), ...(takes.images ?? []), ...(takes.secrets ?? [])].some((region) => lost(region)))
      return true;
    const marks = [...ownStamps(inner), ...(takes.deployments ?? []), ...(takes.blindChecks ?? []), ...(takes.falseAlarms ?? [])];
    return inner.kind !== 'check' && marks.length > 0 && marks.every((mark) => lost(model.stamps[indexOf(mark)]?.region));
  }
  if (stamps.length > 0) {
    const marks = [...(takes.databases ?? []), ...(takes.deployments ?? [])];
    return model.data.kind === 'aurora' ? isSubset(marks, stamps) : isSubset(takes.deployments ?? [], stamps);
  }
  return databases.length > 0 && isSubset(takes.writers ?? [], databases);
}

function ownStamps({ takes }: FeltFailure): readonly string[] {
  return [...(takes.stamps ?? []), ...(takes.databases ?? []), ...(takes.queues ?? [])];
}

function isSubset(inner: readonly string[], outer: readonly string[]): boolean {
  return inner.length > 0 && inner.every((item) => outer.includes(item));
}

function some<T>(items: readonly T[] | undefined, test: (item: T) => boolean): boolean {
  return items?.some(test) ?? false;
}

function indexOf(mark: string): number {
  return Number(/\d+/.exec(mark)?.[0] ?? -1);
}
