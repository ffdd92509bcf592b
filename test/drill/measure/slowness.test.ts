import { describe, expect, test } from 'vitest';
import { slownessOf, USUAL_SAMPLE } from '../../../lib/drill/measure/slowness';

const samples = (...took: readonly number[]) => took.map((each, at) => ({ at: 1000 * (at + 1), took: each }));
const factor = (...took: readonly number[]): number | undefined => slownessOf(samples(...took), 0, 1e6)?.factor;

describe('the slowness of a machine', () => {
  test('is what the slowest tenth of the work took, against the machine of the table', () => {
    const usual = Array.from({ length: 18 }, () => USUAL_SAMPLE);
    expect(factor(...usual, 3 * USUAL_SAMPLE, 4 * USUAL_SAMPLE)).toBe(1);
    expect(factor(...usual.slice(1), 3 * USUAL_SAMPLE, 3 * USUAL_SAMPLE, 4 * USUAL_SAMPLE)).toBe(3);
  });

  test('is never below one: a fast machine makes no bound stricter', () => {
    expect(factor(1, 1, 1, 1, 1, 1)).toBe(1);
  });

  test('counts what fell into the time, and what began before it', () => {
    const spans = samples(500, 500, 5, 5, 5, 5, 5, 500);
    expect(slownessOf(spans, 2600, 7500)).toMatchObject({ samples: 5, factor: 1, took: 5, stall: 0 });
    expect(slownessOf(samples(...Array.from({ length: 19 }, () => 5), 305), 0, 1e6)).toMatchObject({ took: 5, stall: 300 });
    expect(slownessOf(spans, 2400, 7500)).toMatchObject({ samples: 6, took: 500, stall: 0 });
  });

  test('is unknown when there were too few', () => {
    expect(slownessOf(samples(9, 9, 9, 9), 0, 1e6)).toBeUndefined();
    expect(slownessOf([], 0, 1e6)).toBeUndefined();
  });
});
