import type { Bound, Step } from './types';

/** Nothing has to happen. */
export const NO_TIME: Bound = { typical: 0, pessimistic: 0, terms: [] };

/**
 * The bound of a graph of steps: each begins when all that it comes after have ended, so the longest path decides. A step that
 * names one that is not there does not wait for it.
 */
export function criticalPath(steps: readonly Step[]): Bound {
  const pessimistic = ends(steps, 'pessimistic');
  const typical = ends(steps, 'typical');
  const last = latest(steps, pessimistic);
  const critical = new Set<string>();
  for (let step = last; step !== undefined;) {
    critical.add(step.name);
    const { after } = step;
    step = latest(
      steps.filter(({ name }) => after.includes(name)),
      pessimistic,
    );
  }
  const terms = [...steps]
    .sort((a, b) => (pessimistic.get(a.name) ?? 0) - (pessimistic.get(b.name) ?? 0))
    .map(({ after: _after, ...term }) => ({ ...term, critical: critical.has(term.name) }));
  return {
    typical: Math.max(0, ...typical.values()),
    pessimistic: Math.max(0, ...pessimistic.values()),
    terms,
  };
}

/** A bound that never ends, with what was known of it until then. */
export function unbounded(reason: string, steps: readonly Step[] = []): Bound {
  return { terms: criticalPath(steps).terms, unbounded: reason };
}

function ends(steps: readonly Step[], side: 'typical' | 'pessimistic'): Map<string, number> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const known = new Map<string, number>();
  const endOf = (step: Step): number => {
    const found = known.get(step.name);
    if (found !== undefined) return found;
    const before = step.after.map((name) => byName.get(name)).filter((other) => other !== undefined);
    const end = step[side] + Math.max(0, ...before.map(endOf));
    known.set(step.name, end);
    return end;
  };
  for (const step of steps) endOf(step);
  return known;
}

function latest(steps: readonly Step[], end: ReadonlyMap<string, number>): Step | undefined {
  return steps.reduce<Step | undefined>(
    (most, step) => (most === undefined || (end.get(step.name) ?? 0) > (end.get(most.name) ?? 0) ? step : most),
    undefined,
  );
}
