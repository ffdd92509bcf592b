import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type MessagePort, MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Finding } from '../findings';
import { proofErrors, type ProofJob } from './proof-job';

/** Where the build puts the worker: beside the bundled programs. */
const WORKER = join(__dirname, 'proof-worker.js');
/** Below, a thread takes longer to start than it saves. */
const MIN_STACKS = 100;
/** A thread that ended without a word, such as for want of memory, is not waited for any longer: the proof takes some seconds. */
const PATIENCE_MS = 120_000;
const DONE = 1;

/** What the thread is started with. */
export interface ProofOrder {
  readonly job: ProofJob;
  readonly answer: MessagePort;
  /** One number that becomes 1 when the answer was sent: synth cannot wait in any other way, because it is synchronous. */
  readonly state: Int32Array;
}

export interface ProofThreadOptions {
  /** File of the worker. @default - beside this one */
  readonly worker?: string;
  /** @default 100 */
  readonly minStacks?: number;
  /** @default 120000 */
  readonly patienceMs?: number;
}

/** A proof that is under way in another thread. */
export interface PendingProof {
  /** Waits for it. Undefined when the thread could not do it, for whatever reason: whoever asks has to do it then. */
  readonly wait: () => Finding[] | undefined;
}

/**
 * Begins the proof of a large fleet beside the checks, which take as long. Undefined for a small one, on a machine with one CPU, and in a program that
 * has no worker beside it. The thread does what `proofErrors` does, with the same result.
 */
export function startProof(job: ProofJob, options: ProofThreadOptions = {}): PendingProof | undefined {
  const { worker: file = WORKER, minStacks = MIN_STACKS, patienceMs = PATIENCE_MS } = options;
  const stacks = job.shapes.reduce((sum, { stacks: { length } }) => sum + length, 0);
  if (stacks < minStacks || availableParallelism() < 2 || !existsSync(file)) return undefined;
  const { port1: port, port2: answer } = new MessageChannel();
  const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const order: ProofOrder = { job, answer, state };
  const thread = new Worker(file, { workerData: order, transferList: [answer], execArgv: [], name: 'stampkit-proof' });
  // Synth ends with what it says, and does not wait for a thread that nobody asks any more.
  thread.unref();
  thread.on('error', () => undefined);
  return {
    wait: () => {
      Atomics.wait(state, 0, 0, patienceMs);
      const received: { readonly message: Finding[] } | undefined = receiveMessageOnPort(port);
      port.close();
      void thread.terminate();
      return received?.message;
    },
  };
}

/** The thread's part. An error is no answer: who asked meets it again, where it can be told. */
export function answerProof({ job, answer, state }: ProofOrder): void {
  try {
    answer.postMessage(proofErrors(job));
  } finally {
    Atomics.store(state, 0, DONE);
    Atomics.notify(state, 0);
  }
}
