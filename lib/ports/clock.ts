/** Time. The engines read no other clock. */
export interface Clock {
  /** Milliseconds since 1970. For records that people read; nothing is decided by comparing it between machines. */
  now(): number;
  /** Milliseconds since some moment of this process; never goes back, and says nothing about other machines. */
  monotonic(): number;
  /** Ends after `milliseconds`, or at once when `signal` is raised. Never throws. */
  sleep(milliseconds: number, signal?: Cancellation): Promise<void>;
}

/** How far the operator wants to stop: 1 finish or undo the step at hand, 2 stop at once. */
export interface Cancellation {
  readonly level: 0 | 1 | 2;
  /** Calls back on every raise of the level; the result takes the call back. */
  onRaise(listener: () => void): () => void;
}

/** SHA-256 as lower-case hexadecimal digits. */
export type Sha256 = (text: string) => string;
