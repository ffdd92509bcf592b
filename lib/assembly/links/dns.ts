import type { AliasMeaning, ParsedHostedZone, ParsedRecord } from '../facts/dns';
import type { LoadBalancerFact } from '../facts/edge';
import type { Drafts, RecordDraft } from '../readers/drafts';
import { withoutFinalDot } from '../readers/records-and-checks';
import { dangling, grouped, placed, sortedUnique, type LinkContext } from './link-context';

/** Zones and records with what their aliases mean. */
export interface LinkedDns {
  readonly zones: readonly ParsedHostedZone[];
  readonly records: readonly ParsedRecord[];
  /** Load balancers that answers of a name can lead to. */
  readonly loadBalancersBehind: (name: string) => readonly string[];
}

type Zoned = RecordDraft & { readonly hostedZoneId: string; readonly alias?: AliasMeaning };

export function linkDns(drafts: Drafts, loadBalancers: readonly LoadBalancerFact[], context: LinkContext): LinkedDns {
  const zoneIdOf = zoneFinder(drafts);
  const withZones = drafts.records.map((record): Zoned => ({ ...record, hostedZoneId: zoneIdOf(record) }));
  const names = new Set(withZones.map((record) => `${record.hostedZoneId} ${domainName(record.Name)}`));
  const byDnsName = new Map(loadBalancers.map((balancer) => [domainName(balancer.dnsName), balancer.id] as const));
  const checks = new Set(drafts.healthChecks.map(({ id }) => id));

  const records = withZones.map((record): Zoned => {
    if (record.HealthCheckId !== undefined && !checks.has(record.HealthCheckId)) {
      dangling(record, ['HealthCheckId'], `the health check ${record.HealthCheckId}`, context);
    }
    const alias = meaningOf(record, names, byDnsName);
    if (alias?.kind === 'other' && record.AliasTarget?.HostedZoneId === record.hostedZoneId) {
      dangling(record, ['AliasTarget', 'DNSName'], `the record ${record.AliasTarget.DNSName}`, context);
    }
    return alias === undefined ? record : { ...record, alias };
  });

  const behind = loadBalancersBehind(records, byDnsName);
  const stampOfBalancer = new Map(loadBalancers.map(({ id, origin }) => [id, context.stampOf(origin.stack)] as const));
  const stampsBehind = (name: string): string[] => sortedUnique(behind(name).flatMap((id) => stampOfBalancer.get(id) ?? []));
  return {
    zones: zonesOf(drafts, withZones),
    records: records.map((record) => {
      const { zone: _zone, ...rest } = record;
      return placed({ ...rest, leadsTo: stampsOf(record, stampsBehind, stampOfBalancer) }, context);
    }),
    loadBalancersBehind: behind,
  };
}

/** Lower case, without a final dot and without the prefix that asks a load balancer for both address families. */
export function domainName(name: string): string {
  const plain = withoutFinalDot(name).toLowerCase();
  return plain.startsWith('dualstack.') ? plain.slice('dualstack.'.length) : plain;
}

/** Ids as they are; names by the zone that the assembly makes for them, else a symbol. */
function zoneFinder(drafts: Drafts): (record: RecordDraft) => string {
  const byName = new Map(drafts.zones.map((zone) => [`${zone.account} ${zone.name ?? ''}`, zone.hostedZoneId] as const));
  return ({ zone, origin }) => {
    if (zone === undefined) return '';
    if ('id' in zone) return zone.id;
    return byName.get(`${origin.account} ${zone.name}`) ?? `[zone.${zone.name}]`;
  };
}

function zonesOf(drafts: Drafts, records: readonly Zoned[]): ParsedHostedZone[] {
  const zones = new Map<string, ParsedHostedZone>(drafts.zones.map((zone) => [zone.hostedZoneId, zone]));
  for (const { hostedZoneId, zone, origin } of records) {
    if (zones.has(hostedZoneId)) continue;
    const name = zone !== undefined && 'name' in zone ? { name: zone.name } : {};
    zones.set(hostedZoneId, { hostedZoneId, ...name, account: origin.account, privateZone: false });
  }
  return [...zones.values()].sort((a, b) => (a.hostedZoneId < b.hostedZoneId ? -1 : 1));
}

function meaningOf(
  { AliasTarget: target, hostedZoneId }: Zoned,
  names: ReadonlySet<string>,
  byDnsName: ReadonlyMap<string, string>,
): AliasMeaning | undefined {
  if (target === undefined) return undefined;
  const loadBalancerId = byDnsName.get(domainName(target.DNSName));
  if (loadBalancerId !== undefined) return { kind: 'load-balancer', loadBalancerId };
  const name = withoutFinalDot(target.DNSName).toLowerCase();
  return names.has(`${hostedZoneId} ${name}`) ? { kind: 'records', name } : { kind: 'other' };
}

/** Follows aliases, CNAMEs and plain names of load balancers; each name is walked once. */
function loadBalancersBehind(
  records: readonly Zoned[],
  byDnsName: ReadonlyMap<string, string>,
): (name: string) => readonly string[] {
  const byName = grouped(records, (record) => withoutFinalDot(record.Name).toLowerCase());
  const known = new Map<string, readonly string[]>();
  const walk = (name: string): readonly string[] => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // A circle of aliases leads nowhere.
    known.set(name, []);
    const found = sortedUnique((byName.get(name) ?? []).flatMap((record) => targetsOf(record).flatMap(ofTarget)));
    known.set(name, found);
    return found;
  };
  const ofTarget = (target: string): readonly string[] => {
    const direct = byDnsName.get(domainName(target));
    return direct === undefined ? walk(withoutFinalDot(target).toLowerCase()) : [direct];
  };
  return ofTarget;
}

function targetsOf({ AliasTarget: target, Type: type, ResourceRecords: values = [] }: Zoned): string[] {
  if (target !== undefined) return [target.DNSName];
  return type === 'CNAME' ? values.map(({ Value }) => Value) : [];
}

function stampsOf(
  record: Zoned,
  stampsBehind: (name: string) => readonly string[],
  stampOfBalancer: ReadonlyMap<string, string | undefined>,
): readonly string[] {
  if (record.alias?.kind === 'load-balancer') return [stampOfBalancer.get(record.alias.loadBalancerId) ?? []].flat();
  return sortedUnique(targetsOf(record).flatMap(stampsBehind));
}
