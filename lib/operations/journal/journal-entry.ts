import type { OperationFinding } from '../finding-codes';
import type { Plan } from '../plan';

/** How a step ended. */
export type StepOutcome =
  /** Its action was done and its postconditions held. */
  | 'done'
  /** Its postconditions held before it did anything. */
  | 'already'
  /** They did not hold in time, and the operation goes on. */
  | 'unconfirmed'
  | 'failed'
  /** Cancelled before it did anything, or a wait that was given up. */
  | 'aborted'
  /** Half done, and undone again. */
  | 'compensated';

export type OperationResult = 'completed' | 'failed' | 'aborted' | 'interrupted';

interface EntryBase {
  readonly operation: string;
  /** Fencing token under which it was written; with `seq` the order of all entries. */
  readonly token: number;
  /** Grows by one within a token. */
  readonly seq: number;
  /** ISO 8601, the operator's clock. */
  readonly at: string;
}

export type JournalEntry = EntryBase &
  (
    | {
        readonly kind: 'begin';
        readonly plan: Plan;
        readonly operator: string;
        readonly findings: readonly OperationFinding[];
        /** Why there is no lease. */
        readonly breakGlass?: string;
      }
    | { readonly kind: 'resume'; readonly operator: string; readonly breakGlass?: string }
    | { readonly kind: 'intent'; readonly step: string }
    | {
        readonly kind: 'outcome';
        readonly step: string;
        readonly outcome: StepOutcome;
        readonly detail: string;
        readonly data?: unknown;
        readonly seconds: number;
      }
    | {
        readonly kind: 'end';
        readonly result: OperationResult;
        readonly detail: string;
        /** True when nothing is left to go on with, whatever the result. */
        readonly over?: boolean;
        /** Seconds; as in the report. */
        readonly achievedRpoSeconds?: number;
        readonly achievedRtoSeconds?: number;
      }
    /** Written when entries that only one machine had reached the control table. */
    | { readonly kind: 'reconciled'; readonly entries: number }
  );
