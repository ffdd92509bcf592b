import type { IConstruct } from 'constructs';
import type { KnownTemplates } from '../../assembly/read-assembly';
import { stampedStacksOf } from './concerned-stacks';
import type { Shape } from './shape';
import { knownTemplates, type WrittenShape, type WrittenTemplate } from './written-templates';

/** The templates of an app's stamped stacks, once they are synthesized. */
export function writtenShapes(root: IConstruct): WrittenShape[] {
  const byShape = new Map<Shape, WrittenTemplate[]>();
  for (const { shape, written } of stampedStacksOf(root)) {
    if (written === undefined) continue;
    const stacks = byShape.get(shape);
    if (stacks === undefined) byShape.set(shape, [written]);
    else stacks.push(written);
  }
  return [...byShape].map(([{ text }, stacks]) => ({ template: text.markedTemplate, paths: text.templatePaths, stacks }));
}

/** The templates of an app's stamped stacks by their files, so that who reads the assembly in the same process need not parse them again. */
export function templatesInMemory(root: IConstruct): KnownTemplates {
  return knownTemplates(writtenShapes(root));
}
