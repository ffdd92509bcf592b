/** An order of a tenant. `number` is the client's own key: ordering the same number twice is one order. */
export interface Order {
  readonly number: number;
  readonly tenant: string;
  readonly item: string;
  readonly quantity: number;
}

export interface StoredOrder extends Order {
  /** ISO 8601. */
  readonly at: string;
}

/** The stamp's database is a replica, so nothing may be written here now. Not an error of anybody: answer 503, and reads as before. */
export class ReadOnlyError extends Error {
  public constructor() {
    super('this stamp is read-only: its database is not the writer');
    this.name = 'ReadOnlyError';
  }
}

/** Where orders are. Every method may be called twice with the same arguments and does no harm. */
export interface OrderStore {
  /** `existed` when the number was ordered before. @throws ReadOnlyError */
  place(order: Order): Promise<'created' | 'existed'>;
  find(number: number): Promise<StoredOrder | undefined>;
  /** Newest first. */
  latest(limit: number): Promise<readonly StoredOrder[]>;
  /** Whether this stamp may write now. Asked before work is taken on; {@link place} and {@link ship} ask again. */
  writable(): Promise<boolean>;
  /** Does the work of a message at most once, however often the message comes. @throws ReadOnlyError */
  ship(message: number): Promise<'done' | 'done before'>;
  close(): Promise<void>;
}
