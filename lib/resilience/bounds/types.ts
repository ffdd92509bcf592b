/** What a term of a bound stands for. */
export type TermKind =
  'detection' | 'propagation' | 'ttl' | 'client' | 'decision' | 'switch' | 'scale-out' | 'promote' | 'restore' | 'verify' | 'lag';

/** Whether a term is a real measurement of the lab or one that it only plays. */
export type LabNature = 'emulated' | 'real';

/** One named span of time, with where its numbers come from. */
export interface Term {
  /** Stable name, such as `detection`, `promotion`, `switch-propagation`. */
  readonly name: string;
  readonly kind: TermKind;
  /** Seconds. */
  readonly typical: number;
  /** Seconds; verdicts use it. */
  readonly pessimistic: number;
  /** The arithmetic with its numbers, such as `3 x (10 s + 6 s)`. */
  readonly because: string;
  /** `aws-facts 10.2`, or the fact id of the resource that says so. */
  readonly source: string;
  /** Names of the entries of the table of assumptions that it uses. */
  readonly assumptions: readonly string[];
  /** Only with profile `lab`. */
  readonly lab?: LabNature;
  /** Of a real term of the lab: seconds of `pessimistic` that it only plays, such as the intervals of a check. @default 0 */
  readonly labEmulated?: number;
}

/** A term in the graph of a recovery. */
export interface Step extends Term {
  /** Names of the steps that must have ended. */
  readonly after: readonly string[];
}

export interface BoundTerm extends Term {
  /** Whether it delays the end; the others run beside it. */
  readonly critical: boolean;
}

/** An upper bound of a time, as the critical path through its terms. */
export interface Bound {
  /** Seconds. `undefined`: there is no bound, {@link Bound.unbounded} says why. */
  readonly typical?: number;
  /** Seconds. */
  readonly pessimistic?: number;
  /** In the order they end; those beside the critical path included. */
  readonly terms: readonly BoundTerm[];
  /** Why it never ends by itself or by any step the kit knows. */
  readonly unbounded?: string;
}
