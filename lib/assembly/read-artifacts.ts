import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StampError } from '../errors';
import { partitionOf } from './partition';

/** What a cloud assembly says about a stack besides its template: how the deployment reaches it. */
export interface StackArtifact {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** Path of the template file. */
  readonly templatePath: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The bootstrap's role for reading; absent when the synthesizer gives none. */
  readonly lookupRoleArn?: string;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: {
    readonly stackName?: string;
    readonly templateFile?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly lookupRole?: { readonly arn?: string };
  };
}

/**
 * The stacks of a cloud assembly by name.
 *
 * @throws StampError ASSEMBLY_MISSING when the folder holds no manifest that can be read
 */
export function readArtifacts(directory: string): ReadonlyMap<string, StackArtifact> {
  const found = new Map<string, StackArtifact>();
  for (const [id, { type, environment, properties }] of Object.entries(readManifest(directory).artifacts)) {
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment ?? '') ?? [];
    if (type !== 'aws:cloudformation:stack' || account === undefined || region === undefined) continue;
    const stackName = properties?.stackName ?? id;
    const lookupRoleArn = properties?.lookupRole?.arn?.replace('${AWS::Partition}', partitionOf(region));
    found.set(stackName, {
      stackName,
      account,
      region,
      templatePath: join(directory, properties?.templateFile ?? `${id}.template.json`),
      tags: properties?.tags ?? {},
      ...(lookupRoleArn !== undefined && { lookupRoleArn }),
    });
  }
  return found;
}

function readManifest(directory: string): { readonly artifacts: Readonly<Record<string, Artifact>> } {
  try {
    const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as {
      artifacts?: Record<string, Artifact>;
    };
    return { artifacts: manifest.artifacts ?? {} };
  } catch (error) {
    throw new StampError(
      'ASSEMBLY_MISSING',
      `no cloud assembly in ${directory} (${error instanceof Error ? error.message : String(error)})`,
      `Synthesize first: npx cdk synth --output ${directory}.`,
    );
  }
}
