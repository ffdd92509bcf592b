import { describe, expect, test } from 'vitest';
import { crashAt, unbroken } from './crash';
import { SCENARIOS } from './scenarios';

/**
 * Every call that changes something, journal entries included, ends the process once right after it happened: after the intent and before
 * the action, after the action and before its record, after the record. `npm run test:long` also ends it before each, and at every read.
 */
describe('a run that is killed at any point and gone on with ends like an unbroken one', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const { state, calls } = await unbroken(scenario);
    expect(calls).toBeGreaterThan(8);
    for (let at = 1; at <= calls; at += 1) {
      const result = await crashAt(scenario, at, 'after', at % 2 === 0 ? 'same' : 'other');
      expect.soft(result, `after call ${at} of ${calls}`).toEqual({ crashed: true, state });
    }
  });
});
