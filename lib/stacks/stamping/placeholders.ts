/**
 * Marks in the text of a shape that stand for a stamp's value until it is filled in (design 11). They are printable, so that a finding about
 * a shape can be read, and no configuration has a reason to hold them.
 */
const TEXT = { open: '⟦', close: '⟧' } as const;
/** A number that stands alone: filled in without the quotes around it. */
const NUMBER = { open: '⟪', close: '⟫' } as const;
/** Between the keys that lead to a value. Neither tag keys nor our own names hold it; a slash could not stand in a construct id. */
const SEPARATOR = '|';

const ANY_PLACEHOLDER = /"⟪([^⟪⟫]*)⟫"|⟦([^⟦⟧]*)⟧/g;
const ANY_MARK = /[⟦⟧⟪⟫]/;

/** Where a value stands: the keys that lead to it, joined. */
export type ValuePath = string;

/** A stamp's value as it is filled in. */
export type ValueLeaf = string | number;

export function valuePath(...keys: readonly string[]): ValuePath {
  return keys.join(SEPARATOR);
}

export function keysOf(path: ValuePath): string[] {
  return path.split(SEPARATOR);
}

/** The mark of a value inside text; also valid in a construct id, where a token is not. */
export function placeholder(path: ValuePath): string {
  return TEXT.open + path + TEXT.close;
}

/** The mark of a number, for the reference that a number token became; undefined for every other reference. */
export function numberMark(reference: string): string | undefined {
  if (!reference.startsWith(TEXT.open) || !reference.endsWith(TEXT.close)) return undefined;
  return NUMBER.open + reference.slice(TEXT.open.length, -TEXT.close.length) + NUMBER.close;
}

/** The value that a whole text stands for, when it is the mark of a number. */
export function numberPath(text: string): ValuePath | undefined {
  return new RegExp(`^${NUMBER.open}([^${NUMBER.open}${NUMBER.close}]*)${NUMBER.close}$`).exec(text)?.[1];
}

/** What a number's mark is within a longer text. */
export function asTextMark(text: string): string {
  return text.startsWith(NUMBER.open) ? TEXT.open + text.slice(NUMBER.open.length, -NUMBER.close.length) + TEXT.close : text;
}

/** True when some mark is left in a text, or a part of one. */
export function holdsMark(text: string): boolean {
  return ANY_MARK.test(text);
}

/** One place where something is filled in. */
export interface Gap {
  readonly path: ValuePath;
  /** True where the whole JSON value is a number. */
  readonly number: boolean;
}

/** Divides JSON text at its marks: texts and gaps take turns, beginning and ending with a text. */
export function splitAtPlaceholders(json: string): { readonly texts: string[]; readonly gaps: Gap[] } {
  const texts: string[] = [];
  const gaps: Gap[] = [];
  let end = 0;
  for (const match of json.matchAll(ANY_PLACEHOLDER)) {
    texts.push(json.slice(end, match.index));
    gaps.push({ path: match[1] ?? match[2] ?? '', number: match[1] !== undefined });
    end = match.index + match[0].length;
  }
  texts.push(json.slice(end));
  return { texts, gaps };
}
