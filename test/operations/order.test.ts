import { beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../lib/operations/plan';
import type { OperationRequest } from '../../lib/operations/request';
import { FakeAws } from '../fakes/fake-aws';
import { failover, FLEET, Operator, REASON } from './support';

/** Each step with everything that has to be over before it, in the plan's own order. */
function before(plan: Plan | undefined, id: string): string[] {
  const steps = new Map(plan!.steps.map((step) => [step.id, step.after]));
  const found = new Set<string>();
  const visit = (each: string): void => {
    for (const earlier of steps.get(each)!) {
      found.add(earlier);
      visit(earlier);
    }
  };
  visit(id);
  return [...found].sort();
}

describe('what has to be over before', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });
  const plan = async (request: OperationRequest): Promise<Plan | undefined> => (await jo.look(request)).plan;

  test('users leave the old primary: capacity, lag, the writer, and that it takes writes', async () => {
    const planned = await plan(failover());
    expect(before(planned, 'evacuate:enterprise-use1')).toEqual([
      'lag:enterprise-usw2',
      'promote:enterprise-usw2',
      'scale:enterprise-usw2',
      'writable:enterprise-usw2',
    ]);
    expect(before(planned, 'promote:enterprise-usw2')).toEqual(['lag:enterprise-usw2', 'scale:enterprise-usw2']);
  });

  test('in an outage: nothing', async () => {
    await jo.look(failover());
    aws.world.down.add('us-east-1');
    const outage = await plan(failover());
    for (const id of ['evacuate:enterprise-use1', 'promote:enterprise-usw2', 'scale:enterprise-usw2'])
      expect(before(outage, id)).toEqual([]);
  });

  test('users come back to the primary: all of it there', async () => {
    await jo.go(failover());
    const back = await plan({ operation: 'failback', group: 'enterprise', reason: REASON });
    expect(before(back, 'readmit:enterprise-use1')).toEqual([
      'healthy:enterprise-use1',
      'lag:enterprise-use1',
      'promote:enterprise-use1',
      'scale:enterprise-use1',
      'writable:enterprise-use1',
    ]);
    expect(before(back, 'relax:enterprise-usw2')).toContain('answers');
  });

  test('a healthy stamp leaves: those who stay have the capacity', async () => {
    const out = await plan({ operation: 'evacuate', group: 'pool', stamp: 'pool-euw1', reason: REASON });
    expect(before(out, 'evacuate:pool-euw1')).toEqual(['scale:pool-use1', 'scale:pool-usw2']);
  });

  test('a stamp comes back: its capacity and its health', async () => {
    await jo.go({ operation: 'evacuate', group: 'pool', stamp: 'pool-euw1', reason: REASON });
    const back = await plan({ operation: 'readmit', group: 'pool', stamp: 'pool-euw1', reason: REASON });
    expect(before(back, 'readmit:pool-euw1')).toEqual(['healthy:pool-euw1', 'scale:pool-euw1']);
  });

  test('everything goes to one Region: its capacity and what the others wrote', async () => {
    const all = await plan(failover('pool', 'usw2'));
    expect(before(all, 'evacuate:pool-use1')).toEqual(['lag:pool-euw1:pool-usw2', 'lag:pool-use1:pool-usw2', 'scale:pool-usw2']);
  });

  test('anything points at restored data: its writer is where users are', async () => {
    await jo.go({ operation: 'restore', group: 'enterprise', at: Date.UTC(2026, 10, 21, 9), reason: REASON });
    const cut = await plan({ operation: 'cutover', group: 'enterprise', restore: 'r20261121t080000', reason: REASON });
    for (const stamp of ['enterprise-use1', 'enterprise-usw2'])
      expect(before(cut, `pointer:${stamp}`)).toEqual(['promote:enterprise-use1']);
  });

  test('a rebuilt member is used: the old workers stopped, the new one follows', async () => {
    aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
    await jo.look(failover());
    aws.world.down.add('us-east-1');
    await jo.go(failover());
    aws.world.down.clear();
    const rebuilt = await plan({ operation: 'return', group: 'enterprise', stamp: 'enterprise-use1', reason: REASON });
    expect(before(rebuilt, 'member:us-east-1')).toEqual(
      expect.arrayContaining(['evacuate:enterprise-use1', 'pause:enterprise-use1', 'global:shop-enterprise-global-2']),
    );
    expect(before(rebuilt, 'pointer:enterprise-use1')).toContain('follows:us-east-1');
    expect(before(rebuilt, 'unpause:enterprise-use1')).toEqual(
      expect.arrayContaining(['roll:enterprise-use1', 'drain:enterprise-use1']),
    );
  });
});
