import type { CheckTarget, ParsedHealthCheck, ParsedRecord } from '../../assembly/facts/dns';
import type { HealthCheckConfig, ResourceRecordSet } from '../../assembly/route53-types';
import { compareText } from '../../order';
import type { GroupDemand } from '../demand';
import { canonicalName, parentName } from '../dns/names';
import type { FactIndex } from './fact-index';
import type { CheckMeaning, DnsModel, TargetModel } from './types';

/** The records behind a group's name, cut out of the fleet's and renamed, so that groups of one shape get equal models. */
export function dnsModel(demand: GroupDemand, facts: FactIndex): DnsModel {
  return new DnsCut(demand, facts).model();
}

class DnsCut {
  private readonly names = new Map<string, string>();
  private readonly identifiers = new Map<string, string>();
  private readonly checks = new Map<string, string>();
  private readonly targets = new Map<string, string>();
  private readonly addresses = new Map<string, ParsedRecord>();
  private readonly records: (ResourceRecordSet & { readonly hostedZoneId: string })[] = [];

  public constructor(
    private readonly demand: GroupDemand,
    private readonly facts: FactIndex,
  ) {}

  public model(): DnsModel {
    const start = this.start(canonicalName(this.demand.recordName));
    const own = this.facts.recordsNamed(start);
    if (own.length > 0) this.take(start);
    const meanings: Record<string, CheckMeaning> = {};
    const checks = [...this.checks].map(([id, renamed]) => {
      const check = this.facts.check(id);
      meanings[renamed] = check === undefined ? { kind: 'unknown' } : this.meaning(check);
      return { Id: renamed, HealthCheckConfig: this.config(check) };
    });
    const targets = Object.fromEntries([...this.targets].map(([dnsName, renamed]) => [renamed, this.target(dnsName)]));
    const name = this.names.get(start);
    return {
      ...(name !== undefined && { name }),
      zoneName: 'z.',
      records: this.records,
      checks,
      meanings,
      targets,
      policy: policyOf(own),
    };
  }

  /** The name itself, or the wildcard that answers for it. */
  private start(name: string): string {
    if (this.facts.recordsNamed(name).length > 0) return name;
    const parent = parentName(name);
    return parent !== undefined && this.facts.recordsNamed(`*.${parent}`).length > 0 ? `*.${parent}` : name;
  }

  /** Takes the records of a name and everything that they lead to. */
  private take(name: string): string {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const renamed = `n${this.names.size}.z.`;
    this.names.set(name, renamed);
    for (const record of this.sorted(name)) this.records.push(this.renamed(record, renamed));
    return renamed;
  }

  /** In an order that does not depend on names: by the stamps they lead to and what they say. */
  private sorted(name: string): readonly ParsedRecord[] {
    const key = (record: ParsedRecord): string =>
      JSON.stringify([
        record.Type,
        record.Failover,
        record.GeoLocation,
        record.Region,
        record.leadsTo.map((stamp) => this.stampIndex(stamp) ?? -1),
        record.Weight,
      ]);
    return [...this.facts.recordsNamed(name)].sort((a, b) => compareText(key(a), key(b)));
  }

  private renamed(record: ParsedRecord, name: string): ResourceRecordSet & { readonly hostedZoneId: string } {
    const { AliasTarget: alias } = record;
    return {
      hostedZoneId: 'Z',
      Name: name,
      Type: record.Type,
      ...(record.SetIdentifier !== undefined && { SetIdentifier: numbered(this.identifiers, record.SetIdentifier, 'r') }),
      ...(record.Weight !== undefined && { Weight: record.Weight }),
      ...(record.Region !== undefined && { Region: record.Region }),
      ...(record.GeoLocation !== undefined && { GeoLocation: record.GeoLocation }),
      ...(record.GeoProximityLocation !== undefined && { GeoProximityLocation: record.GeoProximityLocation }),
      ...(record.CidrRoutingConfig !== undefined && { CidrRoutingConfig: record.CidrRoutingConfig }),
      ...(record.Failover !== undefined && { Failover: record.Failover }),
      ...(record.MultiValueAnswer !== undefined && { MultiValueAnswer: record.MultiValueAnswer }),
      ...(record.TTL !== undefined && { TTL: record.TTL }),
      ...(record.ResourceRecords !== undefined && {
        ResourceRecords: record.ResourceRecords.map(({ Value }) => ({ Value: this.value(record, Value) })),
      }),
      ...(alias !== undefined && {
        AliasTarget: {
          HostedZoneId: 'Z',
          DNSName: this.value(record, alias.DNSName),
          EvaluateTargetHealth: alias.EvaluateTargetHealth,
        },
      }),
      ...(record.HealthCheckId !== undefined && { HealthCheckId: this.takeCheck(record.HealthCheckId) }),
    };
  }

  /** A name of the zone, a load balancer, or something else under a neutral name. */
  private value(record: ParsedRecord, value: string): string {
    const name = canonicalName(value);
    if (this.facts.recordsNamed(name).length > 0) return this.take(name);
    if (record.AliasTarget === undefined && record.Type !== 'CNAME' && this.facts.loadBalancerOf(value) === undefined) {
      // Addresses are told apart by the record that holds them: nothing else says whose they are.
      return this.address(record, value);
    }
    return numbered(this.targets, value, 't');
  }

  private address(record: ParsedRecord, value: string): string {
    const renamed = numbered(this.targets, `${record.id} ${value}`, 'a');
    this.addresses.set(`${record.id} ${value}`, record);
    return renamed;
  }

  private takeCheck(id: string): string {
    const known = this.checks.get(id);
    if (known !== undefined) return known;
    const renamed = `c${this.checks.size}`;
    this.checks.set(id, renamed);
    for (const child of this.facts.check(id)?.HealthCheckConfig.ChildHealthChecks ?? []) this.takeCheck(child);
    return renamed;
  }

  private config(check: ParsedHealthCheck | undefined): HealthCheckConfig {
    const config = check?.HealthCheckConfig;
    if (config === undefined) return { Type: 'HTTPS' };
    const { Type, RequestInterval, FailureThreshold, Inverted, Disabled, HealthThreshold, ChildHealthChecks, Regions } = config;
    return {
      Type,
      ...(RequestInterval !== undefined && { RequestInterval }),
      ...(FailureThreshold !== undefined && { FailureThreshold }),
      ...(Inverted !== undefined && { Inverted }),
      ...(Disabled !== undefined && { Disabled }),
      ...(HealthThreshold !== undefined && { HealthThreshold }),
      ...(ChildHealthChecks !== undefined && { ChildHealthChecks: ChildHealthChecks.map((id) => this.takeCheck(id)) }),
      ...(Regions !== undefined && { Regions }),
      ...(config.InsufficientDataHealthStatus !== undefined && {
        InsufficientDataHealthStatus: config.InsufficientDataHealthStatus,
      }),
    };
  }

  private meaning({ HealthCheckConfig: config, watches }: ParsedHealthCheck): CheckMeaning {
    if (config.Type === 'CALCULATED') return { kind: 'calculated' };
    switch (watches?.kind) {
      case 'switch':
        return this.switchMeaning(watches);
      case 'load-balancer':
        return this.stampMeaning(watches);
      default:
        return { kind: 'unknown' };
    }
  }

  private switchMeaning(watches: Extract<CheckTarget, { kind: 'switch' }>): CheckMeaning {
    const stamp = watches.stampId === undefined ? undefined : this.stampIndex(watches.stampId);
    return {
      kind: 'switch',
      ...(stamp !== undefined && { stamp }),
      region: watches.region,
      token: watches.token,
      readable: watches.readers === 'all',
    };
  }

  private stampMeaning(watches: Extract<CheckTarget, { kind: 'load-balancer' }>): CheckMeaning {
    const stamp = watches.stampId === undefined ? undefined : this.stampIndex(watches.stampId);
    if (stamp === undefined) return { kind: 'unknown' };
    const group = watches.targetGroupId === undefined ? undefined : this.facts.targetGroup(watches.targetGroupId);
    const functionId = this.facts.stamp(watches.stampId ?? '')?.healthFunctionId;
    return {
      kind: 'stamp',
      stamp,
      deep: functionId !== undefined && group?.targetIds.includes(functionId) === true,
      blocked: watches.filter?.verdict === 'blocked',
    };
  }

  private target(dnsName: string): TargetModel {
    const balancer = this.facts.loadBalancerOf(dnsName);
    if (balancer === undefined) {
      const record = this.addresses.get(dnsName);
      // A record leads to the stamps that it says, or to the one whose stack it is in.
      const own = record?.stampId === undefined ? [] : [record.stampId];
      const stamps = record === undefined ? this.facts.recordsTo(dnsName).flatMap(({ leadsTo }) => leadsTo) : record.leadsTo;
      const [only, ...others] = new Set(stamps.length > 0 ? stamps : own);
      const stamp = only === undefined || others.length > 0 ? undefined : this.stampIndex(only);
      return { ...(stamp !== undefined && { stamp }), targetGroups: [] };
    }
    const stamp = balancer.stampId === undefined ? undefined : this.stampIndex(balancer.stampId);
    return {
      ...(stamp !== undefined && { stamp }),
      targetGroups: balancer.targetGroupIds.map((id) => {
        const group = this.facts.targetGroup(id);
        const registered = (group?.targetIds.length ?? 0) + (group?.otherTargets ?? 0);
        return {
          kind: group === undefined || registered === 0 ? 'empty' : group.targetType === 'lambda' ? 'function' : 'web',
          minimumHealthy: group?.dnsFailover.count ?? 1,
        };
      }),
    };
  }

  private stampIndex(id: string): number | undefined {
    const index = this.demand.members.findIndex(({ stampId }) => stampId === id);
    return index < 0 ? undefined : index;
  }
}

function numbered(known: Map<string, string>, key: string, prefix: string): string {
  const found = known.get(key);
  if (found !== undefined) return found;
  const renamed = `${prefix}${known.size}`;
  known.set(key, renamed);
  return renamed;
}

function policyOf(records: readonly ParsedRecord[]): DnsModel['policy'] {
  const [first] = records;
  if (first === undefined) return 'other';
  if (first.Failover !== undefined) return 'failover';
  if (first.Region !== undefined) return 'latency';
  if (first.Weight !== undefined) return 'weighted';
  if (first.GeoLocation !== undefined) return 'geolocation';
  if (first.SetIdentifier === undefined) return 'simple';
  return 'other';
}
