import type { IConstruct } from 'constructs';
import type { KnownTemplates } from '../../assembly/read-assembly';
import { stampedStacksOf } from './concerned-stacks';
import type { Shape } from './shape';
import { isUnchanged, WrittenTemplates } from './written-templates';

/**
 * The templates of an app's stamped stacks by their files, so that who reads the assembly in the same process need not parse them again. A file that
 * is not as it was written any more is not known: what counts is what is in the assembly.
 */
export function templatesInMemory(root: IConstruct): KnownTemplates {
  const byPath = new Map(stampedStacksOf(root).map((stack) => [stack.written?.file.path, stack]));
  const shapes = new Map<Shape, WrittenTemplates>();
  return (path) => {
    const { shape, written } = byPath.get(path) ?? {};
    if (shape === undefined || written === undefined || !isUnchanged(written.file)) return undefined;
    const templates =
      shapes.get(shape) ?? new WrittenTemplates({ template: shape.text.markedTemplate, paths: shape.text.templatePaths });
    shapes.set(shape, templates);
    return templates.fill(written);
  };
}
