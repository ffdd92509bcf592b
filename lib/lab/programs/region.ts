import { join } from 'node:path';
import { hostsFile, writeHosts } from '../net/hosts-file';
import { type Handlers, listen, rpcListener } from '../net/rpc';
import type { Endpoint } from '../net/endpoint';
import type { LabPlan, RegionPlan, StampPlan } from '../plan/lab-plan';
import { databaseHandlers } from '../region/database-api';
import type { Version } from '../region/eventual-table';
import { GlobalClusters } from '../region/global-clusters';
import type { AttributeValue, Item } from '../region/item';
import { Parameters } from '../region/parameters';
import { RestoredClusters, type RestoreRequest } from '../region/restored-clusters';
import { serviceDoors } from '../region/service-doors';
import { SwitchObjects } from '../region/switches';
import { type TableRestore, restoreTable, tableHandlers } from '../region/table-api';
import { RegionTables } from '../region/tables';
import { Vaults } from '../region/vaults';
import { WorkQueue } from '../region/work-queue';
import { EventLog } from '../time/events';
import { LabTime } from '../time/lab-time';

/** The services of one Region that its stamps and operators call: they die and return with it, and find their disks again. */
class Region {
  private readonly folder: string;
  private readonly events = new EventLog();
  public readonly switches: SwitchObjects;
  private readonly parameters: Parameters;
  private readonly globals: GlobalClusters;
  private readonly vaults: Vaults;
  private readonly restored: RestoredClusters;
  public readonly tables: RegionTables;
  public readonly queues = new Map<string, WorkQueue>();
  private readonly stamps: readonly StampPlan[];

  public constructor(
    private readonly plan: LabPlan,
    private readonly own: RegionPlan,
  ) {
    const { region } = own;
    this.folder = join(plan.folder, 'regions', region);
    this.stamps = plan.stamps.filter((stamp) => stamp.region === region);
    this.switches = new SwitchObjects(join(this.folder, 'switches.jsonl'));
    const pointers = this.stamps.flatMap(({ pointer, database }) => {
      const document = pointerDocument(database);
      return pointer === undefined || document === undefined ? [] : [[pointer, document] as const];
    });
    this.parameters = new Parameters(join(this.folder, 'parameters.jsonl'), Object.fromEntries(pointers));
    this.globals = new GlobalClusters(plan, region, this.events, (stamp) => {
      this.backUp(stamp);
    });
    this.tables = new RegionTables(plan, region, this.globals);
    this.vaults = new Vaults(plan, region, this.tables);
    this.restored = new RestoredClusters(plan, region, this.globals, this.vaults, () => {
      this.writeHosts();
    });
    const time = new LabTime(plan.speed);
    for (const { queue } of this.stamps) {
      if (queue === undefined) continue;
      const { retention, visibilityTimeout, maxReceives } = queue;
      const dead = new WorkQueue(join(this.folder, `${queue.deadLetter}.jsonl`), { retention, visibilityTimeout: 30 }, time);
      const deadLetter = { maxReceives, move: (body: string) => dead.send(body) };
      const work = new WorkQueue(join(this.folder, `${queue.name}.jsonl`), { retention, visibilityTimeout, deadLetter }, time);
      this.queues.set(queue.name, work).set(queue.deadLetter, dead);
    }
  }

  public async start(): Promise<void> {
    this.writeHosts();
    await listen(this.own.services, serviceDoors(this));
    await listen(this.own.rpc, rpcListener(this.handlers()));
    this.tables.start();
    this.globals.start();
  }

  private backUp(id: string): void {
    const stamp = this.stamps.find((each) => each.id === id);
    if (stamp?.backup !== undefined) void this.vaults.run(stamp, stamp.backup).catch(() => undefined);
  }

  /** Names that containers of this Region resolve. */
  private writeHosts(): void {
    const { region, services } = this.own;
    const clusters = this.stamps.flatMap(({ database }): [string, Endpoint][] =>
      database.engine === 'aurora'
        ? [
            [database.writer, database.endpoint],
            [database.reader, database.endpoint],
          ]
        : [],
    );
    writeHosts(hostsFile(this.plan, region), {
      [`sqs.${region}.amazonaws.com`]: services,
      [`dynamodb.${region}.amazonaws.com`]: services,
      ...Object.fromEntries(clusters),
      ...Object.fromEntries(this.globals.extraHosts()),
    });
  }

  private handlers(): Handlers {
    const queue = (name: string): WorkQueue => {
      const found = this.queues.get(name);
      if (found === undefined) throw new Error(`there is no queue ${name}`);
      return found;
    };
    return {
      ping: () => 'ok',
      events: ({ since }: { since: number }) => this.events.since(since),
      's3.get': ({ key }: { key: string }) => this.switches.get(key) ?? null,
      's3.put': ({ key, body, etag }: { key: string; body: string; etag?: string }) => this.switches.put(key, body, etag),
      'ssm.get': ({ name }: { name: string }) => this.parameters.get(name) ?? null,
      'ssm.put': ({ name, value }: { name: string; value: string }) => this.parameters.put(name, value),
      'table.receive': ({ table, versions }: { table: string; versions: readonly Version[] }) => {
        this.tables.receive(table, versions);
      },
      'table.get': async ({ table, key }: { table: string; key: Item }) => (await this.tables.get(table, key)) ?? null,
      'table.put': ({
        table,
        ...put
      }: {
        table: string;
        item: Item;
        condition?: string;
        values?: Record<string, AttributeValue>;
      }) => this.tables.put(table, put),
      'table.delete': ({ table, key }: { table: string; key: Item }) => this.tables.delete(table, key),
      'table.all': ({ table }: { table: string }) => this.tables.all(table),
      'table.lag': ({ table, to }: { table: string; to: string }) => this.tables.eventualTable(table)?.lag(to) ?? null,
      'table.delayOf': ({ table, to }: { table: string; to: string }) =>
        this.tables.eventualTable(table)?.extraDelay.get(to) ?? 0,
      'table.delay': ({ table, to, milliseconds }: { table: string; to: string; milliseconds: number }) => {
        this.tables.eventualTable(table)?.extraDelay.set(to, milliseconds);
      },
      'sqs.reading': ({ name, deadLetter }: { name: string; deadLetter: string }) => ({
        ...queue(name).reading(),
        deadLetters: queue(deadLetter).bodies().length,
      }),
      'sqs.bodies': ({ name }: { name: string }) => queue(name).bodies(),
      'sqs.receive': ({ name, most }: { name: string; most: number }) => queue(name).receive(most),
      'sqs.delete': ({ name, receipts }: { name: string; receipts: readonly string[] }) => {
        for (const receipt of receipts) queue(name).delete(receipt);
      },
      'sqs.send': ({ name, bodies }: { name: string; bodies: readonly string[] }) => {
        for (const body of bodies) queue(name).send(body);
      },
      'sqs.redrive': ({ name, deadLetter }: { name: string; deadLetter: string }) => {
        for (const body of queue(deadLetter).drain(10_000)) queue(name).send(body);
      },
      ...databaseHandlers(this.globals, this.restored),
      ...tableHandlers(this.plan, this.own.region, this.tables, this.globals),
      'backup.begin': () => this.vaults.begin(),
      'backup.run': ({ stamp }: { stamp: string }) => {
        const found = this.stamps.find(({ id }) => id === stamp);
        if (found?.backup === undefined) throw new Error(`there is no backup plan of ${stamp}`);
        return this.vaults.run(found, found.backup);
      },
      'backup.points': ({ vault }: { vault: string }) => this.vaults.points(vault),
      'backup.window': ({ resource }: { resource: string }) => this.vaults.window(resource) ?? null,
      'backup.cover': ({ stamp, resource }: { stamp: string; resource: string }) => {
        this.vaults.cover(stamp, resource);
      },
      'backup.coverage': ({ resource }: { resource: string }) => {
        const stamp = this.vaults.coveredBy(resource);
        return { continuous: stamp !== undefined, ...(stamp !== undefined && { stamp }) };
      },
      'backup.start': (request: RestoreRequest & TableRestore & { engine: string }) =>
        request.engine === 'dynamodb'
          ? restoreTable(this.own.region, this.tables, this.vaults, request)
          : this.restored.restore(request),
      'backup.job': ({ target }: { target: string }) =>
        this.restored.job(target) ?? (this.tables.describe(target) === undefined ? null : { status: 'completed' }),
    };
  }
}

/** What a deployed pointer says, with names of the lab. */
function pointerDocument(database: StampPlan['database']): string | undefined {
  if (database.engine === 'none') return undefined;
  if (database.engine === 'dynamodb') return JSON.stringify({ engine: 'dynamodb', table: database.table });
  const { writer, reader, endpoint, name } = database;
  return JSON.stringify({ engine: 'aurora-postgresql', writer, reader, port: endpoint.port, name });
}

export async function runRegion(plan: LabPlan, name: string): Promise<void> {
  const own = plan.regions.find(({ region }) => region === name);
  if (own === undefined) throw new Error(`the plan has no Region ${name}`);
  await new Region(plan, own).start();
}
