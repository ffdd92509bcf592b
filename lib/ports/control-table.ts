/** An item of the control table. `version` grows by one with every change. */
export interface ControlItem {
  readonly pk: string;
  readonly sk: string;
  readonly version: number;
  /** Plain JSON data. */
  readonly body: unknown;
}

/** `absent`: no such item yet. A number: the item has this version. */
export type PutCondition = 'absent' | number;

/**
 * The strongly consistent control table through the replica of one Region (aws-facts 4.2, 16): single-item conditional writes,
 * linearizable over all replicas. A concurrent write elsewhere is `conflict` (`ReplicatedWriteConflictException`), and the caller retries.
 */
export interface ControlTableStore {
  /** Strongly consistent. @throws PortError `unreachable`, `timeout`, `throttled`, `denied` */
  get(region: string, pk: string, sk: string): Promise<ControlItem | undefined>;
  /** `refused`: the condition does not hold. @throws PortError as `get`, and `conflict`; `maybeApplied` when the answer was lost */
  put(region: string, item: ControlItem, condition: PutCondition): Promise<'written' | 'refused'>;
  /** All items of a partition in the order of `sk`. Strongly consistent. @throws PortError as `get` */
  query(region: string, pk: string): Promise<readonly ControlItem[]>;
}

/** The journal on this machine's disk: one file per operation, one line per entry. */
export interface LocalJournal {
  /** Ends when the line is on disk (fsync). @throws when the disk does not take it: nothing may be done that is not journaled */
  append(operation: string, line: string): Promise<void>;
  /** Lines of an operation in their order; a line that was cut off by a crash is left out. Empty when there are none. */
  read(operation: string): Promise<readonly string[]>;
  /** Ids of the operations that this machine knows, sorted. */
  list(): Promise<readonly string[]>;
}
