import { describe, expect, test } from 'vitest';
import { crashAt, unbroken } from './crash';
import { SCENARIOS } from './scenarios';

/** Every call that changes something, journal entries included, ends the process once before it happens and once after. */
describe('a run that is killed at any point and gone on with ends like an unbroken one', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const { state, calls } = await unbroken(scenario);
    expect(calls).toBeGreaterThan(8);
    for (let at = 1; at <= calls; at += 1) {
      for (const moment of ['before', 'after'] as const) {
        const result = await crashAt(scenario, at, moment, at % 2 === 0 ? 'same' : 'other');
        expect.soft(result, `${moment} call ${at} of ${calls}`).toEqual({ crashed: true, state });
      }
    }
  });
});
