/** Names of one group, to fill in where its model says `⟦0⟧` or `⟦g⟧`. */
export interface Labels {
  readonly group: string;
  /** Stamp ids by number. */
  readonly stamps: readonly string[];
}

const PLACEHOLDER = /⟦(g|\d+)⟧/g;

/** Groups have few stamps, and marks are asked for all the time. */
const MARKS = Array.from({ length: 16 }, (_, index) => `⟦${index}⟧`);

/** Placeholder of a stamp. */
export function stampMark(index: number): string {
  return MARKS[index] ?? `⟦${index}⟧`;
}

/** Placeholder of the group. */
export const GROUP_MARK = '⟦g⟧';

/** The text with the names of a group in it. */
export function withNames(text: string, labels: Labels): string {
  if (!text.includes('⟦')) return text;
  return text.replace(PLACEHOLDER, (_all, mark: string) =>
    mark === 'g' ? labels.group : (labels.stamps[Number(mark)] ?? `stamp ${mark}`),
  );
}

/** {@link withNames} for every text in a piece of plain data. What stands in it more than once is named once. */
export function deeplyNamed<T>(value: T, labels: Labels): T {
  return named(value, labels, new Map()) as T;
}

function named(value: unknown, labels: Labels, done: Map<object, unknown>): unknown {
  if (typeof value === 'string') return withNames(value, labels);
  if (typeof value !== 'object' || value === null) return value;
  const known = done.get(value);
  if (known !== undefined) return known;
  const result = Array.isArray(value)
    ? value.map((item: unknown) => named(item, labels, done))
    : Object.fromEntries(Object.entries(value).map(([key, item]: [string, unknown]) => [key, named(item, labels, done)]));
  done.set(value, result);
  return result;
}

/** The id of a failure as configuration writes it, with placeholders for the names of the group. */
export function unnamed(failure: string, labels: Labels): string {
  return failure
    .replace(/^pair:/, '')
    .split('+')
    .map((part) => {
      const [, kind = '', id = ''] = /^([a-z-]+):(.*)$/.exec(part) ?? [];
      const [stem = '', ...suffix] = id.split('.');
      const index = labels.stamps.indexOf(stem);
      const ofGroup = stem === labels.group || (index >= 0 && (kind === 'writer' || kind === 'data'));
      const mark = ofGroup ? GROUP_MARK : index >= 0 ? stampMark(index) : undefined;
      return mark === undefined ? part : `${kind}:${[mark, ...suffix].join('.')}`;
    })
    .sort()
    .join('+');
}
