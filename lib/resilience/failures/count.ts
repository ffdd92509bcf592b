import { withNames } from '../model/names';
import type { GroupOfShape } from '../blast';
import type { EnumerationCounts } from '../types';

/**
 * How many failures a fleet has, and how many pairs of them had to be looked at. Pairs are counted and not listed: a fleet of a
 * thousand stamps has tens of millions.
 */
export function countFailures(groups: readonly Pick<GroupOfShape, 'labels' | 'proof'>[]): EnumerationCounts {
  const owners = new Map<string, number[]>();
  for (const [index, { labels, proof }] of groups.entries()) {
    for (const { id } of proof.failures) {
      const name = withNames(id, labels);
      const known = owners.get(name);
      if (known === undefined) owners.set(name, [index]);
      else known.push(index);
    }
  }
  const singles = owners.size;
  const pairs = (singles * (singles - 1)) / 2;
  const shapes = new Set(groups.map(({ proof }) => proof));
  const felt = sum(groups.map(({ proof }) => proof.counts.pairs));
  const once = [...shapes].map(({ counts }) => counts);
  return {
    groups: groups.length,
    shapes: shapes.size,
    singles,
    pairs,
    independent: pairs - feltPairs(groups, owners),
    felt,
    contained: sum(once.map(({ contained }) => contained)),
    symmetric: sum(once.map(({ symmetric }) => symmetric)),
    sameShape: felt - sum(once.map(({ pairs: own }) => own)),
    judged: sum(once.map(({ judged }) => judged)),
  };
}

/** Different pairs that at least one group feels: those among shared failures one by one, the rest by multiplication. */
function feltPairs(
  groups: readonly Pick<GroupOfShape, 'labels' | 'proof'>[],
  owners: ReadonlyMap<string, readonly number[]>,
): number {
  const shared = new Set([...owners].filter(([, groupsOf]) => groupsOf.length > 1).map(([name]) => name));
  const together = new Set<string>();
  const seen = new Set<string>();
  let count = 0;
  for (const { labels, proof } of groups) {
    const names = proof.failures.map(({ id }) => withNames(id, labels));
    const common = names.filter((name) => shared.has(name)).sort();
    const own = names.length - common.length;
    count += (own * (own - 1)) / 2 + own * common.length;
    const key = common.join();
    if (seen.has(key)) continue;
    seen.add(key);
    for (const [index, a] of common.entries()) for (const b of common.slice(index + 1)) together.add(`${a}+${b}`);
  }
  return count + together.size;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
