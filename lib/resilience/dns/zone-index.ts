import type { HealthCheck, HealthCheckConfig, ResourceRecordSet } from '../../assembly/route53-types';
import { compareText } from '../../order';
import { type TargetService, targetService } from './alias-target';
import { canonicalName, isWithin, parentName } from './names';

/** How the records of one name and type are chosen from. `mixed` is what Route 53 refuses. */
export type RoutingPolicyName =
  'simple' | 'failover' | 'weighted' | 'latency' | 'geolocation' | 'geoproximity' | 'ip-based' | 'multivalue' | 'mixed';

/** What an alias leads to. */
export type AliasEnd =
  | { readonly kind: 'records'; readonly group: RecordGroup }
  | { readonly kind: 'resource'; readonly dnsName: string; readonly service: TargetService }
  /** A name of the zone that has no record of that type, which Route 53 refuses (aws-facts 16). */
  | { readonly kind: 'missing'; readonly dnsName: string };

/** A record set that can be answered. */
export interface IndexedRecord {
  readonly set: ResourceRecordSet;
  readonly group: RecordGroup;
  /** Its identifier; of a simple record its name. */
  readonly label: string;
  /** Undefined for records that hold values. */
  readonly alias?: AliasEnd;
}

/** All records of one name and type in one zone: what Route 53 chooses from. */
export interface RecordGroup {
  readonly zone: Zone;
  /** Canonical. */
  readonly name: string;
  readonly type: string;
  readonly policy: RoutingPolicyName;
  /** By identifier. */
  readonly records: readonly IndexedRecord[];
  /** Whether its aliases lead back to it. */
  readonly looping: boolean;
}

export interface Zone {
  /** Id that its records gave; empty when they gave none. */
  readonly id: string;
  /** Canonical; undefined while nothing says it. */
  readonly apex?: string;
  /** By canonical name, then type. */
  readonly names: ReadonlyMap<string, ReadonlyMap<string, RecordGroup>>;
  /** Names that exist: those with records and those above them. */
  readonly nodes: ReadonlySet<string>;
}

/** A record set with the zone it is in; records of one zone need none. */
export type ZoneRecord = ResourceRecordSet & { readonly hostedZoneId?: string };

export interface ZoneInput {
  readonly records: readonly ZoneRecord[];
  readonly checks: readonly HealthCheck[];
  /** Names of the zones, by hosted zone id. Default: the names of their SOA records. */
  readonly zones?: readonly { readonly hostedZoneId: string; readonly name: string }[];
  /** What alias targets are, by DNS name, where the name itself does not tell. */
  readonly services?: Readonly<Record<string, TargetService>>;
  /** What to call checks, by id, such as their `Name` tags. Default: what they look at. */
  readonly checkNames?: Readonly<Record<string, string>>;
}

/** Records and checks, read once for any number of questions. */
export interface ZoneIndex {
  readonly zones: readonly Zone[];
  readonly checks: ReadonlyMap<string, HealthCheckConfig>;
  readonly checkNames: ReadonlyMap<string, string>;
}

/** Builds the index. Says nothing about what is wrong with the records: see zone-problems.ts. */
export function indexZone({ records, checks, zones, services, checkNames }: ZoneInput): ZoneIndex {
  const byZone = new Map<string, ZoneRecord[]>();
  for (const record of records) {
    const id = record.hostedZoneId ?? '';
    const known = byZone.get(id);
    if (known === undefined) byZone.set(id, [record]);
    else known.push(record);
  }
  const given = new Map(zones?.map(({ hostedZoneId, name }) => [hostedZoneId, canonicalName(name)]));
  const kinds = new Map(Object.entries(services ?? {}).map(([name, service]) => [canonicalName(name), service]));
  return {
    zones: [...byZone]
      .sort(([a], [b]) => compareText(a, b))
      .map(([id, members]) =>
        buildZone(
          id,
          given.get(id) ?? (given.size === 1 && byZone.size === 1 ? [...given.values()][0] : undefined),
          members,
          kinds,
        ),
      ),
    checks: new Map(checks.map(({ Id, HealthCheckConfig: config }) => [Id, config])),
    checkNames: new Map(Object.entries(checkNames ?? {})),
  };
}

/** Fields that are read-only to everybody else are filled in here, because records, groups and zones refer to each other. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

function buildZone(
  id: string,
  givenApex: string | undefined,
  members: readonly ZoneRecord[],
  kinds: ReadonlyMap<string, TargetService>,
): Zone {
  const apex = givenApex ?? apexOf(members);
  const names = new Map<string, Map<string, RecordGroup>>();
  const zone: Zone = { id, ...(apex !== undefined && { apex }), names, nodes: new Set<string>() };
  const sets = new Map<RecordGroup, ZoneRecord[]>();
  for (const set of members) {
    const name = canonicalName(set.Name);
    const types = names.get(name) ?? new Map<string, RecordGroup>();
    names.set(name, types);
    let group = types.get(set.Type);
    if (group === undefined) {
      group = { zone, name, type: set.Type, policy: 'simple', records: [], looping: false };
      types.set(set.Type, group);
    }
    const own = sets.get(group);
    if (own === undefined) sets.set(group, [set]);
    else own.push(set);
  }
  for (const [group, own] of sets) {
    const writable = group as Writable<RecordGroup>;
    writable.policy = policyOf(own);
    writable.records = own
      .map((set): IndexedRecord => {
        const alias = aliasEnd(set, zone, kinds);
        return { set, group, label: set.SetIdentifier ?? group.name, ...(alias !== undefined && { alias }) };
      })
      .sort((a, b) => compareText(a.label, b.label) || compareText(JSON.stringify(a.set), JSON.stringify(b.set)));
  }
  for (const group of sets.keys()) (group as Writable<RecordGroup>).looping = leadsBack(group);
  const nodes = zone.nodes as Set<string>;
  for (const name of names.keys()) {
    for (let node: string | undefined = name; node !== undefined && !nodes.has(node); node = parentName(node)) nodes.add(node);
  }
  return zone;
}

function apexOf(members: readonly ZoneRecord[]): string | undefined {
  const soa = members.find(({ Type }) => Type === 'SOA');
  return soa === undefined ? undefined : canonicalName(soa.Name);
}

function aliasEnd(
  { AliasTarget, Type }: ZoneRecord,
  zone: Zone,
  kinds: ReadonlyMap<string, TargetService>,
): AliasEnd | undefined {
  if (AliasTarget === undefined) return undefined;
  const dnsName = canonicalName(AliasTarget.DNSName);
  const group = zone.names.get(dnsName)?.get(Type);
  if (group !== undefined) return { kind: 'records', group };
  const service = kinds.get(dnsName) ?? targetService(dnsName);
  const inZone = zone.names.has(dnsName) || (zone.apex !== undefined && isWithin(dnsName, zone.apex));
  if (service === 'unknown' && inZone) return { kind: 'missing', dnsName };
  return { kind: 'resource', dnsName, service };
}

function policyOf(sets: readonly ResourceRecordSet[]): RoutingPolicyName {
  const [first, ...rest] = sets.map(policyOfSet);
  if (first === undefined) return 'simple';
  return rest.every((policy) => policy === first) ? first : 'mixed';
}

function policyOfSet(set: ResourceRecordSet): RoutingPolicyName {
  if (set.Failover !== undefined) return 'failover';
  if (set.Weight !== undefined) return 'weighted';
  if (set.Region !== undefined) return 'latency';
  if (set.GeoLocation !== undefined) return 'geolocation';
  if (set.GeoProximityLocation !== undefined) return 'geoproximity';
  if (set.CidrRoutingConfig !== undefined) return 'ip-based';
  return set.MultiValueAnswer === true ? 'multivalue' : 'simple';
}

/** Whether a group is reached again through the aliases of its records. */
function leadsBack(start: RecordGroup): boolean {
  const seen = new Set<RecordGroup>();
  const open = [start];
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    for (const { alias } of group.records) {
      if (alias?.kind !== 'records') continue;
      if (alias.group === start) return true;
      if (seen.has(alias.group)) continue;
      seen.add(alias.group);
      open.push(alias.group);
    }
  }
  return false;
}
