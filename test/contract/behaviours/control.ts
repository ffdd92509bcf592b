import { expect } from 'vitest';
import { type Behaviour, expired, GUARD, groupOf, refOf, specOf } from '../scene';

const EAST = 'us-east-1';

export const control: readonly Behaviour[] = [
  {
    port: 'controlTable',
    name: 'one table in every Region: a write is there for all at once, and the first one wins',
    run: async ({ ports, fleet }) => {
      const [here = '', there = ''] = fleet.control.table.replicaRegions;
      const item = { pk: 'group#a', sk: 'lease', version: 1, body: { holder: 'jo', nested: { list: [1, ''] } } };
      expect(await ports.controlTable.put(here, item, 'absent')).toBe('written');
      expect(await ports.controlTable.put(there, item, 'absent')).toBe('refused');
      expect(await ports.controlTable.get(there, 'group#a', 'lease')).toEqual(item);
    },
  },
  {
    port: 'controlTable',
    name: 'a write names the version that it replaces',
    run: async ({ ports, fleet }) => {
      const [here = ''] = fleet.control.table.replicaRegions;
      const item = { pk: 'group#a', sk: 'lease', version: 1, body: {} };
      await ports.controlTable.put(here, item, 'absent');
      expect(await ports.controlTable.put(here, { ...item, version: 2 }, 1)).toBe('written');
      expect(await ports.controlTable.put(here, { ...item, version: 2 }, 1)).toBe('refused');
      expect(await ports.controlTable.put(here, { ...item, sk: 'other', version: 2 }, 1)).toBe('refused');
    },
  },
  {
    port: 'controlTable',
    name: 'a partition comes in the order of its sort key, without its neighbours',
    run: async ({ ports, fleet }) => {
      const [here = ''] = fleet.control.table.replicaRegions;
      for (const sk of ['b', 'a', 'c'])
        await ports.controlTable.put(here, { pk: 'journal#1', sk, version: 1, body: sk }, 'absent');
      await ports.controlTable.put(here, { pk: 'journal#2', sk: 'a', version: 1, body: 'other' }, 'absent');
      expect((await ports.controlTable.query(here, 'journal#1')).map((each) => each.sk)).toEqual(['a', 'b', 'c']);
      expect(await ports.controlTable.query(here, 'journal#3')).toEqual([]);
    },
  },
  {
    port: 'switches',
    name: 'no object is a stamp in service; every write names exactly what was read',
    run: async ({ ports, fleet }) => {
      const [member] = fleet.control.members;
      const { region = '', bucketName: bucket = '' } = member ?? {};
      const write = { region, bucket, stamp: 'pool-use1', reason: 'drill', time: '2026-11-21T10:00:00Z', guard: GUARD };
      const first = await ports.switches.read(region, bucket, 'pool-use1');
      expect(first).toEqual({ state: 'in-service', token: 0 });
      expect(await ports.switches.write({ ...write, state: 'evacuated', etag: undefined })).toBe('written');
      expect(await ports.switches.write({ ...write, state: 'evacuated', etag: undefined })).toBe('conflict');
      const { etag, ...seen } = await ports.switches.read(region, bucket, 'pool-use1');
      expect(seen).toMatchObject({ state: 'evacuated', token: 1, operator: 'jo', reason: 'drill', time: '2026-11-21T10:00:00Z' });
      expect(await ports.switches.write({ ...write, state: 'in-service', etag })).toBe('written');
      expect(await ports.switches.write({ ...write, state: 'evacuated', etag })).toBe('conflict');
    },
  },
  {
    port: 'switches',
    name: 'control Regions know nothing of each other, and nothing is written after the end of the lease',
    run: async (scene) => {
      const [here, there] = scene.fleet.control.members;
      const write = {
        region: here?.region ?? '',
        bucket: here?.bucketName ?? '',
        stamp: 'pool-use1',
        state: 'evacuated',
        reason: '',
        time: '2026-11-21T10:00:00Z',
        etag: undefined,
        guard: GUARD,
      } as const;
      await scene.ports.switches.write(write);
      expect((await scene.ports.switches.read(there?.region ?? '', there?.bucketName ?? '', 'pool-use1')).state).toBe(
        'in-service',
      );
      const late = { ...write, stamp: 'pool-usw2', guard: expired(scene) };
      await expect(scene.ports.switches.write(late)).rejects.toMatchObject({ kind: 'lease-expired' });
      expect((await scene.ports.switches.read(write.region, write.bucket, 'pool-usw2')).state).toBe('in-service');
    },
  },
  {
    port: 'pointers',
    name: 'a pointer is written over the version that was read, and over no other',
    run: async (scene) => {
      const { pointers } = scene.ports;
      const name = specOf(scene, 'pool-use1').values.names.databaseParameter;
      const live = await pointers.read(EAST, name);
      expect(JSON.parse(live?.value ?? '{}')).toMatchObject({ engine: 'dynamodb', table: groupOf(scene, 'pool').names.table });
      const write = {
        region: EAST,
        name,
        value: '{"engine":"dynamodb","table":"other"}',
        version: live?.version ?? 0,
        guard: GUARD,
      };
      expect(await pointers.write(write)).toBe('written');
      expect(await pointers.write(write)).toBe('conflict');
      const after = await pointers.read(EAST, name);
      expect(after).toMatchObject({ value: write.value, version: write.version + 1 });
      expect(after?.modifiedAt ?? 0).toBeGreaterThanOrEqual(live?.modifiedAt ?? Infinity);
      expect(await pointers.read(EAST, '/stampkit/shop/nobody-use1/database')).toBeUndefined();
    },
  },
  {
    port: 'stacks',
    name: 'a stack is there or not',
    run: async (scene) => {
      const { dataStack } = groupOf(scene, 'enterprise').names;
      expect(await scene.ports.stacks.exists(EAST, dataStack)).toBe(true);
      expect(await scene.ports.stacks.exists(EAST, 'shop-nobody-data')).toBe(false);
    },
  },
  {
    port: 'queues',
    name: 'what waits and what is dead is counted, and what waits is forwarded until nothing is left',
    needs: ['seed'],
    run: async (scene) => {
      const { queues } = scene.ports;
      const [from, to] = [refOf(scene, 'enterprise-use1'), refOf(scene, 'enterprise-usw2')];
      await scene.queue(from.id, { visible: 12, dead: 3 });
      expect(await queues.read(from)).toMatchObject({ visible: 12, deadLetters: 3 });
      let total = 0;
      for (;;) {
        const { moved } = await queues.forward({ from, to, guard: GUARD });
        total += moved;
        if (moved === 0) break;
      }
      expect(total).toBe(12);
      expect(await queues.read(from)).toMatchObject({ visible: 0, deadLetters: 3 });
      expect((await queues.read(to)).visible).toBe(12);
    },
  },
  {
    port: 'queues',
    name: 'dead letters go back into their own queue',
    needs: ['seed'],
    run: async (scene) => {
      const stamp = refOf(scene, 'enterprise-use1');
      await scene.queue(stamp.id, { visible: 1, dead: 3 });
      await scene.ports.queues.redrive({ stamp, guard: GUARD });
      expect(await scene.ports.queues.read(stamp)).toMatchObject({ visible: 4, deadLetters: 0 });
    },
  },
  {
    port: 'probes',
    name: 'the function of a stamp says its role',
    run: async (scene) => {
      const role = async (id: string): Promise<unknown> => {
        const { status, role: seen, writable } = await scene.ports.probes.health(refOf(scene, id));
        return [status, seen, writable];
      };
      expect(await role('enterprise-use1')).toEqual(['pass', 'writer', true]);
      expect(await role('pool-usw2')).toEqual(['pass', 'writer', true]);
    },
  },
  {
    port: 'probes',
    name: 'after a failover the role has moved, and a Region that is down does not answer',
    needs: ['outage', 'time'],
    run: async (scene) => {
      const { globalCluster } = groupOf(scene, 'enterprise').names;
      const cluster = specOf(scene, 'enterprise-usw2').values.names.databaseCluster;
      scene.down(EAST);
      await scene.ports.databases.failover({ region: 'us-west-2', globalCluster, cluster, guard: GUARD });
      await scene.later(600_000);
      expect(await scene.ports.probes.health(refOf(scene, 'enterprise-usw2'))).toMatchObject({ role: 'writer', writable: true });
      await expect(scene.ports.probes.health(refOf(scene, 'enterprise-use1'))).rejects.toSatisfy((error: { kind: string }) =>
        ['unreachable', 'timeout'].includes(error.kind),
      );
    },
  },
];
