import { expect } from 'vitest';
import { RESTORE_TIME } from '../../fakes/backups';
import type { RestoreStart } from '../../../lib/ports';
import { type Behaviour, expired, groupOf, GUARD, type Scene, specOf } from '../scene';

const EAST = 'us-east-1';
const WEST = 'us-west-2';
const RESTORE = 'r20261121t080000';
const HOUR = 3_600_000;

/** A restore of the Aurora group's cluster in us-west-2, from the newest point in that Region's vault. */
async function auroraStart(scene: Scene): Promise<RestoreStart> {
  const { names } = specOf(scene, 'enterprise-usw2').values;
  const [point] = await scene.ports.backups.points(WEST, names.backupVault);
  const target = `${names.databaseCluster}-${RESTORE}`;
  const source = { kind: 'recovery-point', arn: point?.arn ?? '', vault: names.backupVault } as const;
  return { region: WEST, engine: 'aurora', source, target, like: names.databaseCluster, restore: RESTORE, guard: GUARD };
}

async function tableStart(scene: Scene): Promise<RestoreStart> {
  const like = groupOf(scene, 'pool').names.table;
  const vault = specOf(scene, 'pool-use1').values.names.backupVault;
  const [point] = await scene.ports.backups.points(EAST, vault);
  const source = { kind: 'recovery-point', arn: point?.arn ?? '', vault } as const;
  return { region: EAST, engine: 'dynamodb', source, target: `${like}-${RESTORE}`, like, restore: RESTORE, guard: GUARD };
}

export const backups: readonly Behaviour[] = [
  {
    port: 'backups',
    name: 'points of a vault come newest first, with their resource, lock and whether they are copies',
    run: async (scene) => {
      const { names } = specOf(scene, 'enterprise-usw2').values;
      const copies = await scene.ports.backups.points(WEST, names.backupVault);
      expect(copies.map((each) => Math.round((scene.now() - each.createdAt) / HOUR))).toEqual([2, 26]);
      expect(copies[0]).toMatchObject({
        region: WEST,
        vault: names.backupVault,
        resource: names.databaseCluster,
        status: 'completed',
        copy: true,
        lock: 'governance',
      });
      const home = specOf(scene, 'enterprise-use1').values.names.backupVault;
      expect((await scene.ports.backups.points(EAST, home)).map((each) => each.copy)).toEqual([false, false]);
    },
  },
  {
    port: 'backups',
    name: 'a plan that has never tested says nothing',
    run: async (scene) => {
      const { restoreTestingPlan } = specOf(scene, 'enterprise-use1').values.names;
      expect(await scene.ports.backups.lastTest(EAST, restoreTestingPlan)).toBeUndefined();
    },
  },
  {
    port: 'backups',
    name: 'a cluster is restored beside the live one: no instances, no global cluster, and the live one as it was',
    needs: ['time'],
    run: async (scene) => {
      const start = await auroraStart(scene);
      const { backups: port, databases } = scene.ports;
      const live = await databases.cluster(WEST, start.like);
      expect(await port.job(WEST, start.target)).toBeUndefined();
      await port.start(start);
      expect(await port.job(WEST, start.target)).toEqual({ status: 'running' });
      await scene.later(RESTORE_TIME);
      expect(await port.job(WEST, start.target)).toEqual({ status: 'completed' });
      const made = await databases.cluster(WEST, start.target);
      expect(made).toMatchObject({ status: 'available', instances: [] });
      expect(made?.globalCluster).toBeUndefined();
      expect(await databases.cluster(WEST, start.like)).toEqual(live);
    },
  },
  {
    port: 'backups',
    name: 'a table is restored in one Region',
    needs: ['time'],
    run: async (scene) => {
      const start = await tableStart(scene);
      await scene.ports.backups.start(start);
      await scene.later(10_000);
      expect(await scene.ports.backups.job(EAST, start.target)).toEqual({ status: 'running' });
      await scene.later(RESTORE_TIME);
      expect(await scene.ports.backups.job(EAST, start.target)).toEqual({ status: 'completed' });
      expect(await scene.ports.tables.describe(EAST, start.target)).toMatchObject({
        status: 'ACTIVE',
        consistency: 'none',
        replicas: [{ region: EAST, status: 'ACTIVE' }],
      });
    },
  },
  {
    port: 'backups',
    name: 'a continuous backup restores to a moment',
    needs: ['time'],
    run: async (scene) => {
      const start = await auroraStart(scene);
      const source = { kind: 'continuous', resource: start.like, at: scene.now() - HOUR } as const;
      await scene.ports.backups.start({ ...start, source });
      await scene.later(RESTORE_TIME);
      expect((await scene.ports.databases.cluster(WEST, start.target))?.status).toBe('available');
    },
  },
  {
    port: 'backups',
    name: 'live data is in the backup plan of its own stamp, and what is not there in none',
    run: async (scene) => {
      const { names } = specOf(scene, 'enterprise-usw2').values;
      const { backups: port } = scene.ports;
      expect(await port.coverage(WEST, 'aurora', names.databaseCluster)).toEqual({ stamp: 'enterprise-usw2', continuous: true });
      const { table } = groupOf(scene, 'pool').names;
      for (const [region, stamp] of [
        [EAST, 'pool-use1'],
        [WEST, 'pool-usw2'],
      ] as const)
        expect(await port.coverage(region, 'dynamodb', table)).toEqual({ stamp, continuous: true });
      expect(await port.coverage(WEST, 'aurora', 'shop-nobody')).toBeUndefined();
      expect(await port.coverage(EAST, 'dynamodb', 'shop-nobody.table')).toBeUndefined();
    },
  },
  {
    port: 'backups',
    name: 'restored data is in no backup plan before it is covered, and covering it twice is like once',
    needs: ['time'],
    run: async (scene) => {
      const aurora = await auroraStart(scene);
      const table = await tableStart(scene);
      const { backups: port } = scene.ports;
      await port.start(aurora);
      await port.start(table);
      await scene.later(RESTORE_TIME);
      expect(await port.coverage(WEST, 'aurora', aurora.target)).toEqual({ continuous: true });
      expect(await port.coverage(EAST, 'dynamodb', table.target)).toEqual({ continuous: false });
      for (const stamp of ['enterprise-usw2', 'enterprise-usw2'])
        await port.cover({ region: WEST, engine: 'aurora', resource: aurora.target, stamp, guard: GUARD });
      for (const stamp of ['pool-use1', 'pool-use1'])
        await port.cover({ region: EAST, engine: 'dynamodb', resource: table.target, stamp, guard: GUARD });
      expect(await port.coverage(WEST, 'aurora', aurora.target)).toEqual({ stamp: 'enterprise-usw2', continuous: true });
      expect(await port.coverage(EAST, 'dynamodb', table.target)).toEqual({ stamp: 'pool-use1', continuous: true });
    },
  },
  {
    port: 'backups',
    name: 'nothing is covered without a lease, or that is not there',
    run: async (scene) => {
      const { names } = specOf(scene, 'enterprise-usw2').values;
      const change = { region: WEST, engine: 'aurora', stamp: 'enterprise-use1' } as const;
      const { backups: port } = scene.ports;
      await expect(port.cover({ ...change, resource: names.databaseCluster, guard: expired(scene) })).rejects.toMatchObject({
        kind: 'lease-expired',
      });
      await expect(port.cover({ ...change, resource: 'shop-nobody', guard: GUARD })).rejects.toMatchObject({ kind: 'not-found' });
    },
  },
  {
    port: 'backups',
    name: 'started twice it is one restore: aurora',
    run: async (scene) => {
      const start = await auroraStart(scene);
      await scene.ports.backups.start(start);
      await scene.ports.backups.start(start);
      expect(await scene.ports.backups.job(WEST, start.target)).toEqual({ status: 'running' });
    },
  },
  {
    port: 'backups',
    name: 'started twice it is one restore: dynamodb',
    run: async (scene) => {
      const start = await tableStart(scene);
      await scene.ports.backups.start(start);
      await scene.ports.backups.start(start);
      expect(await scene.ports.backups.job(EAST, start.target)).toEqual({ status: 'running' });
    },
  },
  {
    port: 'backups',
    name: 'a name that somebody else has is a conflict',
    run: async (scene) => {
      const aurora = await auroraStart(scene);
      await expect(scene.ports.backups.start({ ...aurora, target: aurora.like })).rejects.toMatchObject({ kind: 'conflict' });
      const table = await tableStart(scene);
      await expect(scene.ports.backups.start({ ...table, target: table.like })).rejects.toMatchObject({ kind: 'conflict' });
    },
  },
  {
    port: 'backups',
    name: 'a restore that fails says why, and stays failed',
    needs: ['time', 'failing-restore'],
    run: async (scene) => {
      const start = await tableStart(scene);
      scene.failRestores('the key is gone');
      await scene.ports.backups.start(start);
      await scene.later(RESTORE_TIME);
      expect(await scene.ports.backups.job(EAST, start.target)).toEqual({ status: 'failed', message: 'the key is gone' });
      expect(await scene.ports.tables.describe(EAST, start.target)).toBeUndefined();
    },
  },
  {
    port: 'backups',
    name: 'what was restored is deleted when that restore asks, and by no other',
    needs: ['time'],
    run: async (scene) => {
      const start = await auroraStart(scene);
      const { backups: port, databases } = scene.ports;
      await port.start(start);
      await scene.later(RESTORE_TIME);
      await databases.addInstances({ region: WEST, cluster: start.target, like: start.like, guard: GUARD });
      await scene.later(600_000);
      const deletion = { region: WEST, cluster: start.target, restore: RESTORE, guard: GUARD };
      await expect(databases.deleteRestored({ ...deletion, restore: 'r20200101t000000' })).rejects.toMatchObject({
        kind: 'invalid',
      });
      await databases.deleteRestored(deletion);
      await scene.later(120_000);
      expect(await databases.cluster(WEST, start.target)).toBeUndefined();
    },
  },
  {
    port: 'backups',
    name: 'a restored global cluster goes from its replicas to its writer',
    needs: ['time'],
    run: async (scene) => {
      const start = await auroraStart(scene);
      const { backups: port, databases } = scene.ports;
      const { names } = specOf(scene, 'enterprise-use1').values;
      const globalCluster = `${groupOf(scene, 'enterprise').names.globalCluster}-${RESTORE}`;
      await port.start(start);
      await scene.later(RESTORE_TIME);
      await databases.createGlobal({ region: WEST, globalCluster, cluster: start.target, guard: GUARD });
      const member = `${names.databaseCluster}-${RESTORE}`;
      await databases.addMember({
        region: EAST,
        cluster: member,
        like: names.databaseCluster,
        globalCluster,
        restore: RESTORE,
        guard: GUARD,
      });
      await scene.later(600_000);
      const deletion = { restore: RESTORE, guard: GUARD };
      await expect(databases.deleteRestored({ ...deletion, region: WEST, cluster: start.target })).rejects.toMatchObject({
        kind: 'invalid',
      });
      for (const [region, cluster] of [
        [EAST, member],
        [WEST, start.target],
      ] as const) {
        for (let round = 0; round < 6; round += 1) {
          try {
            await databases.deleteRestored({ ...deletion, region, cluster });
            break;
          } catch (error) {
            expect(error).toMatchObject({ kind: 'conflict' });
            await scene.later(60_000);
          }
        }
        await scene.later(120_000);
        expect(await databases.cluster(region, cluster)).toBeUndefined();
      }
      expect(await databases.global(WEST, globalCluster)).toBeUndefined();
    },
  },
  {
    port: 'backups',
    name: 'after the end of the lease nothing is sent',
    run: async (scene) => {
      const start = { ...(await auroraStart(scene)), guard: expired(scene) };
      await expect(scene.ports.backups.start(start)).rejects.toMatchObject({ kind: 'lease-expired' });
      expect(await scene.ports.backups.job(WEST, start.target)).toBeUndefined();
    },
  },
  {
    port: 'validations',
    name: 'restored data is read and judged',
    needs: ['time'],
    run: async (scene) => {
      const start = await auroraStart(scene);
      await scene.ports.backups.start(start);
      await scene.later(RESTORE_TIME);
      await scene.ports.databases.addInstances({ region: WEST, cluster: start.target, like: start.like, guard: GUARD });
      await scene.later(600_000);
      const result = await scene.ports.validations.run({
        region: WEST,
        engine: 'aurora',
        resource: start.target,
        group: 'enterprise',
      });
      expect(result.passed).toBe(true);
      expect(result.checks.length).toBeGreaterThan(0);
      expect(result.checks.every((check) => check.passed && check.message !== '')).toBe(true);
    },
  },
  {
    port: 'divergences',
    name: 'after an unplanned failover there is evidence of what only the old side may have',
    needs: ['time', 'outage'],
    run: async (scene) => {
      const { globalCluster } = groupOf(scene, 'enterprise').names;
      const [oldResource, newResource] = ['enterprise-use1', 'enterprise-usw2'].map(
        (id) => specOf(scene, id).values.names.databaseCluster,
      ) as [string, string];
      scene.down(EAST);
      await scene.ports.databases.failover({ region: WEST, globalCluster, cluster: newResource, guard: GUARD });
      await scene.later(600_000);
      await scene.ports.databases.global(WEST, globalCluster);
      scene.up(EAST);
      const found = await scene.ports.divergences.compare({
        group: 'enterprise',
        engine: 'aurora',
        oldRegion: EAST,
        newRegion: WEST,
        oldResource,
        newResource,
      });
      expect(found.evidence).toContain('rds:unplanned-global-failover-');
      expect(found.method).not.toBe('');
    },
  },
];
