import { Names, type Stack, Validations } from 'aws-cdk-lib';
import { Construct, RootConstruct } from 'constructs';
import { foldConstants } from './fold';
import { holdsMark, placeholder, type ValuePath } from './placeholders';
import type { MetadataEntry, SynthesizedShape } from './shape-synthesizer';
import { TextTemplate, type ValueLookup } from './text-template';

/** Where the account of a stamp is among its values. */
const ACCOUNT = placeholder('account');
/** The stamp's own construct path, where the shape has its own. */
const OWN_PATH = '#path';
const LOGICAL_ID = '#id';
const PATH_METADATA = 'aws:cdk:path';
const PROPERTIES = 'aws:cdk:cloudformation:props';
const LOGICAL_ID_METADATA = 'aws:cdk:logicalId';
/** What a stack says of itself, and CDK says of each stamp's own stack. */
const OWN_METADATA: readonly string[] = ['aws:cdk:stack-tags', 'aws:cdk:creationStack'];
const TEMPLATE_FILE_METADATA = 'aws:cdk:templateFile';

type Json = Record<string, unknown>;

/** The texts of a shape, ready to be filled in. Everything that is the same for its stamps is computed here, once. */
export class ShapeText {
  public readonly template: TextTemplate;
  /** Metadata of what is below the stack; of the stack itself see {@link ownMetadata}. */
  private readonly metadata: TextTemplate;
  /** The same without the reasons of acknowledgements: aws-cdk-lib parses the metadata of every stack twice, and they are half of it. */
  private readonly metadataWithoutReasons: TextTemplate;
  /** Logical id by construct path below the stack, for resources whose path holds a value: each stamp has its own ids. */
  private readonly ids: readonly { readonly key: ValuePath; readonly logicalId: string; readonly path: TextTemplate }[];
  private readonly stackMetadata: readonly MetadataEntry[];
  private readonly shapePath: string;
  private allPaths?: readonly ValuePath[];
  private usedPaths?: ValuePath[];
  /** What {@link template} is made from: JSON with the marks of values in it. */
  public readonly markedTemplate: string;

  public constructor(
    stack: Stack,
    private readonly shape: SynthesizedShape,
  ) {
    this.shapePath = stack.node.path;
    const ids = this.idsWithValues();
    this.ids = ids.map(({ key, path, logicalId }) => ({ key, logicalId, path: new TextTemplate(JSON.stringify(path)) }));
    this.markedTemplate = this.marked(indented(this.templateObject(), shape.template));
    this.template = new TextTemplate(this.markedTemplate);
    const { [`/${this.shapePath}`]: own, ...below } = shape.metadata;
    this.stackMetadata = own ?? [];
    this.metadata = this.text(JSON.stringify(this.withOwnPath(below)));
    this.metadataWithoutReasons = this.text(JSON.stringify(this.withOwnPath(withoutReasons(below))));
  }

  /** @param reasons whether the acknowledgements of rules are told as well: once for each shape is enough */
  public metadataBelow(reasons: boolean): TextTemplate {
    return reasons ? this.metadata : this.metadataWithoutReasons;
  }

  /** The stamp's values with what follows from them. */
  public filling(valueOf: ValueLookup, constructPath: string): ValueLookup {
    const ids = new Map(this.ids.map(({ key, path }) => [key, logicalId(JSON.parse(path.fill(valueOf).toString()) as string)]));
    return (path) => (path === OWN_PATH ? constructPath : (ids.get(path) ?? valueOf(path)));
  }

  /** Values that reach the template. */
  public get valuePaths(): ValuePath[] {
    return (this.usedPaths ??= this.templatePaths.filter((path) => !path.startsWith('#')));
  }

  /** What fills in {@link markedTemplate}, in the order of `WrittenTemplate.values`. */
  public get templatePaths(): readonly ValuePath[] {
    return (this.allPaths ??= [...this.template.paths]);
  }

  /** What the shape's stack has noted about itself, as far as it holds for each of its stamps. */
  public ownMetadata(templateFile: string): MetadataEntry[] {
    return this.stackMetadata
      .filter(({ type }) => !OWN_METADATA.includes(type))
      .map((entry) => (entry.type === TEMPLATE_FILE_METADATA ? { ...entry, data: templateFile } : entry));
  }

  /** Text of a subtree of the construct tree, whose paths become the stamp's; constructs may tell their properties, or just what they are. */
  public treeText(children: unknown, properties: boolean): TextTemplate {
    const folded = foldConstants(this.withOwnPaths(children), ACCOUNT);
    return this.text(JSON.stringify(folded, (key, value: unknown) => (key === PROPERTIES && !properties ? undefined : value)));
  }

  /** Construct paths in the shape's tree by the logical ids that the stamp has. */
  public pathsByLogicalId(filling: ValueLookup): Map<string, string> {
    const byShapeId = new Map(this.ids.map(({ key }) => [key, filling(key)]));
    const paths = new Map<string, string>();
    for (const [path, entries] of Object.entries(this.shape.metadata)) {
      const entry = entries.find(({ type }) => type === LOGICAL_ID_METADATA);
      if (entry === undefined) continue;
      const own = byShapeId.get(`${LOGICAL_ID}|${String(entry.data)}`) ?? entry.data;
      paths.set(String(own), path.slice(1));
    }
    return paths;
  }

  private text(json: string): TextTemplate {
    return new TextTemplate(this.marked(json));
  }

  /** With marks in the place of logical ids that hold values. */
  private marked(json: string): string {
    return this.ids.reduce(
      (text, { key, logicalId }) => text.replaceAll(new RegExp(`\\b${logicalId}\\b`, 'g'), placeholder(key)),
      json,
    );
  }

  private idsWithValues(): { readonly key: ValuePath; readonly logicalId: string; readonly path: string }[] {
    return Object.entries(this.shape.metadata).flatMap(([path, entries]) => {
      const below = path.slice(this.shapePath.length + 2);
      const id = entries.find(({ type }) => type === LOGICAL_ID_METADATA)?.data;
      return typeof id === 'string' && holdsMark(below) ? [{ key: `${LOGICAL_ID}|${id}`, logicalId: id, path: below }] : [];
    });
  }

  private templateObject(): unknown {
    const template = foldConstants(JSON.parse(this.shape.template), ACCOUNT) as { readonly Resources?: Record<string, Json> };
    for (const resource of Object.values(template.Resources ?? {})) {
      const metadata = resource['Metadata'] as Json | undefined;
      const path = metadata?.[PATH_METADATA];
      if (metadata !== undefined && typeof path === 'string') metadata[PATH_METADATA] = this.ownPath(path);
    }
    return template;
  }

  private withOwnPath(metadata: SynthesizedShape['metadata']): Json {
    return Object.fromEntries(Object.entries(metadata).map(([path, entries]) => [`/${this.ownPath(path.slice(1))}`, entries]));
  }

  private withOwnPaths(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.withOwnPaths(item));
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, item]: [string, unknown]) => [
        key,
        key === 'path' && typeof item === 'string' ? this.ownPath(item) : this.withOwnPaths(item),
      ]),
    );
  }

  private ownPath(path: string): string {
    return path === this.shapePath || path.startsWith(`${this.shapePath}/`)
      ? placeholder(OWN_PATH) + path.slice(this.shapePath.length)
      : path;
  }
}

function withoutReasons(metadata: SynthesizedShape['metadata']): SynthesizedShape['metadata'] {
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([path, entries]) => {
      const others = entries.filter(({ type }) => type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
      return others.length === 0 ? [] : [[path, others]];
    }),
  );
}

/** With the indentation that aws-cdk-lib gave the file, which an app may switch off. */
function indented(template: unknown, original: string): string {
  const [, indentation] = /^\{\n( *)/.exec(original) ?? [];
  return JSON.stringify(template, undefined, indentation ?? '');
}

/** The logical id of what stands at a path below its stack: CDK makes both from the same digest of the ids on the way. */
function logicalId(path: string): string {
  return Names.nodeUniqueId(
    path.split('/').reduce<Construct>((parent, id) => new Construct(parent, id), new RootConstruct()).node,
  );
}
