import type { OperationPorts } from '../../lib/ports';
import { templateBounds } from '../../lib/operations/group-view';
import type { Fleet, TenantGroup } from '../../lib/topology/types';
import { FakeBackups } from './backups';
import { FakeCapacity } from './capacity';
import { FakeControlTable, localJournal } from './control-table';
import { FakeDatabases } from './databases';
import { FakePointers, FakeStacks } from './pointers';
import { FakeQueues } from './queues';
import { FakeSwitches } from './switches';
import { FakeTables } from './tables';
import { FakeTraffic } from './traffic';
import { EPOCH, type FakeProcess, FakeWorld, sha256 } from './world';

const HOUR = 3_600_000;

/** A deployed fleet in one account, as far as operations touch it. */
export class FakeAws {
  public readonly world = new FakeWorld();
  public readonly switches = new FakeSwitches(this.world);
  public readonly databases = new FakeDatabases(this.world);
  public readonly tables = new FakeTables(this.world);
  public readonly capacity = new FakeCapacity(this.world);
  public readonly queues = new FakeQueues(this.world);
  public readonly pointers = new FakePointers(this.world);
  public readonly stacks = new FakeStacks(this.world);
  public readonly backups = new FakeBackups(this.world, this.databases, this.tables);
  public readonly traffic: FakeTraffic;
  public readonly control: FakeControlTable;

  public constructor(public readonly fleet: Fleet) {
    this.control = new FakeControlTable(this.world, fleet.control.table.replicaRegions);
    this.traffic = new FakeTraffic(this.world, fleet.groups, this);
    for (const group of fleet.groups) this.deploy(group);
  }

  private deploy(group: TenantGroup): void {
    const { database } = group;
    const aurora = database.engine === 'aurora-postgresql' || database.engine === 'aurora-mysql';
    const regions = group.stamps.map((stamp) => stamp.shape.region);
    if (aurora) {
      const members = group.stamps.map((stamp) => ({
        region: stamp.shape.region,
        cluster: stamp.values.names.databaseCluster,
        writer: stamp.home,
      }));
      this.databases.addGlobal(group.names.globalCluster, members, database.version);
    }
    if (database.engine === 'dynamodb') {
      const { plans } = this.tables.add(group.names.table, regions, database.consistency);
      for (const { id, shape } of group.stamps) plans.set(shape.region, id);
    }
    for (const stamp of group.stamps) {
      const { region } = stamp.shape;
      const { names } = stamp.values;
      this.capacity.add(stamp.id, templateBounds(stamp));
      if (aurora) {
        const host = `${names.databaseCluster}.cluster-abc123.${region}.rds.amazonaws.com`;
        const pointer = {
          engine: database.engine,
          writer: host,
          reader: host.replace('.cluster-', '.cluster-ro-'),
          port: 5432,
          name: 'app',
        };
        this.pointers.set(region, names.databaseParameter, JSON.stringify(pointer));
        const cluster = this.databases.clusters.get(`${region}/${names.databaseCluster}`);
        if (cluster !== undefined) cluster.plan = stamp.id;
      } else if (database.engine === 'dynamodb') {
        this.pointers.set(region, names.databaseParameter, JSON.stringify({ engine: 'dynamodb', table: group.names.table }));
      }
      this.addBackups(group, region, names.backupVault, aurora ? names.databaseCluster : group.names.table);
    }
    this.stacks.names.add(`${regions[0] ?? ''}/${group.names.dataStack}`);
  }

  private addBackups(group: TenantGroup, region: string, vault: string, resource: string): void {
    const home = group.stamps.find((stamp) => stamp.home)?.shape.region;
    for (const hours of [2, 26]) {
      this.backups.recoveryPoints.push({
        arn: `arn:aws:backup:${region}:111111111111:recovery-point:${group.name}-${hours}`,
        region,
        vault,
        account: group.account,
        resource,
        createdAt: EPOCH - hours * HOUR,
        status: 'completed',
        copy: region !== home,
        lock: 'governance',
      });
    }
  }

  /** Everything a process reaches the world through. */
  public ports(process: FakeProcess): OperationPorts {
    return {
      clock: process.clock,
      sha256,
      reporter: { event: (event) => process.events.push(event) },
      probes: this.traffic.probes(),
      dns: this.traffic.dns(),
      routing: this.traffic.evidence(),
      switches: this.switches.port(process),
      databases: this.databases.port(process),
      tables: this.tables.port(process),
      capacity: this.capacity.port(process),
      queues: this.queues.port(process),
      backups: this.backups.port(process),
      validations: this.backups.validations(),
      divergences: this.backups.divergences(),
      pointers: this.pointers.port(process),
      stacks: this.stacks.port(),
      controlTable: this.control.port(),
      localJournal: localJournal(process),
    };
  }

  /** What a group looks like to everybody outside, without what may differ between two ways to the same end: times, tokens, order. */
  public snapshot(group: TenantGroup): unknown {
    const regions = group.stamps.map((stamp) => stamp.shape.region);
    return {
      answered: this.traffic.answered(group),
      switches: group.stamps.map((stamp) =>
        this.fleet.control.members.map((member) => this.switches.state(member.region, stamp.id)),
      ),
      clusters: [...this.databases.clusters.values()]
        .filter((cluster) => cluster.identifier.includes(`-${group.name}-`))
        .map((cluster) => [
          cluster.region,
          cluster.identifier,
          cluster.global,
          this.databases.role(cluster),
          cluster.instances.length,
        ])
        .sort(),
      globals: [...this.databases.globals.keys()].sort(),
      tables: [...this.tables.tables.values()]
        .map((table) => [table.name, table.consistency, [...table.replicas.keys()].sort(), table.items])
        .sort(),
      capacity: group.stamps.map((stamp) => this.capacity.bounds(stamp.id)),
      queues: group.stamps.map((stamp) => this.queues.of(stamp.id)),
      pointers: regions.map(
        (region, at) => this.pointers.values.get(`${region}${group.stamps[at]!.values.names.databaseParameter}`)?.value,
      ),
    };
  }
}
