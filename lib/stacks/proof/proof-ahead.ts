import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type App, Stack } from 'aws-cdk-lib';
import type { StackEntry } from '../../assembly/read-assembly';
import type { Finding } from '../../findings';
import type { FleetDemand } from '../../resilience/demand';
import type { Shape } from '../stamping/shape';
import { ShapeSynthesizer } from '../stamping/shape-synthesizer';
import { StampedStack } from '../stamping/stamped-stack';
import { onTemplateWritten } from '../stamping/template-listeners';
import { FROM_THREAD, newCounts, type ProofMessage, type ProofOrder, receive, send, TO_THREAD } from './thread-messages';

/** Where the build puts the thread's program: beside the bundled ones. */
const WORKER = join(__dirname, 'proof-worker.js');
/** Below, a thread takes longer to start than it saves. */
const MIN_STAMPED_STACKS = 100;
/** A thread that ended without a word, such as for want of memory, is not waited for any longer: what is left to do by then takes seconds. */
const PATIENCE_MS = 120_000;

export interface ProofAheadOptions {
  /** Program of the thread. @default - beside this one */
  readonly worker?: string;
  /** @default 100 */
  readonly minStampedStacks?: number;
  /** @default 120000 */
  readonly patienceMs?: number;
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
  const { worker = WORKER, minStampedStacks = MIN_STAMPED_STACKS, patienceMs = PATIENCE_MS } = options;
  const stacks = app.node.findAll().filter((construct): construct is Stack => Stack.isStack(construct) && !isOfShape(construct));
  if (stacks.filter((stack) => stack instanceof StampedStack).length < minStampedStacks) return undefined;
  if (availableParallelism() < 2 || !existsSync(worker)) return undefined;

  const [inbox, answers, counts] = [new MessageChannel(), new MessageChannel(), newCounts()];
  const order: ProofOrder = {
    assembly: app.outdir,
    demand,
    stacks: stacks.map((stack) => entryOf(stack, app)),
    inbox: inbox.port2,
    answer: answers.port2,
    counts,
  };
  const thread = new Worker(worker, {
    workerData: order,
    transferList: [order.inbox, order.answer],
    execArgv: [],
    name: 'stampkit-proof',
  });
  // Synth ends with what it says, and does not wait for a thread that nobody asks any more.
  thread.unref();
  thread.on('error', () => undefined);
  const tell = (message: ProofMessage): void => {
    send(inbox.port1, message, counts, TO_THREAD);
  };
  tellOfTemplates(app, stacks, tell);
  return {
    wait: () => {
      tell({ kind: 'end' });
      const errors = receive(answers.port1, counts, FROM_THREAD, patienceMs) as Finding[] | undefined;
      for (const port of [inbox.port1, answers.port1] satisfies MessagePort[]) port.close();
      void thread.terminate();
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

/** Stacks of shapes are no part of the assembly. */
function isOfShape({ synthesizer }: Stack): boolean {
  return synthesizer instanceof ShapeSynthesizer;
}

/** As the manifest is going to say it; the thread compares, and has no answer when it was wrong. */
function entryOf(stack: Stack, { outdir }: App): StackEntry {
  const { stackName, account, region, terminationProtection, templateFile } = stack;
  return { stackName, account, region, terminationProtection, path: join(outdir, templateFile) };
}
