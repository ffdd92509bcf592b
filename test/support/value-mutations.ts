import { App } from 'aws-cdk-lib';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { keysOf, type ValueLeaf, type ValuePath } from '../../lib/stacks/stamping/placeholders';
import { StampedFleet } from '../../lib/stacks/stamping/stamped-fleet';
import type { StampedStack } from '../../lib/stacks/stamping/stamped-stack';
import { problemsOf } from '../../lib/stacks/stamping/value-checks';
import { leavesOf } from '../../lib/stacks/stamping/value-leaves';
import type { StampSpec } from '../../lib/topology/types';
import { exampleFleet, variantFleet } from './loaded-fleets';

/** A stamp with one value that is another. */
export interface Mutation {
  /** The keys that lead to the value, with dots; entries of lists have the name of the list. */
  readonly leaf: string;
  readonly path: ValuePath;
  readonly value: ValueLeaf;
  readonly stamp: StampSpec;
}

/** Stamps of every engine and compute kind. */
export function stampsOfAllKinds(): StampSpec[] {
  return [exampleFleet(), variantFleet()].flatMap(({ fleet }) => fleet.groups.flatMap(({ stamps }) => stamps));
}

/** Every value of any stamp, changed to what `valuesFor` says; capacity once per compute kind, names of the group once per engine. */
export function mutations(valuesFor: (leaf: string, value: ValueLeaf) => readonly ValueLeaf[]): Mutation[] {
  const seen = new Set<string>();
  return stampsOfAllKinds().flatMap((stamp) =>
    [...leavesOf(stamp.values)].flatMap(([path, value]) => {
      const keys = keysOf(path);
      const leaf = leafName(keys);
      const { compute, database } = stamp.shape;
      const kind = `${leaf} ${leaf.startsWith('capacity') ? compute.kind : leaf.startsWith('groupNames') ? database.engine : ''}`;
      if (seen.has(kind)) return [];
      seen.add(kind);
      return valuesFor(leaf, value).map((other) => ({ leaf, path, value: other, stamp: changed(stamp, keys, other) }));
    }),
  );
}

/** What is wrong with each of them when it is stamped, what the CDK throws included; undefined for one that no template of the stamp holds. */
export function stampedProblems(list: readonly Mutation[]): (string[] | undefined)[] {
  const app = new App({ context: { ...APP_CONTEXT }, analyticsReporting: false, builtinCloudFormationValidation: false });
  const make = new StampedFleet(app, exampleFleet().fleet);
  // What a shape is made from is right: the first of its stacks.
  for (const [index, stamp] of stampsOfAllKinds().entries()) make.stamp(renamed(stamp, `right-${index}`));
  const stacks = list.map(({ leaf, stamp }, index): StampedStack | string => {
    const named = leaf === 'names.stack' ? stamp : renamed(stamp, `stack-${index}`);
    try {
      return make.stamp(named);
    } catch (error) {
      app.node.tryRemoveChild(named.values.names.stack);
      return (error as Error).message;
    }
  });
  app.synth();
  return stacks.map((stack, index) => {
    if (typeof stack === 'string') return [stack];
    if (!stack.shape.text.valuePaths.includes(list[index]!.path)) return undefined;
    return [...problemsOf(stack)].map((rule) => rule.join(': '));
  });
}

/** For stacks that are made in one app. */
export function renamed(stamp: StampSpec, stack: string): StampSpec {
  return { ...stamp, values: { ...stamp.values, names: { ...stamp.values.names, stack } } };
}

export function leafName(keys: readonly string[]): string {
  return keys[0] === 'tags' ? 'tags' : keys.filter((key) => !/^\d+$/.test(key)).join('.');
}

function changed(stamp: StampSpec, keys: readonly string[], value: ValueLeaf): StampSpec {
  return { ...stamp, values: replaced(stamp.values, keys, value) as StampSpec['values'] };
}

function replaced(node: unknown, [key, ...rest]: readonly string[], value: ValueLeaf): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node))
    return node.map((item: unknown, index) => (String(index) === key ? replaced(item, rest, value) : item));
  return { ...(node as object), [key]: replaced((node as Record<string, unknown>)[key], rest, value) };
}
