import { beforeEach, describe, expect, test } from 'vitest';
import { exitCode } from '../../lib/operations/execute/operation-report';
import type { LeaseRecord } from '../../lib/operations/lease/lease-record';
import { FakeAws } from '../fakes/fake-aws';
import { failover, FLEET, groupOf, Operator, outcomes, REASON } from './support';

describe('Ctrl-C', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });
  const lease = (group = 'enterprise'): LeaseRecord => aws.control.body(`group#${group}`, 'lease') as LeaseRecord;

  /** Presses it at these moments of fake time, in milliseconds. */
  function press(...at: readonly number[]): Promise<unknown> {
    return Promise.all(
      at.map(async (moment) => {
        await aws.world.wait(moment);
        jo.cancellation.raise();
      }),
    );
  }

  test('the first finishes the step at hand, gives the lease back and exits 3', async () => {
    // The promotion takes a minute after a minute of scaling.
    const run = jo.start(failover());
    const report = await aws.world.run(Promise.all([run, press(80_000)]).then(([each]) => each));
    expect(report.result).toBe('aborted');
    expect(exitCode(report)).toBe(3);
    expect(outcomes(report)['promote:enterprise-usw2']).toBe('done');
    expect(report.open).toContain('evacuate:enterprise-use1');
    expect(lease()).toMatchObject({ state: 'released', unfinished: report.operation });
    expect(report.next[0]).toContain(`journal resume ${report.operation}`);
    jo.cancellation = new Operator(aws).cancellation;
    expect((await jo.resume('enterprise', report.operation)).result).toBe('completed');
    expect(aws.traffic.answered(groupOf('enterprise'))).toEqual(['enterprise-usw2']);
  });

  test('a wait is given up at once', async () => {
    aws.databases.lagSeconds.set('us-west-2', 500);
    const run = jo.start(failover());
    const report = await aws.world.run(Promise.all([run, press(100_000)]).then(([each]) => each));
    expect(report.result).toBe('aborted');
    expect(outcomes(report)['lag:enterprise-usw2']).toBe('aborted');
    expect(aws.world.time).toBeLessThan(110_000);
  });

  test('a half-done step that can be undone is undone', async () => {
    await jo.go({ operation: 'restore', group: 'enterprise', at: Date.UTC(2026, 10, 21, 9), reason: REASON });

    const before = aws.pointers.values.get('us-east-1/stampkit/shop/enterprise-use1/database')!.value;
    // The pointer is written, and what it leads to is not seen: the API of the databases falls silent.
    const run = jo.start({ operation: 'cutover', group: 'enterprise', restore: 'r20261121t080000', reason: REASON });
    const trouble = (async () => {
      while (aws.pointers.values.get('us-east-1/stampkit/shop/enterprise-use1/database')!.value === before)
        await aws.world.wait(0);
      aws.world.silent.add('rds@us-east-1').add('rds@us-west-2');
      jo.cancellation.raise();
      await aws.world.wait(5_000);
      aws.world.silent.clear();
      aws.world.silent.add('ssm@us-east-1');
      await aws.world.wait(6_000);
      aws.world.silent.clear();
    })();
    const report = await aws.world.run(Promise.all([run, trouble]).then(([each]) => each));
    expect(report.result).toBe('aborted');
    expect(['compensated', 'done']).toContain(outcomes(report)['pointer:enterprise-use1']);
  });

  test('the second stops at once and says how to go on; the lease runs out by itself', async () => {
    const run = jo.start(failover());
    const report = await aws.world.run(Promise.all([run, press(80_000, 81_000)]).then(([each]) => each));
    expect(report).toMatchObject({ result: 'interrupted' });
    expect(exitCode(report)).toBe(3);
    expect(report.next[0]).toContain(`journal resume ${report.operation}`);
    expect(lease()).toMatchObject({ state: 'held', unfinished: report.operation });
    const kim = new Operator(aws, { name: 'kim' });
    const resumed = await kim.resume('enterprise', report.operation);
    expect(resumed.result).toBe('completed');
    expect(lease().token).toBe(2);
  });

  test('before anything was done nothing is left behind', async () => {
    jo.cancellation.raise();
    const report = await jo.go(failover());
    expect(report).toMatchObject({ result: 'aborted', steps: [] });
    expect(lease().unfinished).toBeUndefined();
  });
});
