import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultRequest } from '../../../lib/ports';
import { FAULT_KINDS } from '../../../lib/ports';
import { slownessOf } from '../../../lib/drill/measure/slowness';
import { askDns } from '../../../lib/lab/internet/dns-servers';
import { type RunningLab, buildLab, runLab, until } from './lab-fixture';

let running: RunningLab;
beforeAll(async () => {
  buildLab();
  running = await runLab(['enterprise', 'pool']);
}, 180_000);
afterAll(async () => {
  await running.end();
}, 120_000);

const status = async (stamp: string): Promise<string> => {
  const { stamps } = await running.lab.status();
  const found = stamps.find(({ id }) => id === stamp)!;
  return found.running ? found.health : 'down';
};

const FAULTS: readonly (FaultRequest & { readonly lasts?: true })[] = [
  { kind: 'az-loss', stamp: 'pool-use1', zone: 'us-east-1a' },
  { kind: 'region-partition', between: ['us-east-1', 'us-west-2'] },
  { kind: 'checker-partition', region: 'eu-west-1', locations: ['eu-west-1', 'us-east-1'] },
  { kind: 'checker-partition', region: 'eu-west-1' },
  { kind: 'client-partition', population: 'anybody', region: 'us-east-1' },
  { kind: 'slow-replication', group: 'enterprise', to: 'us-west-2', seconds: 20 },
  { kind: 'slow-replication', group: 'pool', to: 'us-west-2', seconds: 20 },
  { kind: 'disk-full', stamp: 'enterprise-use1' },
  { kind: 'poison-messages', stamp: 'pool-euw1', count: 3 },
  { kind: 'health-lie', stamp: 'pool-euw1', says: 'fail' },
  { kind: 'stamp-loss', stamp: 'pool-euw1', mode: 'freeze' },
  { kind: 'stamp-loss', stamp: 'pool-euw1', mode: 'kill' },
  { kind: 'region-loss', region: 'eu-west-1', mode: 'freeze' },
  { kind: 'region-loss', region: 'eu-west-1', mode: 'kill' },
  { kind: 'writer-loss', group: 'enterprise' },
  { kind: 'bad-deployment', stamp: 'pool-euw1' },
];

describe('each fault takes hold, and is over when it was ended', { concurrent: false }, () => {
  test.each(FAULTS.map((request) => [request.kind, JSON.stringify(request), request] as const))(
    '%s %s',
    async (_kind, _text, request) => {
      const { faults } = running.lab;
      const fault = await faults.start(request);
      await until(async () => (await faults.check(fault.id)).holds);
      await expect(faults.start(request)).rejects.toMatchObject({ kind: 'invalid' });
      const ended = await faults.end(fault.id);
      expect(ended.endedAt).toBeGreaterThanOrEqual(fault.startedAt);
      expect(await faults.end(fault.id)).toEqual(ended);
      const remains = ['poison-messages', 'writer-loss'];
      if (!remains.includes(request.kind)) await until(async () => !(await faults.check(fault.id)).holds);
      for (const stamp of ['enterprise-use1', 'enterprise-usw2', 'pool-use1', 'pool-euw1']) {
        await until(async () => (await status(stamp)) === 'pass');
      }
    },
    120_000,
  );

  test('how slow the machine is goes on being measured while a Region is silent', async () => {
    const { faults, gauge } = running.lab;
    const fault = await faults.start({ kind: 'region-loss', region: 'eu-west-1', mode: 'freeze' });
    const since = Date.now();
    await until(async () => (await gauge(since)).length >= 5);
    const samples = await gauge(since);
    await faults.end(fault.id);
    expect(samples.every(({ at, took }) => took > 0 && at + took >= since)).toBe(true);
    expect(slownessOf(samples, since, Date.now())?.factor).toBeGreaterThanOrEqual(1);
    await until(async () => (await status('pool-euw1')) === 'pass');
  }, 120_000);

  test('resolvers keep answers although nobody here asks, each of another age', async () => {
    const { internet } = running.lab.plan;
    const name = running.fleet.groups.find((group) => group.name === 'enterprise')?.recordName ?? '';
    const left = await Promise.all(
      internet.resolvers.map(async ({ endpoint }) => (await askDns(endpoint, name)).map(({ ttl }) => ttl)),
    );
    expect(left.length).toBeGreaterThan(2);
    expect(left.flat().every((ttl) => ttl >= 0 && ttl <= 60)).toBe(true);
    expect(new Set(left.flat()).size).toBeGreaterThan(1);
  });

  test('every kind that the port names is one the lab does, but the crash of an operator', () => {
    expect(FAULT_KINDS.filter((kind) => !running.lab.faults.kinds.includes(kind))).toEqual(['operator-crash']);
  });

  test('fails for what is not there', async () => {
    const { faults } = running.lab;
    await expect(faults.start({ kind: 'stamp-loss', stamp: 'nobody', mode: 'kill' })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(faults.start({ kind: 'region-loss', region: 'mars-1', mode: 'kill' })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(faults.start({ kind: 'traffic-surge', factor: 2 })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(faults.check('none')).rejects.toMatchObject({ kind: 'not-found' });
  });
});
