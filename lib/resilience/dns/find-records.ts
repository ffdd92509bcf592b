import type { DnsAssumptionName } from './assumptions';
import { isWithin, parentName } from './names';
import type { RecordGroup, Zone, ZoneIndex } from './zone-index';

/** What a name and type lead to before anything is chosen. */
export type Found =
  /** `cname`: the group answers another type than asked for, and its value is the name to ask next. */
  | { readonly kind: 'records'; readonly group: RecordGroup; readonly cname: boolean; readonly wildcard?: string }
  | { readonly kind: 'no-data'; readonly zone: Zone; readonly detail: string; readonly wildcard?: string }
  | { readonly kind: 'name-error'; readonly zone: Zone; readonly detail: string }
  | { readonly kind: 'delegated'; readonly zone: Zone; readonly cut: string; readonly servers: readonly string[] }
  | { readonly kind: 'outside' };

/** The rule by which wildcards and missing names were told apart is RFC 4592; no AWS page spells it out. */
export const WILDCARD_ASSUMPTION: DnsAssumptionName = 'wildcardByRfc';

/** Looks a canonical name up: the zone that holds it, delegations on the way, the name itself, then wildcards. */
export function findRecords({ zones }: ZoneIndex, name: string, type: string): Found {
  const zone = zoneOf(zones, name);
  if (zone === undefined) return { kind: 'outside' };
  const cut = delegation(zone, name, type);
  if (cut !== undefined) {
    const servers =
      zone.names
        .get(cut)
        ?.get('NS')
        ?.records.flatMap(({ set }) => set.ResourceRecords ?? []) ?? [];
    return { kind: 'delegated', zone, cut, servers: servers.map(({ Value }) => Value) };
  }
  const exact = zone.names.get(name);
  if (exact !== undefined) return ofNode(zone, exact, name, type);
  if (zone.nodes.has(name)) {
    return { kind: 'no-data', zone, detail: `${name} holds no records, but names below it do` };
  }
  let encloser = parentName(name);
  while (encloser !== undefined && !zone.nodes.has(encloser)) encloser = parentName(encloser);
  const wildcard = encloser === undefined ? undefined : `*.${encloser}`;
  const types = wildcard === undefined ? undefined : zone.names.get(wildcard);
  if (wildcard === undefined || types === undefined) {
    return { kind: 'name-error', zone, detail: `there is no ${name}${wildcard === undefined ? '' : ` and no ${wildcard}`}` };
  }
  const found = ofNode(zone, types, wildcard, type);
  return found.kind === 'records' || found.kind === 'no-data' ? { ...found, wildcard } : found;
}

/** The zone with the longest name that holds it; among zones without a known name the one that knows most of it. */
function zoneOf(zones: readonly Zone[], name: string): Zone | undefined {
  let best: Zone | undefined;
  let bestLength = -1;
  for (const zone of zones) {
    const length = zone.apex === undefined ? knownPart(zone, name) : isWithin(name, zone.apex) ? zone.apex.length : -1;
    if (length > bestLength) [best, bestLength] = [zone, length];
  }
  return best;
}

function knownPart(zone: Zone, name: string): number {
  for (let node: string | undefined = name; node !== undefined; node = parentName(node)) {
    // A top-level domain that some record ends in says nothing.
    if (zone.nodes.has(node) && node.includes('.')) return node.length;
  }
  return -1;
}

/** The highest name below the apex, at or above the name asked for, that has name servers of its own. */
function delegation(zone: Zone, name: string, type: string): string | undefined {
  let cut: string | undefined;
  for (let node: string | undefined = name; node !== undefined && node !== zone.apex; node = parentName(node)) {
    if (zone.names.get(node)?.has('NS') !== true) continue;
    if (zone.apex === undefined && zone.names.get(node)?.has('SOA') === true) break;
    // The parent itself answers for the delegation's signature.
    if (node === name && type === 'DS') continue;
    cut = node;
  }
  return cut;
}

function ofNode(zone: Zone, types: ReadonlyMap<string, RecordGroup>, name: string, type: string): Found {
  const group = types.get(type);
  if (group !== undefined) return { kind: 'records', group, cname: false };
  const cname = types.get('CNAME');
  if (cname !== undefined) return { kind: 'records', group: cname, cname: true };
  return { kind: 'no-data', zone, detail: `${name} has ${[...types.keys()].sort().join(', ')} records, and no ${type}` };
}
