import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventsArbitrary, playEvents } from './sequences';

test('no sequence of operations leads a healthy group to a non-writer while a healthy writer exists', async () => {
  await fc.assert(
    fc.asyncProperty(eventsArbitrary, async (events) => {
      expect(await playEvents(events)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('nor one of a group in which everybody writes', async () => {
  await fc.assert(
    fc.asyncProperty(eventsArbitrary, async (events) => {
      expect(await playEvents(events, 'pool')).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
