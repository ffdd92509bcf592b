import type { GroupProof, Verdict } from '../../../resilience/types';
import { boundText, seconds } from '../../../resilience/verdict/arithmetic';

/** The worst that the proof allows for one objective, over all failures that the group promises to survive. */
export interface WorstBound {
  readonly objective: 'availability' | 'recovery';
  readonly rto: string;
  readonly rtoOf: string;
  readonly rtoBy: string;
  readonly rpo: string;
  readonly rpoOf: string;
  readonly rpoBy: string;
  readonly holds: boolean;
}

export function worstBounds({ verdicts }: GroupProof): WorstBound[] {
  return (['availability', 'recovery'] as const).flatMap((objective) => {
    const gating = verdicts.filter((verdict) => verdict.objective === objective && verdict.gates);
    const [some] = gating;
    if (some === undefined) return [];
    const worst = (of: 'rto' | 'rpo'): Verdict =>
      gating.reduce((a, b) => (length(b.worst[of]) > length(a.worst[of]) ? b : a), some);
    const [rto, rpo] = [worst('rto'), worst('rpo')];
    return [
      {
        objective,
        rto: boundText(rto.worst.rto),
        rtoOf: seconds(some.rtoObjective),
        rtoBy: rto.failure,
        rpo: boundText(rpo.worst.rpo),
        rpoOf: seconds(some.rpoObjective),
        rpoBy: rpo.failure,
        holds: gating.every((verdict) => verdict.state !== 'violated'),
      },
    ];
  });
}

function length(bound: Verdict['worst']['rto']): number {
  return bound.unbounded !== undefined ? Infinity : (bound.pessimistic ?? 0);
}
