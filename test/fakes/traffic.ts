import { type Dns, type HealthReading, PortError, type Probes, type RoutingEvidence } from '../../lib/ports';
import type { TenantGroup } from '../../lib/topology/types';
import { clusterOfPointer } from '../../lib/operations/observe/pointer-document';
import type { FakeDatabases } from './databases';
import type { FakePointers } from './pointers';
import type { FakeSwitches } from './switches';
import type { FakeWorld } from './world';

/** Health of stamps and what Route 53 answers. See traffic.md. */
export class FakeTraffic {
  /** Stamps whose own compute is down. */
  public readonly sick = new Set<string>();
  /** Regions that no health checker reaches; clients do. */
  public readonly unseen = new Set<string>();
  /** Deployed holder of the PRIMARY record; a `settle` and a deploy change it. */
  public readonly holders = new Map<string, string>();
  /** True when the Route 53 API does not answer. */
  public routeApiDown = false;

  public constructor(
    private readonly world: FakeWorld,
    private readonly groups: readonly TenantGroup[],
    private readonly parts: {
      readonly switches: FakeSwitches;
      readonly databases: FakeDatabases;
      readonly pointers: FakePointers;
    },
  ) {
    for (const group of groups) {
      const primary = group.stamps.find((stamp) => stamp.preferredRole === 'primary');
      if (primary !== undefined) this.holders.set(group.name, primary.id);
    }
  }

  public health(group: TenantGroup, stampId: string): HealthReading {
    const stamp = group.stamps.find((each) => each.id === stampId)!;
    const reasons = this.sick.has(stampId) ? ['compute-down'] : [];
    const status = reasons.length > 0 ? 'fail' : 'pass';
    switch (group.database.engine) {
      case 'aurora-postgresql':
      case 'aurora-mysql': {
        const pointer =
          this.parts.pointers.values.get(`${stamp.shape.region}${stamp.values.names.databaseParameter}`)?.value ?? '';
        const cluster = this.parts.databases.clusters.get(`${stamp.shape.region}/${clusterOfPointer(pointer) ?? ''}`);
        const role = cluster === undefined ? 'none' : this.parts.databases.role(cluster);
        return { status, role: role === 'none' ? 'unknown' : role, writable: role === 'writer', reasons };
      }
      case 'dynamodb':
        return { status, role: 'writer', writable: true, reasons };
      case 'external':
      case 'none':
        return { status, role: 'none', writable: false, reasons };
    }
  }

  public healthy(group: TenantGroup, stampId: string): boolean {
    const region = group.stamps.find((each) => each.id === stampId)!.shape.region;
    return !this.world.down.has(region) && !this.unseen.has(region) && this.health(group, stampId).status !== 'fail';
  }

  /** The stamps that Route 53 leads to now, TTLs and propagation left out. */
  public answered(group: TenantGroup): string[] {
    const ids = group.stamps.map((stamp) => stamp.id);
    const healthy = ids.filter((id) => this.healthy(group, id) && !this.parts.switches.evacuated(id));
    const holder = this.holders.get(group.name);
    if (group.mode !== 'active-passive') return healthy.length > 0 ? healthy : ids;
    // Failover records: the primary while it is healthy, else the secondary while it is, else the primary (aws-facts 1.3).
    if (holder !== undefined && healthy.includes(holder)) return [holder];
    return healthy.length > 0 ? healthy.slice(0, 1) : [holder ?? ids[0]!];
  }

  public probes(): Probes {
    const group = (name: string): TenantGroup => this.groups.find((each) => each.name === name)!;
    return {
      health: async (stamp) => {
        await Promise.resolve();
        this.world.reach({ service: 'lambda', region: stamp.region, call: 'Invoke' });
        return this.health(group(stamp.group), stamp.id);
      },
      direct: async (stamp) => {
        await Promise.resolve();
        this.world.reach({ service: 'https', region: stamp.region, call: 'GET' });
        return { httpStatus: this.sick.has(stamp.id) ? 503 : 200 };
      },
    };
  }

  public dns(): Dns {
    const address = (group: TenantGroup, id: string): string =>
      `192.0.2.${group.stamps.findIndex((stamp) => stamp.id === id) + 1}`;
    return {
      answers: async (name) => {
        await Promise.resolve();
        for (const group of this.groups) {
          const own = group.stamps.find((stamp) => stamp.values.recordName === name);
          const stamps = own !== undefined ? [own.id] : group.recordName === name ? this.answered(group) : undefined;
          if (stamps === undefined) continue;
          const addresses = stamps.map((id) => address(group, id)).sort();
          return ['ns-1.example.net', '192.0.2.53'].map((vantage, at) => ({ vantage, authoritative: at === 0, addresses }));
        }
        return [];
      },
    };
  }

  public evidence(): RoutingEvidence {
    return {
      primaryHolder: async (group) => {
        await Promise.resolve();
        if (this.routeApiDown)
          throw new PortError('timeout', { service: 'route53', region: '-', call: 'ListResourceRecordSets' }, 'no answer');
        return this.holders.get(group);
      },
    };
  }
}
