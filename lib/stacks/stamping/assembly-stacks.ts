import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ShapeSynthesizer } from './shape-synthesizer';
import { StampedStack } from './stamped-stack';

/** The stacks that an app's assembly is going to list, in its order: those of shapes are no part of it. */
export function assemblyStacksOf(root: IConstruct): Stack[] {
  return root.node.findAll().filter((construct): construct is Stack => {
    return Stack.isStack(construct) && !(construct.synthesizer instanceof ShapeSynthesizer);
  });
}

/** One of each shape, the first one, and every stack that is made from none. */
export function representsItsShape(stack: Stack): boolean {
  return !(stack instanceof StampedStack) || stack.shape.members[0] === stack;
}
