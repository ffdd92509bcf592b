import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import type { StackEntry } from '../../assembly/read-assembly';
import type { Finding } from '../../findings';
import type { FleetDemand } from '../../resilience/demand';
import { assemblyStacksOf } from '../stamping/assembly-stacks';
import { stampedStacksOf } from '../stamping/concerned-stacks';
import type { Shape } from '../stamping/shape';
import { onTemplateWritten } from '../stamping/template-listeners';
import { SideThread, type SideThreadOptions } from '../threads/side-thread';
import type { ProofMessage, ProofOrder } from './proof-messages';

/** Below, a thread takes about as long to start as it saves. */
const MIN_STAMPED_STACKS = 100;

export interface ProofAheadOptions extends SideThreadOptions {
  /** @default 100 */
  readonly minStampedStacks?: number;
}

/** A proof that is under way in another thread. */
export interface ProofAhead {
  /**
   * Called when the assembly is complete: waits for the errors of the proof. Undefined when the thread has none to tell, for whatever reason, or
   * saw something else than what the assembly holds now: whoever asks has to do the proof then.
   */
  readonly wait: () => Finding[] | undefined;
}

/**
 * Lets another thread read the templates of a large fleet while they are written, and prove it beside the checks: what `proofErrors` finds in the
 * assembly, with the same result. Undefined for a small fleet, on a machine with one CPU, and in a program that has no worker beside it.
 */
export function proveAhead(app: App, demand: FleetDemand, options: ProofAheadOptions = {}): ProofAhead | undefined {
  const { minStampedStacks = MIN_STAMPED_STACKS, ...threadOptions } = options;
  if (stampedStacksOf(app).length < minStampedStacks) return undefined;
  const stacks = assemblyStacksOf(app);
  const order: ProofOrder = { assembly: app.outdir, demand, stacks: stacks.map((stack) => entryOf(stack, app)) };
  const thread = SideThread.start('proof-worker', order, threadOptions);
  if (thread === undefined) return undefined;
  const tell = (message: ProofMessage): void => {
    thread.tell(message);
  };
  tellOfTemplates(app, stacks, tell);
  return {
    wait: () => {
      tell({ kind: 'end' });
      const errors = thread.hear() as Finding[] | undefined;
      thread.end();
      return errors;
    },
  };
}

/** Each shape once, before the first stack that is made from it. */
function tellOfTemplates(app: App, stacks: readonly Stack[], tell: (message: ProofMessage) => void): void {
  const indexes = new Map(stacks.map((stack, index) => [stack, index]));
  const shapes = new Map<Shape, number>();
  onTemplateWritten(app, (stack) => {
    const [index, { shape, written }] = [indexes.get(stack), stack];
    if (index === undefined || written === undefined) return;
    const known = shapes.get(shape) ?? shapes.size;
    if (known === shapes.size) {
      shapes.set(shape, known);
      tell({ kind: 'shape', template: shape.text.markedTemplate, paths: shape.text.templatePaths });
    }
    tell({ kind: 'stack', index, shape: known, written });
  });
}

/** As the manifest is going to say it; the thread compares, and has no answer when it was wrong. */
function entryOf(stack: Stack, { outdir }: App): StackEntry {
  const { stackName, account, region, terminationProtection, templateFile } = stack;
  return { stackName, account, region, terminationProtection, path: join(outdir, templateFile) };
}
