import { valuePath, type ValueLeaf, type ValuePath } from './placeholders';
import { numberToken, textToken } from './tokens';

/** Plain data whose leaves are texts and numbers: what differs from stamp to stamp, or from group to group. */
export type ValueTree = object;

/**
 * The same structure with every leaf replaced by a token, to synthesize a shape without knowing a stamp (design 11). Lists keep their
 * length, and what is `undefined` stays so: how many there are and whether there is one are structure.
 */
export function tokenizeValues<T extends ValueTree>(values: T): T {
  return mapLeaves(values, [], (value, path) => (typeof value === 'number' ? numberToken(path, value) : textToken(path))) as T;
}

/** Values are asked for their leaves by several, and never change. */
const LEAVES = new WeakMap<ValueTree, ReadonlyMap<ValuePath, ValueLeaf>>();
const OUTLINES = new WeakMap<ValueTree, string>();

/** Every leaf by its path. */
export function leavesOf(values: ValueTree): ReadonlyMap<ValuePath, ValueLeaf> {
  const known = LEAVES.get(values);
  if (known !== undefined) return known;
  const leaves = new Map<ValuePath, ValueLeaf>();
  collectLeaves(values, '', leaves);
  LEAVES.set(values, leaves);
  return leaves;
}

/** The structure alone: equal for values that fill the same places. */
export function outlineOf(values: ValueTree): string {
  const known = OUTLINES.get(values);
  if (known !== undefined) return known;
  const places: string[] = [];
  for (const [path, value] of leavesOf(values)) places.push(`${path}:${typeof value}`);
  const outline = places.sort().join('\n');
  OUTLINES.set(values, outline);
  return outline;
}

function collectLeaves(value: unknown, path: ValuePath, leaves: Map<ValuePath, ValueLeaf>): void {
  if (typeof value === 'string' || typeof value === 'number') leaves.set(path, value);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) collectLeaves(item, path === '' ? key : valuePath(path, key), leaves);
}

function mapLeaves(value: unknown, keys: readonly string[], change: (leaf: ValueLeaf, path: ValuePath) => unknown): unknown {
  if (typeof value === 'string' || typeof value === 'number') return change(value, valuePath(...keys));
  if (Array.isArray(value)) return value.map((item, index) => mapLeaves(item, [...keys, String(index)], change));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapLeaves(item, [...keys, key], change)]));
  }
  return value;
}
