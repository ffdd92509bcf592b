/** Longest piece of a user's text that a message repeats. */
const MAX_SHOWN = 60;

/** A text for a message: short, and without control or formatting characters that would act on a terminal. */
export function showText(text: string): string {
  return escapeControls(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text);
}

/** Control, formatting and broken characters as `\u{...}`. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** A value for a message: text in quotes, numbers as they are, collections by their kind. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return `"${showText(value)}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return 'a mapping';
}

/** `compute.image`, `tenants[2]`: a path as people write it. */
export function showPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = /^[\w-]+$/.test(key) ? key : `"${showText(key)}"`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}
