import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsPorts } from '../../lib/aws/operation-ports';
import { dataPorts } from '../../lib/aws/operations/data-ports';
import { CancellationSource } from '../../lib/operations/execute/cancellation';
import type { OperationReport } from '../../lib/operations/execute/operation-report';
import { go, lookAndPrepare } from '../../lib/operations/engine';
import type { OperationRequest } from '../../lib/operations/request';
import { type Cancellation, type OperationPorts, PortError } from '../../lib/ports';
import { wireClock, wireEnvironment } from '../contract/wire-scene';
import { FLEET } from '../operations/support';
import { deployFleet } from './deploy-fleet';
import { dnsAnswers } from './dns-answers';
import { WireAws } from './wire-aws';

/** Seconds of the fake AWS in one real second. Where much is sent it has to be slower: a lease lasts as long as it does on AWS. */
const SPEED = 40;
const SLOW = 8;
let speed = SPEED;
const REASON = 'use1 is impaired';

describe('operations of the engine over the real adapters', () => {
  let aws: WireAws;
  let ports: OperationPorts;
  let folder: string;
  let before: Readonly<Record<string, string | undefined>>;

  beforeEach(async () => {
    speed = SPEED;
    aws = new WireAws({ speed });
    // The shorter half of what AWS takes; how the engine waits does not depend on it.
    Object.assign(aws.rds.times, { restore: 60_000, create: 30_000, instance: 30_000, failover: 30_000, switchover: 30_000 });
    deployFleet(aws, FLEET);
    const environment = wireEnvironment(await aws.start(), FLEET.account);
    before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
    Object.assign(process.env, environment);
    folder = mkdtempSync(join(tmpdir(), 'stampkit-wire-'));
    const clock = wireClock(aws);
    const adapters = awsPorts({
      fleet: FLEET,
      reporter: { event: () => undefined },
      data: (access) => dataPorts(access, FLEET),
      clock,
      random: () => 0.5,
      environment,
      journalFolder: folder,
    });
    ports = {
      ...adapters,
      // What is neither in AWS nor in the fake: the operator's own time, resolvers, and the way to the stamps' own names.
      clock: { ...clock, sleep: scaledSleep },
      dns: dnsAnswers(aws, FLEET),
      routing: { primaryHolder: () => Promise.resolve(undefined) },
      probes: {
        ...adapters.probes,
        direct: (stamp) => {
          const place = { service: 'https', region: stamp.region, call: 'GET' };
          if (aws.world.isDown(stamp.region)) return Promise.reject(new PortError('unreachable', place, 'no answer'));
          return Promise.resolve({ httpStatus: 200 });
        },
      },
    };
  });

  afterEach(async () => {
    await aws.stop();
    rmSync(folder, { recursive: true, force: true });
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  async function run(request: OperationRequest): Promise<OperationReport> {
    const identity = { operator: 'jo', holder: 'jo/1' };
    const looked = await lookAndPrepare(ports, FLEET, request, { identity });
    const refusals = looked.findings.filter((each) => each.severity === 'error').map((each) => `${each.code}: ${each.message}`);
    expect(refusals).toEqual([]);
    const hash = looked.plan?.hash ?? '';
    const report = await go(ports, FLEET, looked, { identity, hash, cancellation: new CancellationSource() });
    return report!;
  }

  const called = (service: string, region: string): string[] => [
    ...new Set(
      aws.world.log
        .filter((each) => each.service === service && each.region === region && each.status === 200)
        .map((each) => each.operation),
    ),
  ];
  const failover = (group: string, allowDataLoss = false): OperationRequest => ({
    operation: 'failover',
    group,
    to: 'usw2',
    reason: REASON,
    allowDataLoss,
  });

  test('an unplanned failover of an Aurora group runs to its last step without the dead Region', async () => {
    aws.world.down('us-east-1');
    const report = await run(failover('enterprise', true));
    expect(report.steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(report).toMatchObject({ result: 'completed', variant: 'managed-failover' });
    expect(called('rds', 'us-west-2')).toContain('FailoverGlobalCluster');
    const cluster = aws.rds.cluster({ account: FLEET.account, region: 'us-west-2' }, 'shop-enterprise-usw2')!;
    expect(aws.rds.role(cluster)).toBe('writer');
    const target = aws.compute.targets.get(`${FLEET.account}/us-west-2/service/shop-enterprise-usw2/shop-enterprise-usw2-web`);
    expect(target?.min).toBeGreaterThan(3);
    expect(await ports.localJournal.list()).toEqual([report.operation]);
  });

  test('a planned failover of an Aurora group switches over and loses nothing', async () => {
    const report = await run(failover('enterprise'));
    expect(report).toMatchObject({ result: 'completed', variant: 'switchover' });
    expect(called('rds', 'us-east-1')).toContain('SwitchoverGlobalCluster');
    expect(aws.world.log.filter((each) => each.operation === 'FailoverGlobalCluster')).toEqual([]);
  });

  test('a restore makes a global cluster beside the live one, is checked, and is cut over to', async () => {
    const group = FLEET.groups.find((each) => each.name === 'enterprise')!;
    const restored = await run({ operation: 'restore', group: group.name, at: aws.world.now - 3_600_000, reason: REASON });
    expect(restored.steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(restored.result).toBe('completed');
    expect(called('lambda', 'us-east-1')).toContain('Invoke');
    const live = aws.rds.cluster({ account: FLEET.account, region: 'us-east-1' }, 'shop-enterprise-use1')!;
    expect(aws.rds.status(live)).toBe('available');
    const [record] = (
      await lookAndPrepare(ports, FLEET, failover('enterprise'), { identity: { operator: 'jo', holder: 'jo/1' } })
    ).observation.restores;
    expect(record).toMatchObject({ state: 'validated' });
    const cutover = await run({ operation: 'cutover', group: group.name, restore: record!.id, reason: REASON });
    expect(cutover.steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(cutover.result).toBe('completed');
    const pointer = await ports.pointers.read('us-east-1', '/stampkit/shop/enterprise-use1/database');
    expect(pointer?.value).toContain(record!.id);
    expect((await ports.probes.health({ ...stampOf('enterprise-use1') })).role).toBe('writer');
  });

  test.each([
    ['pool', 'dynamodb-eventual'],
    ['ledger', 'dynamodb-strong'],
  ])('a restore of the tables of %s is %s, in every Region of the group', async (name, variant) => {
    speed = SLOW;
    aws.world.clock.setSpeed(speed);
    Object.assign(aws.dynamodb.times, { create: 1_000, stream: 1_000, restore: 5_000, replica: 5_000 });
    const report = await run({ operation: 'restore', group: name, at: aws.world.now - 3_600_000, reason: REASON });
    expect(report.steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(report).toMatchObject({ result: 'completed', variant });
    const group = FLEET.groups.find((each) => each.name === name)!;
    const made = [...aws.dynamodb.tables.values()].filter((table) => table.name.startsWith(`${group.names.table}-`));
    expect(made.map((table) => [table.strong, table.items.size])).toEqual([[name === 'ledger', 250]]);
    expect([...(made[0]?.replicas.keys() ?? [])].sort()).toEqual(group.stamps.map((stamp) => stamp.shape.region).sort());
  });

  test('a test of the restore leaves nothing behind', async () => {
    const before = [...aws.rds.clusters.keys()];
    const at = aws.world.now - 3_600_000;
    const report = await run({ operation: 'restore', group: 'enterprise', at, test: true, reason: REASON });
    expect(report.steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(report.result).toBe('completed');
    aws.world.clock.advance(600_000);
    aws.rds.settle();
    expect([...aws.rds.clusters.keys()]).toEqual(before);
  });

  function stampOf(id: string): Parameters<OperationPorts['probes']['health']>[0] {
    const group = FLEET.groups.find((each) => each.stamps.some((stamp) => stamp.id === id))!;
    const stamp = group.stamps.find((each) => each.id === id)!;
    const { account, names, recordName } = stamp.values;
    const { region, compute, worker } = stamp.shape;
    const healthPath = compute.healthPath;
    return {
      id,
      group: group.name,
      account,
      region,
      names,
      recordName,
      healthPath,
      compute: compute.kind,
      hasWorker: worker !== undefined,
    };
  }
});

/** A pause of the fake's own time. */
function scaledSleep(milliseconds: number, signal?: Cancellation): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds / speed);
    signal?.onRaise(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
