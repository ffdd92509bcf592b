import { StampError } from '../../errors';
import { holdsMark, splitAtPlaceholders, type Gap, type ValueLeaf, type ValuePath } from './placeholders';

/** A stamp's value by its path. */
export type ValueLookup = (path: ValuePath) => ValueLeaf | undefined;

/** JSON text of a shape, divided once at the places that differ from stamp to stamp: filling it in is joining strings. */
export class TextTemplate {
  private readonly texts: readonly string[];
  /** What differs, each once, though it may be filled in at many places. */
  private readonly gaps: readonly Gap[];
  /** Which of the gaps follows each text but the last. */
  private readonly order: readonly number[];

  /** @param json with the marks of values in it */
  public constructor(json: string) {
    const { texts, gaps } = splitAtPlaceholders(json);
    const distinct = new Map<string, number>();
    this.gaps = gaps.filter((gap) => !distinct.has(keyOf(gap)) && distinct.set(keyOf(gap), distinct.size));
    this.texts = texts;
    this.order = gaps.map((gap) => distinct.get(keyOf(gap)) ?? 0);
  }

  /** Paths of the values that it takes, each once. */
  public get paths(): ReadonlySet<ValuePath> {
    return new Set(this.gaps.map(({ path }) => path));
  }

  /**
   * The JSON text for one stamp.
   *
   * @throws StampError `STAMP_VALUE_MISSING` when a value is not given; `STAMP_VALUE_LEFT` when something like a mark is in the result
   */
  public fill(valueOf: ValueLookup): string {
    const values = this.gaps.map((gap) => filled(gap, valueOf(gap.path)));
    const parts: (string | undefined)[] = [this.texts[0]];
    for (const [index, gap] of this.order.entries()) parts.push(values[gap], this.texts[index + 1]);
    const text = parts.join('');
    if (holdsMark(text)) {
      const at = text.search(/[⟦⟧⟪⟫]/);
      throw new StampError(
        'STAMP_VALUE_LEFT',
        `a stamp value was not filled in: …${text.slice(Math.max(0, at - 60), at + 60)}…`,
        'Take the brackets ⟦ ⟧ ⟪ ⟫ out of the configuration; if there are none, please report this',
      );
    }
    return text;
  }
}

function keyOf({ path, number }: Gap): string {
  return `${number ? '#' : ''}${path}`;
}

function filled({ path, number }: Gap, value: ValueLeaf | undefined): string {
  if (value === undefined) {
    throw new StampError('STAMP_VALUE_MISSING', `the shape needs the value ${path}`, 'Build shape and values with buildFleet');
  }
  if (number) return JSON.stringify(value);
  return typeof value === 'number' ? String(value) : JSON.stringify(value).slice(1, -1);
}
