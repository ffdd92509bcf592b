import { expect } from 'vitest';
import type { Switchover } from '../../../lib/ports';
import { AURORA_TIMES } from '../../fakes/databases';
import { RDS_TIMES } from '../../wire/services/rds-state';
import { type Behaviour, expired, groupOf, GUARD, type Scene, specOf } from '../scene';

const EAST = 'us-east-1';
const WEST = 'us-west-2';
const TIMES = {
  change: Math.max(AURORA_TIMES.failover, RDS_TIMES.failover),
  detach: Math.max(AURORA_TIMES.detach, RDS_TIMES.detach),
  create: Math.max(AURORA_TIMES.create, RDS_TIMES.create, RDS_TIMES.instance),
  resync: Math.max(AURORA_TIMES.resync, RDS_TIMES.resync),
};

interface Names {
  readonly globalCluster: string;
  readonly east: string;
  readonly west: string;
}

/** The Aurora group: its writer is in us-east-1. */
function names(scene: Scene): Names {
  return {
    globalCluster: groupOf(scene, 'enterprise').names.globalCluster,
    east: specOf(scene, 'enterprise-use1').values.names.databaseCluster,
    west: specOf(scene, 'enterprise-usw2').values.names.databaseCluster,
  };
}

function toWest(scene: Scene): Switchover {
  const { globalCluster, west } = names(scene);
  return { region: WEST, globalCluster, cluster: west, writerRegion: EAST, guard: GUARD };
}

export const databases: readonly Behaviour[] = [
  {
    port: 'databases',
    name: 'a global cluster has its members sorted by Region, one of them the writer',
    run: async (scene) => {
      const { globalCluster, east, west } = names(scene);
      expect(await scene.ports.databases.global(WEST, globalCluster)).toMatchObject({
        identifier: globalCluster,
        status: 'available',
        members: [
          { region: EAST, cluster: east, writer: true, synchronization: 'connected' },
          { region: WEST, cluster: west, writer: false, synchronization: 'connected' },
        ],
      });
    },
  },
  {
    port: 'databases',
    name: 'a cluster has its endpoints, its instances and its global cluster',
    run: async (scene) => {
      const { globalCluster, west } = names(scene);
      const cluster = await scene.ports.databases.cluster(WEST, west);
      expect(cluster).toMatchObject({ region: WEST, identifier: west, status: 'available', port: 5432, globalCluster });
      expect(cluster?.writerEndpoint).toMatch(new RegExp(`^${west}\\.cluster-`));
      expect(cluster?.readerEndpoint).toMatch(new RegExp(`^${west}\\.cluster-ro-`));
      expect(cluster?.instances.length).toBeGreaterThan(0);
      expect(cluster?.instances.every((each) => each.status === 'available')).toBe(true);
    },
  },
  {
    port: 'databases',
    name: 'what is not there is undefined',
    run: async ({ ports }) => {
      expect(await ports.databases.global(WEST, 'shop-nobody-global')).toBeUndefined();
      expect(await ports.databases.cluster(WEST, 'shop-nobody-usw2')).toBeUndefined();
    },
  },
  {
    port: 'databases',
    name: 'a Region that is down is unreachable, and the other one still knows the global cluster',
    needs: ['outage'],
    run: async (scene) => {
      const { globalCluster, east } = names(scene);
      scene.down(EAST);
      await expect(scene.ports.databases.cluster(EAST, east)).rejects.toSatisfy((error: { kind: string }) =>
        ['unreachable', 'timeout'].includes(error.kind),
      );
      expect((await scene.ports.databases.global(WEST, globalCluster))?.members).toHaveLength(2);
    },
  },
  {
    port: 'databases',
    name: 'a failover is accepted without the old Region, shows while it goes on, and leaves the old member to be rebuilt',
    needs: ['outage', 'time'],
    run: async (scene) => {
      const { databases: port } = scene.ports;
      const { globalCluster } = names(scene);
      scene.down(EAST);
      await port.failover(toWest(scene));
      expect((await port.global(WEST, globalCluster))?.failover).toEqual({ status: 'failing-over', toRegion: WEST });
      await scene.later(TIMES.change);
      const over = await port.global(WEST, globalCluster);
      expect(over?.failover).toBeUndefined();
      expect(over?.members.filter((each) => each.writer).map((each) => each.region)).toEqual([WEST]);
      scene.up(EAST);
      expect((await port.global(WEST, globalCluster))?.members[0]?.synchronization).toBe('pending-resync');
      await scene.later(TIMES.resync);
      expect((await port.global(WEST, globalCluster))?.members[0]?.synchronization).toBe('connected');
    },
  },
  {
    port: 'databases',
    name: 'a switchover moves the writer and loses nobody',
    needs: ['time'],
    run: async (scene) => {
      const { databases: port } = scene.ports;
      const { globalCluster } = names(scene);
      await port.switchover(toWest(scene));
      expect((await port.global(WEST, globalCluster))?.failover).toEqual({ status: 'switching-over', toRegion: WEST });
      await scene.later(TIMES.change);
      const over = await port.global(WEST, globalCluster);
      expect(over?.members.map((each) => [each.region, each.writer, each.synchronization])).toEqual([
        [EAST, false, 'connected'],
        [WEST, true, 'connected'],
      ]);
    },
  },
  {
    port: 'databases',
    name: 'a switchover needs every member',
    needs: ['outage'],
    run: async (scene) => {
      scene.down(EAST);
      await expect(scene.ports.databases.switchover(toWest(scene))).rejects.toSatisfy((error: { kind: string }) =>
        ['invalid', 'unreachable', 'timeout'].includes(error.kind),
      );
      const { globalCluster } = names(scene);
      expect((await scene.ports.databases.global(WEST, globalCluster))?.failover).toBeUndefined();
    },
  },
  {
    port: 'databases',
    name: 'a switchover is asked for where the writer is',
    run: async (scene) => {
      await expect(scene.ports.databases.switchover({ ...toWest(scene), writerRegion: WEST })).rejects.toMatchObject({
        kind: 'invalid',
      });
    },
  },
  {
    port: 'databases',
    name: 'a change to the member that is the writer already changes nothing',
    run: async (scene) => {
      const { globalCluster, east } = names(scene);
      await scene.ports.databases.switchover({ region: EAST, globalCluster, cluster: east, writerRegion: EAST, guard: GUARD });
      expect((await scene.ports.databases.global(EAST, globalCluster))?.failover).toBeUndefined();
    },
  },
  {
    port: 'databases',
    name: 'while the writer changes, another change is invalid',
    run: async (scene) => {
      await scene.ports.databases.failover(toWest(scene));
      await expect(scene.ports.databases.failover(toWest(scene))).rejects.toMatchObject({ kind: 'invalid' });
    },
  },
  {
    port: 'databases',
    name: 'a change to what is no member is invalid',
    run: async (scene) => {
      await expect(scene.ports.databases.failover({ ...toWest(scene), cluster: 'shop-nobody-usw2' })).rejects.toMatchObject({
        kind: 'invalid',
      });
    },
  },
  {
    port: 'databases',
    name: 'versions that differ leave only the detachment, which makes a cluster that stands alone',
    needs: ['versions', 'time'],
    run: async (scene) => {
      const { databases: port } = scene.ports;
      const { west } = names(scene);
      scene.setVersion(WEST, west, '16.6');
      await expect(port.failover(toWest(scene))).rejects.toMatchObject({ kind: 'invalid' });
      await expect(port.switchover(toWest(scene))).rejects.toMatchObject({ kind: 'invalid' });
      await port.removeFromGlobal(toWest(scene));
      expect((await port.cluster(WEST, west))?.status).toBe('promoting');
      await scene.later(TIMES.detach);
      const alone = await port.cluster(WEST, west);
      expect(alone?.status).toBe('available');
      expect(alone?.globalCluster).toBeUndefined();
    },
  },
  {
    port: 'databases',
    name: 'the lag of a secondary is fresh while its source lives and grows old afterwards; a writer has none',
    needs: ['outage', 'time'],
    run: async (scene) => {
      const { databases: port } = scene.ports;
      const { east, west } = names(scene);
      expect(await port.lag(EAST, east)).toBeUndefined();
      const alive = await port.lag(WEST, west);
      expect(alive?.seconds).toBe(1);
      expect(scene.now() - (alive?.at ?? 0)).toBeLessThanOrEqual(120_000);
      scene.down(EAST);
      await scene.later(600_000);
      const dead = await port.lag(WEST, west);
      expect(dead?.seconds).toBe(1);
      expect(scene.now() - (dead?.at ?? 0)).toBeGreaterThanOrEqual(590_000);
    },
  },
  {
    port: 'databases',
    name: 'a member is made beside the others, without instances, and then gets those of its pattern',
    needs: ['time', 'versions'],
    run: async (scene) => {
      const { databases: port } = scene.ports;
      const { globalCluster, west } = names(scene);
      await port.removeFromGlobal(toWest(scene));
      await scene.later(TIMES.detach);
      const made = { region: WEST, cluster: `${west}-2`, like: west, globalCluster, guard: GUARD };
      await port.addMember(made);
      expect(await port.cluster(WEST, made.cluster)).toMatchObject({ status: 'creating', instances: [], globalCluster });
      await expect(port.addMember(made)).rejects.toMatchObject({ kind: expect.stringMatching(/conflict|invalid/) as string });
      await scene.later(TIMES.create);
      await port.addInstances({ region: WEST, cluster: made.cluster, like: west, guard: GUARD });
      await scene.later(TIMES.create);
      const cluster = await port.cluster(WEST, made.cluster);
      const pattern = await port.cluster(WEST, west);
      expect(cluster?.instances.map((each) => each.status)).toEqual(pattern?.instances.map(() => 'available'));
    },
  },
  {
    port: 'databases',
    name: 'a member without a pattern, or of no global cluster, is invalid',
    run: async (scene) => {
      const { databases: port } = scene.ports;
      const { globalCluster, west } = names(scene);
      const made = { region: WEST, cluster: `${west}-2`, like: west, globalCluster, guard: GUARD };
      await expect(port.addMember({ ...made, like: 'shop-nobody-usw2' })).rejects.toMatchObject({ kind: 'invalid' });
      await expect(port.addMember({ ...made, globalCluster: 'shop-nobody-global' })).rejects.toMatchObject({ kind: 'invalid' });
    },
  },
  {
    port: 'databases',
    name: 'a global cluster is made around a cluster that stands alone; a taken name is a conflict',
    needs: ['time'],
    run: async (scene) => {
      const { databases: port } = scene.ports;
      const { globalCluster, west } = names(scene);
      await port.removeFromGlobal(toWest(scene));
      await scene.later(TIMES.detach);
      await expect(port.createGlobal(toWest(scene))).rejects.toMatchObject({ kind: 'conflict' });
      await port.createGlobal({ ...toWest(scene), globalCluster: `${globalCluster}-2` });
      expect((await port.global(WEST, `${globalCluster}-2`))?.members).toMatchObject([
        { region: WEST, cluster: west, writer: true },
      ]);
      expect((await port.cluster(WEST, west))?.globalCluster).toBe(`${globalCluster}-2`);
    },
  },
  {
    port: 'databases',
    name: 'live clusters are never deleted',
    run: async (scene) => {
      const { east } = names(scene);
      const deletion = { region: EAST, cluster: east, restore: 'r20261121t080000', guard: GUARD };
      await expect(scene.ports.databases.deleteRestored(deletion)).rejects.toMatchObject({ kind: 'invalid' });
      expect((await scene.ports.databases.cluster(EAST, east))?.status).toBe('available');
    },
  },
  {
    port: 'databases',
    name: 'after the end of the lease nothing is sent',
    run: async (scene) => {
      const { globalCluster } = names(scene);
      const guard = expired(scene);
      for (const change of [
        scene.ports.databases.failover,
        scene.ports.databases.switchover,
        scene.ports.databases.removeFromGlobal,
      ])
        await expect(change({ ...toWest(scene), guard })).rejects.toMatchObject({ kind: 'lease-expired' });
      expect((await scene.ports.databases.global(WEST, globalCluster))?.failover).toBeUndefined();
    },
  },
];
