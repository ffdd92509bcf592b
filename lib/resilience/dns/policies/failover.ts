import { type Policy, evenly, listed } from './choice';

/**
 * Failover: the PRIMARY while it is healthy; the SECONDARY when only that is; otherwise the PRIMARY again: a pair falls open toward
 * its primary (aws-facts 1.3).
 */
export const chooseFailover: Policy = ({ group, isHealthy }) => {
  const primary = group.records.filter(({ set }) => set.Failover === 'PRIMARY');
  const secondary = group.records.filter(({ set }) => set.Failover === 'SECONDARY');
  const rule = '1.3 failover';
  const healthyPrimary = primary.filter(isHealthy);
  if (healthyPrimary.length > 0) {
    return {
      picks: evenly(healthyPrimary),
      failOpen: false,
      rule,
      reason: () => `PRIMARY ${listed(healthyPrimary)} is healthy`,
      assumptions: [],
    };
  }
  const healthySecondary = secondary.filter(isHealthy);
  if (healthySecondary.length > 0) {
    const reason = () =>
      `${primary.length === 0 ? 'there is no PRIMARY' : `PRIMARY ${listed(primary)} is unhealthy`}, SECONDARY ${listed(healthySecondary)} is healthy`;
    return { picks: evenly(healthySecondary), failOpen: false, rule, reason, assumptions: [] };
  }
  if (primary.length === 0) {
    return {
      picks: evenly(secondary),
      failOpen: true,
      rule,
      reason: () => `there is no PRIMARY to fall open to, so SECONDARY ${listed(secondary)} answers although it is unhealthy`,
      assumptions: [],
    };
  }
  const others = secondary.length === 0 ? 'and there is no SECONDARY' : `and SECONDARY ${listed(secondary)} too`;
  return {
    picks: evenly(primary),
    failOpen: true,
    rule,
    reason: () => `PRIMARY ${listed(primary)} is unhealthy ${others}: falls open toward the PRIMARY`,
    assumptions: [],
  };
};
