import type { ListenerFact, ListenerRuleFact, LoadBalancerFact, TargetGroupFact, WebAclFact } from '../facts/edge';
import type { Drafts } from '../readers/drafts';
import { dangling, grouped, NameIndex, placed, sortedUnique, type LinkContext } from './link-context';
import type { LinkedNetworks } from './zones';

export interface LinkedEdge {
  readonly loadBalancers: readonly LoadBalancerFact[];
  readonly targetGroups: readonly TargetGroupFact[];
  readonly webAcls: readonly WebAclFact[];
}

/** Who registers targets in a target group, by the name the template has for it. */
export type Registrations = ReadonlyMap<string, readonly string[]>;

export function linkEdge(
  drafts: Drafts,
  { zonesOf }: LinkedNetworks,
  registrations: Registrations,
  context: LinkContext,
): LinkedEdge {
  const groupIds = new NameIndex<string>();
  for (const group of drafts.targetGroups) groupIds.add(group.id, group.reference);
  const aclOfResource = new Map(drafts.webAclAssociations.map(({ webAcl, resource }) => [resource, webAcl] as const));
  const aclIds = new Map(drafts.webAcls.map(({ arn, id }) => [arn, id] as const));
  const rulesOf = grouped(drafts.listenerRules, ({ listener }) => listener);
  const listenersOf = grouped(drafts.listeners, ({ loadBalancer }) => loadBalancer);

  const loadBalancers = drafts.loadBalancers.map(({ reference, subnets, ...fact }): LoadBalancerFact => {
    const listeners = (listenersOf.get(reference) ?? []).map((listener): ListenerFact => {
      const { reference: listenerReference, loadBalancer: _loadBalancer, rules, ...own } = listener;
      const extra = (rulesOf.get(listenerReference) ?? []).map(({ listener: _listener, ...rule }): ListenerRuleFact => rule);
      extra.sort((a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity));
      return {
        ...own,
        rules: [...extra, ...rules].map((rule) => ({ ...rule, targetGroupIds: idsOf(rule.targetGroupIds, groupIds) })),
      };
    });
    listeners.sort((a, b) => (a.port ?? 0) - (b.port ?? 0));
    const webAclId = aclIds.get(aclOfResource.get(reference) ?? '');
    const linked: LoadBalancerFact = {
      ...fact,
      availabilityZones: sortedUnique([...fact.availabilityZones, ...zonesOf(subnets)]),
      listeners,
      targetGroupIds: sortedUnique(listeners.flatMap(({ rules }) => rules.flatMap(({ targetGroupIds }) => targetGroupIds))),
      ...(webAclId !== undefined && { webAclId }),
    };
    return placed(linked, context);
  });

  const balancersOfGroup = grouped(
    loadBalancers.flatMap(({ id, targetGroupIds }) => targetGroupIds.map((group) => ({ id, group }))),
    ({ group }) => group,
  );
  const balancersOfAcl = grouped(loadBalancers, ({ webAclId }) => webAclId);
  const functions = functionIds(drafts);
  return {
    loadBalancers,
    targetGroups: drafts.targetGroups.map(({ reference, fixedTargets, ...fact }): TargetGroupFact => {
      const known = fixedTargets.flatMap((target) => functions.find(target) ?? []);
      return placed(
        {
          ...fact,
          loadBalancerIds: sortedUnique((balancersOfGroup.get(fact.id) ?? []).map(({ id }) => id)),
          targetIds: sortedUnique([...known, ...(registrations.get(reference) ?? [])]),
          otherTargets: fixedTargets.length - known.length,
        },
        context,
      );
    }),
    webAcls: drafts.webAcls.map(({ arn: _arn, statements: _statements, ...fact }): WebAclFact =>
      placed({ ...fact, loadBalancerIds: (balancersOfAcl.get(fact.id) ?? []).map(({ id }) => id).sort() }, context),
    ),
  };
}

/** Services and groups of instances by the target groups they register in; what is registered nowhere known is said. */
export function registrationsOf(drafts: Drafts, context: LinkContext): Registrations {
  const known = new Set(drafts.targetGroups.map(({ reference }) => reference));
  const found = new Map<string, string[]>();
  for (const fact of [...drafts.services, ...drafts.autoScalingGroups]) {
    for (const group of fact.targetGroupIds) {
      if (!known.has(group)) dangling(fact, ['TargetGroupArn'], `the target group ${group}`, context);
      found.set(group, [...(found.get(group) ?? []), fact.id]);
    }
  }
  return found;
}

/** Functions by ARN; a version or alias is the function's ARN with a qualifier. */
function functionIds(drafts: Drafts): { find(arn: string): string | undefined } {
  const byArn = new Map(drafts.functions.map(({ arn, id }) => [arn, id] as const));
  return { find: (arn) => byArn.get(arn) ?? byArn.get(arn.split(':').slice(0, 7).join(':')) };
}

export function idsOf(references: readonly string[], ids: NameIndex<string>): string[] {
  return references.flatMap((reference) => ids.find(reference) ?? []);
}
