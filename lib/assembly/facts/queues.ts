import type { Fact } from './fact';

export interface QueueFact extends Fact {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  /** Seconds (default 30). */
  readonly visibilityTimeout?: number;
  /** Seconds that an unread message lives (default 345,600). */
  readonly retention?: number;
  /** Where messages go that failed too often. */
  readonly deadLetter?: {
    readonly arn: string;
    /** When the assembly makes it. */
    readonly queueId?: string;
    readonly maxReceives?: number;
  };
}
