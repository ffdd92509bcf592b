import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crashAt, unbroken } from '../operations/crash';
import { everyPlan } from '../operations/every-plan';
import { counts, TROUBLES, withTrouble } from '../operations/lost-answers';
import { SCENARIOS } from '../operations/scenarios';
import { scheduleArbitrary } from '../operations/schedule-arbitrary';
import { runSchedule } from '../operations/schedules';
import { eventsArbitrary, playEvents } from '../operations/sequences';

const HOUR = 3_600_000;

describe('operations, at length', () => {
  test(
    '10,000 schedules of two operators',
    async () => {
      await fc.assert(
        fc.asyncProperty(scheduleArbitrary, async (schedule) => {
          expect(await runSchedule(schedule)).toEqual([]);
        }),
        { numRuns: 10_000 },
      );
    },
    HOUR,
  );

  test.each(['enterprise', 'ledger', 'tools', 'pool'])(
    '2,000 sequences of operations on %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(eventsArbitrary, async (events) => {
          expect(await playEvents(events, name)).toEqual([]);
        }),
        { numRuns: 2_000 },
      );
    },
    HOUR,
  );

  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'a crash before and after every single call, reads and heartbeats included: %s',
    async (_name, scenario) => {
      const every = (): boolean => true;
      const { state, calls } = await unbroken(scenario, every);
      for (let at = 1; at <= calls; at += 1) {
        for (const moment of ['before', 'after'] as const) {
          const result = await crashAt(scenario, at, moment, at % 2 === 0 ? 'same' : 'other', every);
          expect.soft(result, `${moment} call ${at} of ${calls}`).toEqual({ crashed: true, state });
        }
      }
    },
    HOUR,
  );

  test.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'every single change unanswered or throttled, the control table included: %s',
    async (_name, scenario) => {
      const { state, calls } = await unbroken(scenario, counts);
      for (let at = 1; at <= calls; at += 1) {
        for (const kind of TROUBLES) {
          const result = await withTrouble(scenario, at, kind);
          expect
            .soft(result, `${kind} at change ${at} of ${calls}`)
            .toEqual({ state, detail: expect.stringContaining('completed') });
        }
      }
    },
    HOUR,
  );

  test.each(['enterprise', 'ledger', 'tools', 'pool', 'internal'])(
    'every plan of every combination of what can be seen: %s',
    (name) => {
      expect(everyPlan(name, true).problems).toEqual([]);
    },
    HOUR,
  );
});
