import { beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson, planHash } from '../../lib/operations/canonical';
import { execute } from '../../lib/operations/execute/execute';
import { exitCode } from '../../lib/operations/execute/operation-report';
import { viewOf } from '../../lib/operations/group-view';
import type { JournalEntry } from '../../lib/operations/journal/journal-entry';
import { listOperations } from '../../lib/operations/journal/operation-index';
import { ControlReplicas } from '../../lib/operations/lease/control-replicas';
import { criticalPath, planTable } from '../../lib/operations/render-plan';
import { inOrder } from '../../lib/operations/steps/plan-of';
import { prepare } from '../../lib/operations/decide/prepare';
import { builtFleet, fleetConfig, group } from '../topology/fixtures';
import { PortError } from '../../lib/ports';
import { FakeAws } from '../fakes/fake-aws';
import { EPOCH, sha256 } from '../fakes/world';
import { observationOf } from './observations';
import { failover, FLEET, Operator, REASON } from './support';

describe('plans', () => {
  test('are plain data: they survive JSON with their hash, and equal decisions give equal bytes', async () => {
    const one = (await new Operator(new FakeAws(FLEET)).look(failover())).plan!;
    const aws = new FakeAws(FLEET);
    aws.databases.lagSeconds.set('us-west-2', 7);
    await aws.world.run(aws.world.wait(86_400_000));
    const two = (await new Operator(aws, { skew: 5_000 }).look(failover())).plan!;
    expect(two.hash).toBe(one.hash);
    expect(canonicalJson(two)).toBe(canonicalJson(one));
    const copy = JSON.parse(JSON.stringify(one)) as typeof one;
    expect(planHash(copy, sha256)).toBe(one.hash);
    expect(planHash({ ...copy, steps: copy.steps.slice(1) }, sha256)).not.toBe(one.hash);
  });

  test('canonical JSON does not depend on the order of keys, and drops what is undefined', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[{"d":1}]}');
  });

  test('print as a table', async () => {
    const { plan } = await new Operator(new FakeAws(FLEET)).look(failover());
    const table = planTable(plan!);
    expect(table.title).toBe('failover of enterprise (switchover)');
    expect(table.rows.map((row) => row.length)).toEqual(plan!.steps.map(() => table.columns.length));
    expect(table.rows.find((row) => row[1] === 'promote:enterprise-usw2')?.[4]).toBe(
      'rds us-east-1 (regional-control), rds us-west-2 (regional-control)',
    );
    expect(table.footer.at(-1)).toBe(`Plan ${plan!.hash}`);
    expect(criticalPath(plan!).pessimistic).toBeGreaterThan(criticalPath(plan!).typical);
  });

  test('fail when a step waits for itself or two have one name', async () => {
    const [step] = (await new Operator(new FakeAws(FLEET)).look(failover())).plan!.steps;
    expect(() => inOrder([{ ...step!, after: [step!.id] }])).toThrow('never begin');
    expect(() => inOrder([step!, step!])).toThrow('two steps are called');
  });

  test('are made in a fleet of a thousand stamps (npm run bench says how fast)', () => {
    const groups = Array.from({ length: 500 }, (_, at) => group(`g${at}`));
    const fleet = builtFleet(fleetConfig({ groups }));
    expect(fleet.groups.flatMap((each) => each.stamps)).toHaveLength(1000);
    const ours = fleet.groups.find((each) => each.name === 'g250')!;
    const observation = observationOf(ours, {
      states: {},
      out: [],
      writer: 'g250-use1',
      versionsDiffer: false,
      detached: false,
      controls: ['use2', 'usw2'],
      lag: 1,
    });
    const { plan } = prepare(
      { operation: 'failover', group: 'g250', to: 'usw2', reason: REASON },
      viewOf(fleet, 'g250'),
      observation,
      { now: EPOCH },
      sha256,
    );
    expect(plan?.variant).toBe('switchover');
  });
});

describe('going', () => {
  let aws: FakeAws;
  let jo: Operator;
  beforeEach(() => {
    aws = new FakeAws(FLEET);
    jo = new Operator(aws);
  });
  const entries = (operation: string): JournalEntry[] =>
    [...aws.control.items.values()]
      .filter((item) => item.pk === `journal#${operation}`)
      .sort((a, b) => (a.sk < b.sk ? -1 : 1))
      .map((item) => item.body as JournalEntry);

  test('fails with another hash than the one that was shown', async () => {
    const looked = await jo.look(failover());
    const run = (hash: string, plan = looked.plan!): ReturnType<typeof execute> =>
      execute(jo.ports, {
        view: viewOf(FLEET, 'enterprise'),
        plan,
        hash,
        findings: [],
        identity: jo.options.identity,
        cancellation: jo.cancellation,
        above: 0,
        again: () => Promise.resolve({ plan, findings: [] }),
      });
    const other = await aws.world.run(run('0'.repeat(64)));
    expect(other).toMatchObject({ result: 'refused', findings: [{ code: 'plan-changed' }] });
    expect(exitCode(other)).toBe(3);
    // A plan that was edited after it was shown is not the plan that was shown.
    const edited = { ...looked.plan!, steps: looked.plan!.steps.slice(0, 1) };
    expect((await aws.world.run(run(looked.plan!.hash, edited))).result).toBe('refused');
    expect(aws.control.items.size).toBe(0);
  });

  test('fails when the world has changed since, and gives the lease back', async () => {
    const looked = await jo.look(failover());
    aws.world.down.add('us-east-1');
    const second = await jo.look(failover());
    const report = await aws.world.run(
      execute(jo.ports, {
        view: viewOf(FLEET, 'enterprise'),
        plan: looked.plan!,
        hash: looked.plan!.hash,
        findings: [],
        identity: jo.options.identity,
        cancellation: jo.cancellation,
        above: 0,
        again: () => Promise.resolve({ plan: second.plan, findings: second.findings }),
      }),
    );
    expect(report).toMatchObject({ result: 'refused' });
    expect(report.findings.map((each) => each.code)).toContain('plan-changed');
    expect(aws.control.body('group#enterprise', 'lease')).toMatchObject({ state: 'released' });
    expect(aws.databases.promotions).toEqual([]);
  });

  test('writes an intent before and an outcome after every step, to both places', async () => {
    const report = await jo.go(failover());
    const journal = entries(report.operation);
    expect(journal[0]).toMatchObject({ kind: 'begin', operator: 'jo', plan: { hash: report.hash } });
    expect(journal.at(-1)).toMatchObject({ kind: 'end', result: 'completed' });
    for (const step of report.steps.filter((each) => each.outcome === 'done')) {
      const intent = journal.findIndex((entry) => entry.kind === 'intent' && entry.step === step.step);
      const outcome = journal.findIndex((entry) => entry.kind === 'outcome' && entry.step === step.step);
      expect(intent, step.step).toBeGreaterThan(0);
      expect(outcome, step.step).toBeGreaterThan(intent);
    }
    expect(jo.process.disk.get(report.operation)!.map((line) => JSON.parse(line) as unknown)).toEqual(journal);
    const replicas = new ControlReplicas(aws.control.port(), FLEET.control.table.replicaRegions);
    expect(await listOperations(replicas, 'enterprise')).toEqual([
      expect.objectContaining({ operation: report.operation, result: 'completed' }),
    ]);
  });

  test('a disk that takes nothing stops everything', async () => {
    jo.ports.localJournal.append = () => Promise.reject(new Error('no space left'));
    await expect(jo.go(failover())).rejects.toThrow('no space left');
    expect(aws.databases.promotions).toEqual([]);
    expect(aws.switches.history).toEqual([]);
  });

  test('a control table that falls silent on the way delays its copy of the journal, not the steps', async () => {
    const run = jo.start(failover());
    const silence = (async () => {
      await aws.world.wait(70_000);
      for (const region of FLEET.control.table.replicaRegions) aws.world.silent.add(`dynamodb@${region}`);
      await aws.world.wait(30_000);
      aws.world.silent.clear();
    })();
    const report = await aws.world.run(Promise.all([run, silence]).then(([each]) => each));
    expect(report.result).toBe('completed');
    expect(entries(report.operation)).toHaveLength(jo.process.disk.get(report.operation)!.length);
  });

  test('a lease that runs out stops the run before the next change', async () => {
    const run = jo.start(failover());
    const silence = (async () => {
      await aws.world.wait(5_000);
      for (const region of FLEET.control.table.replicaRegions) aws.world.silent.add(`dynamodb@${region}`);
    })();
    const report = await aws.world.run(Promise.all([run, silence]).then(([each]) => each));
    expect(report).toMatchObject({ result: 'interrupted', detail: expect.stringContaining('lease') });
    expect(aws.switches.history).toEqual([]);
  });

  test('a denied call fails its step at once, with the call in one line', async () => {
    jo.ports.databases.switchover = () =>
      Promise.reject(
        new PortError('denied', { service: 'rds', region: 'us-west-2', call: 'SwitchoverGlobalCluster' }, 'jo may not'),
      );
    const report = await jo.go(failover());
    expect(report).toMatchObject({
      result: 'failed',
      detail: expect.stringContaining('rds SwitchoverGlobalCluster in us-west-2: jo may not'),
    });
    expect(aws.switches.history).toEqual([]);
    expect(report.next[0]).toContain('journal resume');
  });

  test('a second operation is refused while one is unfinished, and told how to go on', async () => {
    jo.ports.databases.switchover = () => Promise.reject(new Error('broken'));
    const report = await jo.go(failover());
    const looked = await new Operator(aws, { name: 'kim' }).look(failover());
    const finding = looked.findings.find((each) => each.code === 'unfinished-operation');
    expect(finding?.severity).toBe('error');
    expect(finding?.fix).toContain(report.operation);
  });

  test('progress is told as events with stable codes', async () => {
    await jo.go(failover('tools'));
    const codes = jo.process.events.map((event) => event.code);
    expect(codes[0]).toBe('operation-started');
    expect(codes.at(-1)).toBe('operation-completed');
    expect(codes).toEqual(expect.arrayContaining(['step-started', 'step-done']));
  });
});
