import { StampError } from '../../errors';
import { holdsMark, splitAtPlaceholders, type Gap, type ValueLeaf, type ValuePath } from './placeholders';

/** JSON text of a shape, divided once at the places that differ from stamp to stamp: filling it in is joining strings. */
export class TextTemplate {
  private readonly texts: readonly string[];
  private readonly gaps: readonly Gap[];

  /** @param json with the marks of values in it */
  public constructor(json: string) {
    const { texts, gaps } = splitAtPlaceholders(json);
    this.texts = texts;
    this.gaps = gaps;
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
  public fill(values: ReadonlyMap<ValuePath, ValueLeaf>): string {
    const parts: string[] = [this.texts[0] ?? ''];
    for (const [index, gap] of this.gaps.entries()) parts.push(filled(gap, values), this.texts[index + 1] ?? '');
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

function filled({ path, number }: Gap, values: ReadonlyMap<ValuePath, ValueLeaf>): string {
  const value = values.get(path);
  if (value === undefined) {
    throw new StampError('STAMP_VALUE_MISSING', `the shape needs the value ${path}`, 'Build shape and values with buildFleet');
  }
  if (number) return JSON.stringify(value);
  return typeof value === 'number' ? String(value) : JSON.stringify(value).slice(1, -1);
}
