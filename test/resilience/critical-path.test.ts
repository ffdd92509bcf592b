import { describe, expect, test } from 'vitest';
import { criticalPath, unbounded } from '../../lib/resilience/bounds/critical-path';
import type { Step } from '../../lib/resilience/bounds/types';

function step(name: string, typical: number, pessimistic: number, ...after: string[]): Step {
  return { name, kind: 'switch', typical, pessimistic, because: '', source: 'a test', assumptions: [], after };
}

describe('the critical path', () => {
  test('is nothing when nothing has to happen', () => {
    expect(criticalPath([])).toMatchObject({ typical: 0, pessimistic: 0, terms: [] });
  });

  test('is the longest way through steps side by side, and marks its terms', () => {
    const bound = criticalPath([
      step('decision', 60, 300),
      step('promote', 180, 600, 'decision'),
      step('switch', 5, 30, 'decision'),
      step('ttl', 60, 60, 'switch'),
      step('verify', 15, 60, 'promote', 'ttl'),
    ]);
    expect(bound).toMatchObject({ typical: 255, pessimistic: 960 });
    expect(bound.terms.filter(({ critical }) => critical).map(({ name }) => name)).toEqual(['decision', 'promote', 'verify']);
    expect(bound.terms.filter(({ critical }) => !critical).map(({ name }) => name)).toEqual(['switch', 'ttl']);
  });

  test('of typical values may be another way than of pessimistic ones', () => {
    const bound = criticalPath([step('a', 10, 10), step('b', 1, 100)]);
    expect(bound).toMatchObject({ typical: 10, pessimistic: 100 });
  });

  test('does not wait for a step that is not there', () => {
    expect(criticalPath([step('a', 1, 2, 'missing')])).toMatchObject({ pessimistic: 2 });
  });

  test('does not depend on the order in which steps are given', () => {
    const steps = [step('a', 1, 2), step('b', 3, 4, 'a'), step('c', 5, 6, 'b')];
    expect(criticalPath([...steps].reverse())).toEqual(criticalPath(steps));
  });

  test('keeps what was known of a bound that never ends', () => {
    expect(unbounded('nobody is left', [step('a', 1, 2)])).toMatchObject({ unbounded: 'nobody is left', terms: [{ name: 'a' }] });
  });
});
