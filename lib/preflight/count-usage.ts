import type { AssemblyStack } from '../assembly/read-assembly';
import { WITHOUT_QUOTA } from '../facts/types-without-quota';
import { compareText } from '../order';
import { type Counters, StackCount } from './counter';
import { COMPUTE_COUNTERS } from './counters/compute';
import { DATA_COUNTERS } from './counters/data';
import { DNS_COUNTERS } from './counters/dns';
import { IDENTITY_COUNTERS } from './counters/identity';
import { LOAD_BALANCING_COUNTERS } from './counters/load-balancing';
import { MESSAGING_COUNTERS } from './counters/messaging';
import { NETWORK_COUNTERS } from './counters/network';
import { TemplateReader } from './template-reader';
import { Tally, type Usage } from './usage';
import { webAclCapacity } from './web-acl-capacity';

const COUNTERS: Counters = {
  ...NETWORK_COUNTERS,
  ...LOAD_BALANCING_COUNTERS,
  ...COMPUTE_COUNTERS,
  ...DATA_COUNTERS,
  ...IDENTITY_COUNTERS,
  ...MESSAGING_COUNTERS,
  ...DNS_COUNTERS,
};

/** Types that {@link countStack} judges. */
export const COUNTED_TYPES: readonly string[] = Object.keys(COUNTERS).sort(compareText);

/**
 * Counts what one stack needs, per quota, account, Region and resource. Only what its template says: what exists in the account already
 * is not there. Tasks and instances count as many as scaling may make.
 */
export function countStack(stack: AssemblyStack): Usage[] {
  const tally = new Tally();
  const template = new TemplateReader(stack);
  const count = new StackCount(template, tally);
  const { Resources, Outputs, Parameters, Mappings } = stack.template as StackSections;
  count.inRegion('stacks');
  for (const [quota, section] of [
    ['resourcesPerTemplate', Resources],
    ['outputsPerTemplate', Outputs],
    ['parametersPerTemplate', Parameters],
    ['mappingsPerTemplate', Mappings],
  ] as const) {
    const members = Object.keys(section ?? {}).length;
    if (members > 0) count.inResource(quota, stack.stackName, members);
  }
  count.inResource('templateBytes', stack.stackName, stack.templateBytes);
  for (const [logicalId, { Type, Properties = {} }] of Object.entries(stack.template.Resources)) {
    COUNTERS[Type]?.({ logicalId, properties: Properties, template }, count);
  }
  return tally.sorted();
}

/** {@link countStack} of several stacks, added up. */
export function countUsage(stacks: Iterable<AssemblyStack>): Usage[] {
  const tally = new Tally();
  for (const stack of stacks) tally.addAll(countStack(stack));
  return tally.sorted();
}

/** A type of resource that no limit is known for here, or a part of one whose need nobody tells. */
export interface NotJudged {
  readonly type: string;
  readonly count: number;
}

/** How many resources of types that nothing judges: said, so that silence never passes for approval. */
export function countNotJudged(stacks: Iterable<AssemblyStack>): NotJudged[] {
  const counts = new Map<string, number>();
  const add = (type: string): void => void counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const { template } of stacks) {
    for (const { Type, Properties = {} } of Object.values(template.Resources)) {
      if (Type === 'AWS::WAFv2::WebACL')
        for (const part of webAclCapacity(Properties).unknown) add(`${Type}: capacity of ${part}`);
      if (!(Type in COUNTERS || Type in WITHOUT_QUOTA || Type.startsWith('Custom::'))) add(Type);
    }
  }
  return [...counts].sort(([a], [b]) => compareText(a, b)).map(([type, count]) => ({ type, count }));
}

type Section = Readonly<Record<string, unknown>> | undefined;

interface StackSections {
  readonly Resources: Section;
  readonly Outputs?: Section;
  readonly Parameters?: Section;
  readonly Mappings?: Section;
}
