import { parseStampId } from '../../topology/names';
import type { Fact } from '../facts/fact';
import type { ParsedFleet, ParsedStamp } from '../parsed-fleet';
import { withoutFinalDot } from '../readers/records-and-checks';
import { grouped, sortedUnique } from './link-context';
import type { Unit } from './stamps';

type Facts = Omit<ParsedFleet, 'stamps' | 'stacks' | 'findings' | 'skipped'>;

/** What is in each stamp, by the stamp that facts were placed in. */
export function describeStamps(units: readonly Unit[], facts: Facts): ParsedStamp[] {
  const targetGroups = byStamp(facts.targetGroups);
  const loadBalancers = byStamp(facts.loadBalancers);
  const services = byStamp(facts.services);
  const instanceGroups = byStamp(facts.autoScalingGroups);
  const pointers = byStamp(facts.pointers);
  const databases = byStamp<Fact>([...facts.databaseClusters, ...facts.databaseInstances, ...facts.tables]);
  const [queues, vaults] = [byStamp(facts.queues), byStamp(facts.vaults)];
  const [plans, networks] = [byStamp(facts.backupPlans), byStamp(facts.networks)];
  const functions = new Set(facts.functions.map(({ id }) => id));
  const namesOf = recordNames(facts);

  return units.map((unit): ParsedStamp => {
    const { id } = unit;
    const healthFunctionId = targetGroups(id)
      .flatMap(({ targetIds }) => targetIds)
      .find((target) => functions.has(target));
    const pointed = pointers(id).flatMap(({ databaseId }) => databaseId ?? []);
    return {
      ...unit,
      ...(unit.generated && parseStampId(id)),
      availabilityZones: sortedUnique(
        [...loadBalancers(id), ...services(id), ...instanceGroups(id)].flatMap(({ availabilityZones }) => availabilityZones),
      ),
      loadBalancerIds: idsOf(loadBalancers(id)),
      targetGroupIds: idsOf(targetGroups(id)),
      webServiceIds: idsOf(services(id).filter(({ role }) => role === 'web')),
      workerServiceIds: idsOf(services(id).filter(({ role }) => role === 'worker')),
      autoScalingGroupIds: idsOf(instanceGroups(id)),
      ...(healthFunctionId !== undefined && { healthFunctionId }),
      databaseIds: sortedUnique([...idsOf(databases(id)), ...pointed]),
      queueIds: idsOf(queues(id)),
      vaultIds: idsOf(vaults(id)),
      backupPlanIds: idsOf(plans(id)),
      pointerIds: idsOf(pointers(id)),
      networkIds: idsOf(networks(id)),
      recordNames: sortedUnique(namesOf.get(id) ?? []),
    };
  });
}

function byStamp<T extends Fact>(facts: readonly T[]): (stamp: string) => readonly T[] {
  const groups = grouped(facts, ({ stampId }) => stampId);
  return (stamp) => groups.get(stamp) ?? [];
}

function idsOf(facts: readonly Fact[]): string[] {
  return facts.map(({ id }) => id).sort();
}

function recordNames({ records }: Facts): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { Name: name, alias, leadsTo } of records) {
    if (alias?.kind !== 'load-balancer') continue;
    for (const stamp of leadsTo) found.set(stamp, [...(found.get(stamp) ?? []), withoutFinalDot(name)]);
  }
  return found;
}
