import type { Bound, Step } from './types';

/** Nothing has to happen. */
export const NO_TIME: Bound = { typical: 0, pessimistic: 0, terms: [] };

/**
 * The bound of a graph of steps: each begins when all that it comes after have ended, so the longest path decides. A step that
 * names one that is not there does not wait for it.
 */
export function criticalPath(steps: readonly Step[]): Bound {
  const at = new Map(steps.map(({ name }, index) => [name, index]));
  const before = steps.map(({ after }) => after.map((name) => at.get(name)).filter((index) => index !== undefined));
  const pessimistic = ends(steps, before, 'pessimistic');
  const typical = ends(steps, before, 'typical');
  const critical = new Set<number>();
  for (let step = latest(pessimistic, [...pessimistic.keys()]); step !== undefined;) {
    critical.add(step);
    step = latest(pessimistic, before[step] ?? []);
  }
  const order = [...steps.keys()].sort((a, b) => (pessimistic[a] ?? 0) - (pessimistic[b] ?? 0));
  const terms = order.flatMap((index) => {
    const step = steps[index];
    if (step === undefined) return [];
    const { after: _after, ...term } = step;
    return [{ ...term, critical: critical.has(index) }];
  });
  return { typical: Math.max(0, ...typical), pessimistic: Math.max(0, ...pessimistic), terms };
}

/** A bound that never ends, with what was known of it until then. */
export function unbounded(reason: string, steps: readonly Step[] = []): Bound {
  return { terms: criticalPath(steps).terms, unbounded: reason };
}

function ends(
  steps: readonly Step[],
  before: readonly (readonly number[])[],
  side: 'typical' | 'pessimistic',
): readonly number[] {
  const known: number[] = [];
  for (const index of steps.keys()) endOf(index, { steps, before, side, known });
  return known;
}

interface Ends {
  readonly steps: readonly Step[];
  readonly before: readonly (readonly number[])[];
  readonly side: 'typical' | 'pessimistic';
  readonly known: number[];
}

function endOf(index: number, ends: Ends): number {
  const found = ends.known[index];
  if (found !== undefined) return found;
  let start = 0;
  for (const other of ends.before[index] ?? []) start = Math.max(start, endOf(other, ends));
  const end = start + (ends.steps[index]?.[ends.side] ?? 0);
  ends.known[index] = end;
  return end;
}

/** The one of some steps that ends last; the first of equal ones. */
function latest(end: readonly number[], among: readonly number[]): number | undefined {
  return among.reduce<number | undefined>(
    (most, step) => (most === undefined || (end[step] ?? 0) > (end[most] ?? 0) ? step : most),
    undefined,
  );
}
