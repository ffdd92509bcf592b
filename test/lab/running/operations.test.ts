import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { go, lookAndPrepare } from '../../../lib/operations/engine';
import { CancellationSource } from '../../../lib/operations/execute/cancellation';
import type { OperationRequest } from '../../../lib/operations/request';
import { type RunningLab, buildLab, runLab, until } from './lab-fixture';

let running: RunningLab;
let turn = 0;
beforeAll(async () => {
  buildLab();
  running = await runLab(['enterprise', 'pool']);
}, 180_000);
afterAll(async () => {
  await running.end();
}, 120_000);

async function operate(request: OperationRequest): Promise<string> {
  const { fleet, ports } = running;
  turn += 1;
  const identity = { operator: 'test', holder: `test#${turn}` };
  const looked = await lookAndPrepare(ports, fleet, request, { identity });
  expect(looked.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const report = await go(ports, fleet, looked, { identity, hash: looked.plan!.hash, cancellation: new CancellationSource() });
  return report!.result;
}

const answered = async (): Promise<readonly string[]> => {
  const { answers } = await running.lab.status();
  return [...new Set(Object.entries(answers).flatMap(([name, said]) => (name.startsWith('enterprise.') ? [said] : [])))];
};

/** The tests build on each other, as the days of a fleet do. */
describe('a group under load', { concurrent: false }, () => {
  const ENTERPRISE = 'shop-enterprise-global';
  const populations = [
    { name: 'east', region: 'us-east-1', clients: 3, ratePerSecond: 15 },
    { name: 'west', region: 'us-west-2', clients: 3, ratePerSecond: 15 },
  ];

  test('its Region is lost, the engine fails over, and what is missing is what was not replicated', async () => {
    const { lab, ports } = running;
    const run = await lab.workload.start({ group: 'enterprise', populations });
    const good = async () => (await run.attempts()).filter(({ outcome }) => outcome === 'ok');
    await until(async () => (await good()).filter(({ kind }) => kind === 'write').length >= 20);
    await until(async () => (await ports.databases.lag('us-west-2', 'shop-enterprise-usw2')) !== undefined);
    const fault = await lab.faults.start({ kind: 'region-loss', region: 'us-east-1', mode: 'kill' });
    expect(await lab.faults.check(fault.id)).toMatchObject({ holds: true });
    expect(await operate({ operation: 'failover', group: 'enterprise', to: 'usw2', reason: 'test', allowDataLoss: true })).toBe(
      'completed',
    );
    for (const { name } of populations) {
      await until(async () =>
        (await good()).some(
          ({ kind, population, stamp }) => kind === 'write' && population === name && stamp === 'enterprise-usw2',
        ),
      );
    }
    await run.stop();
    const attempts = await run.attempts();
    const count = await lab.workload.count('enterprise-usw2');
    const present = new Set(count.rows);
    const acknowledged = attempts.filter(({ kind, outcome }) => kind === 'write' && outcome === 'ok');
    const missing = acknowledged.filter(({ number }) => !present.has(number!));
    // Replication was in step: what can be lost was acknowledged in the last moments before the Region died.
    for (const { endedAt } of missing) expect(fault.startedAt - endedAt).toBeLessThan(5000);
    expect(count.damaged).toEqual([]);
    expect(Object.values(count.messages).filter((times) => times > 1)).toEqual([]);
    const codes = new Set((await lab.timeline.events(fault.startedAt)).map(({ code }) => code));
    for (const code of ['fault-started', 'check-changed', 'answer-changed', 'promoted'] as const) expect(codes).toContain(code);
    await lab.faults.end(fault.id);
  }, 180_000);

  test('the Region returns: its database is rebuilt from the new writer, and never takes writes by itself', async () => {
    const { ports } = running;
    await until(async () => {
      const global = await ports.databases.global('us-west-2', ENTERPRISE);
      return global!.members.every(({ synchronization }) => synchronization === 'connected');
    });
    const global = await ports.databases.global('us-east-1', ENTERPRISE);
    expect(global!.members.filter(({ writer }) => writer).map(({ region }) => region)).toEqual(['us-west-2']);
    await until(async () => (await running.lab.status()).stamps.every(({ health }) => health === 'pass'));
    const { onlyOld, evidence } = await ports.divergences.compare({
      group: 'enterprise',
      engine: 'aurora',
      oldRegion: 'us-east-1',
      newRegion: 'us-west-2',
      oldResource: 'shop-enterprise-use1',
      newResource: 'shop-enterprise-usw2',
    });
    expect(onlyOld).toBeGreaterThanOrEqual(0);
    expect(evidence).toContain('unplanned-global-failover');
  }, 180_000);

  test('a failback loses nothing', async () => {
    const { lab } = running;
    const before = await lab.workload.count('enterprise-usw2');
    expect(await operate({ operation: 'failback', group: 'enterprise', reason: 'test' })).toBe('completed');
    const after = await lab.workload.count('enterprise-use1');
    expect(before.rows.filter((number) => !after.rows.includes(number))).toEqual([]);
    await until(async () => (await answered()).join() === 'enterprise-use1');
  }, 180_000);

  test('rows are damaged, restored to the moment before, validated, and cut over to', async () => {
    const { lab, ports } = running;
    const before = await lab.workload.count('enterprise-use1');
    expect(before.rows.length).toBeGreaterThan(0);
    // The archive has to know a moment after the last row: the writer's own beat sees to that.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const at = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const damage = await lab.faults.start({ kind: 'data-damage', group: 'enterprise', mode: 'corrupt', share: 0.5 });
    expect(await lab.faults.check(damage.id)).toMatchObject({ holds: true });
    expect(await operate({ operation: 'restore', group: 'enterprise', at, reason: 'test' })).toBe('completed');
    const [restored] = await ports.controlTable.query('us-west-2', 'restore#enterprise');
    expect((await lab.workload.count('enterprise-use1')).damaged).not.toEqual([]);
    expect(await operate({ operation: 'cutover', group: 'enterprise', restore: restored!.sk, reason: 'test' })).toBe('completed');
    await until(async () => (await lab.workload.count('enterprise-use1')).damaged.length === 0);
    expect((await lab.workload.count('enterprise-use1')).rows).toEqual(before.rows);
  }, 240_000);
});

describe('a group that writes everywhere', { concurrent: false }, () => {
  const pool = async (): Promise<readonly string[]> => {
    const { answers } = await running.lab.status();
    return Object.entries(answers).flatMap(([name, said]) => (name.startsWith('pool.') ? [said] : []));
  };

  test('a switch takes a stamp out of every answer, and puts it back', async () => {
    const request = { group: 'pool', stamp: 'pool-euw1', reason: 'test' };
    expect(await pool()).toContain('pool-euw1');
    expect(await operate({ operation: 'evacuate', ...request })).toBe('completed');
    await until(async () => !(await pool()).includes('pool-euw1'));
    expect(await operate({ operation: 'readmit', ...request })).toBe('completed');
    await until(async () => (await pool()).includes('pool-euw1'));
  }, 180_000);

  test('the loss of a Region moves its clients, and what it had acknowledged is there when it returns', async () => {
    const { lab } = running;
    const populations = [{ name: 'dublin', region: 'eu-west-1', clients: 3, ratePerSecond: 15 }];
    const run = await lab.workload.start({ group: 'pool', populations });
    const good = async () => (await run.attempts()).filter(({ kind, outcome }) => kind === 'write' && outcome === 'ok');
    await until(async () => (await good()).some(({ stamp }) => stamp === 'pool-euw1'));
    const fault = await lab.faults.start({ kind: 'region-loss', region: 'eu-west-1', mode: 'kill' });
    await until(async () => (await good()).some(({ stamp }) => stamp !== undefined && stamp !== 'pool-euw1'));
    await run.stop();
    await lab.faults.end(fault.id);
    const acknowledged = (await good()).map(({ number }) => number!);
    for (const stamp of ['pool-euw1', 'pool-use1', 'pool-usw2']) {
      await until(async () => {
        const present = new Set((await lab.workload.count(stamp)).rows);
        return acknowledged.every((number) => present.has(number));
      });
    }
  }, 180_000);
});
