/** The record's own entry: a key that somebody else chose may be called `constructor`, and the prototype must not answer for it. */
export function entryOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
