import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitBrain } from '../../../lib/drill/measure/split-brain';
import { attempt } from './attempts';

/** One acknowledgement every second by the stamp of that letter. */
function acks(text: string) {
  return Array.from(text).map((stamp, index) => attempt((index + 1) * 1000, { stamp }));
}

describe('turns of the acknowledging stamp', () => {
  test.each([
    ['', 0],
    ['aaaa', 0],
    ['aaabbb', 1],
    ['aaabbbaaa', 2],
    ['aaababbb', 3],
    ['abcabc', 5],
  ])('%s: %d', (text, turns) => {
    expect(splitBrain(acks(text), 1).turns).toBe(turns);
  });

  test('are proven only by attempts that do not overlap', () => {
    const slow = attempt(2500, { stamp: 'a', startedAt: 900 });
    expect(splitBrain([attempt(1000, { stamp: 'a' }), attempt(2000, { stamp: 'b' }), slow], 1).turns).toBe(1);
    const late = attempt(2500, { stamp: 'a', startedAt: 2001 });
    expect(splitBrain([attempt(1000, { stamp: 'a' }), attempt(2000, { stamp: 'b' }), late], 1).turns).toBe(2);
  });

  test('reads, failures and silence prove nothing', () => {
    const noise = [
      attempt(3000, { stamp: 'a', kind: 'read' }),
      attempt(3500, { stamp: 'a', outcome: 'lost' }),
      attempt(3600, { stamp: 'a', outcome: 'refused' }),
    ];
    expect(splitBrain([...acks('ab'), ...noise], 1).turns).toBe(1);
  });

  test('as many as a search over all chains finds', () => {
    const interval = fc.record({ startedAt: fc.nat(30), length: fc.nat(12), stamp: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 9 }), (given) => {
        const attempts = given.map(({ startedAt, length, stamp }) => attempt(startedAt + length, { startedAt, stamp }));
        expect(splitBrain(attempts, 0).turns).toBe(Math.max(0, longest(attempts) - 1));
      }),
      { numRuns: 300 },
    );
  });
});

function longest(attempts: readonly ReturnType<typeof attempt>[], end = -1, last = ''): number {
  return Math.max(
    0,
    ...attempts.flatMap((next, index) =>
      next.startedAt > end && next.stamp !== last ? [1 + longest(attempts.toSpliced(index, 1), next.endedAt, next.stamp)] : [],
    ),
  );
}
