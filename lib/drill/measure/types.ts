/** A span of bad service of a population; times are milliseconds since 1970 on the clients' clock. */
export interface Outage {
  /** End of the first attempt that failed. */
  readonly from: number;
  /** End of the first of the good ones in a row; absent while it goes on. */
  readonly until?: number;
}

export interface Share {
  readonly total: number;
  readonly good: number;
}

/** What one population felt. */
export interface PopulationResult {
  readonly population: string;
  readonly writeOutages: readonly Outage[];
  readonly readOutages: readonly Outage[];
  /** Seconds from the beginning to the first of K good writes in a row; 0 when none failed, absent when they never came. */
  readonly rto?: number;
  /** The same for reads. */
  readonly readRto?: number;
  readonly writes: Share;
  readonly reads: Share;
  readonly messages: Share;
}

/** Acknowledged rows that are not in the data. */
export interface RowLoss {
  readonly acknowledged: number;
  /** Numbers, ascending. */
  readonly missing: readonly number[];
  /** Seconds of acknowledged writes that are gone; 0 when none is. */
  readonly seconds: number;
  /** Of a restore: how many of the missing were acknowledged after the fault, until the restored data was in use. They are part of how long it took. */
  readonly since?: number;
}

export interface MessageLoss {
  readonly acknowledged: number;
  /** Numbers of messages without an effect that wait in no queue either, ascending. */
  readonly lost: readonly number[];
  /** Those of `lost` that the RPO does not excuse. */
  readonly beyondRpo: readonly number[];
  /** Messages whose effect is there more than once. */
  readonly doubled: readonly number[];
  /** Messages that wait in a queue. */
  readonly waiting: number;
}

/** Two stamps that acknowledged writes in turns more often than the writer was moved. */
export interface SplitBrain {
  /** How often the acknowledging stamp provably changed. */
  readonly turns: number;
  /** How often it may have. */
  readonly allowed: number;
  /** Stamps in the order of their turns, the first twenty. */
  readonly order: readonly string[];
}
