import type { Bound } from './bounds/types';
import type { Outcome } from './types';

/** The outcome that is furthest outside its objectives; of those inside, the slowest. */
export function worstOutcome(outcomes: readonly Outcome[], objectives: { readonly rto: number; readonly rpo: number }): Outcome {
  return worstOf(outcomes, (outcome) => outcome, objectives);
}

/** {@link worstOutcome} among things that have an outcome; the first of equal ones. */
export function worstOf<T extends object>(
  items: readonly T[],
  outcomeOf: (item: T) => Outcome,
  objectives: { readonly rto: number; readonly rpo: number },
): T {
  const [first, ...rest] = items;
  if (first === undefined) throw new RangeError('a failure without an outcome');
  let worst = first;
  let worstBadness = badness(outcomeOf(first), objectives);
  for (const item of rest) {
    const itemBadness = badness(outcomeOf(item), objectives);
    if (itemBadness <= worstBadness) continue;
    worst = item;
    worstBadness = itemBadness;
  }
  return worst;
}

/** How much of its objectives an outcome uses; infinite when there is no bound. */
export function badness({ rto, rpo }: Outcome, objectives: { readonly rto: number; readonly rpo: number }): number {
  return Math.max(share(rto, objectives.rto), share(rpo, objectives.rpo));
}

function share({ pessimistic = 0, unbounded }: Bound, objective: number): number {
  if (unbounded !== undefined) return Infinity;
  return objective === 0 ? (pessimistic === 0 ? 0 : 1e9 + pessimistic) : pessimistic / objective;
}
