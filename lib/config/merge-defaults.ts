import { entryOf } from '../entry-of';
import { isMapping } from './yaml-source';
import type { PlainMapping } from './yaml-value';

/**
 * The key that says of which kind a part is. A group that says another kind than the defaults means another thing
 * altogether: its part replaces the default one whole.
 */
const KIND_KEYS: Readonly<Record<string, string>> = {
  placement: 'mode',
  'placement.routing': 'policy',
  compute: 'kind',
  database: 'engine',
};
/** Keys of which a part has one at most: the group's own drives the default one out. */
const EXCLUSIVE_KEYS: Readonly<Record<string, readonly string[]>> = { database: ['serverless', 'provisioned'] };

/** Fills a group with defaults: mappings merge key by key, lists and single values of the group replace the default ones. */
export function mergeDefaults(defaults: PlainMapping, group: PlainMapping, at = ''): PlainMapping {
  const merged = Object.assign(Object.create(null) as PlainMapping, inherited(defaults, group, at));
  for (const [key, own] of Object.entries(group)) {
    const base = merged[key];
    merged[key] = isMapping(own) && isMapping(base) ? mergeDefaults(base, own, at === '' ? key : `${at}.${key}`) : own;
  }
  return merged;
}

/** Whether the value at a path of the merged group was written in the group's file, under `defaults:`, or nowhere. */
export function ownerOf(
  defaults: PlainMapping,
  group: PlainMapping,
  path: readonly (string | number)[],
): 'group' | 'defaults' | 'nobody' {
  let own: unknown = group;
  let base: unknown = defaults;
  let at = '';
  for (const key of path) {
    base =
      isMapping(own) && isMapping(base) ? step(inherited(base, own, at), key) : own === undefined ? step(base, key) : undefined;
    own = step(own, key);
    at = at === '' ? String(key) : `${at}.${key}`;
    if (own === undefined && base === undefined) return 'nobody';
  }
  return own !== undefined ? 'group' : 'defaults';
}

/** What of a default part is left beside the group's own part. */
function inherited(base: PlainMapping, own: PlainMapping, at: string): PlainMapping {
  const kindKey = KIND_KEYS[at];
  if (kindKey !== undefined && kindKey in own && kindKey in base && own[kindKey] !== base[kindKey]) return {};
  const exclusive = EXCLUSIVE_KEYS[at]?.filter((key) =>
    Object.keys(own).some((other) => other !== key && EXCLUSIVE_KEYS[at]?.includes(other)),
  );
  if (exclusive === undefined || exclusive.length === 0) return base;
  return Object.fromEntries(Object.entries(base).filter(([key]) => !exclusive.includes(key)));
}

function step(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (!isMapping(value)) return undefined;
  return entryOf(value, String(key));
}
