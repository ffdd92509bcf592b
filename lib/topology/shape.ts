import { entryOf } from '../entry-of';
import { deeplySorted } from '../order';
import type { StampShape, StampSpec } from './types';

/**
 * A key that is equal for equal shapes and different for different ones: the shape as JSON with sorted keys. Stamps of one key
 * are synthesized once (design 11).
 */
export function shapeKey(shape: StampShape): string {
  return JSON.stringify(deeplySorted(shape));
}

/** Stamps by their shape, in the order of first appearance. */
export function stampsByShape(stamps: readonly StampSpec[]): Map<string, StampSpec[]> {
  const shapes = new Map<string, StampSpec[]>();
  for (const stamp of stamps) {
    const key = shapeKey(stamp.shape);
    const same = shapes.get(key);
    if (same === undefined) shapes.set(key, [stamp]);
    else same.push(stamp);
  }
  return shapes;
}

/** `structure` decides which resources exist, `value` fills them in, `role` is seen by routing and capacity only. */
export type StampDifferenceKind = 'structure' | 'value' | 'role';

export interface StampDifference {
  readonly kind: StampDifferenceKind;
  /** Where in the shape or the values, outermost key first, with dots: `network.egress`, `privateSubnets.2`. */
  readonly path: string;
  /** What the first stamp has; `undefined` when it has nothing there. */
  readonly a: unknown;
  /** What the second stamp has; `undefined` when it has nothing there. */
  readonly b: unknown;
}

/** What distinguishes two stamps, leaf by leaf: structure first, then role, then values. */
export function diffStamps(a: StampSpec, b: StampSpec): StampDifference[] {
  const structure = leafDifferences(a.shape, b.shape, '').map((leaf) => ({ kind: 'structure' as const, ...leaf }));
  const role = leafDifferences(a.preferredRole, b.preferredRole, 'preferredRole').map((leaf) => ({
    kind: 'role' as const,
    ...leaf,
  }));
  const values = leafDifferences(a.values, b.values, '').map((leaf) => ({ kind: 'value' as const, ...leaf }));
  return [...structure, ...role, ...values];
}

function leafDifferences(a: unknown, b: unknown, path: string): { path: string; a: unknown; b: unknown }[] {
  if (isBranch(a) && isBranch(b) && Array.isArray(a) === Array.isArray(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => leafDifferences(entryOf(a, key), entryOf(b, key), path === '' ? key : `${path}.${key}`));
  }
  return canonicalJson(a) === canonicalJson(b) ? [] : [{ path, a, b }];
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** JSON whose keys are sorted at every level; members that are `undefined` are left out, as JSON does. */
function canonicalJson(value: unknown): string | undefined {
  return JSON.stringify(deeplySorted(value));
}
