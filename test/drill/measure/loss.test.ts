import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageLoss, rowLoss } from '../../../lib/drill/measure/loss';
import { attempt } from './attempts';

describe('RPO', () => {
  const writes = [1000, 2000, 3000, 4000].map((at) => attempt(at));

  test.each([
    ['nothing is missing', [1000, 2000, 3000, 4000], [], 0],
    ['the last row', [1000, 2000, 3000], [4000], 1],
    ['from the oldest missing row to the fault', [1000, 3000], [2000, 4000], 3],
    ['everything', [], [1000, 2000, 3000, 4000], 4],
    ['rows that nobody was told of are a gift', [1000, 2000, 3000, 4000, 5000], [], 0],
  ])('%s', (_name, present, missing, seconds) => {
    expect(rowLoss(writes, present, 5000)).toEqual({ acknowledged: 4, missing, seconds });
  });

  test('a write that was not acknowledged may be gone', () => {
    expect(rowLoss([attempt(1000, { outcome: 'lost' }), attempt(2000, { outcome: 'refused' })], [], 5000).missing).toEqual([]);
  });

  test('a retry that is acknowledged counts once, from its first acknowledgement', () => {
    const retried = [attempt(1000, { number: 7, outcome: 'lost' }), attempt(2000, { number: 7 }), attempt(4000, { number: 7 })];
    expect(rowLoss(retried, [], 5000)).toEqual({ acknowledged: 1, missing: [7], seconds: 3 });
  });

  test('rows acknowledged after the fault by a writer that went on count to the youngest of them', () => {
    expect(rowLoss([attempt(6000), attempt(9000)], [], 5000)).toMatchObject({ missing: [6000, 9000], seconds: 3 });
  });

  test('after a restore, what was written into damaged data is counted apart, and is no part of the seconds', () => {
    const writes = [attempt(1000), attempt(3000), attempt(6000), attempt(9000)];
    expect(rowLoss(writes, [1000], 5000, true)).toEqual({ acknowledged: 4, missing: [3000], seconds: 2, since: 2 });
    expect(rowLoss(writes, [1000, 3000, 9000], 5000, true)).toEqual({ acknowledged: 4, missing: [], seconds: 0, since: 1 });
    expect(rowLoss(writes, [1000, 6000, 9000], 5000, true)).toEqual({ acknowledged: 4, missing: [3000], seconds: 2 });
  });

  test('a row less in the data never loses less', () => {
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 10_000 }), fc.nat(), (ends, faultAt, pick) => {
        const attempts = ends.map((at) => attempt(at));
        const present = ends.filter((at) => at % 3 !== 0);
        const fewer = present.filter((_, index) => index !== pick % Math.max(1, present.length));
        const before = rowLoss(attempts, present, faultAt);
        const after = rowLoss(attempts, fewer, faultAt);
        expect(after.missing.length).toBeGreaterThanOrEqual(before.missing.length);
        expect(after.seconds).toBeGreaterThanOrEqual(before.seconds);
      }),
    );
  });
});

describe('messages', () => {
  const sent = [1000, 2000, 3000, 6000].map((at) => attempt(at, { kind: 'message' }));
  const at = { faultAt: 5000, rpo: 3 };
  const counted = (messages: Record<number, number>, queued: number[] = []) => ({ messages, queued });

  test('that have their effect, or wait in any queue, are not lost', () => {
    const loss = messageLoss(sent, [counted({ 1000: 1, 2000: 1 }, [3000]), counted({ 1000: 1 }, [6000])], at);
    expect(loss).toEqual({ acknowledged: 4, lost: [], beyondRpo: [], doubled: [], waiting: 2 });
  });

  test('the RPO excuses those that were sent within it before the fault, and no other', () => {
    const loss = messageLoss(sent, [counted({})], at);
    expect(loss.lost).toEqual([1000, 2000, 3000, 6000]);
    expect(loss.beyondRpo).toEqual([1000, 6000]);
  });

  test('an RPO of nothing excuses nothing', () => {
    expect(messageLoss([attempt(5000, { kind: 'message' })], [counted({})], { faultAt: 5000, rpo: 0 }).beyondRpo).toEqual([5000]);
  });

  test('an effect that is there twice is doubled; the same effect in two replicas is not', () => {
    const loss = messageLoss(sent, [counted({ 1000: 1, 2000: 2 }), counted({ 1000: 1, 2000: 2, 3000: 1 }, [6000])], at);
    expect(loss).toMatchObject({ doubled: [2000], lost: [] });
  });
});
