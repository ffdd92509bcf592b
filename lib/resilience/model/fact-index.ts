import type { ParsedHealthCheck, ParsedRecord } from '../../assembly/facts/dns';
import type { LoadBalancerFact, TargetGroupFact } from '../../assembly/facts/edge';
import type { ParsedFleet, ParsedStamp } from '../../assembly/parsed-fleet';
import { canonicalName } from '../dns/names';

/** Facts by id and name: built once for a fleet, so that reading a group costs what the group is and not what the fleet is. */
export class FactIndex {
  private readonly byName = new Map<string, ParsedRecord[]>();
  private readonly byTarget = new Map<string, ParsedRecord[]>();
  private readonly checks: ReadonlyMap<string, ParsedHealthCheck>;
  private readonly balancers: ReadonlyMap<string, LoadBalancerFact>;
  private readonly groups: ReadonlyMap<string, TargetGroupFact>;
  private readonly stamps: ReadonlyMap<string, ParsedStamp>;
  private readonly plans = new Map<string, ProtectingPlan[]>();
  private readonly facts = new Map<keyof Facts, ReadonlyMap<string, unknown>>();

  public constructor(public readonly parsed: ParsedFleet) {
    for (const record of parsed.records) {
      push(this.byName, canonicalName(record.Name), record);
      const values = [record.AliasTarget?.DNSName, ...(record.ResourceRecords ?? []).map(({ Value }) => Value)];
      for (const value of values) if (value !== undefined) push(this.byTarget, canonicalName(value), record);
    }
    this.checks = new Map(parsed.healthChecks.map((check) => [check.Id, check]));
    this.balancers = new Map(parsed.loadBalancers.map((balancer) => [canonicalName(balancer.dnsName), balancer]));
    this.groups = byId(parsed.targetGroups);
    this.stamps = byId(parsed.stamps);
    for (const plan of parsed.backupPlans) {
      for (const { databaseId, region } of plan.protects) push(this.plans, databaseId, { plan, region });
    }
  }

  /** By canonical name. */
  public recordsNamed(name: string): readonly ParsedRecord[] {
    return this.byName.get(name) ?? [];
  }

  /** Records whose alias or value is that name. */
  public recordsTo(name: string): readonly ParsedRecord[] {
    return this.byTarget.get(canonicalName(name)) ?? [];
  }

  public check(id: string): ParsedHealthCheck | undefined {
    return this.checks.get(id);
  }

  /** By its DNS name, with or without `dualstack.` before it. */
  public loadBalancerOf(dnsName: string): LoadBalancerFact | undefined {
    const name = canonicalName(dnsName);
    return this.balancers.get(name) ?? this.balancers.get(name.replace(/^dualstack\./, ''));
  }

  public targetGroup(id: string): TargetGroupFact | undefined {
    return this.groups.get(id);
  }

  /** Backup plans that take a database, with the Region of the replica that they take. */
  public plansOf(databaseId: string): readonly ProtectingPlan[] {
    return this.plans.get(databaseId) ?? [];
  }

  public stamp(id: string): ParsedStamp | undefined {
    return this.stamps.get(id);
  }

  /** One fact of a list of {@link ParsedFleet}, by its id. */
  public fact<K extends keyof Facts>(list: K, id: string): Facts[K] | undefined {
    let index = this.facts.get(list);
    if (index === undefined) {
      index = byId<{ readonly id: string }>(this.parsed[list]);
      this.facts.set(list, index);
    }
    return index.get(id) as Facts[K] | undefined;
  }
}

export interface ProtectingPlan {
  readonly plan: ParsedFleet['backupPlans'][number];
  readonly region: string;
}

/** Lists of facts that are looked up by id. */
interface Facts {
  readonly services: ParsedFleet['services'][number];
  readonly databaseClusters: ParsedFleet['databaseClusters'][number];
  readonly databaseInstances: ParsedFleet['databaseInstances'][number];
  readonly globalClusters: ParsedFleet['globalClusters'][number];
  readonly tables: ParsedFleet['tables'][number];
  readonly queues: ParsedFleet['queues'][number];
  readonly backupPlans: ParsedFleet['backupPlans'][number];
  readonly vaults: ParsedFleet['vaults'][number];
  readonly alarms: ParsedFleet['alarms'][number];
  readonly networks: ParsedFleet['networks'][number];
  readonly loadBalancers: ParsedFleet['loadBalancers'][number];
  readonly autoScalingGroups: ParsedFleet['autoScalingGroups'][number];
}

function byId<T extends { readonly id: string }>(facts: readonly T[]): ReadonlyMap<string, T> {
  return new Map(facts.map((fact) => [fact.id, fact]));
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
