import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outagesOf, populationResults } from '../../../lib/drill/measure/outages';
import { attempt, series } from './attempts';

function rtoOf(text: string, faultAt = 0, consecutive = 3): number | undefined {
  return populationResults(series(text), { from: faultAt, to: 1e9, consecutive })[0]?.rto;
}

describe('RTO', () => {
  test.each([
    ['nobody noticed', '........', 0, 0],
    ['an outage in the middle', '..xxxx....', 0, 7],
    ['good writes just after the fault do not count as recovered', '...xxxxx...', 0, 9],
    ['counts from the fault, not from the first failure', '..xxxx....', 2000, 5],
    ['failures before the fault are none of its business', 'xxx....xx...', 4000, 6],
    ['two good ones in a row are not recovered', '..xx..xx....', 0, 9],
    ['one failure that nobody repeats', '..x......', 0, 4],
    ['single failures after the recovery are noise', '..xxxx...x..x....', 0, 7],
    ['three failures in a row after it are another outage', '..xxxx...xxx....', 0, 13],
    ['an answer that never came is a failure', '..oooo....', 0, 7],
  ])('%s: %s', (_name, text, faultAt, expected) => {
    expect(rtoOf(text, faultAt)).toBe(expected);
  });

  test.each(['..xxxx', '..xxxx..', '..xx...xxx..'])('fails to end in %s', (text) => {
    expect(rtoOf(text)).toBeUndefined();
  });

  test.each([
    ['good writes on damaged data do not count', '..........', 5000, 6],
    ['an outage that lasts longer does', '..xxxxxx....', 3000, 9],
    ['too few are left to say so', '.......', 5000, undefined],
    ['it was never replaced', '..........', Infinity, undefined],
  ])('not before the restored data is in use: %s', (_name, text, notBefore, expected) => {
    expect(populationResults(series(text), { from: 0, to: 1e9, consecutive: 3, notBefore })[0]?.rto).toBe(expected);
  });

  test('is told for each population apart, and for reads apart', () => {
    const attempts = [
      ...series('..xxx....'),
      ...series('.........', { kind: 'read' }),
      ...series('..xxxxxx...', { population: 'paris' }),
    ];
    const results = populationResults(attempts, { from: 0, to: 1e9, consecutive: 3 });
    expect(results.map(({ population, rto, readRto }) => [population, rto, readRto])).toEqual([
      ['ny', 6, 0],
      ['paris', 9, 0],
    ]);
    expect(results[0]).toMatchObject({ writes: { total: 9, good: 6 }, reads: { total: 9, good: 9 } });
  });

  test('takes attempts in the order they ended, whatever order they come in', () => {
    const attempts = series('..xxxx....');
    expect(populationResults(attempts.reverse(), { from: 0, to: 1e9, consecutive: 3 })[0]?.rto).toBe(7);
  });

  test('an attempt that hung over the fault counts', () => {
    const attempts = [attempt(900), attempt(3000, { startedAt: 990, outcome: 'lost' }), ...series('    ....')];
    expect(populationResults(attempts, { from: 1000, to: 1e9, consecutive: 3 })[0]?.rto).toBe(4);
  });
});

describe('properties of outages', () => {
  const outcomes = fc.array(fc.constantFrom('.', 'x'), { maxLength: 60 }).map((marks) => marks.join(''));

  test('they are in order, apart, and each ends with a good attempt or not at all', () => {
    fc.assert(
      fc.property(outcomes, fc.integer({ min: 1, max: 5 }), (text, consecutive) => {
        const found = outagesOf(series(text), consecutive);
        found.forEach(({ from, until }, index) => {
          expect(text[from / 1000 - 1]).toBe('x');
          if (until === undefined) expect(index).toBe(found.length - 1);
          else {
            expect(text.slice(until / 1000 - 1, until / 1000 - 1 + consecutive)).toBe('.'.repeat(consecutive));
            expect(until).toBeGreaterThan(from);
          }
          if (index > 0) expect(from).toBeGreaterThan(found[index - 1]!.until!);
        });
        expect(found.length > 0).toBe(text.includes('x'));
      }),
    );
  });

  test('one more failure after the first never makes the RTO shorter', () => {
    fc.assert(
      fc.property(outcomes, fc.nat(), fc.integer({ min: 1, max: 4 }), (text, at, consecutive) => {
        fc.pre(text.length > 0);
        const index = at % text.length;
        fc.pre(text.includes('x') && index > text.indexOf('x'));
        const worse = `${text.slice(0, index)}x${text.slice(index + 1)}`;
        expect(rtoOf(worse, 0, consecutive) ?? Infinity).toBeGreaterThanOrEqual(rtoOf(text, 0, consecutive) ?? Infinity);
      }),
    );
  });
});
