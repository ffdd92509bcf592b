import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsAccess, type AwsAccess } from '../../lib/aws/call/access';
import { instanceName } from '../../lib/aws/operations/aurora/add-instances';
import { type DataPorts, dataPorts } from '../../lib/aws/operations/data-ports';
import { commandHook } from '../../lib/aws/operations/validation-hook';
import { createValidations } from '../../lib/aws/operations/validations';
import type { StampRef } from '../../lib/ports';
import { stampRef } from '../../lib/operations/group-view';
import type { TenantGroup } from '../../lib/topology/types';
import { GUARD } from '../contract/scene';
import { wireClock, wireEnvironment } from '../contract/wire-scene';
import { FLEET, groupOf } from '../operations/support';
import { deployFleet } from './deploy-fleet';
import { WireAws } from './wire-aws';

const EAST = 'us-east-1';
const WEST = 'us-west-2';
const ENTERPRISE: TenantGroup = groupOf('enterprise');
const RESTORED = 'shop-enterprise-usw2-r20261121t080000';
const RESTORE = 'r20261121t080000';

function refOf(id: string): StampRef {
  const group = FLEET.groups.find((each) => each.stamps.some((stamp) => stamp.id === id))!;
  return stampRef(
    group,
    group.stamps.find((stamp) => stamp.id === id)!,
  );
}

describe('what the adapters of databases, compute and backups do beyond the contract', () => {
  let aws: WireAws;
  let access: AwsAccess;
  let ports: DataPorts;
  let before: Readonly<Record<string, string | undefined>>;
  const place = (region: string): { account: string; region: string } => ({ account: FLEET.account, region });

  beforeEach(async () => {
    aws = new WireAws();
    deployFleet(aws, FLEET);
    const environment = wireEnvironment(await aws.start(), FLEET.account);
    before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
    Object.assign(process.env, environment);
    access = awsAccess({ fleet: FLEET, clock: wireClock(aws), random: () => 0.5, environment });
    ports = dataPorts(access, FLEET);
  });

  afterEach(async () => {
    access.clients.destroy();
    await aws.stop();
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  /** A restore of the cluster in us-west-2 that has ended, with its instances when they are wanted. */
  async function restored(instances: boolean): Promise<void> {
    const vault = 'shop-enterprise-usw2';
    const [point] = await ports.backups.points(WEST, vault);
    const source = { kind: 'recovery-point', arn: point!.arn, vault } as const;
    const start = {
      region: WEST,
      engine: 'aurora',
      source,
      target: RESTORED,
      like: vault,
      restore: RESTORE,
      guard: GUARD,
    } as const;
    await ports.backups.start(start);
    aws.world.clock.advance(1_200_000);
    if (!instances) return;
    await ports.databases.addInstances({ region: WEST, cluster: RESTORED, like: vault, guard: GUARD });
    aws.world.clock.advance(300_000);
  }

  test('a lost answer may have been a change: it says so, and it was one', async () => {
    aws.world.lostAnswers.set('FailoverGlobalCluster', 1);
    const change = { region: WEST, globalCluster: ENTERPRISE.names.globalCluster, cluster: 'shop-enterprise-usw2', guard: GUARD };
    await expect(ports.databases.failover(change)).rejects.toMatchObject({ maybeApplied: true });
    expect((await ports.databases.global(WEST, change.globalCluster))?.failover?.status).toBe('failing-over');
    // Sent once: a change is never repeated by the SDK or by us.
    expect(aws.world.log.filter((each) => each.operation === 'FailoverGlobalCluster')).toHaveLength(1);
  });

  test('a denied action is named', async () => {
    aws.world.denied.add('rds:FailoverGlobalCluster');
    const change = { region: WEST, globalCluster: ENTERPRISE.names.globalCluster, cluster: 'shop-enterprise-usw2', guard: GUARD };
    await expect(ports.databases.failover(change)).rejects.toThrow(/rds:FailoverGlobalCluster is not allowed.*docs\/iam/);
  });

  test('a throttled read is repeated', async () => {
    aws.world.throttled.set('DescribeGlobalClusters', 2);
    expect(await ports.databases.global(WEST, ENTERPRISE.names.globalCluster)).toBeDefined();
  });

  test('what a restored cluster takes over from the live one, and what not', async () => {
    await restored(false);
    const cluster = aws.rds.cluster(place(WEST), RESTORED)!;
    const live = aws.rds.cluster(place(WEST), 'shop-enterprise-usw2')!;
    expect(cluster.settings).toMatchObject(live.settings);
    expect(cluster.deletionProtection).toBe(true);
    expect(Object.fromEntries(cluster.tags)).toEqual({ 'stampkit:restore': RESTORE });
  });

  test('instances that are missing are made, those that are there stay', async () => {
    await restored(true);
    const key = aws.rds.key(place(WEST), `${RESTORED}-2`);
    const first = aws.rds.instances.get(aws.rds.key(place(WEST), `${RESTORED}-1`));
    aws.rds.instances.delete(key);
    await ports.databases.addInstances({ region: WEST, cluster: RESTORED, like: 'shop-enterprise-usw2', guard: GUARD });
    expect(aws.rds.instances.has(key)).toBe(true);
    expect(aws.rds.instances.get(aws.rds.key(place(WEST), `${RESTORED}-1`))).toBe(first);
  });

  test.each([
    ['shop-web-use1', 'shop-web-use1-2'],
    [`${'a'.repeat(46)}-r20261121t080000`, `${'a'.repeat(41)}aaa-r20261121t080000-2`],
  ])('the second instance of %s is %s', (cluster, name) => {
    expect(instanceName(cluster, 2)).toBe(name);
    expect(name.length).toBeLessThanOrEqual(63);
  });

  test('a cluster that is gone is restored from its snapshot, with the engine that the snapshot names', async () => {
    aws.rds.clusters.delete(aws.rds.key(place(WEST), 'shop-enterprise-usw2'));
    await restored(false);
    expect(aws.rds.cluster(place(WEST), RESTORED)?.settings.Engine).toBe('aurora-postgresql');
  });

  test('a point that is no snapshot of RDS goes through AWS Backup, and its job is found by what it was started with', async () => {
    const arn = `arn:aws:backup:${WEST}:${FLEET.account}:recovery-point:0a1b`;
    const vault = 'shop-enterprise-usw2';
    const given = {
      ...place(WEST),
      arn,
      vault,
      type: 'Aurora',
      resource: vault,
      createdAt: 0,
      status: 'COMPLETED',
      role: 'arn:role',
    } as const;
    aws.backup.points.push(given);
    const source = { kind: 'recovery-point', arn, vault } as const;
    const start = {
      region: WEST,
      engine: 'aurora',
      source,
      target: RESTORED,
      like: vault,
      restore: RESTORE,
      guard: GUARD,
    } as const;
    await ports.backups.start(start);
    expect(aws.backup.jobs[0]).toMatchObject({ target: RESTORED, token: `${RESTORED}-${RESTORE}` });
    expect(await ports.backups.job(WEST, RESTORED)).toEqual({ status: 'running' });
    aws.world.clock.advance(1_200_000);
    expect(await ports.backups.job(WEST, RESTORED)).toEqual({ status: 'completed' });
  });

  test('continuous backups are windows, not points', async () => {
    const vault = 'shop-enterprise-usw2';
    const arn = `arn:aws:backup:${WEST}:${FLEET.account}:recovery-point:continuous:cluster-0a1b`;
    aws.backup.points.push({
      ...place(WEST),
      arn,
      vault,
      type: 'Aurora',
      resource: vault,
      createdAt: 0,
      status: 'AVAILABLE',
      role: '',
    });
    expect((await ports.backups.points(WEST, vault)).map((each) => each.arn)).not.toContain(arn);
    for (const [engine, resource] of [
      ['aurora', vault],
      ['dynamodb', groupOf('pool').names.table],
    ] as const) {
      const window = await ports.backups.window(WEST, engine, resource);
      expect(window).toMatchObject({ region: WEST, resource });
      expect(aws.world.now - (window?.to ?? 0)).toBe(300_000);
    }
    expect(await ports.backups.window(WEST, 'aurora', 'shop-nobody-usw2')).toBeUndefined();
  });

  test('the last test is the newest one that somebody judged, or that could not restore', async () => {
    const plan = 'shop_enterprise_use1';
    const testingPlan = aws.backup.testingPlans.get(aws.backup.key(place(EAST), plan))!;
    const [point] = aws.backup.points;
    const job = (hours: number, more: { validation?: string; failure?: string }): void => {
      const createdAt = aws.world.now - hours * 3_600_000;
      const id = `job-${hours}`;
      aws.backup.jobs.push({
        ...place(EAST),
        id,
        point: point!,
        target: id,
        metadata: {},
        createdAt,
        doneAt: createdAt + 60_000,
        testingPlan,
        ...more,
      });
    };
    job(50, { validation: 'SUCCESSFUL' });
    job(2, {});
    expect(await ports.backups.lastTest(EAST, plan)).toMatchObject({ passed: true });
    job(26, { failure: 'unable to start within the specified start window' });
    expect(await ports.backups.lastTest(EAST, plan)).toMatchObject({ passed: false });
    job(10, { validation: 'SUCCESSFUL' });
    expect(await ports.backups.lastTest(EAST, plan)).toEqual({ at: aws.world.now - 10 * 3_600_000 + 60_000, passed: true });
  });

  test('items that only the old side has are counted and named', async () => {
    const { table } = groupOf('pool').names;
    const state = aws.dynamodb.table(place(EAST), table)!;
    const item = { pk: { S: 'only' }, sk: { S: 'here' } };
    state.unreplicated.set(EAST, new Map([[aws.dynamodb.keyOf(state, item), item]]));
    const request = {
      group: 'pool',
      engine: 'dynamodb',
      oldRegion: EAST,
      newRegion: WEST,
      oldResource: table,
      newResource: table,
    } as const;
    expect(await ports.divergences.compare(request)).toEqual({
      onlyOld: 1,
      evidence: `table ${table} in ${EAST}: {"pk":{"S":"only"},"sk":{"S":"here"}}`,
      method: `compared the keys of 251 items with ${WEST}`,
    });
    const strong = groupOf('ledger').names.table;
    expect(await ports.divergences.compare({ ...request, oldResource: strong, newResource: strong })).toMatchObject({
      onlyOld: 0,
    });
  });

  test('of a cluster that was detached the evidence is the cluster itself', async () => {
    const change = { region: WEST, globalCluster: ENTERPRISE.names.globalCluster, cluster: 'shop-enterprise-usw2', guard: GUARD };
    await ports.databases.removeFromGlobal(change);
    aws.world.clock.advance(90_000);
    const found = await ports.divergences.compare({
      group: 'enterprise',
      engine: 'aurora',
      oldRegion: WEST,
      newRegion: EAST,
      oldResource: change.cluster,
      newResource: 'shop-enterprise-use1',
    });
    expect(found).toMatchObject({ onlyOld: undefined, evidence: `cluster ${change.cluster} in ${WEST}, which stands alone` });
  });

  describe('validation', () => {
    const request = { region: WEST, engine: 'aurora', resource: RESTORED, group: 'enterprise' } as const;

    test('an empty database does not pass, and the function says why', async () => {
      await restored(true);
      aws.rds.cluster(place(WEST), RESTORED)!.rows = 0;
      const result = await ports.validations.run(request);
      expect(result.passed).toBe(false);
      expect(result.checks.at(-1)).toMatchObject({
        name: 'data',
        passed: false,
        message: expect.stringContaining('0 rows') as string,
      });
    });

    test('a database that is only just starting is waited for; one that never does fails', async () => {
      await restored(true);
      const instances = aws.rds.instancesOf(aws.rds.cluster(place(WEST), RESTORED)!);
      for (const instance of instances) instance.availableAt = aws.world.now + 60_000;
      expect((await ports.validations.run(request)).passed).toBe(true);
      for (const instance of instances) instance.availableAt = Infinity;
      expect((await ports.validations.run(request)).checks).toEqual([
        { name: 'login', passed: false, message: expect.stringContaining('cannot be read') as string },
      ]);
    });

    test('live data is refused by the function itself', async () => {
      await expect(ports.validations.run({ ...request, resource: 'shop-enterprise-usw2' })).rejects.toMatchObject({
        kind: 'invalid',
        message: expect.stringContaining('was not made by a restore') as string,
      });
    });

    test.each([
      ['process.exit(process.env.STAMPKIT_RESTORE_RESOURCE.endsWith("t080000") ? 0 : 1)', true, 'exit code 0'],
      ['console.log("two orders are missing"); process.exit(4)', false, 'two orders are missing'],
    ])('a hook of the user has the last word: %s', async (script, passed, message) => {
      await restored(true);
      const hook = commandHook([process.execPath, '-e', script], process.env);
      const result = await createValidations(access, FLEET, { hook }).run(request);
      expect(result.passed).toBe(passed);
      expect(result.checks.at(-1)).toEqual({ name: `hook ${process.execPath}`, passed, message });
    });

    test('a hook that cannot be run does not pass', async () => {
      const check = await commandHook(['/nowhere/hook'], {})(request);
      expect(check).toMatchObject({ passed: false, message: expect.stringContaining('cannot be run') as string });
    });
  });

  describe('capacity', () => {
    test('a deployment that failed says so', async () => {
      const stamp = refOf('enterprise-usw2');
      aws.compute.failing.add(stamp.names.service);
      await ports.capacity.roll({ stamp, guard: GUARD });
      aws.world.clock.advance(120_000);
      expect((await ports.capacity.rollout(stamp)).state).toBe('failed');
    });

    test('instances are found under the capacity provider of the cluster', async () => {
      const stamp: StampRef = { ...refOf('enterprise-usw2'), compute: 'ec2' };
      aws.compute.addGroup(place(WEST), stamp.names.cluster, 'shop-enterprise-usw2-Instances-1A', { min: 2, max: 4 });
      const bounds = { instances: { min: 3, max: 6 } };
      await ports.capacity.setBounds({ stamp, bounds, guard: GUARD });
      expect((await ports.capacity.read(stamp)).instances).toEqual({ ...bounds.instances, desired: 3, running: 2 });
      aws.world.clock.advance(60_000);
      expect((await ports.capacity.read(stamp)).instances?.running).toBe(3);
    });

    test('a stamp without the service is not found', async () => {
      const { names, ...stamp } = refOf('enterprise-usw2');
      await expect(ports.capacity.read({ ...stamp, names: { ...names, service: 'shop-nobody-web' } })).rejects.toMatchObject({
        kind: 'not-found',
      });
    });
  });
});
