import type { IndexedRecord } from '../zone-index';
import { type Pick, type Policy, evenly, listed } from './choice';

/**
 * Weighted: in proportion to the weights of the healthy records. Records of weight 0 are used only when no other is healthy; when
 * they are not healthy either, the others are answered again, never those of weight 0 (aws-facts 1.3, both tables). All weights 0
 * count as equal.
 */
export const chooseWeighted: Policy = ({ group, isHealthy }) => {
  const rule = '1.3 weighted';
  const weighted = group.records.filter((record) => weightOf(record) > 0);
  if (weighted.length === 0) {
    const healthy = group.records.filter(isHealthy);
    const failOpen = healthy.length === 0;
    const reason = () =>
      failOpen
        ? 'every weight is 0 and no record is healthy: all share evenly'
        : 'every weight is 0: the healthy ones share evenly';
    return { picks: evenly(failOpen ? group.records : healthy), failOpen, rule, reason, assumptions: [] };
  }
  const healthy = weighted.filter(isHealthy);
  if (healthy.length > 0) {
    return {
      picks: byWeight(healthy),
      failOpen: false,
      rule,
      reason: () => `${listed(healthy)} by weight ${weights(healthy)}`,
      assumptions: [],
    };
  }
  const spare = group.records.filter((record) => weightOf(record) === 0 && isHealthy(record));
  if (spare.length > 0) {
    return {
      picks: evenly(spare),
      failOpen: false,
      rule,
      reason: () => `no record with a weight is healthy, so ${listed(spare)} of weight 0`,
      assumptions: [],
    };
  }
  return {
    picks: byWeight(weighted),
    failOpen: true,
    rule,
    reason: () => `no record is healthy: falls open to those with a weight, ${listed(weighted)} ${weights(weighted)}`,
    assumptions: [],
  };
};

function weightOf({ set }: IndexedRecord): number {
  return set.Weight ?? 0;
}

function byWeight(records: readonly IndexedRecord[]): Pick[] {
  const total = records.reduce((sum, record) => sum + weightOf(record), 0);
  return records.map((record) => ({ record, probability: weightOf(record) / total }));
}

function weights(records: readonly IndexedRecord[]): string {
  return records.map(weightOf).join(':');
}
