import { beforeEach, describe, expect, test } from 'vitest';
import type { LeaseRecord } from '../../lib/operations/lease/lease-record';
import { Crash, interpose, type PortCall } from '../fakes/interpose';
import { PortError } from '../../lib/ports';
import { FakeAws } from '../fakes/fake-aws';
import { EPOCH } from '../fakes/world';
import { failover, FLEET, Operator, REASON } from './support';

const REPLICAS = FLEET.control.table.replicaRegions;
const evacuate = { operation: 'evacuate', group: 'pool', stamp: 'pool-euw1', reason: REASON } as const;

describe('going on with an operation', () => {
  let aws: FakeAws;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
  });
  const lease = (group: string): LeaseRecord => aws.control.body(`group#${group}`, 'lease') as LeaseRecord;

  /** An operator who is killed before his n-th call of one method. */
  async function killed(
    request: Parameters<Operator['start']>[0],
    method: string,
    at = 1,
    options: Parameters<Operator['start']>[1] = {},
  ): Promise<Operator> {
    const crash = new Crash(at, 'before', (call: PortCall) => call.method === method);
    const jo = new Operator(aws, { name: 'jo' }, crash.wrap);
    await aws.world.runOr(jo.start(request, options), () => crash.crashed);
    expect(crash.crashed).toBe(true);
    return jo;
  }
  const kim = (disk?: Map<string, string[]>): Operator => new Operator(aws, { name: 'kim' }, (ports) => ports, disk);

  test('fails for one that was stopped before it changed anything: it was decided upon a world that is gone', async () => {
    const jo = new Operator(aws);
    jo.cancellation.raise();
    const report = await jo.go(failover());
    expect(report.next.join()).not.toContain('journal resume');
    await expect(kim(jo.process.disk).resume('enterprise', report.operation)).rejects.toMatchObject({ code: 'OPERATION_OVER' });
    expect(aws.databases.promotions).toEqual([]);
  });

  test('fails for one that was replaced, also where nobody can read that it was', async () => {
    const jo = await killed(failover(), 'switchover');
    const { unfinished } = lease('enterprise');
    const other = kim();
    expect((await other.go(failover(), { supersedes: unfinished! })).result).toBe('completed');
    // Its end never reached the table.
    for (const [key, item] of aws.control.items)
      if (item.pk === `journal#${unfinished!}` && (item.body as { kind: string }).kind === 'end') aws.control.items.delete(key);
    await expect(kim(jo.process.disk).resume('enterprise', unfinished!)).rejects.toMatchObject({ code: 'OPERATION_OVER' });
    expect(lease('enterprise')).toMatchObject({ state: 'released' });
  });

  test('fails when the promotion has not begun and the old Region is well again: it would lose data for nothing', async () => {
    await new Operator(aws).look(failover());
    aws.world.down.add('us-east-1');
    await killed(failover(), 'failover');
    // The intent of the promotion was written, so this one goes on.
    const begun = lease('enterprise').unfinished!;
    aws.world.down.clear();
    expect((await kim().resume('enterprise', begun)).result).toBe('completed');

    const fresh = new FakeAws(FLEET);
    aws = fresh;
    await new Operator(aws).look(failover());
    aws.world.down.add('us-east-1');
    // Killed while the first entries after the beginning are written.
    await killed(failover(), 'append', 2);
    const { unfinished } = lease('enterprise');
    aws.world.down.clear();
    const report = await kim().resume('enterprise', unfinished!);
    expect(report).toMatchObject({ result: 'refused', findings: [{ code: 'plan-changed' }] });
    expect(report.next.join()).toContain(`--supersede ${unfinished!}`);
    expect(aws.databases.promotions).toEqual([]);
    expect(lease('enterprise')).toMatchObject({ state: 'released', unfinished });
    expect((await kim().go(failover(), { supersedes: unfinished! })).variant).toBe('switchover');
  });

  test('fails to drain what has become the last healthy stamp', async () => {
    await killed(evacuate, 'append', 2);
    aws.traffic.sick.add('pool-use1').add('pool-usw2');
    const report = await kim().resume('pool', lease('pool').unfinished!);
    expect(report).toMatchObject({ result: 'refused', findings: [{ code: 'last-healthy-stamp' }] });
    expect(aws.switches.evacuated('pool-euw1')).toBe(false);
  });

  test('stopped at once after it was resumed, it is still named: an earlier run may have left something half done', async () => {
    await killed(failover(), 'switchover');
    const { unfinished } = lease('enterprise');
    const other = kim();
    // The lease is waited for first.
    const run = other.startResume('enterprise', unfinished!);
    const stop = aws.world.wait(74_000).then(() => {
      other.cancellation.raise();
    });
    await aws.world.run(Promise.all([run, stop]));
    expect(lease('enterprise').unfinished).toBe(unfinished);
  });

  test('an intent stands before what every run does', async () => {
    await killed(failover(), 'switchover');
    const { unfinished } = lease('enterprise');
    await kim().resume('enterprise', unfinished!);
    const intents = [...aws.control.items.values()]
      .filter((item) => item.pk === `journal#${unfinished!}`)
      .map((item) => item.body as { kind: string; step?: string; token: number })
      .filter((entry) => entry.kind === 'intent' && entry.step === 'promote:enterprise-usw2');
    expect(intents.map((entry) => entry.token)).toEqual([1, 2]);
  });

  test('is refused with a way out while the control table is silent', async () => {
    const jo = await killed(failover(), 'switchover');
    const { unfinished } = lease('enterprise');
    for (const region of REPLICAS) aws.world.silent.add(`dynamodb@${region}`);
    const report = await kim(jo.process.disk).resume('enterprise', unfinished!);
    expect(report).toMatchObject({ result: 'refused', findings: [{ code: 'control-table-unreachable' }] });
    expect(report.next.join()).toContain('--break-glass');
  });

  describe('in the dark', () => {
    const dark = (): void => {
      for (const region of REPLICAS) aws.world.silent.add(`dynamodb@${region}`);
    };
    const resumeInTheDark = (operator: Operator, operation: string): ReturnType<Operator['resume']> =>
      aws.world.run(operator.startResume('pool', operation, 'still alone'));

    test('a run that is killed before any switch was thrown keeps its plan when it is gone on with', async () => {
      dark();
      const jo = await killed(evacuate, 'write', 1, { breakGlass: 'alone' });
      const [operation] = [...jo.process.disk.keys()];
      const report = await resumeInTheDark(kim(jo.process.disk), operation!);
      expect(report.result).toBe('completed');
      const tokens = jo.process.disk.get(operation!)!.map((line) => (JSON.parse(line) as { token: number }).token);
      expect([...new Set(tokens)]).toEqual([1, 2]);
      aws.world.silent.clear();
      expect(await aws.world.run(kim(jo.process.disk).reconcile(operation!))).toBe(jo.process.disk.get(operation!)!.length - 1);
    });

    test('fails while a replica answers', async () => {
      dark();
      const jo = await killed(evacuate, 'write', 1, { breakGlass: 'alone' });
      const [operation] = [...jo.process.disk.keys()];
      aws.world.silent.clear();
      const report = await resumeInTheDark(kim(jo.process.disk), operation!);
      expect(report).toMatchObject({ result: 'refused', findings: [{ code: 'break-glass' }] });
      expect(aws.switches.evacuated('pool-euw1')).toBe(false);
    });

    test('what has not ended is named by the lease when it is reconciled, and resumed from anywhere', async () => {
      dark();
      const jo = await killed(evacuate, 'write', 1, { breakGlass: 'alone' });
      const [operation] = [...jo.process.disk.keys()];
      aws.world.silent.clear();
      await aws.world.run(kim(jo.process.disk).reconcile(operation!));
      expect(lease('pool')).toMatchObject({ state: 'released', unfinished: operation });
      const looked = await kim().look(evacuate);
      expect(looked.findings).toContainEqual(expect.objectContaining({ code: 'unfinished-operation', severity: 'error' }));
      expect((await kim().resume('pool', operation!)).result).toBe('completed');
      expect(lease('pool').unfinished).toBeUndefined();
    });

    test('the next operation of the same machine brings it to the table first', async () => {
      dark();
      const jo = await killed(evacuate, 'write', 1, { breakGlass: 'alone' });
      const [operation] = [...jo.process.disk.keys()];
      aws.world.silent.clear();
      const again = kim(jo.process.disk);
      expect(await again.go(evacuate)).toMatchObject({ result: 'refused', findings: [{ code: 'unfinished-operation' }] });
      expect(lease('pool').unfinished).toBe(operation);
      expect(aws.control.body(`operations#pool`, operation!)).toMatchObject({ operation });
    });
  });
});

describe('a lease is kept and lost', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });
  const lease = (group = 'enterprise'): LeaseRecord => aws.control.body(`group#${group}`, 'lease') as LeaseRecord;
  const restore = { operation: 'restore', group: 'enterprise', at: EPOCH - 3_600_000, reason: REASON } as const;

  test('one call that takes longer than a lease holds does not lose it', async () => {
    const { run } = jo.ports.validations;
    const beats: number[] = [];
    jo.ports.validations.run = async (request) => {
      for (let minute = 0; minute < 10; minute += 1) {
        beats.push(lease().beat);
        await aws.world.wait(60_000);
      }
      return run(request);
    };
    // Nothing else runs beside the check of a test.
    expect((await jo.go({ ...restore, test: true })).result).toBe('completed');
    expect(beats).toEqual([...new Set(beats)]);
    expect(beats).toHaveLength(10);
  });

  test('lost, the waits of the other steps are given up too', async () => {
    // The promotion meets a lease that is over while the new tasks never come.
    await jo.look(failover());
    aws.world.down.add('us-east-1');
    aws.capacity.exhausted = true;
    const run = jo.start(failover());
    const takeover = (async () => {
      await aws.world.wait(20_000);
      const item = aws.control.items.get('group#enterprise|lease')!;
      aws.control.items.set('group#enterprise|lease', {
        ...item,
        version: item.version + 5,
        body: { ...(item.body as LeaseRecord), token: 9, holder: 'somebody else' },
      });
    })();
    const report = await aws.world.run(Promise.all([run, takeover]).then(([each]) => each));
    expect(report).toMatchObject({ result: 'interrupted', detail: expect.stringContaining('lease') });
    expect(aws.world.time).toBeLessThan(180_000);
  });

  test('a look that breaks under the lease gives it back', async () => {
    const looked = await jo.look(failover());
    expect(looked.allowed).toBe(true);
    let reads = 0;
    const ports = interpose(jo.ports, {
      before: (call) => {
        if (call.port === 'probes') reads += 1;
        if (reads > 4 && call.port === 'probes') throw new Error('a bug of an adapter');
      },
    });
    const broken = new Operator(aws, { name: 'broken' }, () => ports);
    await expect(broken.go(failover())).rejects.toThrow('a bug of an adapter');
    expect(lease()).toMatchObject({ state: 'released' });
    expect(lease().unfinished).toBeUndefined();
  });

  test('fails to begin what only this machine would know of', async () => {
    const { put } = jo.ports.controlTable;
    // The lease is written, the journal is not.
    jo.ports.controlTable.put = (region, item, condition) => {
      if (item.pk.startsWith('journal#'))
        return Promise.reject(new PortError('unreachable', { service: 'dynamodb', region, call: 'PutItem' }, 'no answer'));
      return put(region, item, condition);
    };
    await expect(jo.go(failover())).rejects.toThrow('no answer');
    expect(aws.databases.promotions).toEqual([]);
    expect(aws.switches.history).toEqual([]);
    expect(lease()).toMatchObject({ state: 'released' });
    expect(lease().unfinished).toBeUndefined();
  });

  test('a disk that fills up on the way leaves the operation named and the lease free', async () => {
    const { append } = jo.ports.localJournal;
    let lines = 0;
    jo.ports.localJournal.append = (operation, line) => {
      lines += 1;
      return lines > 3 ? Promise.reject(new Error('no space left')) : append(operation, line);
    };
    await expect(jo.go(failover())).rejects.toThrow('no space left');
    expect(lease()).toMatchObject({ state: 'released', unfinished: expect.stringContaining('failover') });
  });

  test('a restore of hours makes room for a failover that names it, at once', async () => {
    const run = jo.start(restore);
    const kim = new Operator(aws, { name: 'kim' });
    const emergency = (async () => {
      await aws.world.wait(300_000);
      const refused = await kim.start(failover()).catch((error: unknown) => String(error));
      expect(refused).toContain('operation-in-progress');
      const before = aws.world.time;
      const report = await kim.start(failover(), { supersedes: lease().unfinished! });
      return { report, took: aws.world.time - before };
    })();
    const [restored, failed] = await aws.world.run(Promise.all([run, emergency]));
    expect(failed.report.result).toBe('completed');
    // Nobody waited for the lease to run out.
    expect(failed.report.seconds * 1000).toBeCloseTo(failed.took, -3);
    expect(restored.result).toBe('interrupted');
    expect(lease().unfinished).toBeUndefined();
  });

  test('a failover makes no room for anybody', async () => {
    const run = jo.start(failover());
    const kim = new Operator(aws, { name: 'kim' });
    const second = (async () => {
      await aws.world.wait(10_000);
      const report = await kim.start(failover(), { supersedes: lease().unfinished! });
      return report.result;
    })();
    const [first, other] = await aws.world.run(Promise.all([run, second]));
    expect(first.result).toBe('completed');
    expect(other).toBe('refused');
  });
});
