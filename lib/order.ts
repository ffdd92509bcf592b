/** Byte order, not locale order: the same result on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A record with its keys in byte order, so that nothing depends on the order of a file. */
export function sortedRecord<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}

/** A copy of plain data whose records have their keys in byte order at every level; lists keep their order. */
export function deeplySorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => deeplySorted(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return sortedRecord(Object.entries(value).map(([key, item]: [string, unknown]) => [key, deeplySorted(item)] as const)) as T;
}
