import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { succeed } from './run';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface SynthesizedTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/** An empty folder for a cloud assembly; apps write to where `CDK_OUTDIR` says. */
export function assemblyFolder(): string {
  return mkdtempSync(join(inject('project'), 'cdk.out-'));
}

/** Runs a compiled TypeScript program of the project, and returns the folder of its assembly. */
export async function synthesizeTypeScript(program: string): Promise<string> {
  const assembly = assemblyFolder();
  await succeed(process.execPath, [join('out', `${program}.js`)], { cwd: inject('project'), env: { CDK_OUTDIR: assembly } });
  return assembly;
}

/** The text of a template, to be compared byte by byte. */
export function templateText(assembly: string, stack: string): string {
  return readFileSync(join(assembly, `${stack}.template.json`), 'utf8');
}

/** Templates by stack. */
export function templatesOf(assembly: string): Record<string, SynthesizedTemplate> {
  const suffix = '.template.json';
  const stacks = readdirSync(assembly).filter((name) => name.endsWith(suffix));
  return Object.fromEntries(
    stacks.map((name) => [
      name.slice(0, -suffix.length),
      JSON.parse(readFileSync(join(assembly, name), 'utf8')) as SynthesizedTemplate,
    ]),
  );
}

/** Properties of all resources of a type. */
export function resourcesOf(template: SynthesizedTemplate | undefined, type: string): Readonly<Record<string, unknown>>[] {
  return Object.values(template?.Resources ?? {})
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties ?? {});
}
