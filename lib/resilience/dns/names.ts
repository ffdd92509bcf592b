/**
 * A DNS name in one spelling: lower case, no final dot, escapes resolved (`\052` is how Route 53 prints a leading `*`).
 * A backslash that escapes nothing stays.
 */
export function canonicalName(name: string): string {
  const plain = name.includes('\\')
    ? name.replace(/\\([0-3][0-7]{2})/g, (_match, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    : name;
  return (plain.endsWith('.') ? plain.slice(0, -1) : plain).toLowerCase();
}

/** The name without its first label; undefined for a single label. */
export function parentName(name: string): string | undefined {
  const dot = name.indexOf('.');
  return dot === -1 ? undefined : name.slice(dot + 1);
}

/** Whether a name is a zone's apex or below it. */
export function isWithin(name: string, apex: string): boolean {
  return name === apex || name.endsWith(`.${apex}`);
}
