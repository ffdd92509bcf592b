/**
 * What Route 53 health checks cost, in USD per month (aws-facts 2.7). Read from copies of the price page of 2026-10-01; prices are no
 * contract: the bill decides.
 */
export const HEALTH_CHECK_PRICES_AS_OF = '2026-10-01';

export interface HealthCheckPrices {
  /** Per check. */
  readonly basic: number;
  /** For each of HTTPS, string matching, the 10 s interval and latency measurement. */
  readonly option: number;
}

export const HEALTH_CHECK_PRICES: { readonly aws: HealthCheckPrices; readonly other: HealthCheckPrices } = {
  /** Endpoints inside AWS: load balancers and buckets of the account that is billed. */
  aws: { basic: 0.5, option: 1 },
  /** Endpoints anywhere else. */
  other: { basic: 0.75, option: 2 },
};

/** Checks of AWS endpoints without the basic fee; their options are charged. Counted once, for whoever pays for all accounts. */
export const FREE_HEALTH_CHECKS = 50;
