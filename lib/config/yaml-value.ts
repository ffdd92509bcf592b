import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import type { Finding } from '../findings';
import type { ConfigFindingCode } from './finding-codes';
import { showText } from './show-value';
import { positionAt, TOO_DEEP, TOO_DEEP_FIX, type YamlDocument, yamlFinding } from './yaml-document';

/** Values a file may hold once aliases are filled in. A file of the largest allowed size without aliases stays below. */
const MAX_VALUES = 200_000;
/** Levels of nesting; the deepest key of the schema is at level 7. */
const MAX_DEPTH = 32;

/** Tags that say what a value is anyway; others make it something else, such as bytes. */
const PLAIN_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

/** A mapping as plain data. It has no prototype, so that no key can be mistaken for an inherited member. */
export type PlainMapping = Record<string, unknown>;

/** Plain data of a document, and what of it must not be used. With `broken` the value is incomplete. */
export interface PlainValue {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  readonly broken: boolean;
}

/** Turns the nodes of a document into plain data: text, finite numbers, booleans, null, lists and mappings. Never throws. */
export function plainValue(parsed: YamlDocument, file: string): PlainValue {
  const reader = new NodeReader(parsed, file);
  try {
    const value = reader.read(parsed.document.contents, 0);
    return { value, findings: reader.findings, broken: reader.broken };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { value: undefined, findings: reader.findings, broken: true };
  }
}

/** Ends the reading of a file that is too large or too deep to go on. */
class Stop extends Error {}

class NodeReader {
  public readonly findings: Finding[] = [];
  public broken = false;
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private count = 0;
  /** The alias that is being filled in, the outermost one of several: the place to blame for its size. */
  private alias: Node | undefined;

  public constructor(
    private readonly parsed: YamlDocument,
    private readonly file: string,
  ) {}

  public read(node: Node | null, depth: number): unknown {
    if (node === null) return null;
    if (++this.count > MAX_VALUES) {
      this.report(
        'yaml-too-large',
        this.alias ?? node,
        `the file stands for more than ${MAX_VALUES} values`,
        'remove the aliases (*name)',
      );
      throw new Stop();
    }
    if (depth > MAX_DEPTH) {
      this.report('yaml-too-deep', this.alias ?? node, TOO_DEEP, TOO_DEEP_FIX);
      throw new Stop();
    }
    if (isAlias(node)) return this.readAlias(node, node.source, depth);
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (node.tag !== undefined && !PLAIN_TAGS.has(node.tag)) {
      this.report('yaml-tag', node, `the tag ${showText(node.tag)} is not read`, 'remove the word that starts with !');
      return null;
    }
    if (isScalar(node)) return this.readScalar(node);
    this.open.add(node);
    const value = isMap(node)
      ? this.readMap(node, depth)
      : isSeq(node)
        ? node.items.map((item) => this.read(item as Node | null, depth + 1))
        : null;
    this.open.delete(node);
    return value;
  }

  private readAlias(node: Node, name: string, depth: number): unknown {
    const target = this.anchors.get(name);
    if (target === undefined || this.open.has(target)) {
      const why = target === undefined ? 'has no anchor before it' : 'contains itself';
      this.report('yaml-alias', node, `the alias *${showText(name)} ${why}`, 'write the value out instead of the alias');
      return null;
    }
    const outermost = this.alias === undefined;
    this.alias ??= node;
    const value = this.read(target, depth);
    if (outermost) this.alias = undefined;
    return value;
  }

  private readScalar(node: Scalar): unknown {
    const { value } = node;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      const shown = showText(node.source ?? String(value));
      this.report('number-not-finite', node, `${shown} is no finite number`, 'write an ordinary number, or quotes around text');
    }
    return value ?? null;
  }

  private readMap(node: YAMLMap, depth: number): PlainMapping {
    const mapping = Object.create(null) as PlainMapping;
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const key = this.readKey(pair.key);
      const value = this.read(pair.value, depth + 1);
      if (key === undefined) continue;
      if (key in mapping) {
        const message = `the key ${showText(key)} is given twice`;
        // The rest of the file can still be judged: the first value counts.
        this.report('yaml-duplicate-key', pair.key ?? node, message, 'keep one of them', false);
        continue;
      }
      mapping[key] = value;
    }
    return mapping;
  }

  private readKey(node: Node | null): string | undefined {
    if (node === null || !isScalar(node) || typeof node.value !== 'string') {
      const shown = isScalar(node) ? showText(node.source ?? String(node.value)) : 'a key';
      this.report('yaml-key', node, `${shown} is used as a key, but keys are text`, 'put the key in quotes, or remove it');
      return undefined;
    }
    if (node.anchor !== undefined) this.anchors.set(node.anchor, node);
    if (node.value === '<<') {
      const fix = 'write the keys out, or put what groups share under defaults in fleet.yaml';
      this.report('yaml-merge-key', node, 'merge keys (<<) belong to YAML 1.1 and are not read', fix);
      return undefined;
    }
    if (node.value === '__proto__') {
      this.report('yaml-key', node, '__proto__ is not allowed as a key', 'rename or remove the key');
      return undefined;
    }
    return node.value;
  }

  private report(code: ConfigFindingCode, node: Node | null, message: string, fix: string, breaks = true): void {
    const at = positionAt(this.parsed.lines, node?.range?.[0] ?? 0);
    this.findings.push(yamlFinding(code, this.file, at, message, fix));
    this.broken ||= breaks;
  }
}
