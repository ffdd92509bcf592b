import type { OperationFinding } from '../finding-codes';
import type { Step } from '../plan';

/** What an operation is going to do, or why it does nothing. Plain data. */
export type Decision =
  | {
      readonly kind: 'go';
      /** How, in one word. */
      readonly variant: string;
      /** Why so, for people; one sentence each. */
      readonly reasons: readonly string[];
      readonly steps: readonly Step[];
      /** AWS Regions that nothing may call. */
      readonly avoid: readonly string[];
      readonly pending: readonly string[];
      /** What safety has to say about this decision; an error stops it. */
      readonly findings: readonly OperationFinding[];
    }
  | { readonly kind: 'stop'; readonly findings: readonly OperationFinding[] };

export function stop(...findings: readonly OperationFinding[]): Decision {
  return { kind: 'stop', findings };
}
