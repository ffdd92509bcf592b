import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { addFleetStacks } from '../../lib/stacks/fleet-app';
import type { Fleet } from '../../lib/topology/types';
import { exampleFleet, variantFleet } from './loaded-fleets';
import { once } from './once';

/** A stack as the cloud assembly holds it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  /** The template file, byte by byte. */
  readonly text: string;
  /** Names of the stacks that have to be deployed first. */
  readonly dependencies: readonly string[];
  readonly terminationProtection: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The folder of a fleet's cloud assembly, without rule packs and validation, which take most of the time. */
export function synthesizeInto(fleet: Fleet, outdir?: string): string {
  return assemble(fleet, outdir).directory;
}

/** The stacks of a fleet, in the order of the manifest. */
export function synthesizeStacks(fleet: Fleet): SynthesizedStack[] {
  return assemble(fleet).stacks.map((stack) => ({
    name: stack.stackName,
    account: stack.environment.account,
    region: stack.environment.region,
    template: Template.fromJSON(stack.template as Record<string, unknown>),
    text: readFileSync(stack.templateFullPath, 'utf8'),
    // What a stack uploads first is an artifact too, and no stack.
    dependencies: stack.dependencies.map(({ id }) => id).filter((id) => id !== `${stack.id}.assets`),
    terminationProtection: stack.terminationProtection ?? false,
    tags: stack.tags,
  }));
}

export const exampleStacks = once(() => synthesizeStacks(exampleFleet().fleet));
export const variantStacks = once(() => synthesizeStacks(variantFleet().fleet));

export function stackNamed(stacks: readonly SynthesizedStack[], name: string): SynthesizedStack {
  const found = stacks.find((stack) => stack.name === name);
  if (found === undefined) throw new Error(`no stack ${name}`);
  return found;
}

function assemble(fleet: Fleet, outdir?: string): ReturnType<App['synth']> {
  const app = new App({
    context: { ...APP_CONTEXT },
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    ...(outdir !== undefined && { outdir }),
  });
  addFleetStacks(app, fleet);
  return app.synth();
}
