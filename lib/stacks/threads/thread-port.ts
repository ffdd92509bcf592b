import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/**
 * One end of a conversation between synth and a thread. Synth is synchronous, so that it cannot wait for events; both ends wait for a counter in
 * memory that they share, and take the message then.
 */
export interface ThreadPort {
  readonly port: MessagePort;
  readonly counts: Int32Array;
  /** Which of the counters counts the messages to this end. */
  readonly own: 0 | 1;
}

export function newCounts(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

export function send({ port, counts, own }: ThreadPort, message: unknown): void {
  const other = own === 0 ? 1 : 0;
  port.postMessage(message);
  Atomics.add(counts, other, 1);
  Atomics.notify(counts, other);
}

/** The next message, which is waited for. Undefined when there is none in time. */
export function receive({ port, counts, own }: ThreadPort, patienceMs = Infinity): unknown {
  for (;;) {
    const sent = Atomics.load(counts, own);
    const received: { readonly message: unknown } | undefined = receiveMessageOnPort(port);
    if (received !== undefined) return received.message;
    if (Atomics.wait(counts, own, sent, patienceMs) === 'timed-out') return undefined;
  }
}
