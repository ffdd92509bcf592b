import { beforeEach, describe, expect, test } from 'vitest';
import type { OperationRequest } from '../../lib/operations/request';
import { generalFindings } from '../../lib/operations/safety/general';
import { settle } from '../../lib/operations/decide/settle';
import { viewOf } from '../../lib/operations/group-view';
import { FakeAws } from '../fakes/fake-aws';
import { failover, FLEET, groupOf, Operator, outcomes, REASON } from './support';

const evacuate = (group: string, stamp: string): OperationRequest => ({ operation: 'evacuate', group, stamp, reason: REASON });
const readmit = (group: string, stamp: string): OperationRequest => ({ operation: 'readmit', group, stamp, reason: REASON });

describe('evacuation and readmission', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });

  const codes = async (request: OperationRequest): Promise<string[]> =>
    (await jo.look(request)).findings.filter((each) => each.severity === 'error').map((each) => each.code);

  test('a stamp of an active-active group leaves and comes back', async () => {
    expect((await jo.go(evacuate('pool', 'pool-euw1'))).result).toBe('completed');
    expect(aws.traffic.answered(groupOf('pool'))).toEqual(['pool-use1', 'pool-usw2']);
    const back = await jo.go(readmit('pool', 'pool-euw1'));
    expect(back.result).toBe('completed');
    expect(aws.traffic.answered(groupOf('pool'))).toHaveLength(3);
  });

  test('fails to drain the last healthy stamp', async () => {
    await jo.go(evacuate('pool', 'pool-euw1'));
    aws.traffic.sick.add('pool-use1');
    expect(await codes(evacuate('pool', 'pool-usw2'))).toEqual(['last-healthy-stamp']);
    expect(await codes(evacuate('internal', 'internal-euw1'))).toEqual(['last-healthy-stamp']);
  });

  test('fails to lead users away from the healthy writer, and says what does', async () => {
    const looked = await jo.look(evacuate('enterprise', 'enterprise-use1'));
    expect(looked.allowed).toBe(false);
    expect(looked.findings.find((each) => each.code === 'writer-would-be-bypassed')?.fix).toContain(
      'failover enterprise --to usw2',
    );
  });

  test('fails to readmit the PRIMARY holder while its database is not the writer', async () => {
    await jo.go(failover());
    expect(await codes(readmit('enterprise', 'enterprise-use1'))).toEqual(['not-the-writer']);
  });

  test('after a settle and a routing deployment the old primary may come back as the standby', async () => {
    await jo.go(failover());
    const looked = await jo.look(readmit('enterprise', 'enterprise-use1'));
    const settled = settle(viewOf(FLEET, 'enterprise'), looked.observation);
    expect(settled).toMatchObject({ change: { primary: 'usw2', standby: 'use1' } });
    aws.traffic.holders.set('enterprise', 'enterprise-usw2');
    expect((await jo.go(readmit('enterprise', 'enterprise-use1'))).result).toBe('completed');
    expect(aws.traffic.answered(groupOf('enterprise'))).toEqual(['enterprise-usw2']);
  });

  test('fails to readmit a non-writer while nobody says who holds the PRIMARY record, and believes the operator who does', async () => {
    await jo.go(failover());
    await jo.go(failover('enterprise', 'use1'));
    // Now usw2 is evacuated and follows; the configuration says that use1 is the primary, and the API is silent.
    aws.traffic.routeApiDown = true;
    expect(await codes(readmit('enterprise', 'enterprise-usw2'))).toEqual(['primary-holder-unknown']);
    const told = (primaryHolder: string): OperationRequest => ({
      operation: 'readmit',
      group: 'enterprise',
      stamp: 'enterprise-usw2',
      reason: REASON,
      primaryHolder,
    });
    expect(await codes(told('enterprise-use1'))).toEqual([]);
    expect(await codes(told('enterprise-usw2'))).toEqual(['not-the-writer']);
    expect(await codes(told('enterprise-usx1'))).toEqual(['unknown-stamp']);
    aws.traffic.routeApiDown = false;
    expect(await codes(readmit('enterprise', 'enterprise-usw2'))).toEqual([]);
    // What the API says counts for more.
    expect(await codes(told('enterprise-usw2'))).toEqual([]);
  });

  test('readmission waits for capacity', async () => {
    await jo.go(evacuate('pool', 'pool-euw1'));
    aws.capacity.exhausted = true;
    const ref = groupOf('pool').stamps.find((stamp) => stamp.id === 'pool-euw1')!;
    aws.capacity.add('pool-euw1', { web: { min: 0, max: ref.values.capacity.maxTasks }, worker: { min: 2, max: 40 } });
    const report = await jo.go(readmit('pool', 'pool-euw1'));
    expect(report).toMatchObject({ result: 'failed' });
    expect(outcomes(report)).toEqual({ 'scale:pool-euw1': 'failed' });
    expect(aws.switches.evacuated('pool-euw1')).toBe(true);
    aws.capacity.exhausted = false;
    expect((await jo.resume('pool', report.operation)).result).toBe('completed');
    expect(aws.switches.evacuated('pool-euw1')).toBe(false);
  });

  test('readmission waits until the stamp is deep-healthy', async () => {
    await jo.go(evacuate('pool', 'pool-euw1'));
    aws.traffic.sick.add('pool-euw1');
    expect(await codes(readmit('pool', 'pool-euw1'))).toEqual(['not-healthy']);
  });

  test('one control Region is enough to evacuate; the rest is said', async () => {
    aws.world.silent.add('s3@us-west-2');
    const report = await jo.go(evacuate('pool', 'pool-euw1'));
    expect(report).toMatchObject({ result: 'completed', pending: [expect.stringContaining('usw2')] });
    expect(aws.switches.evacuated('pool-euw1')).toBe(true);
  });

  test('a readmission that cannot reach every control Region ends as pending clear', async () => {
    await jo.go(evacuate('pool', 'pool-euw1'));
    aws.world.silent.add('s3@us-west-2');
    const report = await jo.go(readmit('pool', 'pool-euw1'));
    expect(report.pending).toEqual([expect.stringContaining('pending clear')]);
    aws.world.silent.clear();
    await jo.go(readmit('pool', 'pool-euw1'));
    expect(aws.switches.evacuated('pool-euw1')).toBe(false);
  });

  test('a readmission that is resumed looks at health again', async () => {
    await jo.go(evacuate('pool', 'pool-euw1'));
    const run = jo.start(readmit('pool', 'pool-euw1'));
    jo.ports.switches.write = () => {
      // Killed between the intent and the write.
      jo.cancellation.raise();
      jo.cancellation.raise();
      return new Promise(() => undefined);
    };
    const report = await aws.world.run(run);
    expect(report.result).toBe('interrupted');
    aws.traffic.sick.add('pool-euw1');
    const kim = new Operator(aws, { name: 'kim' });
    const resumed = await kim.resume('pool', report.operation);
    expect(resumed).toMatchObject({ result: 'failed', detail: expect.stringContaining('cannot begin') });
    expect(aws.switches.evacuated('pool-euw1')).toBe(true);
    aws.traffic.sick.clear();
    expect((await kim.resume('pool', report.operation)).result).toBe('completed');
  });

  test('a control Region that falls silent between plan and write leaves a pending clear, and the stamp stays out', async () => {
    await jo.go(evacuate('pool', 'pool-euw1'));
    const run = jo.start(readmit('pool', 'pool-euw1'));
    const write = jo.ports.switches.write;
    jo.ports.switches.write = (change) => {
      aws.world.silent.add('s3@us-west-2');
      return write(change);
    };
    const report = await aws.world.run(run);
    expect(outcomes(report)['readmit:pool-euw1']).toBe('unconfirmed');
    expect(report.pending).toEqual([expect.stringContaining('pending in usw2')]);
    aws.world.silent.clear();
    expect(aws.switches.evacuated('pool-euw1')).toBe(true);
  });

  test('fails when no control Region answers', async () => {
    aws.world.silent.add('s3@us-west-2').add('s3@us-east-2');
    expect(await codes(evacuate('pool', 'pool-euw1'))).toEqual(['control-regions-unreachable']);
  });

  test('fails to act on what was read more than two minutes ago', async () => {
    const looked = await jo.look(evacuate('pool', 'pool-euw1'));
    expect(looked.allowed).toBe(true);
    const at = looked.observation.observedAt;
    const judge = (now: number): string[] =>
      generalFindings(viewOf(FLEET, 'pool'), looked.observation, looked.plan!, { now }).map((each) => each.code);
    expect(judge(at + 120_000)).not.toContain('observation-stale');
    expect(judge(at + 120_001)).toContain('observation-stale');
  });

  test('a switch under a later token is not overwritten', async () => {
    await jo.go(evacuate('pool', 'pool-euw1'));
    const key = 'us-east-2/pool-use1';
    aws.switches.objects.set(key, { state: 'in-service', token: 0, etag: 'x' });
    const running = jo.start(evacuate('pool', 'pool-use1'));
    const late = (async () => {
      await aws.world.wait(1);
      aws.switches.objects.set(key, { state: 'in-service', token: 99, etag: 'y' });
    })();
    // The other operator was here before our write: theirs is the later word.
    aws.world.silent.add('s3@us-east-2');
    const report = await aws.world.run(Promise.all([running, late]).then(([each]) => each));
    expect(report.result).toBe('completed');
    aws.world.silent.clear();
    expect(aws.switches.objects.get(key)?.token).toBe(99);
  });
});

describe('settle', () => {
  test('has nothing to say while the preferred primary writes', async () => {
    const looked = await new Operator(new FakeAws(FLEET)).look(failover());
    expect(settle(viewOf(FLEET, 'enterprise'), looked.observation)).toMatchObject({ findings: [{ code: 'already-there' }] });
    expect(settle(viewOf(FLEET, 'enterprise'), looked.observation).change).toBeUndefined();
  });

  test('fails for a group without a primary', async () => {
    const looked = await new Operator(new FakeAws(FLEET)).look(failover('pool'));
    expect(settle(viewOf(FLEET, 'pool'), looked.observation).findings).toEqual([expect.objectContaining({ severity: 'error' })]);
  });
});
