/**
 * Synthesized assemblies edited by hand, in memory: what the proof says must change with the templates. Edits copy the stacks that they
 * touch and leave the assembly they start from as it is.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFleet } from '../../lib/assembly/parse-fleet';
import type { ParsedFleet } from '../../lib/assembly/parsed-fleet';
import { type AssemblyStack, readAssembly } from '../../lib/assembly/read-assembly';
import { exampleFleet } from './loaded-fleets';
import { once } from './once';
import { synthesizeInto } from './synthesized-fleet';

/** A resource of a template that may be changed. */
export interface EditableResource {
  Type: string;
  Properties: Record<string, unknown>;
  [other: string]: unknown;
}

export type ResourceFilter = (logicalId: string, resource: EditableResource) => boolean;
export type AssemblyEdit = (stacks: readonly AssemblyStack[]) => AssemblyStack[];

/** The stacks of the fleet in `stamps/`, as an editor finds them. */
export const exampleAssembly = once((): readonly AssemblyStack[] => readAssembly(synthesizeInto(exampleFleet().fleet)).stacks);

/** Same, from a folder. */
export function assemblyIn(directory: string): readonly AssemblyStack[] {
  return readAssembly(directory).stacks;
}

/** Applies edits one after the other. */
export function edited(stacks: readonly AssemblyStack[], ...edits: readonly AssemblyEdit[]): AssemblyStack[] {
  return edits.reduce<AssemblyStack[]>((current, edit) => edit(current), [...stacks]);
}

/** The facts of the edited assembly. */
export function factsOf(stacks: readonly AssemblyStack[], ...edits: readonly AssemblyEdit[]): ParsedFleet {
  return parseFleet(edited(stacks, ...edits));
}

/**
 * Changes every resource of a stack that the filter takes.
 *
 * @throws Error when it takes none: an edit that does nothing proves nothing
 */
export function edit(
  stackName: string,
  filter: ResourceFilter,
  change: (properties: Record<string, unknown>, resource: EditableResource) => void,
): AssemblyEdit {
  return inStack(stackName, filter, (found) => {
    for (const [, resource] of found) change(resource.Properties, resource);
  });
}

/** Takes every resource of a stack away that the filter takes. */
export function remove(stackName: string, filter: ResourceFilter): AssemblyEdit {
  return inStack(stackName, filter, (found, resources) => {
    for (const [logicalId] of found) Reflect.deleteProperty(resources, logicalId);
  });
}

/** Takes a whole stack away. */
export function removeStack(stackName: string): AssemblyEdit {
  return (stacks) => {
    if (!stacks.some((stack) => stack.stackName === stackName)) throw new Error(`no stack ${stackName}`);
    return stacks.filter((stack) => stack.stackName !== stackName);
  };
}

/** Deploys a stack to another Region; what names the old one in other stacks is left to {@link replaceText}. */
export function moveStack(stackName: string, region: string): AssemblyEdit {
  return (stacks) => {
    if (!stacks.some((stack) => stack.stackName === stackName)) throw new Error(`no stack ${stackName}`);
    return stacks.map((stack) => (stack.stackName === stackName ? { ...stack, region } : stack));
  };
}

/** Replaces a text wherever the stack's resources hold it. */
export function replaceText(stackName: string, text: string, replacement: string): AssemblyEdit {
  return edit(stackName, ofType('', text), (_properties, resource) => {
    resource.Properties = JSON.parse(JSON.stringify(resource.Properties).replaceAll(text, replacement)) as Record<
      string,
      unknown
    >;
  });
}

/** Resources of a type (of any with `''`), and of these the ones whose properties contain a text. */
export function ofType(type: string, containing = ''): ResourceFilter {
  return (_logicalId, resource: Partial<EditableResource>) =>
    (type === '' || resource.Type === type) && JSON.stringify(resource.Properties ?? {}).includes(containing);
}

/** Resources whose logical id matches. */
export function withId(pattern: RegExp): ResourceFilter {
  return (logicalId) => pattern.test(logicalId);
}

/** Writes stacks as a cloud assembly, for what reads assemblies from disk. */
export function writeAssembly(stacks: readonly AssemblyStack[], directory: string): string {
  mkdirSync(directory, { recursive: true });
  for (const { stackName, template } of stacks)
    writeFileSync(join(directory, `${stackName}.template.json`), JSON.stringify(template));
  const artifacts = stacks.map(({ stackName, account, region, terminationProtection }) => [
    stackName,
    {
      type: 'aws:cloudformation:stack',
      environment: `aws://${account}/${region}`,
      properties: { templateFile: `${stackName}.template.json`, terminationProtection },
    },
  ]);
  writeFileSync(
    join(directory, 'manifest.json'),
    JSON.stringify({ version: '54.0.0', artifacts: Object.fromEntries(artifacts) as unknown }),
  );
  return directory;
}

function inStack(
  stackName: string,
  filter: ResourceFilter,
  change: (found: [string, EditableResource][], resources: Record<string, EditableResource>) => void,
): AssemblyEdit {
  return (stacks) => {
    const stack = stacks.find((candidate) => candidate.stackName === stackName);
    if (stack === undefined) throw new Error(`no stack ${stackName}`);
    const template = structuredClone(stack.template);
    const resources = template.Resources as unknown as Record<string, EditableResource>;
    const found = Object.entries(resources).filter(([logicalId, resource]) => filter(logicalId, resource));
    if (found.length === 0) throw new Error(`no resource of ${stackName} is what was asked for`);
    change(found, resources);
    return stacks.map((other) => (other === stack ? { ...stack, template } : other));
  };
}
