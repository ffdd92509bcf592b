import type { AutoScalingGroupFact, ServiceFact, TaskFact } from '../facts/services';
import { environmentOf, type Drafts, type ScalableTargetDraft, type ServiceDraft } from '../readers/drafts';
import { definedOf } from '../resource-view';
import { idsOf } from './edge';
import { dangling, grouped, NameIndex, placed, sortedUnique, type LinkContext } from './link-context';
import type { LinkedNetworks } from './zones';

export interface LinkedServices {
  readonly services: readonly ServiceFact[];
  readonly autoScalingGroups: readonly AutoScalingGroupFact[];
}

export function linkServices(drafts: Drafts, { zonesOf }: LinkedNetworks, context: LinkContext): LinkedServices {
  const groupIds = new NameIndex<string>();
  for (const group of drafts.targetGroups) groupIds.add(group.id, group.reference);
  const providers = new CapacityProviders(drafts);
  const autoScalingGroups = linkInstanceGroups(drafts, zonesOf, groupIds, providers, context);
  const zonesOfGroup = new Map(autoScalingGroups.map(({ id, availabilityZones }) => [id, availabilityZones] as const));
  const tasks = new NameIndex<TaskFact>();
  for (const { references, ...task } of drafts.tasks) tasks.add(task, ...references);
  const scaling = new ServiceScaling(drafts);
  const alarms = new Map(drafts.alarms.map(({ id, origin, name }) => [`${environmentOf(origin)} ${name}`, id] as const));

  const services = drafts.services.map((draft): ServiceFact => {
    const { environment, references: _references, subnets, taskDefinition, capacityProviders: _providers, ...fact } = draft;
    const autoScalingGroupIds = providers.groupsOf(draft);
    const { target, policies } = scaling.of(draft);
    const task = tasks.find(taskDefinition);
    if (taskDefinition !== undefined && task === undefined)
      dangling(draft, ['TaskDefinition'], `the task definition ${taskDefinition}`, context);
    const own = zonesOf(subnets);
    const minTasks = target === undefined ? fact.minTasks : target.min;
    const maxTasks = target === undefined ? fact.maxTasks : target.max;
    const { minTasks: _min, maxTasks: _max, ...rest } = fact;
    return placed(
      definedOf({
        ...rest,
        role: fact.targetGroupIds.length > 0 ? ('web' as const) : ('worker' as const),
        minTasks,
        maxTasks,
        scaling: policies,
        // Tasks without subnets of their own are where their instances are.
        availabilityZones: own.length > 0 ? own : sortedUnique(autoScalingGroupIds.flatMap((id) => zonesOfGroup.get(id) ?? [])),
        targetGroupIds: idsOf(fact.targetGroupIds, groupIds),
        autoScalingGroupIds,
        deployment: {
          ...fact.deployment,
          alarms: fact.deployment.alarms.map((name) => alarms.get(`${environment} ${name}`) ?? name),
        },
        task,
      }),
      context,
    );
  });
  return { services, autoScalingGroups };
}

function linkInstanceGroups(
  drafts: Drafts,
  zonesOf: LinkedNetworks['zonesOf'],
  groupIds: NameIndex<string>,
  providers: CapacityProviders,
  context: LinkContext,
): AutoScalingGroupFact[] {
  const launchTemplates = new NameIndex<string>();
  for (const { references, instanceType } of drafts.launchTemplates) {
    if (instanceType !== undefined) launchTemplates.add(instanceType, ...references);
  }
  const policies = grouped(drafts.scalingPolicies, ({ autoScalingGroup }) => autoScalingGroup);
  return drafts.autoScalingGroups.map(({ references, subnets, launchTemplate, ...fact }): AutoScalingGroupFact =>
    placed(
      definedOf({
        ...fact,
        availabilityZones: sortedUnique([...fact.availabilityZones, ...zonesOf(subnets)]),
        targetGroupIds: idsOf(fact.targetGroupIds, groupIds),
        instanceType: launchTemplates.find(launchTemplate),
        capacityProviders: providers.namesFor(fact.id),
        scaling: references.flatMap((reference) => policies.get(reference) ?? []).map(({ policy }) => policy),
      }),
      context,
    ),
  );
}

/** Which Auto Scaling groups carry a service: through its own strategy or its cluster's. */
class CapacityProviders {
  private readonly groupOf = new Map<string, string>();
  private readonly defaults: ReadonlyMap<string, readonly string[]>;

  private readonly names: ReadonlyMap<string, readonly { readonly name: string }[]>;

  public constructor(drafts: Drafts) {
    const groups = new NameIndex<string>();
    for (const group of drafts.autoScalingGroups) groups.add(group.id, ...group.references);
    for (const { environment, name, autoScalingGroup } of drafts.capacityProviders) {
      const group = groups.find(autoScalingGroup);
      if (group !== undefined) this.groupOf.set(`${environment} ${name}`, group);
    }
    this.names = grouped(drafts.capacityProviders, ({ autoScalingGroup }) => groups.find(autoScalingGroup));
    this.defaults = new Map(
      drafts.clusterProviders.map(({ environment, cluster, providers }) => [`${environment} ${cluster}`, providers]),
    );
  }

  public groupsOf({ environment, cluster, capacityProviders, launchType }: ServiceDraft): string[] {
    const standard = launchType === 'FARGATE' ? [] : (this.defaults.get(`${environment} ${cluster ?? 'default'}`) ?? []);
    const used = capacityProviders.length > 0 ? capacityProviders : standard;
    return sortedUnique(used.flatMap((name) => this.groupOf.get(`${environment} ${name}`) ?? []));
  }

  public namesFor(group: string): string[] {
    return sortedUnique((this.names.get(group) ?? []).map(({ name }) => name));
  }
}

/** Scalable targets name a service as `service/<cluster>/<service>`; policies name the target, or the service in the same way. */
class ServiceScaling {
  private readonly targets: ReadonlyMap<string, ScalableTargetDraft>;
  private readonly byTarget: ReadonlyMap<string, Drafts['scalingPolicies']>;
  private readonly byResource: ReadonlyMap<string, Drafts['scalingPolicies']>;

  public constructor(drafts: Drafts) {
    const ofServices = drafts.scalableTargets.filter(({ dimension }) => dimension === 'ecs:service:DesiredCount');
    this.targets = new Map(ofServices.map((target) => [`${target.environment} ${target.resourceId}`, target]));
    this.byTarget = grouped(drafts.scalingPolicies, ({ target }) => target);
    this.byResource = grouped(drafts.scalingPolicies, ({ environment, resourceId }) =>
      resourceId === undefined ? undefined : `${environment} ${resourceId}`,
    );
  }

  public of({ environment, cluster, name }: ServiceDraft): { target?: ScalableTargetDraft; policies: ServiceFact['scaling'] } {
    const key = `${environment} service/${cluster ?? 'default'}/${name}`;
    const target = this.targets.get(key);
    const policies = [
      ...(target === undefined ? [] : (this.byTarget.get(target.reference) ?? [])),
      ...(this.byResource.get(key) ?? []),
    ];
    return { ...(target !== undefined && { target }), policies: policies.map(({ policy }) => policy) };
  }
}
