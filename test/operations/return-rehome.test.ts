import { describe, expect, test } from 'vitest';
import type { OperationRequest } from '../../lib/operations/request';
import { planLock } from '../../lib/topology/addresses';
import { buildFleet } from '../../lib/topology/build-fleet';
import { FakeAws } from '../fakes/fake-aws';
import { activePassive, fleetConfig, group } from '../topology/fixtures';
import { failover, FLEET, groupOf, Operator, outcomes, REASON } from './support';

const back = (name: string, stamp: string): OperationRequest => ({
  operation: 'return',
  group: name,
  stamp,
  reason: 'use1 answers again',
});

describe('the old Region is back', () => {
  async function failedOver(prepare: (aws: FakeAws) => void = () => undefined): Promise<{ aws: FakeAws; jo: Operator }> {
    const aws = new FakeAws(FLEET);
    const jo = new Operator(aws);
    await jo.look(failover());
    prepare(aws);
    aws.world.down.add('us-east-1');
    Object.assign(aws.queues.of('enterprise-use1'), { visible: 25, deadLetters: 4 });
    await jo.go(failover());
    aws.world.down.clear();
    return { aws, jo };
  }

  test('after a managed failover it follows again; queue and dead letters reach who can write; divergence is reported', async () => {
    const { aws, jo } = await failedOver();
    const report = await jo.go(back('enterprise', 'enterprise-use1'));
    expect(report).toMatchObject({ result: 'completed', variant: 'rejoin' });
    expect(outcomes(report)).toMatchObject({
      'follows:us-east-1': 'done',
      'redrive:enterprise-use1': 'done',
      'drain:enterprise-use1': 'done',
    });
    expect(report.steps.find((step) => step.step.startsWith('divergence'))?.detail).toContain(
      '3 rows or items only the old side has',
    );
    expect(aws.queues.of('enterprise-use1')).toMatchObject({ visible: 0, deadLetters: 0 });
    expect(aws.queues.of('enterprise-usw2').visible).toBe(29);
    expect(aws.switches.evacuated('enterprise-use1')).toBe(true);
    expect(aws.traffic.answered(groupOf('enterprise'))).toEqual(['enterprise-usw2']);
    const home = await jo.go({ operation: 'failback', group: 'enterprise', reason: REASON });
    expect(home.result).toBe('completed');
  });

  test('after a detachment a new member is made beside the old cluster, which is kept', async () => {
    const { aws, jo } = await failedOver((world) => {
      world.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
    });
    const looked = await jo.look(back('enterprise', 'enterprise-use1'));
    expect(looked.plan?.variant).toBe('rebuild');
    const report = await jo.go(back('enterprise', 'enterprise-use1'));
    expect(report.result).toBe('completed');
    const rebuilt = aws.databases.clusters.get('us-east-1/shop-enterprise-use1-2');
    expect(rebuilt).toMatchObject({ global: 'shop-enterprise-global-2' });
    expect(aws.databases.clusters.has('us-east-1/shop-enterprise-use1')).toBe(true);
    expect(aws.traffic.health(groupOf('enterprise'), 'enterprise-use1').role).toBe('reader');
    expect(aws.capacity.bounds('enterprise-use1').worker?.min).toBeGreaterThan(0);
    expect(report.pending.join()).toContain('shop-enterprise-use1 in us-east-1 is kept');
    expect((await jo.go({ operation: 'failback', group: 'enterprise', reason: REASON })).result).toBe('completed');
    expect(aws.traffic.answered(groupOf('enterprise'))).toEqual(['enterprise-use1']);
  });

  test('two databases that take writes are called a split until one is rebuilt', async () => {
    const { jo } = await failedOver((world) => {
      world.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
    });
    const looked = await jo.look({ operation: 'failback', group: 'enterprise', reason: REASON });
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'split-brain', severity: 'error' }));
  });

  test('fails while the Region answers in part only', async () => {
    const { aws, jo } = await failedOver();
    aws.world.silent.add('lambda@us-east-1');
    expect((await jo.look(back('enterprise', 'enterprise-use1'))).findings.map((each) => each.code)).toEqual([
      'old-region-unreachable',
    ]);
  });

  test('a table catches up, and its own workers work off the queue', async () => {
    const aws = new FakeAws(FLEET);
    const jo = new Operator(aws);
    aws.world.down.add('us-east-1');
    await jo.go(failover('pool'));
    aws.world.down.clear();
    const report = await jo.go(back('pool', 'pool-use1'));
    expect(report).toMatchObject({ result: 'completed', variant: 'catch-up' });
    expect(Object.keys(outcomes(report))).toEqual(
      expect.arrayContaining(['lag:pool-use1:pool-euw1', 'divergence:pool-use1', 'drain:pool-use1']),
    );
  });
});

describe('a home Region is lost for good', () => {
  const rehome: OperationRequest = { operation: 'rehome', group: 'enterprise', lost: 'use1', reason: 'use1 is given up' };

  test('fails before the lock was moved, and says how', async () => {
    const looked = await new Operator(new FakeAws(FLEET)).look(rehome);
    expect(looked.findings).toEqual([
      expect.objectContaining({ code: 'home-not-moved', fix: expect.stringContaining('lock --rehome enterprise') }),
    ]);
  });

  test('after lock --rehome a person adopts the definitions, and the plan waits for the stack', async () => {
    const config = fleetConfig({ groups: [group('enterprise', { placement: activePassive('usw2', 'use1') })] });
    const before = planLock(fleetConfig({ groups: [group('enterprise')] }), undefined).lock;
    const lock = planLock(config, before, { rehome: [{ group: 'enterprise', region: 'usw2', reason: 'use1 is given up' }] }).lock;
    const aws = new FakeAws(buildFleet(config, lock).fleet);
    const jo = new Operator(aws);
    aws.stacks.names.clear();
    // The writer is in usw2 by now: that is where the fleet says it was born.
    expect((await jo.look(rehome)).findings).toContainEqual(
      expect.objectContaining({ code: 'home-still-alive', severity: 'error' }),
    );
    aws.world.down.add('us-east-1');
    const run = jo.start(rehome);
    const person = aws.world.wait(600_000).then(() => aws.stacks.names.add('us-west-2/shop-enterprise-data'));
    const report = await aws.world.run(Promise.all([run, person]).then(([each]) => each));
    expect(report).toMatchObject({ result: 'completed', variant: 'global-cluster' });
    expect(jo.process.events.filter((each) => each.code === 'by-hand').map((each) => each.message)).toContain(
      'npx cdk import shop-enterprise-data --resource-mapping mapping.json',
    );
  });
});
