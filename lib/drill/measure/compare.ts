import type { Bound } from '../../resilience/bounds/types';

/** A measured time beside the bound that the proof gives. */
export interface Comparison {
  /** Seconds; absent when it never ended. */
  readonly measured?: number;
  /** Seconds, at the slowness of the machine; absent when the proof has none. */
  readonly bound?: number;
  /** Seconds that the bound would have on the machine of the lab's table, when that is less. */
  readonly usualBound?: number;
  readonly state:
    /** Measured inside the bound. */
    | 'within'
    /** Measured above it, or without end: the proof or the product is wrong. */
    | 'above'
    /** There is nothing to compare with. */
    | 'no-bound';
  /** Why there is no bound. */
  readonly because?: string;
  /** Seconds of the bound's critical terms that the target only plays: agreement on them says nothing about AWS. */
  readonly emulated?: number;
  /** Seconds of those that really happen. */
  readonly real?: number;
}

/** Compares with a bound of the profile `lab`. @param usual the same on the machine of the lab's table */
export function compare(measured: number | undefined, bound: Bound | undefined, usual = bound): Comparison {
  const shown = measured === undefined ? {} : { measured };
  if (bound === undefined) return { ...shown, state: 'no-bound', because: 'the drill names no failure of the proof' };
  if (bound.pessimistic === undefined)
    return { ...shown, state: 'no-bound', because: bound.unbounded ?? 'the proof has no bound' };
  const critical = bound.terms.filter((term) => term.critical && term.lab !== undefined);
  const played = critical.map(({ lab, pessimistic, labEmulated = 0 }) => (lab === 'emulated' ? pessimistic : labEmulated));
  const emulated = played.reduce((sum, each) => sum + each, 0);
  return {
    ...shown,
    bound: bound.pessimistic,
    ...(usual?.pessimistic !== undefined && usual.pessimistic < bound.pessimistic && { usualBound: usual.pessimistic }),
    state: measured !== undefined && measured <= bound.pessimistic ? 'within' : 'above',
    emulated,
    real: critical.reduce((sum, { pessimistic }) => sum + pessimistic, 0) - emulated,
  };
}

/** How the bound stands against the worst of several runs. */
export interface Looseness {
  readonly bound: number;
  readonly worst: number;
  /** Bound by worst: 2 is twice as long as anything that was seen. */
  readonly factor: number;
  readonly loose: boolean;
  /** The largest critical terms, which is where the slack is to be looked for. */
  readonly terms: readonly { readonly name: string; readonly seconds: number; readonly nature: 'emulated' | 'real' }[];
}

/** Undefined when there is no bound, or when nothing was felt at all. */
export function looseness(worst: number | undefined, bound: Bound | undefined): Looseness | undefined {
  if (worst === undefined || worst <= 0 || bound?.pessimistic === undefined) return undefined;
  const terms = bound.terms
    .filter(({ critical, pessimistic }) => critical && pessimistic > 0)
    .sort((a, b) => b.pessimistic - a.pessimistic)
    .slice(0, 4)
    .map(({ name, pessimistic, lab }) => ({ name, seconds: pessimistic, nature: lab ?? ('emulated' as const) }));
  const factor = bound.pessimistic / worst;
  return { bound: bound.pessimistic, worst, factor, loose: factor > 2, terms };
}
