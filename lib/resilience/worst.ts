import type { Bound } from './bounds/types';
import type { Outcome } from './types';

/** The outcome that is furthest outside its objectives; of those inside, the slowest. */
export function worstOutcome(outcomes: readonly Outcome[], objectives: { readonly rto: number; readonly rpo: number }): Outcome {
  const [first, ...rest] = outcomes;
  if (first === undefined) throw new RangeError('a failure without an outcome');
  return rest.reduce((worst, outcome) => (badness(outcome, objectives) > badness(worst, objectives) ? outcome : worst), first);
}

/** How much of its objectives an outcome uses; infinite when there is no bound. */
export function badness({ rto, rpo }: Outcome, objectives: { readonly rto: number; readonly rpo: number }): number {
  return Math.max(share(rto, objectives.rto), share(rpo, objectives.rpo));
}

function share({ pessimistic = 0, unbounded }: Bound, objective: number): number {
  if (unbounded !== undefined) return Infinity;
  return objective === 0 ? (pessimistic === 0 ? 0 : 1e9 + pessimistic) : pessimistic / objective;
}
