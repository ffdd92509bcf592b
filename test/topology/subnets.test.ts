import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cidrContains, cidrsOverlap, formatCidr, parseCidr } from '../../lib/cidr';
import { LONGEST_STAMP_PREFIX, SHORTEST_STAMP_PREFIX, stampRangeProblem, subnetsOf } from '../../lib/topology/subnets';

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];

const zones = fc.shuffledSubarray(LETTERS, { minLength: 1 });
const stampRange = fc
  .record({ prefix: fc.integer({ min: SHORTEST_STAMP_PREFIX, max: LONGEST_STAMP_PREFIX }), at: fc.nat(2 ** 16 - 1) })
  .map(({ prefix, at }) => formatCidr({ base: Math.floor((at * 65_536) / 2 ** (32 - prefix)) * 2 ** (32 - prefix), prefix }));

test('a /20 in three zones', () => {
  expect(subnetsOf('10.1.16.0/20', ['a', 'b', 'c'])).toEqual({
    privateSubnets: ['10.1.16.0/23', '10.1.18.0/23', '10.1.20.0/23'],
    publicSubnets: ['10.1.28.0/26', '10.1.28.64/26', '10.1.28.128/26'],
    isolatedSubnets: ['10.1.30.0/26', '10.1.30.64/26', '10.1.30.128/26'],
  });
});

test('subnets never overlap and stay inside the stamp, for every size and every choice of zones', () => {
  fc.assert(
    fc.property(stampRange, zones, (cidr, letters) => {
      const { publicSubnets, privateSubnets, isolatedSubnets } = subnetsOf(cidr, letters);
      const all = [...publicSubnets, ...privateSubnets, ...isolatedSubnets].map((text) => parseCidr(text)!);
      expect(all).toHaveLength(3 * letters.length);
      expect(all.every((range) => cidrContains(parseCidr(cidr)!, range))).toBe(true);
      expect(all.some((a, i) => all.some((b, j) => i < j && cidrsOverlap(a, b)))).toBe(false);
      expect(parseCidr(privateSubnets[0]!)!.prefix).toBeLessThan(parseCidr(publicSubnets[0]!)!.prefix);
      expect(parseCidr(publicSubnets[0]!)!.prefix).toBeLessThanOrEqual(27);
    }),
  );
});

test('adding, removing and reordering zones never moves the subnet of another zone', () => {
  fc.assert(
    fc.property(stampRange, zones, zones, (cidr, before, after) => {
      const old = subnetsOf(cidr, before);
      const now = subnetsOf(cidr, after);
      for (const zone of before.filter((letter) => after.includes(letter))) {
        for (const tier of ['publicSubnets', 'privateSubnets', 'isolatedSubnets'] as const) {
          expect(now[tier][after.indexOf(zone)]).toBe(old[tier][before.indexOf(zone)]);
        }
      }
    }),
  );
});

describe('ranges that cannot be split', () => {
  test.each([
    ['10.0.0.0/21', ['a'], undefined],
    ['10.0.0.0/22', ['a'], 'too small: its public subnets would be /28'],
    ['10.0.0.0/16', ['a'], undefined],
    ['10.0.0.0/15', ['a'], 'larger than the largest VPC'],
    ['10.0.0.0/20', ['f'], undefined],
    ['10.0.0.0/20', ['g'], 'zone "g" has no slot'],
    ['10.0.0.0/20', [''], 'zone "" has no slot'],
    ['10.0.0.1/20', ['a'], 'not an aligned IPv4 CIDR'],
  ])('%s in %j: %s', (cidr, letters, problem) => {
    if (problem === undefined) expect(stampRangeProblem(cidr, letters)).toBeUndefined();
    else {
      expect(stampRangeProblem(cidr, letters)).toContain(problem);
      expect(() => subnetsOf(cidr, letters)).toThrow(/^STAMP_RANGE_UNUSABLE: /);
    }
  });
});
