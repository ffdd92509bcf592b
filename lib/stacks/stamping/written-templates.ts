import { fstatSync, type Stats, statSync } from 'node:fs';
import type { AssemblyTemplate } from '../../assembly/read-assembly';
import type { ValueLeaf, ValuePath } from './placeholders';
import { TemplateDocument } from './template-document';

/** A file as it was when it had been written. */
export interface WrittenFile {
  readonly path: string;
  readonly identity: Pick<Stats, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;
}

/** The template of one stack, as data that can be handed to another thread. */
export interface WrittenTemplate {
  readonly file: WrittenFile;
  /** What its shape is filled in with, in the order of the shape's paths. */
  readonly values: readonly (ValueLeaf | undefined)[];
}

/** What the templates of a shape's stacks are made from. */
export interface WrittenShape {
  /** JSON with the marks of values. */
  readonly template: string;
  readonly paths: readonly ValuePath[];
}

/** What the files of a shape's templates say, without reading them. */
export class WrittenTemplates {
  private readonly document: TemplateDocument;
  private readonly indexes: ReadonlyMap<ValuePath, number>;

  public constructor({ template, paths }: WrittenShape) {
    this.document = new TemplateDocument(template);
    this.indexes = new Map(paths.map((path, index) => [path, index]));
  }

  public fill({ file, values }: WrittenTemplate): { readonly template: AssemblyTemplate; readonly bytes: number } {
    return {
      template: this.document.fill((path) => values[this.indexes.get(path) ?? -1]),
      bytes: file.identity.size,
    };
  }
}

/** @param descriptor of the file, when it is open. @default - it is looked up by its path */
export function identityOf(path: string, descriptor?: number): WrittenFile {
  return { path, identity: identity(descriptor === undefined ? statSync(path) : fstatSync(descriptor)) };
}

/** Whether nobody wrote to a file, or put another one in its place. */
export function isUnchanged({ path, identity: before }: WrittenFile): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && JSON.stringify(identity(now)) === JSON.stringify(before);
}

function identity({ ino, size, mtimeMs, ctimeMs }: Stats): WrittenFile['identity'] {
  return { ino, size, mtimeMs, ctimeMs };
}
