import { describe, expect, test } from 'vitest';
import type { TemplateResource } from '../../lib/assembly/read-assembly';
import { healthCheckCost } from '../../lib/preflight/health-check-cost';
import { stacksOf, times } from './assembly';

const check = (HealthCheckConfig: Record<string, unknown>, count = 1): TemplateResource[] =>
  times(count, 'AWS::Route53::HealthCheck', { HealthCheckConfig });
const FAST = { RequestInterval: 10 };

/** The checks of stamps with two control Regions (design 7). */
function stamps(count: number): TemplateResource[] {
  return [
    ...check({ Type: 'HTTPS', ...FAST }, count),
    ...check({ Type: 'HTTPS_STR_MATCH', ...FAST }, 2 * count),
    ...check({ Type: 'CALCULATED' }, count),
  ];
}

describe('healthCheckCost', () => {
  test.each<[string, TemplateResource[], number, number]>([
    ['nothing', [], 0, 0],
    ['50 plain checks in AWS are free', check({ Type: 'TCP', RequestInterval: 30 }, 50), 0, 37.5],
    ['the 51st is not', check({ Type: 'TCP', RequestInterval: 30 }, 51), 0.5, 38.25],
    ['options of free checks are paid', check({ Type: 'HTTPS', ...FAST }, 2), 4, 9.5],
    ['latency measurement is an option', check({ Type: 'HTTP', RequestInterval: 30, MeasureLatency: true }), 1, 2.75],
    ['calculated checks have no options', check({ Type: 'CALCULATED', ...FAST }, 51), 0.5, 38.25],
    ['1,000 stamps', stamps(1000), 1000 * 2.5 + 2000 * 3.5 + 1000 * 0.5 - 25, 1000 * 4.75 + 2000 * 6.75 + 1000 * 0.75],
  ])('%s', (_what, resources, aws, other) => {
    const cost = healthCheckCost(stacksOf({ a: { resources } }));
    expect(cost.awsEndpoints).toBeCloseTo(aws, 6);
    expect(cost.otherEndpoints).toBeCloseTo(other, 6);
  });

  test('counts per account, and says what it took for what', () => {
    const cost = healthCheckCost(
      stacksOf({
        a: { resources: stamps(1) },
        b: { resources: stamps(1) },
        c: { account: '222222222222', resources: stamps(2) },
      }),
    );
    expect(cost.checks).toBe(16);
    expect(cost.accounts).toEqual([
      { account: '111111111111', checks: 8 },
      { account: '222222222222', checks: 8 },
    ]);
    expect(cost.kinds).toContainEqual({ account: '111111111111', type: 'HTTPS_STR_MATCH', options: 3, count: 4 });
    expect(cost).toMatchObject({ pricesAsOf: '2026-10-01', source: 'aws-facts 2.7' });
  });
});
