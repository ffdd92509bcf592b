import { describe, expect, test } from 'vitest';
import { everyPlan } from './every-plan';

const TRAFFIC = ['evacuate/evacuate', 'failback/routing', 'failover/routing', 'readmit/readmit'];
const TABLE = ['abandon/dynamodb', 'cutover/dynamodb', ...TRAFFIC, 'rehome/global-table'];
const AURORA = [
  ...['abandon/aurora', 'cutover/aurora', 'evacuate/evacuate', 'failback/routing', 'failback/switchover', 'failover/detach'],
  ...['failover/managed-failover', 'failover/switchover', 'failover/traffic', 'readmit/readmit', 'rehome/global-cluster'],
  ...['restore/aurora', 'return/rebuild', 'return/rejoin'],
];
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  enterprise: AURORA,
  ledger: [...TABLE, 'restore/dynamodb-strong', 'return/catch-up'],
  pool: [...TABLE, 'restore/dynamodb-eventual', 'return/catch-up'],
  tools: [...TRAFFIC, 'return/catch-up'],
  internal: ['readmit/readmit'],
};

describe('every plan that the engine can make', () => {
  test.each(['enterprise', 'ledger', 'tools', 'pool', 'internal'])(
    '%s: calls nothing that failed, no global control plane, no Route 53, and says what it calls',
    (name) => {
      const { plans, variants, problems } = everyPlan(name, false);
      expect([...new Map(problems.map((each) => [each.split(' ')[0], each])).values()]).toEqual([]);
      expect(plans).toBeGreaterThan(name === 'internal' ? 0 : 50);
      expect(variants).toEqual(VARIANTS[name]);
    },
  );
});
