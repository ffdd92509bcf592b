import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, type ISynthesisSession } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { Shape } from './shape';
import { stampedStacksOf } from './concerned-stacks';
import type { StampedStack } from './stamped-stack';
import type { TextTemplate } from './text-template';

const TREE_FILE = 'tree.json';
/**
 * Nodes in tree.json and in each file it refers to, unless the context of aws-cdk-lib says less. The CDK CLI reads tree.json whenever it runs, to
 * look for notices about the constructs in use; the other files only when it needs a construct in them.
 */
const MAX_NODES = { context: '@aws-cdk/core.TreeMetadata:maxNodes', main: 20_000, other: 100_000 };

/** One node as aws-cdk-lib writes it into tree.json. */
interface TreeNode {
  readonly id: string;
  readonly path: string;
  children?: Record<string, TreeNode> | undefined;
  /** Stands for a subtree in another file. */
  fileName?: string;
  treeId?: string;
}

/** A shape's subtree as text, with the number of its nodes. */
interface Subtree {
  readonly text: TextTemplate;
  /** Without the properties of resources, which are in the template as well: in the other files they would be most of the bytes. */
  readonly brief: TextTemplate;
  readonly nodes: number;
}

const attached = new WeakSet<IConstruct>();

/**
 * Gives every stamped stack its constructs in the assembly's construct tree, in the place of the shapes they were made from: tools that read
 * the tree find what they would find without stamping.
 */
export function attachStampedTree(scope: Construct): void {
  const { root } = scope.node;
  if (!(root instanceof Construct) || attached.has(root)) return;
  attached.add(root);
  // The root comes last: everything has been written by then.
  attachCustomSynthesis(root, {
    onSynthesize: (session) => {
      rewriteTree(root, session);
    },
  });
}

function rewriteTree(root: IConstruct, { assembly }: ISynthesisSession): void {
  const file = join(assembly.outdir, TREE_FILE);
  // An app may do without the tree.
  if (!existsSync(file)) return;
  const document = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string; readonly tree: TreeNode };
  const stacks = stampedStacksOf(root);
  const subtrees = subtreesOf(document.tree, new Set(stacks.map(({ shape }) => shape)));
  for (const shape of subtrees.keys()) removeShapes(document.tree, shape);
  const limit = Number(root.node.tryGetContext(MAX_NODES.context) ?? Infinity);
  const inTree = stacksInMainFile(stacks, subtrees, Math.min(limit, MAX_NODES.main) - countNodes(document.tree));
  const forests = new Forests(assembly.outdir, Math.min(limit, MAX_NODES.other), subtrees);
  let markers = 0;
  for (const stack of stacks) {
    const node = nodeAt(document.tree, stack.node.path);
    if (node === undefined || !subtrees.has(stack.shape)) continue;
    if (inTree.has(stack)) {
      // The text is put here when the file is written: parsing it would cost more than making it.
      node.children = marker(markers) as never;
      markers += 1;
    } else forests.add(stack, node);
  }
  forests.close();
  writeWithChildren(file, JSON.stringify(document), [...inTree], subtrees);
}

/** The first stack of every shape, so that tree.json names every kind of construct; then as many as have room, in their order. */
function stacksInMainFile(
  stacks: readonly StampedStack[],
  subtrees: ReadonlyMap<Shape, Subtree>,
  room: number,
): ReadonlySet<StampedStack> {
  const first = new Set([...subtrees.keys()].map((shape) => shape.members[0]));
  let left = room - [...subtrees.values()].reduce((sum, { nodes }) => sum + nodes, 0);
  return new Set(
    stacks.filter((stack) => {
      const nodes = subtrees.get(stack.shape)?.nodes;
      if (nodes === undefined) return false;
      if (first.has(stack)) return true;
      left -= nodes;
      return left >= 0;
    }),
  );
}

/** The constructs of every shape, taken from the tree that aws-cdk-lib wrote. */
function subtreesOf(tree: TreeNode, shapes: ReadonlySet<Shape>): Map<Shape, Subtree> {
  const subtrees = new Map<Shape, Subtree>();
  for (const shape of shapes) {
    const node = nodeAt(tree, shape.stack.node.path);
    if (node?.children === undefined) continue;
    subtrees.set(shape, {
      text: shape.text.treeText(node.children, true),
      brief: shape.text.treeText(node.children, false),
      nodes: countNodes(node) - 1,
    });
  }
  return subtrees;
}

function removeShapes(tree: TreeNode, { stack }: Shape): void {
  const scope = stack.node.scope;
  const parent = scope === undefined ? undefined : nodeAt(tree, scope.node.scope?.node.path ?? '');
  if (scope !== undefined && parent?.children !== undefined) {
    const { [scope.node.id]: _shapes, ...others } = parent.children;
    parent.children = others;
  }
}

/** Subtrees that have no room in the main file, in the format that aws-cdk-lib has for them. */
class Forests {
  private files = 0;
  private trees = 0;
  private nodes = 0;
  private open?: number;

  public constructor(
    private readonly outdir: string,
    private readonly limit: number,
    private readonly subtrees: ReadonlyMap<Shape, Subtree>,
  ) {}

  /** Moves the constructs of a stack into the current file, or into a new one when that is full. */
  public add(stack: StampedStack, node: TreeNode): void {
    const subtree = this.subtrees.get(stack.shape);
    if (subtree === undefined) return;
    if (this.open === undefined || this.nodes + subtree.nodes > this.limit) this.next();
    const treeId = `t${this.trees}`;
    const { children: _children, ...own } = node;
    this.write(`${this.trees === 0 ? '' : ','}${JSON.stringify(treeId)}:${JSON.stringify(own).slice(0, -1)},"children":`);
    this.write(subtree.brief.fill(stack.filling));
    this.write('}');
    this.trees += 1;
    this.nodes += subtree.nodes;
    node.children = undefined;
    node.fileName = fileName(this.files);
    node.treeId = treeId;
  }

  public close(): void {
    if (this.open === undefined) return;
    this.write('}}');
    closeSync(this.open);
    this.open = undefined;
  }

  private next(): void {
    this.close();
    this.files += 1;
    this.trees = 0;
    this.nodes = 0;
    this.open = openSync(join(this.outdir, fileName(this.files)), 'w');
    this.write('{"version":"forest-0.1","forest":{');
  }

  private write(text: string | Buffer): void {
    if (this.open !== undefined) writeAll(this.open, text);
  }
}

function fileName(number: number): string {
  return `stamped-trees-${number}.json`;
}

function writeWithChildren(
  file: string,
  json: string,
  stacks: readonly StampedStack[],
  subtrees: ReadonlyMap<Shape, Subtree>,
): void {
  const out = openSync(file, 'w');
  try {
    let end = 0;
    for (const [index, stack] of stacks.entries()) {
      const mark = JSON.stringify(marker(index));
      const at = json.indexOf(mark, end);
      writeAll(out, json.slice(end, at));
      writeAll(out, subtrees.get(stack.shape)?.text.fill(stack.filling) ?? '{}');
      end = at + mark.length;
    }
    writeAll(out, json.slice(end));
  } finally {
    closeSync(out);
  }
}

/** A call may write less than it was given. */
function writeAll(file: number, text: string | Buffer): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

function marker(index: number): string {
  return `⟦children ${index}⟧`;
}

function nodeAt(tree: TreeNode, path: string): TreeNode | undefined {
  if (path === '') return tree;
  return path.split('/').reduce<TreeNode | undefined>((node, id) => node?.children?.[id], tree);
}

function countNodes(node: TreeNode): number {
  return Object.values(node.children ?? {}).reduce((sum, child) => sum + countNodes(child), 1);
}
