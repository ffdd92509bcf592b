import { describe, expect, test } from 'vitest';
import { entryOf } from '../lib/entry-of';
import { compareText, deeplySorted, sortedRecord } from '../lib/order';

describe('byte order', () => {
  test.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['Z', 'a', -1],
    ['a', 'ä', -1],
    ['a-b', 'a', 1],
    ['use10', 'use2', -1],
    ['', 'a', -1],
  ])('%j before %j: %d', (a, b, order) => {
    expect(compareText(a, b)).toBe(order);
  });

  test('sorts the keys of a record, whatever it was made of', () => {
    expect(Object.keys(sortedRecord(['b', 'c', 'a', 'Z'].map((key) => [key, key] as const)))).toEqual(['Z', 'a', 'b', 'c']);
  });

  test('sorts keys at every level and leaves lists and values alone', () => {
    const data = { b: [{ d: 1, c: undefined }, 'z', 'a'], a: { f: null, e: new Map().size } };
    expect(deeplySorted(data)).toEqual(data);
    expect(JSON.stringify(deeplySorted(data))).toBe('{"a":{"e":0,"f":null},"b":[{"d":1},"z","a"]}');
  });
});

describe('own entries', () => {
  test.each([
    ['use1', 1],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['toString', undefined],
  ])('%s: %s', (key, value) => {
    expect(entryOf({ use1: 1 }, key)).toBe(value);
  });

  test('an entry may be called like something that objects inherit', () => {
    expect(entryOf({ constructor: 2 }, 'constructor')).toBe(2);
  });
});
