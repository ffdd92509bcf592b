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

test('found once: the failed Region is a control Region whose switch still holds the target out', async () => {
  expect(
    await playEvents([
      { do: 'operation', kind: 5, stamp: 1, loss: false },
      { do: 'settle-deployed' },
      { do: 'sicken', stamp: 1 },
      { do: 'operation', kind: 5, stamp: 0, loss: false },
    ]),
  ).toEqual([]);
});

test('found once: the deployed PRIMARY record is not the one that the file prefers', async () => {
  expect(
    await playEvents([
      { do: 'operation', kind: 5, stamp: 1, loss: false },
      { do: 'settle-deployed' },
      { do: 'operation', kind: 2, stamp: 0, loss: false },
    ]),
  ).toEqual([]);
});

test('nor one of a group in which everybody writes', async () => {
  await fc.assert(
    fc.asyncProperty(eventsArbitrary, async (events) => {
      expect(await playEvents(events, 'pool')).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
