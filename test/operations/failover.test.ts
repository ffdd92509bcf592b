import { beforeEach, describe, expect, test } from 'vitest';
import { FakeAws } from '../fakes/fake-aws';
import { failover, FLEET, groupOf, Operator, outcomes, REASON } from './support';

describe('failover of an Aurora group', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });
  const enterprise = groupOf('enterprise');
  const writers = (): string[] =>
    aws.databases
      .writers()
      .filter((each) => each.identifier.includes('enterprise'))
      .map((each) => each.region);

  test('planned: scales, waits for the lag, switches over, and moves traffic only then', async () => {
    const report = await jo.go(failover());
    expect(report).toMatchObject({ result: 'completed', variant: 'switchover', pending: [] });
    expect(report.steps.map((step) => step.step)).toEqual(
      expect.arrayContaining([
        'scale:enterprise-usw2',
        'lag:enterprise-usw2',
        'promote:enterprise-usw2',
        'writable:enterprise-usw2',
        'evacuate:enterprise-use1',
        'answers',
      ]),
    );
    expect(writers()).toEqual(['us-west-2']);
    expect(aws.traffic.answered(enterprise)).toEqual(['enterprise-usw2']);
    // usw2 is a control Region itself and answers: both hold the evacuation.
    expect(['us-east-2', 'us-west-2'].map((region) => aws.switches.state(region, 'enterprise-use1'))).toEqual([
      'evacuated',
      'evacuated',
    ]);
    expect(aws.capacity.running('enterprise-usw2')).toBeGreaterThanOrEqual(aws.capacity.running('enterprise-use1'));
  });

  test('planned, there and back: what waits in the queue of the side that stops writing goes to the one that writes', async () => {
    Object.assign(aws.queues.of('enterprise-use1'), { visible: 7, deadLetters: 2 });
    const there = await jo.go(failover());
    expect(outcomes(there)['drain:enterprise-use1']).toBe('done');
    expect(aws.queues.of('enterprise-use1')).toMatchObject({ visible: 0, deadLetters: 2 });
    expect(aws.queues.of('enterprise-usw2').visible).toBe(7);
    const back = await jo.go({ operation: 'failback', group: 'enterprise', reason: REASON });
    expect(outcomes(back)['drain:enterprise-usw2']).toBe('done');
    expect(aws.queues.of('enterprise-use1').visible).toBe(7);
  });

  test('the old Region gone: evacuates and promotes at once, loses what the last lag says', async () => {
    await jo.look(failover());
    aws.world.down.add('us-east-1');
    const looked = await jo.look(failover());
    expect(looked.plan).toMatchObject({ variant: 'managed-failover', avoid: ['us-east-1'] });
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'expected-loss', severity: 'info' }));
    const parallel = looked.plan!.steps.filter((step) => step.after.length === 0).map((step) => step.id);
    expect(parallel).toEqual(['evacuate:enterprise-use1', 'promote:enterprise-usw2', 'scale:enterprise-usw2']);
    const report = await jo.go(failover());
    expect(report.result).toBe('completed');
    expect(writers()).toEqual(['us-west-2']);
    expect(aws.traffic.answered(enterprise)).toEqual(['enterprise-usw2']);
  });

  test.each([
    ['fails when the loss is above the objective', 300, 'loss-above-rpo'],
    ['fails when nobody knows the loss', undefined, 'loss-unknown'],
  ])('%s, unless the operator accepts it', async (_name, lag, code) => {
    if (lag !== undefined) {
      aws.databases.lagSeconds.set('us-west-2', lag);
      await jo.look(failover());
    }
    aws.world.down.add('us-east-1');
    const looked = await jo.look(failover());
    expect(looked.allowed).toBe(false);
    expect(looked.findings).toContainEqual(expect.objectContaining({ code, severity: 'error' }));
    expect(looked.findings.find((each) => each.code === code)?.fix).toContain('--allow-data-loss');
    expect((await jo.go(failover('enterprise', 'usw2', true))).result).toBe('completed');
  });

  test('half reachable, the database alive: switches over through the Region of the writer, and calls nothing else there', async () => {
    aws.traffic.sick.add('enterprise-use1');
    const looked = await jo.look(failover());
    expect(looked.plan).toMatchObject({ variant: 'switchover', avoid: [] });
    const there = looked.plan!.steps.flatMap((step) =>
      step.calls.filter((call) => call.region === 'us-east-1').map((call) => `${step.id} ${call.service}`),
    );
    expect(there).toEqual(['promote:enterprise-usw2 rds']);
    expect((await jo.go(failover())).result).toBe('completed');
  });

  test('a switchover is asked for in the Region of the writer of today, there and back', async () => {
    const asked: string[] = [];
    const { switchover } = jo.ports.databases;
    jo.ports.databases.switchover = (change) => {
      asked.push(`${change.writerRegion} > ${change.region}`);
      return switchover(change);
    };
    await jo.go(failover());
    await jo.go({ operation: 'failback', group: 'enterprise', reason: REASON });
    expect(asked).toEqual(['us-east-1 > us-west-2', 'us-west-2 > us-east-1']);
  });

  test('half reachable, the health function silent: the database is not believed', async () => {
    await jo.look(failover());
    aws.world.silent.add('lambda@us-east-1');
    aws.world.silent.add('https@us-east-1');
    expect((await jo.look(failover())).plan).toMatchObject({ variant: 'managed-failover', avoid: ['us-east-1'] });
  });

  test('versions differ: detaches, and the old cluster stays what it is', async () => {
    await jo.look(failover());
    aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')!.engineVersion = '16.6';
    expect((await jo.look(failover())).findings).toContainEqual(
      expect.objectContaining({ code: 'versions-differ', severity: 'error' }),
    );
    aws.world.down.add('us-east-1');
    const report = await jo.go(failover());
    expect(report).toMatchObject({ result: 'completed', variant: 'detach' });
    expect(aws.databases.clusters.get('us-west-2/shop-enterprise-usw2')?.global).toBeUndefined();
  });

  test('a control Region that fails with the old Region is left out and said', async () => {
    await jo.go(failover());
    // Everything is in usw2 now; back to use1 while usw2, a control Region and a control-table replica, is gone.
    await jo.look(failover('enterprise', 'use1'));
    aws.world.down.add('us-west-2');
    const looked = await jo.look(failover('enterprise', 'use1', true));
    expect(looked.plan?.avoid).toEqual(['us-west-2']);
    expect(looked.plan?.pending).toEqual([
      expect.stringContaining('does not say evacuated'),
      expect.stringContaining('pending clear: the switch of enterprise-use1 in usw2'),
    ]);
    const report = await jo.go(failover('enterprise', 'use1', true));
    expect(report.result).toBe('completed');
    expect(aws.traffic.answered(enterprise)).toEqual(['enterprise-use1']);
  });

  test('fails when the target is not healthy', async () => {
    aws.traffic.sick.add('enterprise-usw2');
    expect((await jo.look(failover())).findings).toContainEqual(
      expect.objectContaining({ code: 'target-not-healthy', severity: 'error' }),
    );
  });

  test('done twice it is refused the second time', async () => {
    await jo.go(failover());
    const again = await jo.look(failover());
    expect(again.plan).toBeUndefined();
    expect(again.findings.map((each) => each.code)).toEqual(['already-there']);
  });

  test.each(['enterprise', 'tools'])('fails to take the standby of %s away when its primary serves and is well', async (name) => {
    const aws = new FakeAws(FLEET);
    const primary = groupOf(name, FLEET).stamps.find((stamp) => stamp.preferredRole === 'primary')!;
    const request = { ...failover(), group: name, to: primary.regionCode };
    const looked = await new Operator(aws).look(request);
    expect(looked.findings.map((each) => each.code)).toEqual(['already-there']);
    expect(looked.plan).toBeUndefined();
    // Nobody says where users are led to: then it is said by a switch.
    const blind = new Operator(aws, {}, (ports) => ({ ...ports, dns: { answers: () => Promise.resolve([]) } }));
    expect((await blind.look(request)).plan?.steps.map((step) => step.action.do)).toContain('put-switch');
  });

  test('failback brings writer, traffic and floors back', async () => {
    const floors = aws.capacity.bounds('enterprise-usw2');
    await jo.go(failover());
    expect(aws.capacity.bounds('enterprise-usw2')).not.toEqual(floors);
    const report = await jo.go({ operation: 'failback', group: 'enterprise', reason: 'use1 is well' });
    expect(report).toMatchObject({ result: 'completed', variant: 'switchover' });
    expect(writers()).toEqual(['us-east-1']);
    expect(aws.traffic.answered(enterprise)).toEqual(['enterprise-use1']);
    expect(aws.capacity.bounds('enterprise-usw2')).toEqual(floors);
  });

  test('failback waits for the database to follow again after an unplanned failover', async () => {
    await jo.look(failover());
    aws.world.down.add('us-east-1');
    await jo.go(failover());
    aws.world.down.clear();
    const looked = await jo.look({ operation: 'failback', group: 'enterprise', reason: REASON });
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'target-not-replica', severity: 'error' }));
  });
});

describe('failover without a promotion', () => {
  test('pool, one stamp gone: it leaves, the others stay; the lag is reported', async () => {
    const aws = new FakeAws(FLEET);
    const jo = new Operator(aws);
    aws.world.down.add('eu-west-1');
    const looked = await jo.look(failover('pool', 'usw2'));
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'expected-loss', severity: 'warning' }));
    expect((await jo.go(failover('pool', 'usw2'))).result).toBe('completed');
    expect(aws.traffic.answered(groupOf('pool'))).toEqual(['pool-use1', 'pool-usw2']);
    expect(aws.switches.state('us-east-2', 'pool-euw1')).toBe('evacuated');
  });

  test('pool, all well: everything goes to the named Region, which gets the capacity for it first', async () => {
    const aws = new FakeAws(FLEET);
    const report = await new Operator(aws).go(failover('pool', 'usw2'));
    expect(report.result).toBe('completed');
    expect(aws.traffic.answered(groupOf('pool'))).toEqual(['pool-usw2']);
    expect(outcomes(report)['scale:pool-usw2']).toBe('done');
    expect((await new Operator(aws).go({ operation: 'failback', group: 'pool', reason: REASON })).result).toBe('completed');
    expect(aws.traffic.answered(groupOf('pool'))).toHaveLength(3);
  });

  test('a strongly consistent table loses nothing and waits for nothing', async () => {
    const aws = new FakeAws(FLEET);
    const jo = new Operator(aws);
    aws.world.down.add('us-east-1');
    const looked = await jo.look(failover('ledger'));
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'expected-loss', severity: 'info' }));
    expect((await jo.go(failover('ledger'))).result).toBe('completed');
    expect(aws.traffic.answered(groupOf('ledger'))).toEqual(['ledger-usw2']);
  });

  test('no database: traffic and capacity only', async () => {
    const aws = new FakeAws(FLEET);
    const report = await new Operator(aws).go(failover('tools'));
    expect(Object.keys(outcomes(report)).sort()).toEqual(['answers', 'evacuate:tools-use1', 'scale:tools-usw2']);
  });

  test('fails for a group with one stamp', async () => {
    const looked = await new Operator(new FakeAws(FLEET)).look(failover('internal', 'euw1'));
    expect(looked.findings.map((each) => each.code)).toEqual(['single-stamp']);
  });
});
