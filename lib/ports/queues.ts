import type { Guard } from './guard';
import type { StampRef } from './stamp-ref';

export interface QueueReading {
  readonly visible: number;
  readonly inFlight: number;
  readonly deadLetters: number;
  /** Age of the oldest message in seconds; 0 for an empty queue. */
  readonly oldestSeconds: number;
}

/** The work queues of stamps (aws-facts 6.4). */
export interface Queues {
  /** @throws PortError */
  read(stamp: StampRef): Promise<QueueReading>;
  /** Moves the dead letters of a stamp back into its queue (`StartMessageMoveTask`). @throws PortError `conflict` while one runs */
  redrive(change: { readonly stamp: StampRef; readonly guard: Guard }): Promise<void>;
  /**
   * Moves a part of the messages of one stamp's queue to another's: receive, send, delete; at least once each. Says how many.
   *
   * @throws PortError
   */
  forward(change: { readonly from: StampRef; readonly to: StampRef; readonly guard: Guard }): Promise<{ readonly moved: number }>;
}
