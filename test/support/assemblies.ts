import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import { foldConstants } from '../../lib/stacks/stamp-values';
import type { Fleet } from '../../lib/topology/types';

type Json = Record<string, any>;

export interface ManifestArtifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: Json;
  readonly dependencies?: readonly string[];
  readonly additionalMetadataFile?: string;
  readonly displayName?: string;
}

/** The folder of a fleet's assembly; without rule packs and validation, which take most of the time. */
export function assemble(fleet: Fleet, options: { stamping: boolean; context?: Json; outdir?: string }): string {
  const app = new App({
    context: { ...APP_CONTEXT, ...options.context },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    stackTraces: false,
    ...(options.outdir !== undefined && { outdir: options.outdir }),
  });
  addFleetStacks(app, fleet, { stamping: options.stamping });
  return app.synth().directory;
}

export function readJson(folder: string, file: string): Json {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
}

export function artifactsOf(folder: string): Record<string, ManifestArtifact> {
  return readJson(folder, 'manifest.json')['artifacts'] as Record<string, ManifestArtifact>;
}

export function stackArtifacts(folder: string): [id: string, artifact: ManifestArtifact][] {
  return Object.entries(artifactsOf(folder)).filter(([, { type }]) => type === 'aws:cloudformation:stack');
}

/** The template of a stack in the form in which templates are compared. */
export function comparableTemplate(folder: string, { properties }: ManifestArtifact): unknown {
  return foldConstants(readJson(folder, properties!['templateFile'] as string));
}

/** Files of an assembly, folders of assets left out. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}
