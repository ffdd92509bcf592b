import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultStackSynthesizer, FileAssetPackaging, Stack } from 'aws-cdk-lib';
import type { FileAssetSource, ISynthesisSession, StackProps, SynthesizeStackArtifactOptions } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StampError } from '../../errors';
import type { Shape } from './shape';
import type { MetadataEntry } from './shape-synthesizer';
import type { ValueLeaf, ValuePath } from './placeholders';
import { tellTemplateListeners } from './template-listeners';
import { TextTemplate, type ValueLookup } from './text-template';
import { leavesOf, type ValueTree } from './value-leaves';
import { identityOf, type WrittenTemplate } from './written-templates';

type Assembly = ISynthesisSession['assembly'];
type Manifest = Parameters<Assembly['addArtifact']>[1];
/** Metadata that aws-cdk-lib adds when it writes a stack. */
const STACK_TAGS = 'aws:cdk:stack-tags';

type Metadata = Readonly<Record<string, readonly MetadataEntry[]>>;

export interface StampedStackProps extends Pick<StackProps, 'env' | 'stackName' | 'terminationProtection' | 'tags'> {
  /** What the stack is made from. */
  readonly shape: Shape;
  /** What fills the shape in. */
  readonly values: ValueTree;
  /** What is wrong between the values, of which each may be right by itself. */
  readonly problems?: () => readonly StampError[];
}

/**
 * A stack whose template is its shape's, filled in (design 11). It has no constructs of its own; name, environment, tags and guards are its
 * own, and aws-cdk-lib writes manifest entry and asset manifest as for any other stack.
 */
export class StampedStack extends Stack {
  public readonly shape: Shape;
  /** What is wrong between its values. */
  public readonly problems: () => readonly StampError[];
  private readonly values: ReadonlyMap<ValuePath, ValueLeaf>;
  private lookup?: ValueLookup;
  private file?: WrittenTemplate['file'];

  public constructor(scope: Construct, id: string, { shape, values, problems, ...props }: StampedStackProps) {
    super(scope, id, { ...props, synthesizer: new StampedSynthesizer() });
    this.shape = shape;
    this.problems = problems ?? (() => []);
    this.values = leavesOf(values);
    shape.add(this, values);
  }

  /** Text of the shape's constructs, such as a path or the id of a finding, as it is for this stack. */
  public fillText(text: string): string {
    return JSON.parse(new TextTemplate(JSON.stringify(text)).fill((path) => this.values.get(path)).toString()) as string;
  }

  /** One of its values. */
  public valueAt(path: ValuePath): ValueLeaf | undefined {
    return this.values.get(path);
  }

  /** Called when its template is in a file. */
  public noteTemplate(file: WrittenTemplate['file']): void {
    this.file = file;
    tellTemplateListeners(this);
  }

  /** Its template, once it is synthesized. */
  public get written(): WrittenTemplate | undefined {
    const { file, filling } = this;
    return file && { file, values: this.shape.text.templatePaths.map((path) => filling(path)) };
  }

  /** What fills in the texts of its shape. */
  public get filling(): ValueLookup {
    return (this.lookup ??= this.shape.text.filling((path) => this.values.get(path), this.node.path));
  }
}

class StampedSynthesizer extends DefaultStackSynthesizer {
  public constructor() {
    // Parameter and rule are in the shape's template.
    super({ generateBootstrapVersionRule: false });
  }

  public override synthesize(session: ISynthesisSession): void {
    const { files, images } = this.stamped.shape.synthesized(session);
    for (const file of files) this.addFileAsset(file);
    for (const image of images) this.addDockerImageAsset(image);
    super.synthesize(session);
  }

  protected override synthesizeTemplate({ assembly }: ISynthesisSession): FileAssetSource {
    const stack = this.stamped;
    const template = stack.shape.text.template.fill(stack.filling);
    stack.noteTemplate(writeTemplate(join(assembly.outdir, stack.templateFile), template));
    return {
      fileName: stack.templateFile,
      packaging: FileAssetPackaging.FILE,
      sourceHash: createHash('sha256').update(template).digest('hex'),
      deployTime: true,
      displayName: `${stack.stackName} Template`,
    };
  }

  protected override emitArtifact(session: ISynthesisSession, options?: SynthesizeStackArtifactOptions): void {
    const { assembly } = session;
    const completed = Object.create(assembly, {
      addArtifact: {
        value: (id: string, manifest: Manifest) => {
          assembly.addArtifact(id, this.withMetadata(assembly, manifest));
        },
      },
    }) as Assembly;
    super.emitArtifact({ ...session, assembly: completed }, options);
  }

  /**
   * The stack's own metadata comes from aws-cdk-lib, and from the shape what holds for each of its stamps; what is below it, from the shape alone.
   */
  private withMetadata({ outdir }: Assembly, manifest: Manifest): Manifest {
    const stack = this.stamped;
    const below = stack.shape.text.metadataBelow(stack.shape.members[0] === stack).fill(stack.filling);
    if (!stack.shape.metadataInFile) {
      const metadata = { ...this.withShapes(manifest.metadata ?? {}), ...(JSON.parse(below.toString()) as Metadata) };
      return { ...manifest, metadata: metadata as NonNullable<Manifest['metadata']> };
    }
    const { additionalMetadataFile = `${stack.artifactId}.metadata.json` } = manifest;
    const file = join(outdir, additionalMetadataFile);
    // Most stacks say nothing of themselves, and have no file yet.
    const own = manifest.additionalMetadataFile === undefined ? {} : (JSON.parse(readFileSync(file, 'utf8')) as Metadata);
    writeFileSync(file, joinObjects(JSON.stringify(this.withShapes(own)), below));
    return { ...manifest, additionalMetadataFile };
  }

  /** In the order of aws-cdk-lib, which notes the tags last. */
  private withShapes(own: Metadata): Metadata {
    const stack = this.stamped;
    const key = `/${stack.node.path}`;
    const noted = own[key] ?? [];
    const tags = noted.filter(({ type }) => type === STACK_TAGS);
    const entries = [
      ...noted.filter((entry) => !tags.includes(entry)),
      ...stack.shape.text.ownMetadata(stack.templateFile),
      ...tags,
    ];
    return entries.length === 0 ? own : { ...own, [key]: entries };
  }

  private get stamped(): StampedStack {
    const stack = this.boundStack;
    if (stack instanceof StampedStack) return stack;
    throw new StampError(
      'STAMP_SYNTHESIZER',
      `${stack.stackName} is not made from a shape`,
      'Use this synthesizer for StampedStack only',
    );
  }
}

function writeTemplate(path: string, template: Buffer): WrittenTemplate['file'] {
  const descriptor = openSync(path, 'w');
  try {
    writeFileSync(descriptor, template);
    return identityOf(path, descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Two JSON objects in one, as text: what comes second is not parsed. */
function joinObjects(first: string, second: Buffer): Buffer {
  if (first === '{}') return second;
  const [start, rest] = [first.slice(0, -1), second.subarray(1)];
  return Buffer.concat([Buffer.from(rest.length > 1 ? `${start},` : start), rest]);
}
