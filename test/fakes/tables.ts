import { type LagReading, PortError, type Tables } from '../../lib/ports';
import { EPOCH, type FakeProcess, type FakeWorld } from './world';

export interface FakeTable {
  readonly name: string;
  consistency: 'eventual' | 'strong' | 'none';
  replicas: Map<string, number>;
  items: number;
  restore?: string;
  /** Stamp whose backup plan takes the replica, by Region; it has a continuous backup then. */
  readonly plans: Map<string, string>;
}

/** Times of the fake, in milliseconds. */
export const TABLE_TIMES = { replica: 600_000, create: 60_000, portion: 100 };

/** See tables.md. */
export class FakeTables {
  public readonly tables = new Map<string, FakeTable>();
  /** True when nobody writes: `ReplicationLatency` has no data. */
  public idle = false;
  /** Seconds, by `from>to`. */
  public readonly lagSeconds = new Map<string, number>();
  private readonly lastLag = new Map<string, LagReading>();

  public constructor(private readonly world: FakeWorld) {}

  public add(name: string, regions: readonly string[], consistency: FakeTable['consistency'], items = 250): FakeTable {
    const table = {
      name,
      consistency,
      replicas: new Map(regions.map((region) => [region, 0])),
      items,
      plans: new Map<string, string>(),
    };
    this.tables.set(name, table);
    return table;
  }

  public port(process: FakeProcess): Tables {
    const call = async (
      region: string,
      name: string,
      change?: { readonly guard: Parameters<FakeProcess['checkGuard']>[0] },
    ): Promise<void> => {
      await Promise.resolve();
      const place = { service: 'dynamodb', region, call: name };
      if (change !== undefined) process.checkGuard(change.guard, place);
      this.world.reach(place);
    };
    const there = (region: string, name: string): FakeTable | undefined => {
      const table = this.tables.get(name);
      return table?.replicas.has(region) === true ? table : undefined;
    };
    const status = (readyAt: number): string => (readyAt > this.world.time ? 'CREATING' : 'ACTIVE');
    return {
      describe: async (region, name) => {
        await call(region, 'DescribeTable');
        const table = there(region, name);
        if (table === undefined) return undefined;
        const replicas = [...table.replicas]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([each, at]) => ({ region: each, status: status(at) }));
        return { region, name, status: status(table.replicas.get(region) ?? 0), consistency: table.consistency, replicas };
      },
      lag: async (from, to, name) => {
        await call(from, 'GetMetricData');
        const table = there(from, name);
        if (this.idle || table?.consistency !== 'eventual' || !table.replicas.has(to)) return undefined;
        const key = `${from}>${to}`;
        if (!this.world.down.has(to))
          this.lastLag.set(key, { seconds: this.lagSeconds.get(key) ?? 1, at: EPOCH + this.world.time });
        return this.lastLag.get(key);
      },
      addReplica: async (change) => {
        await call(change.region, 'UpdateTable', change);
        const table = there(change.region, change.table);
        const place = { service: 'dynamodb', region: change.region, call: 'UpdateTable' };
        if (table === undefined) throw new PortError('not-found', place, 'no such table');
        if ([...table.replicas.values()].some((at) => at > this.world.time))
          throw new PortError('conflict', place, 'another change is going on');
        table.consistency = 'eventual';
        table.replicas.set(change.replica, this.world.time + TABLE_TIMES.replica);
      },
      createStrong: async (change) => {
        await call(change.region, 'CreateTable', change);
        const place = { service: 'dynamodb', region: change.region, call: 'CreateTable' };
        if (this.tables.has(change.table)) throw new PortError('conflict', place, 'exists');
        const regions = [change.region, ...change.replicas];
        if (new Set([...regions, ...(change.witness === undefined ? [] : [change.witness])]).size !== 3)
          throw new PortError('invalid', place, 'needs exactly three Regions');
        const table = this.add(change.table, regions, 'strong', 0);
        for (const region of regions) table.replicas.set(region, this.world.time + TABLE_TIMES.create);
        table.restore = change.restore;
      },
      copy: async (change) => {
        await call(change.region, 'BatchWriteItem', change);
        const from = there(change.region, change.from);
        const to = there(change.region, change.to);
        if (from === undefined || to === undefined)
          throw new PortError('not-found', { service: 'dynamodb', region: change.region, call: 'Scan' }, 'no such table');
        to.items = Math.min(from.items, to.items + TABLE_TIMES.portion);
        return { copied: to.items, done: to.items === from.items };
      },
      deleteRestored: async (change) => {
        await call(change.region, 'DeleteTable', change);
        const table = this.tables.get(change.table);
        if (table === undefined) return;
        if (table.restore !== change.restore)
          throw new PortError(
            'invalid',
            { service: 'dynamodb', region: change.region, call: 'DeleteTable' },
            'not made by this restore',
          );
        this.tables.delete(change.table);
      },
    };
  }
}
