import type { AssemblyStack } from '../assembly/read-assembly';
import {
  FREE_HEALTH_CHECKS,
  HEALTH_CHECK_PRICES,
  HEALTH_CHECK_PRICES_AS_OF,
  type HealthCheckPrices,
} from '../facts/health-check-prices';
import { compareText } from '../order';
import { type Properties, recordOf } from './template-reader';

/** Health checks of one kind in one account. */
export interface HealthCheckKind {
  readonly account: string;
  /** `HTTPS`, `HTTPS_STR_MATCH`, `CALCULATED`, ... */
  readonly type: string;
  /** How many of HTTPS, string matching, fast interval and latency measurement each check has. */
  readonly options: number;
  readonly count: number;
}

export interface HealthCheckCost {
  readonly kinds: readonly HealthCheckKind[];
  /** Per account, sorted. */
  readonly accounts: readonly { readonly account: string; readonly checks: number }[];
  readonly checks: number;
  /** USD per month when Route 53 counts every endpoint as one in AWS: load balancers and buckets of the payer. */
  readonly awsEndpoints: number;
  /** USD per month when it counts every endpoint as one outside AWS. */
  readonly otherEndpoints: number;
  /** Day of the prices. */
  readonly pricesAsOf: string;
  readonly source: string;
}

/** What the health checks of some stacks cost, by the price list of aws-facts 2.7. Calculated checks count as basic ones (not confirmed). */
export function healthCheckCost(stacks: Iterable<AssemblyStack>): HealthCheckCost {
  const counts = new Map<string, HealthCheckKind>();
  for (const { account, template } of stacks) {
    for (const { Type, Properties: properties = {} } of Object.values(template.Resources)) {
      if (Type !== 'AWS::Route53::HealthCheck') continue;
      const config = recordOf(properties['HealthCheckConfig']);
      const type = typeof config['Type'] === 'string' ? config['Type'] : 'unknown';
      const options = optionsOf(type, config);
      const key = `${account} ${type} ${options}`;
      counts.set(key, { account, type, options, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  const kinds = [...counts].sort(([a], [b]) => compareText(a, b)).map(([, kind]) => kind);
  const accounts = [...new Set(kinds.map(({ account }) => account))].map((account) => ({
    account,
    checks: total(kinds.filter((kind) => kind.account === account)),
  }));
  return {
    kinds,
    accounts,
    checks: total(kinds),
    awsEndpoints:
      price(kinds, HEALTH_CHECK_PRICES.aws) - Math.min(total(kinds), FREE_HEALTH_CHECKS) * HEALTH_CHECK_PRICES.aws.basic,
    otherEndpoints: price(kinds, HEALTH_CHECK_PRICES.other),
    pricesAsOf: HEALTH_CHECK_PRICES_AS_OF,
    source: 'aws-facts 2.7',
  };
}

function total(kinds: readonly HealthCheckKind[]): number {
  return kinds.reduce((sum, { count }) => sum + count, 0);
}

function price(kinds: readonly HealthCheckKind[], { basic, option }: HealthCheckPrices): number {
  return kinds.reduce((sum, { count, options }) => sum + count * (basic + options * option), 0);
}

/** Calculated checks and those that follow an alarm probe nothing, so nothing of theirs is optional. */
function optionsOf(type: string, config: Properties): number {
  if (!/^(HTTP|HTTPS|TCP)/.test(type)) return 0;
  return [
    type.startsWith('HTTPS'),
    type.endsWith('STR_MATCH'),
    config['RequestInterval'] === 10,
    config['MeasureLatency'] === true,
  ].filter(Boolean).length;
}
