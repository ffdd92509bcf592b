import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StampError } from '../errors';

/** One resource of a synthesized template, as CloudFormation would receive it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface AssemblyTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** One stack of a cloud assembly. */
export interface AssemblyStack {
  readonly stackName: string;
  /** Account id; `unknown-account` when the stack is environment-agnostic. */
  readonly account: string;
  readonly region: string;
  readonly terminationProtection: boolean;
  /** Size of the template file, which is what the 1 MB limit counts. */
  readonly templateBytes: number;
  readonly template: AssemblyTemplate;
}

/** What a file holds, for who has it in memory already: equal to parsing it, but for the effort. Undefined for files that have to be read. */
export type KnownTemplates = (
  path: string,
) => { readonly template: Partial<AssemblyTemplate>; readonly bytes: number } | undefined;

/** A cloud assembly on disk, read once: the one reader that preflight, the proof and the lab share. */
export interface Assembly {
  readonly directory: string;
  /** Sorted by stack name, so that nothing depends on the order of the manifest. */
  readonly stacks: readonly AssemblyStack[];
}

interface ManifestArtifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly terminationProtection?: boolean;
    readonly directoryName?: string;
  };
}

/**
 * Reads every stack of a cloud assembly, nested assemblies (stages) included.
 *
 * @throws StampError ASSEMBLY_MISSING when the folder holds no manifest, ASSEMBLY_INVALID when a file in it cannot be read as what it claims to be
 */
export function readAssembly(directory: string): Assembly {
  return { directory, stacks: [...assemblyStacks(directory)].sort((a, b) => (a.stackName < b.stackName ? -1 : 1)) };
}

/** A stack as the manifest of an assembly lists it. */
export interface StackEntry extends Omit<AssemblyStack, 'template' | 'templateBytes'> {
  /** File of its template. */
  readonly path: string;
}

/**
 * The stacks of {@link readAssembly} one at a time, in the order of the manifest: a template is read when it is asked for, and nothing
 * keeps it afterwards.
 *
 * @param known templates that need not be read from their files
 */
export function* assemblyStacks(directory: string, known?: KnownTemplates): Generator<AssemblyStack, undefined> {
  for (const entry of stackEntries(directory)) yield readStack(entry, directory, known);
  return undefined;
}

/**
 * What the manifest of an assembly, and of those nested in it, lists, without a look at the templates.
 *
 * @throws StampError ASSEMBLY_MISSING, ASSEMBLY_INVALID as {@link readAssembly}
 */
export function* stackEntries(directory: string): Generator<StackEntry, undefined> {
  const path = join(directory, 'manifest.json');
  const manifest = parsedJson(path, readBytes(path, directory)) as { artifacts?: Record<string, ManifestArtifact> };
  for (const [id, artifact] of Object.entries(manifest.artifacts ?? {})) {
    if (artifact.type === 'cdk:cloud-assembly' && artifact.properties?.directoryName !== undefined) {
      yield* stackEntries(join(directory, artifact.properties.directoryName));
    }
    if (artifact.type === 'aws:cloudformation:stack') yield entryOf(id, artifact, directory);
  }
  return undefined;
}

/**
 * A stack with its template.
 *
 * @throws StampError ASSEMBLY_MISSING, ASSEMBLY_INVALID as {@link readAssembly}
 */
export function readStack({ path, ...stack }: StackEntry, directory: string, known?: KnownTemplates): AssemblyStack {
  const { template, bytes } = known?.(path) ?? readTemplate(path, directory);
  return { ...stack, templateBytes: bytes, template: { ...template, Resources: template.Resources ?? {} } };
}

function entryOf(id: string, artifact: ManifestArtifact, directory: string): StackEntry {
  const templateFile = artifact.properties?.templateFile;
  const environment = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '');
  if (templateFile === undefined || environment === null) {
    throw new StampError(
      'ASSEMBLY_INVALID',
      `stack artifact "${id}" in ${directory} has no template or environment`,
      'Synthesize it again.',
    );
  }
  return {
    stackName: artifact.properties?.stackName ?? id,
    account: environment[1] ?? '',
    region: environment[2] ?? '',
    terminationProtection: artifact.properties?.terminationProtection ?? false,
    path: join(directory, templateFile),
  };
}

function readTemplate(path: string, directory: string): { readonly template: Partial<AssemblyTemplate>; readonly bytes: number } {
  const bytes = readBytes(path, directory);
  return { template: parsedJson(path, bytes) as Partial<AssemblyTemplate>, bytes: bytes.length };
}

/** All resources of one type in a stack, with their logical ids. */
export function resourcesOfType(stack: AssemblyStack, type: string): { logicalId: string; resource: TemplateResource }[] {
  return Object.entries(stack.template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, resource]) => ({ logicalId, resource }));
}

function readBytes(path: string, directory: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unreadable(path, error);
    throw new StampError('ASSEMBLY_MISSING', `no ${path}`, `Synthesize first: npx cdk synth --output ${directory}.`);
  }
}

function parsedJson(path: string, bytes: Buffer): unknown {
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('not a JSON object');
    return parsed;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): StampError {
  return new StampError(
    'ASSEMBLY_INVALID',
    `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    'Synthesize it again.',
  );
}
