import type { IConstruct } from 'constructs';
import type { KnownTemplates } from '../../assembly/read-assembly';
import { stampedStacksOf } from './concerned-stacks';

/** The templates of an app's stamped stacks by their files, so that who reads the assembly in the same process need not parse them again. */
export function templatesInMemory(root: IConstruct): KnownTemplates {
  const byPath = new Map(
    stampedStacksOf(root).flatMap((stack) => (stack.templatePath === undefined ? [] : [[stack.templatePath, stack] as const])),
  );
  return (path) => byPath.get(path)?.template;
}
