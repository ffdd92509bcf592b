import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { parseYaml, type Position, positionAt, type YamlDocument } from './yaml-document';

/** Other spellings of a key in the file, such as the Region name of a Region code. */
export type KeySpellings = (key: string) => readonly string[];

/** Where a path leads in one file. */
export interface Located {
  readonly position: Position;
  /** How many keys of the path exist; the position is that of the deepest one. */
  readonly depth: number;
  /** The text of the value as it is written, for single values only. */
  readonly written?: string;
}

/** Finds paths in a text. */
export class YamlLocator {
  private readonly parsed: YamlDocument | undefined;
  private readonly keys = new Map<Node, ReadonlyMap<string, YamlPair>>();

  /** @param parsed the text's nodes, if somebody has them; it is parsed once more otherwise */
  public constructor(text: string, parsed?: YamlDocument) {
    this.parsed = parsed ?? parseYaml(text, '').parsed;
  }

  /**
   * The place of a path: of the value for single values, entries of lists and anything in brackets, of the key for blocks.
   * With `at: 'key'` always of the key. A path that ends early gives the deepest parent that exists.
   */
  public locate(path: readonly (string | number)[], options: { at?: 'key' | 'value'; spellings?: KeySpellings } = {}): Located {
    const root = this.parsed?.document.contents ?? null;
    let step: Step = { value: root };
    let depth = 0;
    for (const key of path) {
      const next = this.descend(step.value, key, options.spellings);
      if (next === undefined) break;
      step = next;
      depth++;
    }
    const place = options.at === 'key' && depth === path.length ? (step.key ?? step.value) : preferredNode(step);
    const written = depth === path.length && isScalar(step.value) ? step.value.source : undefined;
    return { position: this.positionOf(place ?? root), depth, ...(written !== undefined && { written }) };
  }

  private descend(node: Node | null, key: string | number, spellings?: KeySpellings): Step | undefined {
    const target = this.resolve(node);
    if (isSeq(target) && typeof key === 'number') {
      return key < target.items.length ? { value: target.items[key] as Node | null } : undefined;
    }
    if (!isMap(target)) return undefined;
    const pairs = target.items as YamlPair[];
    if (typeof key === 'number') return stepOf(pairs[key]);
    const keys = this.keysOf(target, pairs);
    const named = (name: string) => keys.get(name);
    return stepOf(
      named(key) ??
        spellings?.(key)
          .map(named)
          .find((pair) => pair !== undefined),
    );
  }

  /** Pairs of a mapping by key; the first one of a key that is given twice counts. */
  private keysOf(node: Node, pairs: readonly YamlPair[]): ReadonlyMap<string, YamlPair> {
    const known = this.keys.get(node);
    if (known !== undefined) return known;
    const keys = new Map(
      [...pairs]
        .reverse()
        .flatMap((pair) => (isScalar(pair.key) && typeof pair.key.value === 'string' ? [[pair.key.value, pair]] : [])),
    );
    this.keys.set(node, keys);
    return keys;
  }

  /** An alias leads to the last anchor of its name before it. */
  private resolve(node: Node | null): Node | null {
    if (!isAlias(node) || this.parsed === undefined) return node;
    return node.resolve(this.parsed.document) ?? null;
  }

  private positionOf(node: Node | null): Position {
    if (node === null || this.parsed === undefined) return { line: 1, column: 1 };
    return positionAt(this.parsed.lines, node.range?.[0] ?? 0);
  }
}

type YamlPair = Pair<Node | null, Node | null>;

interface Step {
  readonly key?: Node | null;
  readonly value: Node | null;
}

function stepOf(pair: YamlPair | undefined): Step | undefined {
  return pair && { key: pair.key, value: pair.value };
}

/** A block starts on the line after its key, where nobody would look for it. */
function preferredNode({ key, value }: Step): Node | null {
  if (key === undefined || key === null) return value;
  if (value === null) return key;
  if ((isMap(value) || isSeq(value)) && value.flow !== true) return key;
  // `key:` without a value is an empty scalar at the end of the line.
  if (isScalar(value) && value.source === '') return key;
  return value;
}
