import { type Policy, healthyOrAll, listed } from './choice';

/** Records in one multivalue answer (aws-facts 1.3). */
const MAX_VALUES = 8;

/** Multivalue: up to eight healthy records together, at random when there are more; up to eight unhealthy ones when none is healthy. */
export const chooseMultivalue: Policy = (input) => {
  const { candidates, failOpen } = healthyOrAll(input);
  const probability = Math.min(1, MAX_VALUES / candidates.length);
  const many = candidates.length > MAX_VALUES;
  const which = many ? `any ${MAX_VALUES} of ${candidates.length}` : `all of ${listed(candidates)}`;
  return {
    picks: candidates.map((record) => ({ record, probability })),
    failOpen,
    rule: '1.3 multivalue',
    reason: () => (failOpen ? `no record is healthy: ${which} all the same` : `${which}, together`),
    assumptions: [],
  };
};
