/** Names of one group, to fill in where its model says `⟦0⟧` or `⟦g⟧`. */
export interface Labels {
  readonly group: string;
  /** Stamp ids by number. */
  readonly stamps: readonly string[];
  /** Stack that holds the group's records, and by number of each stamp the one with its load balancer; where there are any. */
  readonly stacks?: { readonly records?: string; readonly stamps: readonly (string | undefined)[] };
}

const PLACEHOLDER = /⟦(g|records|(?:stack )?\d+)⟧/g;

/** Groups have few stamps, and marks are asked for all the time. */
const MARKS = Array.from({ length: 16 }, (_, index) => `⟦${index}⟧`);

/** Placeholder of a stamp. */
export function stampMark(index: number): string {
  return MARKS[index] ?? `⟦${index}⟧`;
}

/** Placeholder of the group. */
export const GROUP_MARK = '⟦g⟧';

/** Placeholder of the stack that holds the group's records. */
export const RECORDS_MARK = '⟦records⟧';

/** Placeholder of a stamp's stack. */
export function stackMark(index: number): string {
  return `⟦stack ${index}⟧`;
}

/** The text with the names of a group in it. */
export function withNames(text: string, labels: Labels): string {
  if (!text.includes('⟦')) return text;
  return text.replace(PLACEHOLDER, (_all, mark: string) => nameOf(mark, labels));
}

function nameOf(mark: string, { group, stamps, stacks }: Labels): string {
  if (mark === 'g') return group;
  if (mark === 'records') return stacks?.records ?? group;
  const [, stack, index] = /^(stack )?(\d+)$/.exec(mark) ?? [];
  const stamp = stamps[Number(index)] ?? `stamp ${index ?? mark}`;
  return stack === undefined ? stamp : (stacks?.stamps[Number(index)] ?? stamp);
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
