import { join } from 'node:path';
import { PortError } from '../../ports';
import { call } from '../net/rpc';
import type { LabPlan, TablePlan } from '../plan/lab-plan';
import { LabTime, sleep } from '../time/lab-time';
import { seededRandom } from '../time/random';
import { EventualTable, type Version } from './eventual-table';
import type { GlobalClusters } from './global-clusters';
import { type AttributeValue, type Item, holds, keyOf } from './item';
import { Log } from './store';

interface Put {
  readonly item: Item;
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

/** A table that was made while the lab ran. */
export interface MadeTable extends TablePlan {
  readonly restore?: string;
  readonly dropped?: boolean;
}

/** Milliseconds between two rounds of replication. */
const PUMP = 50;

/** The replicas of tables in one Region, whatever their consistency. */
export class RegionTables {
  private readonly eventual = new Map<string, EventualTable>();
  private readonly strong = new Map<string, TablePlan>();

  public constructor(
    private readonly plan: LabPlan,
    private readonly region: string,
    private readonly network: Pick<GlobalClusters, 'across'>,
  ) {
    this.log = new Log(join(plan.folder, 'regions', region, 'tables.jsonl'));
    for (const table of plan.tables) if (table.replicas.includes(region)) this.open(table);
    for (const table of this.log.read()) {
      if (table.dropped === true) this.close(table.name);
      else this.open(table);
    }
  }

  private readonly log: Log<MadeTable>;
  private readonly made = new Map<string, MadeTable>();

  /** A table that no template has, or a replica that one gets; known again after the Region was away. */
  public add(table: MadeTable): void {
    this.log.append(table);
    this.open(table);
  }

  /** @throws PortError `invalid` for what that restore did not make */
  public drop(name: string, restore: string): void {
    const table = this.made.get(name);
    if (table === undefined) return;
    if (table.restore !== restore) {
      throw new PortError(
        'invalid',
        { service: 'dynamodb', region: this.region, call: 'DeleteTable' },
        `${name} was not made by ${restore}`,
      );
    }
    this.log.append({ ...table, dropped: true });
    this.close(name);
  }

  /** Another Region has a replica from now on. */
  public extend(table: MadeTable, replica: string): void {
    this.log.append(table);
    this.made.set(table.name, table);
    this.eventual.get(table.name)?.addPeer(replica);
  }

  private close(name: string): void {
    this.eventual.delete(name);
    this.strong.delete(name);
    this.made.delete(name);
  }

  /** The table as this Region knows it. */
  public describe(name: string): MadeTable | undefined {
    const made = this.made.get(name);
    if (made !== undefined) return made;
    return this.has(name) ? this.plan.tables.find((table) => table.name === name) : undefined;
  }

  private open(table: MadeTable): void {
    if (!this.plan.tables.includes(table)) this.made.set(table.name, table);
    if (table.consistency === 'strong') {
      this.strong.set(table.name, table);
      return;
    }
    const open = this.eventual.get(table.name);
    if (open !== undefined) {
      for (const peer of table.replicas) if (peer !== this.region) open.addPeer(peer);
      return;
    }
    const peers = table.replicas.filter((peer) => peer !== this.region);
    const { folder, speed, seed } = this.plan;
    const file = join(folder, 'regions', this.region, `table-${encodeURIComponent(table.name)}.jsonl`);
    const send = (to: string, versions: readonly Version[]): Promise<void> => {
      const peer = this.plan.regions.find(({ region }) => region === to);
      if (peer === undefined) throw new Error(`there is no Region ${to}`);
      return this.network.across(to, peer.rpc, 'table.receive', { table: table.name, versions });
    };
    const random = seededRandom(seed, `table ${table.name} ${this.region}`);
    this.eventual.set(table.name, new EventualTable(this.region, peers, file, new LabTime(speed), random, send));
  }

  public start(): void {
    void (async () => {
      for (;;) {
        for (const table of this.eventual.values()) void table.pump().catch(() => undefined);
        await sleep(PUMP);
      }
    })();
  }

  public has(name: string): boolean {
    return this.eventual.has(name) || this.strong.has(name);
  }

  public eventualTable(name: string): EventualTable | undefined {
    return this.eventual.get(name);
  }

  public receive(name: string, versions: readonly Version[]): void {
    this.eventual.get(name)?.receive(versions);
  }

  /** Strongly consistent on a strong table; of an eventual one what this Region knows. */
  public async get(name: string, key: Item): Promise<Item | undefined> {
    const local = this.eventual.get(name);
    if (local !== undefined) return local.get(keyOf(key));
    await this.quorum(name);
    return (await this.ask<Item | null>('strong.get', { table: name, key: keyOf(key) })) ?? undefined;
  }

  public async all(name: string): Promise<Item[]> {
    const local = this.eventual.get(name);
    if (local !== undefined) return local.items();
    await this.quorum(name);
    return this.ask('strong.all', { table: name });
  }

  /** @throws PortError `conflict` on a strong table while another Region writes the item */
  public async put(name: string, { item, condition, names, values }: Put): Promise<'written' | 'refused'> {
    const local = this.eventual.get(name);
    if (local !== undefined) {
      // The condition is looked at here alone: the other Regions may have written already (aws-facts 4.2).
      if (!holds(condition, local.get(keyOf(item)), names, values)) return 'refused';
      local.put(item);
      return 'written';
    }
    await this.quorum(name);
    return this.ask('strong.put', { region: this.region, table: name, item, condition, names, values });
  }

  public async delete(name: string, key: Item): Promise<void> {
    const local = this.eventual.get(name);
    if (local !== undefined) local.delete(keyOf(key));
    else {
      await this.quorum(name);
      await this.ask('strong.delete', { table: name, key: keyOf(key) });
    }
  }

  /** A strong table answers while this Region hears one of the two others. @throws PortError `unreachable` */
  private async quorum(name: string): Promise<void> {
    const table = this.strong.get(name);
    const place = { service: 'dynamodb', region: this.region, call: 'Quorum' };
    if (table === undefined) throw new PortError('not-found', place, `there is no table ${name}`);
    const members = [...table.replicas, ...(table.witness === undefined ? [] : [table.witness])].filter(
      (each) => each !== this.region,
    );
    const asked = members.map((member) => {
      const peer = this.plan.regions.find(({ region }) => region === member);
      return peer === undefined
        ? Promise.reject(new Error('no such Region'))
        : this.network.across(member, peer.rpc, 'ping', {}, 1500);
    });
    try {
      await Promise.any(asked);
    } catch {
      throw new PortError('unreachable', place, `no other Region of ${name} answers`);
    }
  }

  private ask<T>(name: string, parameters: unknown): Promise<T> {
    return call(this.plan.internet.rpc, name, parameters, { place: { service: 'dynamodb', region: this.region, call: name } });
  }
}
