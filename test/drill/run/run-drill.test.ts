import { describe, expect, test } from 'vitest';
import type { DrillSpec } from '../../../lib/config/drill/types';
import { USUAL_SAMPLE } from '../../../lib/drill/measure/slowness';
import type { DrillRun } from '../../../lib/drill/run/run-drill';
import type { Bound } from '../../../lib/resilience/bounds/types';
import { broken, Ground, shipped } from './support';

const LOSS = shipped('region-loss-failover');

function expecting(spec: DrillSpec, expectations: Partial<DrillSpec['expect']>): DrillSpec {
  return { ...spec, expect: { ...spec.expect, ...expectations } };
}

describe('a drill', () => {
  test('measures what clients felt, and goes the whole way back', async () => {
    const ground = new Ground();
    const run = await ground.run(LOSS);
    const { measurement } = run;
    // 120 s until the other database writes, and a client that keeps an answer for 5 s.
    expect(measurement?.rto).toBeGreaterThan(120);
    expect(measurement?.rto).toBeLessThan(180);
    // The load knows that the last three seconds were not replicated.
    expect(measurement?.rows?.missing.length).toBeGreaterThan(0);
    expect(measurement?.rows?.seconds).toBeGreaterThan(0);
    expect(measurement?.rows?.seconds).toBeLessThanOrEqual(3.2);
    expect(measurement?.populations.map(({ population }) => population)).toEqual(['frankfurt', 'new-york', 'seattle']);
    expect(run.operations.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['failover', 'completed'],
      ['rejoin', 'completed'],
      ['failback', 'completed'],
    ]);
    expect(run.faults[0]).toMatchObject({ step: 'lose-region', evidence: 'region-loss is there' });
    expect(run.faults[0]?.endedAt).toBeGreaterThanOrEqual(run.method!.to);
    expect(ground.aws.world.down.size).toBe(0);
  });

  test('is the same every time with the same seed', async () => {
    const [one, two] = [await new Ground().run(LOSS), await new Ground().run(LOSS)];
    expect(two.measurement).toEqual(one.measurement);
  });

  test('tells its journal line by line, part by part', async () => {
    const ground = new Ground();
    const run = await ground.run(shipped('evacuate-and-readmit'));
    expect(ground.lines.length).toBe(run.journal.length);
    expect([...new Set(run.journal.map(({ part }) => part))]).toEqual(['steady-state', 'method', 'measure', 'rollbacks', 'end']);
    expect(run.journal.every(({ elapsed }, index) => index === 0 || elapsed >= run.journal[index - 1]!.elapsed)).toBe(true);
  });
});

describe('fails for the right reason', () => {
  test.each<[string, DrillSpec, string[]]>([
    ['an RTO of a millisecond', expecting(LOSS, { rto: 0.001 }), ['rto']],
    ['an RPO of nothing with lag', expecting(LOSS, { rpo: 0 }), ['rpo']],
    ['an error budget of nothing', expecting(LOSS, { errorBudget: 0 }), ['error-budget']],
    ['reads that never fail', expecting(LOSS, { readAvailability: 100 }), ['read-availability']],
    ['DNS that stays', expecting(LOSS, { stays: true }), ['stays']],
  ])('with %s', async (_name, spec, names) => {
    const ground = new Ground();
    if (names[0] === 'rpo') ground.fake.lagMs = 10_000;
    const run = await ground.run(spec);
    expect([run.status, broken(run)]).toEqual(['deviated', names]);
  });

  test('with a time above the bound of the proof, whatever the objective says', async () => {
    const bound = (seconds: number): Bound => ({ typical: 0, pessimistic: seconds, terms: [] });
    const run = await new Ground().run(LOSS, { bounds: () => ({ rto: bound(100), rpo: bound(600) }) });
    expect([run.status, broken(run)]).toEqual(['deviated', ['rto-bound']]);
  });

  test('with a time above the bound of a slow machine; inside it, a slow machine is no failure', async () => {
    const bound = (seconds: number): Bound => ({ typical: 0, pessimistic: seconds, terms: [] });
    const asked: number[] = [];
    const run = async (seconds: number): Promise<DrillRun> => {
      const ground = new Ground();
      ground.gauge = (since) =>
        Promise.resolve(Array.from({ length: 400 }, (_, at) => ({ at: since + at * 1000, took: 3 * USUAL_SAMPLE })));
      return ground.run(LOSS, {
        bounds: (slowness) => {
          asked.push(slowness);
          return { rto: bound(seconds * slowness), rpo: bound(600) };
        },
      });
    };
    const slow = await run(100);
    expect([slow.status, slow.measurement?.rtoComparison]).toMatchObject(['completed', { bound: 300, usualBound: 100 }]);
    expect(slow.measurement?.slowness?.factor).toBe(3);
    expect(asked).toEqual([3, 1]);
    expect(broken(await run(30))).toEqual(['rto-bound']);
  });

  test('with a loss above the bound of the proof', async () => {
    const ground = new Ground();
    ground.fake.lagMs = 10_000;
    const bound = (seconds: number): Bound => ({ typical: 0, pessimistic: seconds, terms: [] });
    const run = await ground.run(LOSS, { bounds: () => ({ rto: bound(600), rpo: bound(5) }) });
    expect([run.status, broken(run)]).toEqual(['deviated', ['rpo-bound']]);
  });

  test('with messages that vanish', async () => {
    const ground = new Ground();
    ground.fake.forgetful.add('enterprise-usw2');
    const run = await ground.run(LOSS);
    expect([run.status, broken(run)]).toEqual(['deviated', ['messages']]);
  });
});

describe('notices a mechanism that is broken', () => {
  test('no fencing: the old writer comes back and goes on, beside the new one', async () => {
    const ground = new Ground();
    ground.fake.unfenced.set('enterprise-use1', ['new-york']);
    // The Region is back while the failover of the others is over: only fencing keeps its clients from writing there.
    const method = LOSS.method.flatMap((step) =>
      step.id === 'served'
        ? [
            { ...step, id: 'returns', when: undefined, wait: undefined, end: 'lose-region' },
            { ...step, when: undefined, wait: 60 },
          ]
        : [step],
    );
    const run = await ground.run({ ...LOSS, method: method });
    expect(run.status).toBe('deviated');
    expect(broken(run)).toEqual(expect.arrayContaining(['one-writer', 'rpo']));
  });

  test('no inverted check: a switch is thrown, and DNS does not follow', async () => {
    const ground = new Ground();
    ground.aws.switches.evacuated = () => false;
    const run = await ground.run(shipped('evacuate-and-readmit'));
    expect(run.status).toBe('failed');
    expect(run.detail).toMatch(/evacuate|gone/);
  });

  test('no lag gate: an operation goes through that should have been refused', async () => {
    const ground = new Ground();
    ground.operatorPorts = (ports) => ({
      ...ports,
      databases: { ...ports.databases, lag: () => Promise.resolve({ seconds: 0, at: ports.clock.now() }) },
    });
    const run = await ground.run(shipped('replication-lag-refused'));
    expect([run.status, run.detail]).toEqual([
      'failed',
      expect.stringContaining('failover was completed and should have been refused'),
    ]);
  });

  test('a fault that does not take hold is no drill', async () => {
    const ground = new Ground();
    ground.fake.harmless.add('region-loss');
    const run = await ground.run(LOSS);
    expect([run.status, run.detail]).toEqual(['failed', 'lose-region: the fault did not take hold: everything answers']);
    expect(run.operations).toEqual([]);
  });
});

describe('stops', () => {
  test('aborted, and breaks nothing, when it is not steady before', async () => {
    const ground = new Ground();
    ground.aws.traffic.sick.add('enterprise-use1');
    ground.aws.traffic.sick.add('enterprise-usw2');
    const run = await ground.run(LOSS);
    expect([run.status, run.faults, run.operations]).toEqual(['aborted', [], []]);
    expect(run.detail).toContain('new-york 0 %');
  });

  test.each(['fault-holds lose-region', 'step-started failover', 'method-over'])(
    'interrupted after "%s", with everything rolled back',
    async (moment) => {
      const ground = new Ground();
      ground.whileRunning = (line) => {
        if (line === moment) ground.cancellation.raise();
      };
      const run = await ground.run(LOSS);
      expect(run.status).toBe('interrupted');
      expect(ground.aws.world.down.size).toBe(0);
      expect(run.faults.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
    },
  );

  test('at once after a second Ctrl-C: faults are ended, the way back is left to people', async () => {
    const ground = new Ground();
    ground.whileRunning = (line) => {
      if (line === 'method-over') ground.cancellation.raise();
      if (line === 'fault-ended lose-region') ground.cancellation.raise();
    };
    const run = await ground.run(LOSS);
    expect(run.status).toBe('interrupted');
    expect(run.operations.map(({ step }) => step)).toEqual(['failover']);
    expect(ground.aws.world.down.size).toBe(0);
  });

  test('failed, and rolled back, when a condition does not come true in time', async () => {
    const ground = new Ground();
    const [lose] = LOSS.method;
    const never = { id: 'never', when: { is: 'answered', stamps: ['enterprise-use1'], within: 30 }, delay: 0, timeout: 60 };
    const run = await ground.run({ ...LOSS, method: [lose!, never] as DrillSpec['method'] });
    expect([run.status, run.detail]).toEqual(['failed', expect.stringMatching(/^never: "answered" was not so within 30 s/)]);
    expect(ground.aws.world.down.size).toBe(0);
  });

  test('failed when the method takes longer than it may', async () => {
    const ground = new Ground();
    const run = await ground.run({ ...LOSS, timeout: 60 });
    expect([run.status, run.detail]).toEqual(['failed', 'the method took longer than 60 s']);
  });
});

test('steps run beside each other when they say so, and not before their time', async () => {
  const ground = new Ground();
  const wait = (id: string, seconds: number, more: object) => ({ id, wait: seconds, delay: 0, timeout: 600, ...more });
  const method = [wait('long', 60, {}), wait('beside', 5, { after: [], at: 20 }), wait('both', 1, { after: ['long', 'beside'] })];
  const run = await ground.run({ ...shipped('checker-partition'), method: method });
  const begun = Object.fromEntries(
    run.journal.filter(({ code }) => code === 'step-started').map(({ step, elapsed }) => [step, elapsed]),
  );
  const start = begun.long!;
  expect(begun.beside! - start).toBeCloseTo(20, 0);
  expect(begun.both! - start).toBeCloseTo(60, 0);
});
