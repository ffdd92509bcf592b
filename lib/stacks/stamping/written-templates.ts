import { fstatSync, type Stats, statSync } from 'node:fs';
import type { KnownTemplates } from '../../assembly/read-assembly';
import type { ValueLeaf, ValuePath } from './placeholders';
import { TemplateDocument } from './template-document';

/** A file as it was when it had been written. */
interface WrittenFile {
  readonly path: string;
  readonly identity: Pick<Stats, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;
}

/** The template of one stack. */
export interface WrittenTemplate {
  readonly file: WrittenFile;
  /** What its shape is filled in with, in the order of the shape's paths. */
  readonly values: readonly (ValueLeaf | undefined)[];
}

/** One shape and the stacks that were stamped from it. */
export interface WrittenShape {
  /** JSON of its template, with the marks of values. */
  readonly template: string;
  readonly paths: readonly ValuePath[];
  readonly stacks: readonly WrittenTemplate[];
}

/** @param descriptor of the file, still open */
export function fileIdentity(path: string, descriptor: number): WrittenFile {
  const { ino, size, mtimeMs, ctimeMs } = fstatSync(descriptor);
  return { path, identity: { ino, size, mtimeMs, ctimeMs } };
}

/**
 * What the files of stamped templates say, without reading them, from plain data: it can be handed to another thread. A file that is not as it was
 * written any more is not known: what counts is what is in the assembly.
 */
export function knownTemplates(shapes: readonly WrittenShape[]): KnownTemplates {
  const known = new Map<string, () => ReturnType<KnownTemplates>>();
  for (const { template, paths, stacks } of shapes) {
    let document: TemplateDocument | undefined;
    const indexes = new Map(paths.map((path, index) => [path, index]));
    for (const { file, values } of stacks) {
      known.set(file.path, () => {
        if (!isUnchanged(file)) return undefined;
        document ??= new TemplateDocument(template);
        return { template: document.fill((path) => values[indexes.get(path) ?? -1]), bytes: file.identity.size };
      });
    }
  }
  return (path) => known.get(path)?.();
}

/** Whether nobody wrote to a file, or put another one in its place. */
function isUnchanged({ path, identity }: WrittenFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return (
    now !== undefined &&
    now.ino === identity.ino &&
    now.size === identity.size &&
    now.mtimeMs === identity.mtimeMs &&
    now.ctimeMs === identity.ctimeMs
  );
}
