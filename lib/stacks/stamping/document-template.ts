import { holdsMark, numberPath, splitAtPlaceholders, type ValuePath } from './placeholders';
import { required, type ValueLookup } from './text-template';

/** What a part of a document becomes for one stamp. */
type Filler = (valueOf: ValueLookup) => unknown;

/**
 * JSON of a shape as data: what {@link TextTemplate} writes for a stamp, and `JSON.parse` would read again. Parts without values are made once
 * and are the same objects for all stamps, so they are frozen.
 */
export class DocumentTemplate {
  private readonly filler: Filler;

  /** @param document with the marks of values in it; frozen afterwards, where it holds none */
  public constructor(document: unknown) {
    this.filler = changingFiller(document) ?? (() => document);
  }

  /** Equal to `JSON.parse` of the text that is filled in with the same values. */
  public fill(valueOf: ValueLookup): unknown {
    return this.filler(valueOf);
  }
}

/** Undefined for what holds no value; freezes it. */
function changingFiller(node: unknown): Filler | undefined {
  if (typeof node === 'string') return textFiller(node);
  if (typeof node !== 'object' || node === null) return undefined;
  const filler = Array.isArray(node) ? listFiller(node) : mappingFiller(node as Record<string, unknown>);
  if (filler === undefined) Object.freeze(node);
  return filler;
}

function listFiller(list: readonly unknown[]): Filler | undefined {
  const fillers = list.map(changingFiller);
  if (fillers.every((filler) => filler === undefined)) return undefined;
  return (valueOf) => {
    const filled = [...list];
    for (const [index, filler] of fillers.entries()) if (filler !== undefined) filled[index] = filler(valueOf);
    return filled;
  };
}

function mappingFiller(mapping: Readonly<Record<string, unknown>>): Filler | undefined {
  const members = Object.entries(mapping).map(([key, value]) => ({
    key,
    keyFiller: textFiller(key),
    value,
    filler: changingFiller(value),
  }));
  if (members.some(({ keyFiller }) => keyFiller !== undefined)) {
    // Logical ids that are made from values.
    return (valueOf) =>
      Object.fromEntries(
        members.map(({ key, keyFiller, value, filler }) => [
          keyFiller === undefined ? key : String(keyFiller(valueOf)),
          filler === undefined ? value : filler(valueOf),
        ]),
      );
  }
  const changing = members.flatMap(({ key, filler }) => (filler === undefined ? [] : [{ key, filler }]));
  if (changing.length === 0) return undefined;
  return (valueOf) => {
    // With the keys in their order; what changes is replaced.
    const filled = { ...mapping };
    for (const { key, filler } of changing) filled[key] = filler(valueOf);
    return filled;
  };
}

function textFiller(text: string): Filler | undefined {
  if (!holdsMark(text)) return undefined;
  const number = numberPath(text);
  if (number !== undefined) return (valueOf) => required(number, valueOf(number));
  const { texts, gaps } = splitAtPlaceholders(text);
  const paths: readonly ValuePath[] = gaps.map(({ path }) => path);
  return (valueOf) => {
    let filled = texts[0] ?? '';
    for (const [index, path] of paths.entries()) filled += `${required(path, valueOf(path))}${texts[index + 1] ?? ''}`;
    return filled;
  };
}
