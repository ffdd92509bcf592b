/** The lease of a group as the control table holds it: one item, changed by conditional writes only. */
export interface LeaseRecord {
  readonly group: string;
  /** Fencing token of the present or last holder; grows by one with every acquisition. */
  readonly token: number;
  readonly state: 'held' | 'released';
  /** Unique per process: nobody takes another's lease for his own, whatever the names of people. */
  readonly holder: string;
  /** Who it is, for people. */
  readonly operator: string;
  /** Grows with every renewal. An observer who sees no growth for `durationMs` on its own clock may take over. */
  readonly beat: number;
  readonly durationMs: number;
  /** Operation that was begun and has not ended; kept when the holder dies, so that nobody starts another over it. */
  readonly unfinished?: string;
  /**
   * True for a holder that only works beside the live data, such as a restore of hours: who names its operation takes over at once. What
   * it still sends then disturbs nobody.
   */
  readonly yields?: boolean;
  /** ISO 8601 of the last change by the holder's clock. For people; nothing is decided by it. */
  readonly at: string;
}

/** Key of a group's lease in the control table. */
export function leaseKey(group: string): { pk: string; sk: string } {
  return { pk: `group#${group}`, sk: 'lease' };
}
