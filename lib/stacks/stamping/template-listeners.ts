import type { IConstruct } from 'constructs';
import type { StampedStack } from './stamped-stack';

/** Told of a stamped stack as soon as its template is in a file. */
export type TemplateListener = (stack: StampedStack) => void;

const listeners = new WeakMap<IConstruct, TemplateListener[]>();

/** @param root of the construct tree: an app */
export function onTemplateWritten(root: IConstruct, listener: TemplateListener): void {
  listeners.set(root, [...(listeners.get(root) ?? []), listener]);
}

export function tellTemplateListeners(stack: StampedStack): void {
  for (const tell of listeners.get(stack.node.root) ?? []) tell(stack);
}
