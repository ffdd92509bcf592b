import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scheduleArbitrary } from './schedule-arbitrary';
import { runSchedule } from './schedules';

test('two operators, any schedule: never two writers, never a change that no journal has, never an end that nobody knows', async () => {
  await fc.assert(
    fc.asyncProperty(scheduleArbitrary, async (schedule) => {
      expect(await runSchedule(schedule)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
