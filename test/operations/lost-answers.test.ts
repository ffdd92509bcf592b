import { describe, expect, test } from 'vitest';
import type { PortCall } from '../fakes/interpose';
import { unbroken } from './crash';
import { counts, TROUBLES, withTrouble } from './lost-answers';
import { SCENARIOS } from './scenarios';

/** Lost answers of the control table are in `npm run test:long`, and in the schedules. */
const changesOfAws = (call: PortCall): boolean => counts(call) && call.port !== 'controlTable';

/** Only wait, look and write down: they are in the long run. */
const QUIET = new Set(['return, a table catches up', 'rehome', 'adopt']);

describe('one change that is not answered, or throttled, changes nothing of where an operation ends', () => {
  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    const { state, calls } = await unbroken(scenario, changesOfAws);
    expect(calls > 0).toBe(!QUIET.has(scenario.name));
    for (let at = 1; at <= calls; at += 1) {
      for (const kind of TROUBLES) {
        const result = await withTrouble(scenario, at, kind, changesOfAws);
        expect
          .soft(result, `${kind} at change ${at} of ${calls}`)
          .toEqual({ state, detail: expect.stringContaining('completed') });
      }
    }
  });
});
