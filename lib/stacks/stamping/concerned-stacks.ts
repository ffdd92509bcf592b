import type { PolicyValidationPluginReport, PolicyViolatingResource, PolicyViolation } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Shape } from './shape';
import { StampedStack } from './stamped-stack';

/** How many stacks a finding names. */
const NAMED = 3;

/** The stacks of an app that are made from shapes. */
export function stampedStacksOf(root: IConstruct): StampedStack[] {
  return root.node.findAll().filter((construct): construct is StampedStack => construct instanceof StampedStack);
}

/** `Concerns 12 stacks: a, b, c and 9 more.`; empty for none. */
export function concerns(stacks: readonly string[]): string {
  if (stacks.length === 0) return '';
  const named = stacks.slice(0, NAMED);
  const more = stacks.length - named.length;
  const list = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
  return `Concerns ${stacks.length === 1 ? '1 stack' : `${stacks.length} stacks`}: ${list}.`;
}

/**
 * A report about constructs, which shapes have once, as one about stacks: a finding in a shape says how many stacks are made from it. Findings
 * outside of shapes stay as they are.
 *
 * @param concerned whether a resource of the finding still counts: somebody may have acknowledged it
 */
export function aboutStacks(
  report: PolicyValidationPluginReport,
  stacks: readonly StampedStack[],
  concerned: (violation: PolicyViolation, resource: PolicyViolatingResource) => boolean = () => true,
): PolicyValidationPluginReport {
  const shapes = new Map<string, Shape>(stacks.map(({ shape }) => [shape.stack.node.path, shape]));
  const shapeOf = ({ constructPath }: PolicyViolatingResource): Shape | undefined =>
    shapes.get((constructPath ?? '').split('/').slice(0, depthOf(shapes)).join('/'));
  const violations = report.violations.flatMap((violation) => {
    const inShapes = violation.violatingResources.filter(
      (resource) => shapeOf(resource) !== undefined && concerned(violation, resource),
    );
    if (inShapes.length === 0) return [violation];
    const others = violation.violatingResources.filter((resource) => !inShapes.includes(resource));
    const members = [...new Set(inShapes.map(shapeOf))].flatMap(
      (shape) => shape?.members.map(({ stackName }) => stackName) ?? [],
    );
    const about = { ...violation, description: `${violation.description} ${concerns(members)}`, violatingResources: inShapes };
    return others.length === 0 ? [about] : [about, { ...violation, violatingResources: others }];
  });
  return { ...report, violations };
}

/** Shapes all stand in one scope: how many ids lead to one. */
function depthOf(shapes: ReadonlyMap<string, Shape>): number {
  const [first = ''] = shapes.keys();
  return first.split('/').length;
}
