import { StampError } from '../../errors';
import { holdsMark, splitAtPlaceholders, type Gap, type ValueLeaf, type ValuePath } from './placeholders';

/** A stamp's value by its path. */
export type ValueLookup = (path: ValuePath) => ValueLeaf | undefined;

/** Where texts are filled in, one after the other: a thousand new buffers of their size would be most of the memory that a large fleet takes. */
let page = Buffer.allocUnsafe(1024 * 1024);

/** JSON text of a shape, divided once at the places that differ from stamp to stamp: filling it in is copying bytes. */
export class TextTemplate {
  private readonly texts: readonly Buffer[];
  /** What differs, each once, though it may be filled in at many places. */
  private readonly gaps: readonly Gap[];
  /** Which of the gaps follows each text but the last. */
  private readonly order: readonly number[];
  private readonly constantBytes: number;

  /**
   * @param json with the marks of values in it
   * @throws StampError `STAMP_VALUE_LEFT` for a part of a mark that no value can fill in
   */
  public constructor(json: string) {
    const { texts, gaps } = splitAtPlaceholders(json);
    const distinct = new Map<string, number>();
    this.gaps = gaps.filter((gap) => !distinct.has(keyOf(gap)) && distinct.set(keyOf(gap), distinct.size));
    this.texts = texts.map((text) => Buffer.from(withoutMarks(text)));
    this.order = gaps.map((gap) => distinct.get(keyOf(gap)) ?? 0);
    this.constantBytes = this.texts.reduce((sum, { length }) => sum + length, 0);
  }

  /** Paths of the values that it takes, each once. */
  public get paths(): ReadonlySet<ValuePath> {
    return new Set(this.gaps.map(({ path }) => path));
  }

  /**
   * The JSON text for one stamp, in UTF-8. It is there until the next text is filled in: write it or read it at once.
   *
   * @throws StampError `STAMP_VALUE_MISSING` when a value is not given; `STAMP_VALUE_LEFT` when a value looks like a mark
   */
  public fill(valueOf: ValueLookup): Buffer {
    const values = this.gaps.map((gap) => withoutMarks(filled(gap, valueOf(gap.path))));
    // No character of UTF-16 needs more than three bytes in UTF-8. Buffers for the values, small as they are, would be memory outside of the heap,
    // and V8 collects its whole garbage for every few megabytes of that.
    let room = this.constantBytes;
    for (const gap of this.order) room += 3 * (values[gap]?.length ?? 0);
    if (page.length < room) page = Buffer.allocUnsafe(2 * room);
    let end = 0;
    for (const [index, text] of this.texts.entries()) {
      page.set(text, end);
      end += text.length;
      const value = values[this.order[index] ?? -1];
      if (value !== undefined) end += page.write(value, end);
    }
    return page.subarray(0, end);
  }
}

/** No variable may survive in an output file: a text without marks, filled with values without marks, has none. */
function withoutMarks(text: string): string {
  if (!holdsMark(text)) return text;
  const at = text.search(/[⟦⟧⟪⟫]/);
  throw new StampError(
    'STAMP_VALUE_LEFT',
    `a stamp value cannot be filled in: …${text.slice(Math.max(0, at - 60), at + 60)}…`,
    'Take the brackets ⟦ ⟧ ⟪ ⟫ out of the configuration; if there are none, please report this',
  );
}

function keyOf({ path, number }: Gap): string {
  return `${number ? '#' : ''}${path}`;
}

/** @throws StampError `STAMP_VALUE_MISSING` */
export function required(path: ValuePath, value: ValueLeaf | undefined): ValueLeaf {
  if (value !== undefined) return value;
  throw new StampError('STAMP_VALUE_MISSING', `the shape needs the value ${path}`, 'Build shape and values with buildFleet');
}

function filled({ path, number }: Gap, given: ValueLeaf | undefined): string {
  const value = required(path, given);
  if (number) return JSON.stringify(value);
  return typeof value === 'number' ? String(value) : JSON.stringify(value).slice(1, -1);
}
