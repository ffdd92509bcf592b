import { type Policy, evenly, listed } from './choice';

/**
 * Simple: one record, whatever its health; its values come in random order (aws-facts 1.3). Several simple records of one name are
 * refused by Route 53; here they would share the answers.
 */
export const chooseSimple: Policy = ({ group, isHealthy }) => {
  const failOpen = !group.records.some(isHealthy);
  return {
    picks: evenly(group.records),
    failOpen,
    rule: '1.3 simple',
    reason: () =>
      failOpen ? `${listed(group.records)} is all there is, so it answers although it is unhealthy` : 'the only record',
    assumptions: [],
  };
};
