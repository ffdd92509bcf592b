import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  anyHolds,
  type Cidr,
  cidrAround,
  cidrContains,
  cidrEnd,
  cidrSize,
  cidrsOverlap,
  formatCidr,
  freeRanges,
  overlappingEntries,
  parseAddress,
  parseCidr,
  parseCidrs,
} from '../lib/cidr';

const cidr = (text: string): Cidr => parseCidr(text)!;

describe('parsing', () => {
  test.each([
    ['0.0.0.0/0', 0, 0],
    ['0.0.0.0/32', 0, 32],
    ['10.0.0.0/8', 10 * 2 ** 24, 8],
    ['127.255.255.255/32', 2 ** 31 - 1, 32],
    ['128.0.0.0/1', 2 ** 31, 1],
    ['255.255.255.255/32', 2 ** 32 - 1, 32],
    ['192.168.255.240/28', 3_232_301_040, 28],
  ])('%s', (text, base, prefix) => {
    expect(parseCidr(text)).toEqual({ base, prefix });
    expect(formatCidr({ base, prefix })).toBe(text);
  });

  test.each([
    ['10.0.0.1/24', 'host bits'],
    ['10.0.0.0', 'no prefix'],
    ['10.0.0.0/33', 'prefix above 32'],
    ['256.0.0.0/8', 'octet above 255'],
    ['010.0.0.0/8', 'leading zero'],
    ['10.0.0.0/08', 'leading zero in the prefix'],
    ['10.0.0/8', 'three octets'],
    ['::/0', 'IPv6'],
    [' 10.0.0.0/8', 'space'],
    ['', 'nothing'],
  ])('fails on %j: %s', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('parsing alike', () => {
  test.each([
    ['10.0.0.1/24', '10.0.0.0/24'],
    ['10.0.0.0/24', '10.0.0.0/24'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['203.0.113.7/0', '0.0.0.0/0'],
  ])('%s lies in %s', (text, range) => {
    expect(formatCidr(cidrAround(text)!)).toBe(range);
  });

  test.each(['10.0.0.1', '10.0.0.1/33', '10.0.0.256/24', '10.0.0.01/24', 'hub/8', '/8'])('%s lies in no range', (text) => {
    expect(cidrAround(text)).toBeUndefined();
  });

  test('a list of texts gives the ranges that it names', () => {
    expect(parseCidrs(['10.0.0.0/8', 'hub', '10.0.0.1/8', '::/0', '0.0.0.0/0']).map(formatCidr)).toEqual([
      '10.0.0.0/8',
      '0.0.0.0/0',
    ]);
  });

  test.each([
    ['0.0.0.0', 0],
    ['127.0.0.1', 127 * 2 ** 24 + 1],
    ['128.0.0.0', 2 ** 31],
    ['255.255.255.255', 2 ** 32 - 1],
  ])('the address %s is %d', (text, address) => {
    expect(parseAddress(text)).toBe(address);
  });

  test.each(['', '10.0.0', '10.0.0.0.0', '10.0.0.256', '010.0.0.0', '10.0.0.0/32', '[::1]', 'localhost'])(
    'fails on %j as an address',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe('overlap and containment', () => {
  test.each([
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['10.0.0.0/23', '10.0.1.0/24', true],
    ['10.0.1.0/24', '10.0.0.0/23', true],
    ['127.255.255.0/24', '128.0.0.0/24', false],
    ['0.0.0.0/0', '255.255.255.255/32', true],
  ])('%s and %s overlap: %s', (a, b, overlap) => {
    expect(cidrsOverlap(cidr(a), cidr(b))).toBe(overlap);
  });

  test('the last addresses of IPv4 belong to their range', () => {
    expect(cidrEnd(cidr('255.255.255.0/24'))).toBe(2 ** 32);
    expect(cidrContains(cidr('255.0.0.0/8'), cidr('255.255.255.255/32'))).toBe(true);
    expect(cidrContains(cidr('255.255.255.255/32'), cidr('255.0.0.0/8'))).toBe(false);
  });
});

describe('overlapping entries', () => {
  const pairs = (...texts: string[]): [string, string][] =>
    overlappingEntries(texts.map((text) => ({ range: cidr(text) }))).map(({ entry, other }) => [
      formatCidr(entry.range),
      formatCidr(other.range),
    ]);

  test('neighbours do not overlap', () => {
    expect(pairs('10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/23')).toEqual([]);
    expect(pairs()).toEqual([]);
  });

  test('each is named once, with the earlier one that reaches furthest', () => {
    expect(pairs('10.0.0.0/22', '10.0.0.0/24', '10.0.1.0/24', '10.0.3.0/24', '10.0.4.0/24', '10.0.4.0/24')).toEqual([
      ['10.0.0.0/24', '10.0.0.0/22'],
      ['10.0.1.0/24', '10.0.0.0/22'],
      ['10.0.3.0/24', '10.0.0.0/22'],
      ['10.0.4.0/24', '10.0.4.0/24'],
    ]);
  });

  test('up to the last address', () => {
    expect(pairs('255.255.255.0/24', '255.255.255.255/32')).toEqual([['255.255.255.255/32', '255.255.255.0/24']]);
  });
});

test.each([
  ['9.255.255.255', false],
  ['10.0.0.0', true],
  ['10.255.255.255', true],
  ['11.0.0.0', false],
  ['255.255.255.255', true],
])('one of the ranges holds %s: %s', (address, held) => {
  expect(anyHolds(parseCidrs(['10.0.0.0/8', '255.255.255.255/32']), parseAddress(address)!)).toBe(held);
  expect(anyHolds([], parseAddress(address)!)).toBe(false);
});

describe('free ranges', () => {
  const free = (pool: string, prefix: number, taken: string[]): string[] =>
    [...freeRanges(cidr(pool), prefix, taken.map(cidr))].map(formatCidr);

  test('are aligned, lowest first, and skip what is taken whatever its size and order', () => {
    expect(free('10.0.0.0/22', 24, ['10.0.2.128/25', '10.0.0.0/25'])).toEqual(['10.0.1.0/24', '10.0.3.0/24']);
  });

  test('taken ranges may nest, repeat and lie outside the pool', () => {
    expect(free('10.0.0.0/22', 24, ['10.0.0.0/23', '10.0.1.0/24', '10.0.0.0/23', '9.0.0.0/8', '11.0.0.0/8'])).toEqual([
      '10.0.2.0/24',
      '10.0.3.0/24',
    ]);
  });

  test('reach the last range below 255.255.255.255', () => {
    expect(free('255.255.254.0/23', 24, ['255.255.254.0/24'])).toEqual(['255.255.255.0/24']);
  });

  test('there are none in a full pool, in a pool inside a taken range, or in a pool smaller than the range', () => {
    expect(free('10.0.0.0/24', 24, ['10.0.0.0/24'])).toEqual([]);
    expect(free('10.0.0.0/24', 26, ['10.0.0.0/8'])).toEqual([]);
    expect(free('10.0.0.0/24', 23, [])).toEqual([]);
  });

  test('agree with trying every candidate', () => {
    const range = fc
      .record({ prefix: fc.integer({ min: 20, max: 30 }), at: fc.nat({ max: 2 ** 12 - 1 }) })
      .map(({ prefix, at }): Cidr => ({ base: Math.floor((at * 4) / cidrSize(prefix)) * cidrSize(prefix), prefix }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), fc.integer({ min: 20, max: 28 }), (taken, prefix) => {
        const pool: Cidr = { base: 0, prefix: 18 };
        const candidates = Array.from({ length: cidrSize(18) / cidrSize(prefix) }, (_, index) => ({
          base: index * cidrSize(prefix),
          prefix,
        }));
        const expected = candidates.filter((candidate) => !taken.some((other) => cidrsOverlap(candidate, other)));
        expect([...freeRanges(pool, prefix, taken)]).toEqual(expected);
      }),
    );
  });
});
