import { describe, expect, test } from 'vitest';
import { LabTime } from '../../lib/lab/time/lab-time';
import { draw, seededRandom } from '../../lib/lab/time/random';

test.each([
  [1, 60, 60_000],
  [10, 60, 6000],
  [60, 10, 10_000 / 60],
])('speed %d makes %d emulated seconds %d ms', (speed, seconds, milliseconds) => {
  const time = new LabTime(speed);
  expect(time.ms(seconds)).toBeCloseTo(milliseconds);
  expect(time.seconds(time.ms(seconds))).toBeCloseTo(seconds);
});

describe('emulated delays', () => {
  const delay = { typical: 1, pessimistic: 5 };
  const many = (seed: number, name: string): number[] => {
    const random = seededRandom(seed, name);
    return Array.from({ length: 500 }, () => draw(random, delay));
  };

  test('are the same for the same seed and name, and others for others', () => {
    expect(many(1, 'a')).toEqual(many(1, 'a'));
    expect(many(1, 'a')).not.toEqual(many(2, 'a'));
    expect(many(1, 'a')).not.toEqual(many(1, 'b'));
  });

  test('never exceed what the bound counts, and come near it', () => {
    const drawn = many(7, 'c');
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(5);
    expect(Math.max(...drawn)).toBeGreaterThan(4.8);
    expect(Math.min(...drawn)).toBeLessThan(1.2);
  });
});
