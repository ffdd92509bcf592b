import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { entryOf } from '../../entry-of';
import { concerns, stampedStacksOf } from './concerned-stacks';
import type { ValueLeaf, ValuePath } from './placeholders';
import { keysOf } from './placeholders';
import type { Shape } from './shape';
import type { StampedStack } from './stamped-stack';
import type { ValueRule } from './value-rules';

/** Characters that mean something to the texts that values are filled into: JSON, and JSON within JSON. */
const UNSAFE = /["\\\p{Cc}⟦⟧⟪⟫]/u;

/** A record of rules, which may stand in records again. */
export interface RuleTree {
  readonly [key: string]: ValueRule | RuleTree;
}

/** A value that breaks its rule, in every stack where it does. */
interface BrokenRule {
  readonly problem: string;
  readonly shapePath: string;
  readonly stacks: string[];
}

/**
 * What the rule packs and the CloudFormation validation cannot see, because they look at a shape once: whether the values of each of its stacks
 * are names, CIDRs, ARNs and numbers that AWS takes, and fit together. Only values that reach the template count.
 */
export class ValueChecks implements IPolicyValidationPlugin {
  public readonly name = 'Stamp values';

  public validate({ appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const broken = new Map<string, BrokenRule>();
    for (const stack of stampedStacksOf(appConstruct)) collect(stack, broken);
    const violations = [...broken].map(([ruleName, { problem, shapePath, stacks }]) => ({
      ruleName,
      description: `${problem}. ${concerns(stacks)}`,
      severity: 'error',
      violatingResources: [{ constructPath: shapePath, locations: [] }],
    }));
    return { success: violations.length === 0, violations };
  }
}

function collect(stack: StampedStack, broken: Map<string, BrokenRule>): void {
  for (const [rule, problem] of problemsOf(stack)) {
    const known = broken.get(rule);
    if (known === undefined) broken.set(rule, { problem, shapePath: stack.shape.stack.node.path, stacks: [stack.stackName] });
    else known.stacks.push(stack.stackName);
  }
}

/** Problems by the rule that is broken. Where values are wrong by themselves, nothing is said of how they fit together. */
export function problemsOf(stack: StampedStack): Map<string, string> {
  const problems = new Map<string, string>();
  for (const { path, rule } of rulesOf(stack.shape)) {
    const value = stack.filling(path);
    const problem = value === undefined ? undefined : problemOf(value, rule);
    if (problem !== undefined) problems.set(keysOf(path).join('.'), problem);
  }
  return problems.size > 0 ? problems : new Map(stack.problems().map(({ code, message }) => [code, message.replace(/\.$/, '')]));
}

interface RuleOfValue {
  readonly path: ValuePath;
  readonly rule: ValueRule | undefined;
}

const RULES = new WeakMap<Shape, readonly RuleOfValue[]>();

/** The rules of the values that reach the template. */
function rulesOf(shape: Shape): readonly RuleOfValue[] {
  const known = RULES.get(shape) ?? shape.text.valuePaths.map((path) => ({ path, rule: ruleOf(shape.rules, path) }));
  RULES.set(shape, known);
  return known;
}

function problemOf(value: ValueLeaf, rule: ValueRule | undefined): string | undefined {
  if (value === '') return 'the value is empty';
  if (typeof value === 'string' && UNSAFE.test(value))
    return `the value ${JSON.stringify(value)} holds quotes, backslashes, control characters or marks`;
  return rule?.(value);
}

/** @returns the rule of a leaf; entries of lists and records have the rule of the whole */
function ruleOf(rules: RuleTree, path: ValuePath): ValueRule | undefined {
  let rule: ValueRule | RuleTree | undefined = rules;
  for (const key of keysOf(path)) {
    if (typeof rule === 'function' || rule === undefined) break;
    rule = entryOf(rule, key);
  }
  return typeof rule === 'function' ? rule : undefined;
}
