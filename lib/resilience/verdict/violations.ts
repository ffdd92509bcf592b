import type { Finding } from '../../findings';
import type { ShapeProof } from '../prove-shape';
import type { Verdict } from '../types';
import { arithmetic, boundText, placeText, seconds } from './arithmetic';
import { type ProofBasis, findKnobs, knobText } from './knobs';
import { groupFinding } from './report-finding';

export interface JudgedWithKnobs {
  readonly singles: readonly Verdict[];
  readonly pairs: readonly Verdict[];
  readonly findings: readonly Finding[];
}

/** A finding for each violated objective, with the arithmetic and what would fix it; failures that are alike share one. */
export function violations({ model, singles, pairs }: ShapeProof, basis: ProofBasis): JudgedWithKnobs {
  const same = new Map<string, Verdict[]>();
  const judge = (verdict: Verdict): Verdict => {
    if (verdict.state !== 'violated') return verdict;
    const key = likeness(verdict);
    const others = same.get(key);
    const full = { ...verdict, knobs: others?.[0]?.knobs ?? findKnobs(model, verdict, basis) };
    if (others === undefined) same.set(key, [full]);
    else others.push(full);
    return full;
  };
  const judged = { singles: singles.map(judge), pairs: pairs.map(judge) };
  const findings = [...same.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [violation({ ...first, alike: others.map(({ failure }) => failure) })],
  );
  return { ...judged, findings };
}

/** Violations of one kind of failure with the same arithmetic: the stamps of a group, the zones of a Region. */
function likeness({ failure, objective, worst, rtoObjective, rpoObjective }: Verdict): string {
  const kinds = failure.split('+').map((part) => part.replace(/:[^.]*/, ''));
  const numbers = [worst.rto, worst.rpo].map(({ pessimistic, unbounded, terms }) => [
    pessimistic,
    unbounded?.replace(/⟦\d+⟧/g, '*'),
    terms.map(({ name, pessimistic: value }) => [name, value]),
  ]);
  return JSON.stringify([kinds, objective, numbers, rtoObjective, rpoObjective, worst.orientation]);
}

/** The finding of one violated verdict. */
export function violation(verdict: Verdict): Finding {
  const { objective, failure, worst, rtoObjective, rpoObjective, what, knobs, alike } = verdict;
  const rtoLate = worst.rto.unbounded !== undefined || (worst.rto.pessimistic ?? 0) > rtoObjective;
  const rpoLate = worst.rpo.unbounded !== undefined || (worst.rpo.pessimistic ?? 0) > rpoObjective;
  const broken = [
    ...(rtoLate ? [`rto ${boundText(worst.rto)}, promised ${seconds(rtoObjective)}`] : []),
    ...(rpoLate ? [`rpo ${boundText(worst.rpo)}, promised ${seconds(rpoObjective)}`] : []),
  ].join('; ');
  const others = alike.length === 0 ? '' : ` (and alike: ${alike.join(', ')})`;
  const where = [
    worst.client === 'anywhere' ? '' : `clients ${placeText(worst.client)}`,
    worst.orientation === 'after' ? 'after a failover' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
  const lines = [
    `${failure}${others}: ${what}: ${broken}${where === '' ? '' : ` (${where})`}`,
    ...(rtoLate ? arithmetic(worst.rto) : []),
    ...(rpoLate && !(rtoLate && worst.rpo.unbounded === worst.rto.unbounded) ? arithmetic(worst.rpo) : []),
  ];
  const path = ['objectives', objective, rtoLate ? 'rto' : 'rpo'];
  return groupFinding(
    objective === 'recovery' ? 'recovery-violated' : 'availability-violated',
    'error',
    path,
    lines.join('\n'),
    fixText(knobs, failure),
  );
}

function fixText(knobs: Verdict['knobs'], failure: string): string {
  const offers = knobs.map(knobText);
  const accept = `or accept it with a reason: accept: [{ failure: "${failure}", reason: ... }]`;
  return offers.length === 0
    ? `No setting of the model repairs it; restore what is missing, ${accept}`
    : `${offers.join('; or ')}; ${accept}`;
}
