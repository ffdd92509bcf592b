import { expect } from 'vitest';
import { TABLE_TIMES as FAKE } from '../../fakes/tables';
import { TABLE_TIMES as WIRE } from '../../wire/services/dynamodb-state';
import { type Behaviour, expired, groupOf, GUARD } from '../scene';

const EAST = 'us-east-1';
const WEST = 'us-west-2';
const REPLICA = Math.max(FAKE.replica, WIRE.replica);
const RESTORE = 'r20261121t080000';
const ID = { restore: RESTORE, guard: GUARD };

export const tables: readonly Behaviour[] = [
  {
    port: 'tables',
    name: 'a table has all its replicas, the asked one included, sorted by Region',
    run: async (scene) => {
      const table = groupOf(scene, 'pool').names.table;
      expect(await scene.ports.tables.describe(WEST, table)).toEqual({
        region: WEST,
        name: table,
        status: 'ACTIVE',
        consistency: 'eventual',
        replicas: ['eu-west-1', EAST, WEST].map((region) => ({ region, status: 'ACTIVE' })),
      });
    },
  },
  {
    port: 'tables',
    name: 'a strongly consistent table says so',
    run: async (scene) => {
      expect((await scene.ports.tables.describe(EAST, groupOf(scene, 'ledger').names.table))?.consistency).toBe('strong');
    },
  },
  {
    port: 'tables',
    name: 'what is not there, or not in that Region, is undefined',
    run: async (scene) => {
      expect(await scene.ports.tables.describe(EAST, 'shop-nobody.table')).toBeUndefined();
      expect(await scene.ports.tables.describe('eu-west-1', groupOf(scene, 'ledger').names.table)).toBeUndefined();
    },
  },
  {
    port: 'tables',
    name: 'lag is read where it is sent from; strongly consistent tables have none',
    needs: ['outage', 'time'],
    run: async (scene) => {
      const { tables: port } = scene.ports;
      const table = groupOf(scene, 'pool').names.table;
      expect((await port.lag(EAST, WEST, table))?.seconds).toBe(1);
      expect(await port.lag(EAST, WEST, groupOf(scene, 'ledger').names.table)).toBeUndefined();
      scene.down(WEST);
      await scene.later(600_000);
      expect(scene.now() - ((await port.lag(EAST, WEST, table))?.at ?? 0)).toBeGreaterThanOrEqual(590_000);
    },
  },
  {
    port: 'tables',
    name: 'a replica is added to a restored table; another one meanwhile is a conflict',
    needs: ['time'],
    run: async (scene) => {
      const { tables: port, backups } = scene.ports;
      const like = groupOf(scene, 'pool').names.table;
      const table = `${like}-${RESTORE}`;
      const source = { kind: 'continuous', resource: like, at: scene.now() - 3_600_000 } as const;
      await backups.start({ region: EAST, engine: 'dynamodb', source, target: table, like, ...ID });
      await scene.later(1_200_000);
      // A table that needs a stream first says that it is busy, and is asked again.
      for (let round = 0; round < 3; round += 1) {
        try {
          await port.addReplica({ region: EAST, table, replica: WEST, guard: GUARD });
          break;
        } catch (error) {
          expect(error).toMatchObject({ kind: 'conflict' });
          await scene.later(10_000);
        }
      }
      await expect(port.addReplica({ region: EAST, table, replica: 'eu-west-1', guard: GUARD })).rejects.toMatchObject({
        kind: 'conflict',
      });
      expect((await port.describe(EAST, table))?.replicas).toContainEqual({ region: WEST, status: 'CREATING' });
      await scene.later(REPLICA);
      expect(await port.describe(EAST, table)).toMatchObject({ status: 'ACTIVE', consistency: 'eventual' });
    },
  },
  {
    port: 'tables',
    name: 'a replica of nothing is not found',
    run: async (scene) => {
      const change = { region: EAST, table: 'shop-nobody.table', replica: WEST, guard: GUARD };
      await expect(scene.ports.tables.addReplica(change)).rejects.toMatchObject({ kind: 'not-found' });
    },
  },
  {
    port: 'tables',
    name: 'a strongly consistent table is made empty in three Regions, and filled in portions that can be repeated',
    needs: ['time'],
    run: async (scene) => {
      const { tables: port, backups } = scene.ports;
      const like = groupOf(scene, 'ledger').names.table;
      const table = `${like}-${RESTORE}`;
      const from = `${table}-source`;
      await port.createStrong({ region: EAST, table, like, replicas: [WEST], witness: 'us-east-2', ...ID });
      await scene.later(REPLICA);
      expect(await port.describe(WEST, table)).toMatchObject({ status: 'ACTIVE', consistency: 'strong' });
      const source = { kind: 'continuous', resource: like, at: scene.now() - 3_600_000 } as const;
      await backups.start({ region: EAST, engine: 'dynamodb', source, target: from, like, ...ID });
      await scene.later(1_200_000);
      for (const round of [1, 2]) {
        let portions = 0;
        for (;;) {
          const { copied, done } = await port.copy({ region: EAST, from, to: table, guard: GUARD });
          portions += 1;
          if (done) {
            expect(copied).toBe(250);
            break;
          }
        }
        expect(portions).toBeGreaterThanOrEqual(round === 1 ? 2 : 1);
      }
    },
  },
  {
    port: 'tables',
    name: 'two Regions are too few for strong consistency, and a name that is taken is a conflict',
    run: async (scene) => {
      const { tables: port } = scene.ports;
      const like = groupOf(scene, 'ledger').names.table;
      const made = { region: EAST, like, replicas: [WEST], ...ID };
      await expect(port.createStrong({ ...made, table: `${like}-${RESTORE}` })).rejects.toMatchObject({ kind: 'invalid' });
      await expect(port.createStrong({ ...made, table: like, witness: 'us-east-2' })).rejects.toMatchObject({ kind: 'conflict' });
    },
  },
  {
    port: 'tables',
    name: 'what a restore made is deleted, with its replicas, when that restore asks',
    needs: ['time'],
    run: async (scene) => {
      const { tables: port } = scene.ports;
      const like = groupOf(scene, 'ledger').names.table;
      const table = `${like}-${RESTORE}`;
      await port.createStrong({ region: EAST, table, like, replicas: [WEST], witness: 'us-east-2', ...ID });
      await scene.later(REPLICA);
      await expect(port.deleteRestored({ region: EAST, table, restore: 'r20200101t000000', guard: GUARD })).rejects.toMatchObject(
        {
          kind: 'invalid',
        },
      );
      for (let round = 0; round < 5; round += 1) {
        try {
          await port.deleteRestored({ region: EAST, table, ...ID });
          break;
        } catch (error) {
          expect(error).toMatchObject({ kind: 'conflict' });
          await scene.later(60_000);
        }
      }
      await scene.later(60_000);
      expect(await port.describe(EAST, table)).toBeUndefined();
      expect(await port.describe(WEST, table)).toBeUndefined();
    },
  },
  {
    port: 'tables',
    name: 'live tables are never deleted, and deleting what is gone is no error',
    run: async (scene) => {
      const { tables: port } = scene.ports;
      const table = groupOf(scene, 'pool').names.table;
      await expect(port.deleteRestored({ region: EAST, table, ...ID })).rejects.toMatchObject({ kind: 'invalid' });
      await port.deleteRestored({ region: EAST, table: `${table}-${RESTORE}`, ...ID });
      expect((await port.describe(EAST, table))?.status).toBe('ACTIVE');
    },
  },
  {
    port: 'tables',
    name: 'after the end of the lease nothing is sent',
    run: async (scene) => {
      const like = groupOf(scene, 'ledger').names.table;
      const table = `${like}-${RESTORE}`;
      const made = { region: EAST, table, like, replicas: [WEST], witness: 'us-east-2', restore: RESTORE, guard: expired(scene) };
      await expect(scene.ports.tables.createStrong(made)).rejects.toMatchObject({ kind: 'lease-expired' });
      expect(await scene.ports.tables.describe(EAST, table)).toBeUndefined();
    },
  },
];
