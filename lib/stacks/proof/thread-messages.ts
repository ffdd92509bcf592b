import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { StackEntry } from '../../assembly/read-assembly';
import type { FleetDemand } from '../../resilience/demand';
import type { WrittenShape, WrittenTemplate } from '../stamping/written-templates';

/** What the thread of a proof is started with. */
export interface ProofOrder {
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  readonly demand: FleetDemand;
  /** What its manifest is going to list, in that order. */
  readonly stacks: readonly StackEntry[];
  readonly inbox: MessagePort;
  readonly answer: MessagePort;
  readonly counts: ThreadCounts;
}

/** What the thread hears of the synthesis. Shapes are numbered as they come. */
export type ProofMessage =
  | ({ readonly kind: 'shape' } & Omit<WrittenShape, 'stacks'>)
  | { readonly kind: 'stack'; readonly index: number; readonly shape: number; readonly written: WrittenTemplate }
  | { readonly kind: 'end' };

/** Two counters in memory that both threads see: how many messages were sent each way. Synth is synchronous and can wait in no other way. */
export type ThreadCounts = Int32Array;

export const TO_THREAD = 0;
export const FROM_THREAD = 1;

export function newCounts(): ThreadCounts {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** Sends a message to somebody who waits for the counter. */
export function send(port: MessagePort, message: unknown, counts: ThreadCounts, direction: number): void {
  port.postMessage(message);
  Atomics.add(counts, direction, 1);
  Atomics.notify(counts, direction);
}

/** The next message, which is waited for. Undefined when there is none in time. */
export function receive(port: MessagePort, counts: ThreadCounts, direction: number, patienceMs = Infinity): unknown {
  for (;;) {
    const sent = Atomics.load(counts, direction);
    const received: { readonly message: unknown } | undefined = receiveMessageOnPort(port);
    if (received !== undefined) return received.message;
    if (Atomics.wait(counts, direction, sent, patienceMs) === 'timed-out') return undefined;
  }
}
