/** Clients of one place that ask alike. They share a resolver, and each has a clock, a cache and a connection of its own. */
export interface PopulationSpec {
  /** Unique in a run: `new-york`. */
  readonly name: string;
  /** AWS Region in or near which the clients and their resolver are. */
  readonly region: string;
  readonly clients: number;
  /** Attempts per second of all clients together, reads, writes and messages. */
  readonly ratePerSecond: number;
}

export interface WorkloadSpec {
  readonly group: string;
  readonly populations: readonly PopulationSpec[];
  /** Shares of the attempts, which add up to at most 1; the rest are writes. @default 0.3 */
  readonly readShare?: number;
  /** @default 0.1 */
  readonly messageShare?: number;
  /** Milliseconds (real time) after which a client gives an attempt up. @default 2000 */
  readonly timeoutMs?: number;
  /** Whether clients keep connections between attempts, as browsers do. @default true */
  readonly keepConnections?: boolean;
  /** Seed of what each client does when. @default 1 */
  readonly seed?: number;
}

/** `write`: a numbered row. `message`: a numbered message for the worker. `read`: any read of the API. */
export type AttemptKind = 'write' | 'read' | 'message';

/**
 * How an attempt ended: `ok` (for a write: acknowledged), `refused` (an answer that is no success, nothing was written), or `lost` (no answer:
 * what it asked for may have happened or not).
 */
export type AttemptOutcome = 'ok' | 'refused' | 'lost';

/** One attempt, as its client saw it. Times are milliseconds since 1970 on the client's own clock. */
export interface Attempt {
  readonly population: string;
  readonly client: number;
  readonly kind: AttemptKind;
  /** Unique in the run for writes and messages: the number of the row or message. A retry has the number of what it retries. */
  readonly number?: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptOutcome;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** Address that DNS gave; absent when it gave none. */
  readonly address?: string;
  /** Id of the stamp that answered, as it says itself; absent without an answer. */
  readonly stamp?: string;
  /** Why it failed, in a few words. */
  readonly error?: string;
}

/** What is in the data now. */
export interface DataCount {
  /** Numbers of the rows that the asked stamp's database holds, ascending. */
  readonly rows: readonly number[];
  /** Numbers of rows whose content is not what was written, ascending. */
  readonly damaged: readonly number[];
  /** For each message number how often its effect is in the data: more than once is a doubled message. */
  readonly messages: Readonly<Record<number, number>>;
  /** Messages that wait in the stamp's queue or its dead-letter queue. */
  readonly queued: readonly number[];
}

/** Load that runs until it is stopped. */
export interface WorkloadRun {
  readonly id: string;
  /** Attempts that ended, from index `from` on, in the order they ended. */
  attempts(from?: number): Promise<readonly Attempt[]>;
  /** Multiplies the rate of a population, or of all; 1 is the rate of the specification. */
  setRate(factor: number, population?: string): Promise<void>;
  /** No new attempts; ends when the last one has ended. Stopping twice is one stop. */
  stop(): Promise<void>;
}

/** Load on a group through its own public name, and what became of it. */
export interface Workload {
  /** @throws PortError `not-found` for an unknown group, `conflict` while another run for the group goes on */
  start(spec: WorkloadSpec): Promise<WorkloadRun>;
  /** Reads a stamp's own database and queue past load balancers and DNS. @throws PortError `unreachable` */
  count(stamp: string): Promise<DataCount>;
}
