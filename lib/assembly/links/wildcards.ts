/** Patterns that were seen, which are few: every stamp has the same ones. */
const PATTERNS = new Map<string, RegExp>();

/** `*` for any text, `?` for one character. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  let known = PATTERNS.get(pattern);
  if (known === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    known = new RegExp(`^${source}$`, 's');
    PATTERNS.set(pattern, known);
  }
  return known.test(text);
}
