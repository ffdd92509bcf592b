import { beforeEach, describe, expect, test } from 'vitest';
import { ControlReplicas } from '../../lib/operations/lease/control-replicas';
import { acquireLease, type LeaseAttempt, type LeaseRequest, takeoverAfterMs } from '../../lib/operations/lease/lease';
import { LeaseLost } from '../../lib/operations/lease/hold';
import { throwSwitch } from '../../lib/operations/execute/throw-switch';
import { breakGlassHold } from '../../lib/operations/lease/hold';
import { viewOf } from '../../lib/operations/group-view';
import { FakeAws } from '../fakes/fake-aws';
import { FakeProcess, type ProcessOptions } from '../fakes/world';
import { failover, FLEET, Operator } from './support';

const REGIONS = FLEET.control.table.replicaRegions;

describe('the lease of a group', () => {
  let aws: FakeAws;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
  });

  function acquire(name: string, more: Partial<LeaseRequest> = {}, options: ProcessOptions = {}): Promise<LeaseAttempt> {
    const process = new FakeProcess(aws.world, { name, ...options });
    const request = { group: 'enterprise', operation: `op-${name}`, holder: name, operator: name, ...more };
    return acquireLease(new ControlReplicas(aws.control.port(), REGIONS), process.clock, request);
  }

  async function held(
    name: string,
    more: Partial<LeaseRequest> = {},
  ): Promise<Extract<LeaseAttempt, { kind: 'acquired' }>['lease']> {
    const attempt = await aws.world.run(acquire(name, more));
    if (attempt.kind !== 'acquired') throw new Error(`${name}: ${attempt.kind}`);
    return attempt.lease;
  }

  test('tokens grow with every holder', async () => {
    const first = await held('jo');
    expect(first.token).toBe(1);
    await first.release(undefined);
    expect((await held('kim')).token).toBe(2);
  });

  test('the token is higher than what any switch has seen', async () => {
    expect((await held('jo', { above: 41 })).token).toBe(42);
  });

  test('a living holder keeps it: the second gives up at the first sign of life', async () => {
    const lease = await held('jo');
    const second = acquire('kim');
    const alive = (async () => {
      for (let beat = 0; beat < 4; beat += 1) {
        await aws.world.wait(25_000);
        await lease.keepAlive();
      }
    })();
    const result = await aws.world.run(Promise.all([second, alive]).then(([each]) => each));
    expect(result.kind).toBe('held');
  });

  test.each([
    ['the same clocks', {}],
    ['an hour behind, and two per cent fast', { skew: -3_600_000, drift: 0.02 }],
    ['an hour ahead, and four per cent slow', { skew: 3_600_000, drift: -0.04 }],
  ])('a dead holder is replaced after its time, and not before: %s', async (_name, options) => {
    const lease = await held('jo');
    const end = lease.guard().validUntil;
    const before = aws.world.time;
    const result = await aws.world.run(acquire('kim', { takesOver: 'op-jo' }, options));
    expect(result.kind).toBe('acquired');
    // What the first may still send ends before the second begins, whatever the clocks say.
    expect(aws.world.time - before).toBeGreaterThanOrEqual(60_000);
    expect(aws.world.time + 1000).toBeGreaterThan(end);
    expect(() => lease.guard()).toThrow(LeaseLost);
  });

  test.each([0.1, 118_337.145_545_390_62, 1 / 3])('no fraction of a millisecond makes it spin: begun at %d', async (at) => {
    await held('jo');
    await aws.world.run(aws.world.wait(at));
    expect((await aws.world.run(acquire('kim', { takesOver: 'op-jo' }))).kind).toBe('acquired');
  });

  test('waits for lease, drift and the longest call', () => {
    expect(takeoverAfterMs(60_000)).toBe(73_000);
  });

  test('an operation that has not ended is in the way, unless it is named', async () => {
    await (await held('jo')).release('op-jo');
    expect(await aws.world.run(acquire('kim'))).toMatchObject({ kind: 'unfinished', record: { unfinished: 'op-jo' } });
    expect((await held('kim', { takesOver: 'op-jo' })).token).toBe(2);
  });

  test('an answer that was lost is found by looking', async () => {
    aws.control.loseAnswers = 1;
    const lease = await held('jo');
    expect(lease.token).toBe(1);
    aws.control.loseAnswers = 1;
    await aws.world.run(aws.world.wait(30_000));
    await lease.keepAlive();
    expect(lease.record.beat).toBe(1);
    expect(aws.control.body('group#enterprise', 'lease')).toEqual(lease.record);
  });

  test('one control Region gone: the other does', async () => {
    aws.world.down.add(REGIONS[0]!);
    expect((await held('jo')).token).toBe(1);
  });

  test('fails when all are gone', async () => {
    for (const region of REGIONS) aws.world.down.add(region);
    await expect(aws.world.run(acquire('jo'))).rejects.toMatchObject({ name: 'PortError', kind: 'unreachable' });
  });

  test('a holder that was replaced stops, and says so', async () => {
    const lease = await held('jo');
    await aws.world.run(acquire('kim', { takesOver: 'op-jo' }));
    await lease.keepAlive();
    expect(() => lease.guard()).toThrow(/taken over|took the lease over|ran out/);
  });

  test('of two who want it at once one gets it', async () => {
    const both = await aws.world.run(Promise.all([acquire('jo', { patient: false }), acquire('kim', { patient: false })]));
    expect(both.map((each) => each.kind).sort()).toEqual(['acquired', 'held']);
  });

  test('a switch refuses a lower token than it has seen', async () => {
    const jo = new Operator(aws);
    aws.switches.objects.set('us-east-2/pool-euw1', { state: 'in-service', token: 7, etag: 'e' });
    const looked = await jo.look({ operation: 'evacuate', group: 'pool', stamp: 'pool-euw1', reason: 'r' });
    const run = (token: number): Parameters<typeof throwSwitch>[0] => ({
      ports: jo.ports,
      view: viewOf(FLEET, 'pool'),
      plan: looked.plan!,
      operation: 'op',
      hold: breakGlassHold({ token, operator: 'jo', operation: 'op' }),
      stopped: () => false,
    });
    await expect(throwSwitch(run(6), 'use2', 'pool-euw1', 'evacuated', 'r')).rejects.toThrow(/token 7/);
    await throwSwitch(run(8), 'use2', 'pool-euw1', 'evacuated', 'r');
    expect(aws.switches.objects.get('us-east-2/pool-euw1')).toMatchObject({ state: 'evacuated', token: 8 });
  });
});

describe('without any control Region', () => {
  test('an operation is refused, then goes with a reason, is journaled here, and reconciled later', async () => {
    const aws = new FakeAws(FLEET);
    const jo = new Operator(aws);
    const request = { operation: 'evacuate', group: 'pool', stamp: 'pool-euw1', reason: 'broken' } as const;
    for (const region of REGIONS) aws.world.silent.add(`dynamodb@${region}`);
    const looked = await jo.look(request);
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'control-table-unreachable', severity: 'error' }));
    const report = await jo.go(request, { breakGlass: 'alone on call' });
    expect(report.result).toBe('completed');
    expect(aws.switches.evacuated('pool-euw1')).toBe(true);
    expect([...jo.process.disk.keys()]).toEqual([report.operation]);
    expect(jo.process.disk.get(report.operation)![0]).toContain('"breakGlass":"alone on call"');
    aws.world.silent.clear();
    expect(await aws.world.run(jo.reconcile(report.operation))).toBeGreaterThan(5);
    expect(await aws.world.run(jo.reconcile(report.operation))).toBe(0);
    // The lease knows the token that was used in the dark.
    expect((await jo.go({ ...request, operation: 'readmit' })).result).toBe('completed');
  });

  test('fails to break the glass while a replica answers', async () => {
    const looked = await new Operator(new FakeAws(FLEET)).look(failover(), { breakGlass: 'impatient' });
    expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'break-glass', severity: 'error' }));
  });
});
