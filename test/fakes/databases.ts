import {
  type AuroraCluster,
  type Databases,
  type GlobalCluster,
  type LagReading,
  PortError,
  type WriterChange,
} from '../../lib/ports';
import { EPOCH, type FakeProcess, type FakeWorld } from './world';

interface Member {
  readonly region: string;
  readonly cluster: string;
  writer: boolean;
  /** True time at which it is in step again. */
  connectedAt: number;
}

interface Global {
  readonly identifier: string;
  engineVersion: string;
  members: Member[];
  change?: { readonly kind: 'failing-over' | 'switching-over'; readonly to: Member; readonly doneAt: number };
}

export interface FakeCluster {
  readonly region: string;
  readonly identifier: string;
  engineVersion: string;
  global?: string;
  availableAt: number;
  detachedAt?: number;
  instances: { readonly identifier: string; readonly availableAt: number }[];
  restore?: string;
  /** Stamp whose backup plan takes it. */
  plan?: string;
}

/** Times of the fake, in milliseconds. */
export const AURORA_TIMES = { switchover: 60_000, failover: 120_000, detach: 90_000, create: 300_000, resync: 240_000 };

/** See databases.md. */
export class FakeDatabases {
  public readonly globals = new Map<string, Global>();
  public readonly clusters = new Map<string, FakeCluster>();
  /** Lag of a secondary in seconds, by Region; measured while its source lives. */
  public readonly lagSeconds = new Map<string, number>();
  private readonly lastLag = new Map<string, LagReading>();
  /** So many changes of the writer that are accepted are given up again by AWS: the writer stays. */
  public givenUp = 0;
  /** Status of a cluster in AWS's words, instead of `available`; by `region/identifier`. */
  public readonly statuses = new Map<string, string>();
  /** Changes of the writer that were accepted, in order. */
  public readonly promotions: string[] = [];

  public constructor(private readonly world: FakeWorld) {}

  public addGlobal(
    identifier: string,
    members: readonly { region: string; cluster: string; writer: boolean }[],
    engineVersion = '16.8',
  ): void {
    this.globals.set(identifier, { identifier, engineVersion, members: members.map((each) => ({ ...each, connectedAt: 0 })) });
    for (const { region, cluster } of members) this.addCluster(region, cluster, identifier, engineVersion);
  }

  public addCluster(region: string, identifier: string, global: string | undefined, engineVersion = '16.8'): FakeCluster {
    const cluster: FakeCluster = {
      region,
      identifier,
      engineVersion,
      availableAt: 0,
      instances: [{ identifier: `${identifier}-1`, availableAt: 0 }],
      ...(global !== undefined && { global }),
    };
    this.clusters.set(`${region}/${identifier}`, cluster);
    return cluster;
  }

  /** Clusters that take writes now, by Region: the writer of each global cluster, and everyone that stands alone. */
  public writers(): FakeCluster[] {
    this.settle();
    return [...this.clusters.values()].filter((cluster) => this.role(cluster) === 'writer');
  }

  public role(cluster: FakeCluster): 'writer' | 'reader' | 'none' {
    this.settle();
    if (cluster.availableAt > this.world.time) return 'none';
    if (cluster.global === undefined) return 'writer';
    const global = this.globals.get(cluster.global);
    const member = global?.members.find((each) => each.region === cluster.region && each.cluster === cluster.identifier);
    if (global?.change !== undefined) return 'reader';
    return member?.writer === true ? 'writer' : 'reader';
  }

  /** Carries out what time has finished. */
  private settle(): void {
    for (const global of this.globals.values()) {
      const { change } = global;
      if (change === undefined || change.doneAt > this.world.time) continue;
      if (this.givenUp > 0) {
        this.givenUp -= 1;
        delete global.change;
        continue;
      }
      for (const member of global.members) {
        if (member.writer && member !== change.to) {
          // After a failover the old side is rebuilt from the new one; after a switchover it follows at once.
          member.connectedAt = change.kind === 'failing-over' ? change.doneAt + AURORA_TIMES.resync : change.doneAt;
        }
        member.writer = member === change.to;
      }
      delete global.change;
    }
    for (const cluster of this.clusters.values()) {
      if (cluster.detachedAt === undefined || cluster.detachedAt > this.world.time) continue;
      delete cluster.detachedAt;
      const global = this.globals.get(cluster.global ?? '');
      if (global !== undefined)
        global.members = global.members.filter((each) => each.region !== cluster.region || each.cluster !== cluster.identifier);
      delete cluster.global;
    }
  }

  private view(global: Global): GlobalCluster {
    const { change } = global;
    return {
      identifier: global.identifier,
      status: change === undefined ? 'available' : change.kind,
      engineVersion: global.engineVersion,
      ...(change !== undefined && { failover: { status: change.kind, toRegion: change.to.region } }),
      members: [...global.members]
        .sort((a, b) => (a.region < b.region ? -1 : 1))
        .map((member) => ({
          region: member.region,
          cluster: member.cluster,
          writer: member.writer,
          synchronization: this.world.down.has(member.region)
            ? 'unknown'
            : member.connectedAt > this.world.time
              ? 'pending-resync'
              : 'connected',
        })),
    };
  }

  private show(cluster: FakeCluster): AuroraCluster {
    const at = this.world.time;
    const host = `${cluster.identifier}.cluster-abc123.${cluster.region}.rds.amazonaws.com`;
    return {
      region: cluster.region,
      identifier: cluster.identifier,
      status:
        cluster.detachedAt !== undefined
          ? 'promoting'
          : cluster.availableAt > at
            ? 'creating'
            : (this.statuses.get(`${cluster.region}/${cluster.identifier}`) ?? 'available'),
      engineVersion: cluster.engineVersion,
      instances: cluster.instances.map((instance) => ({
        identifier: instance.identifier,
        status: instance.availableAt > at ? 'creating' : 'available',
      })),
      writerEndpoint: host,
      readerEndpoint: host.replace('.cluster-', '.cluster-ro-'),
      port: 5432,
      ...(cluster.global !== undefined && { globalCluster: cluster.global }),
    };
  }

  public port(process: FakeProcess): Databases {
    const call = async (region: string, name: string, change?: { readonly guard: WriterChange['guard'] }): Promise<void> => {
      await Promise.resolve();
      const place = { service: 'rds', region, call: name };
      if (change !== undefined) process.checkGuard(change.guard, place);
      this.world.reach(place);
      this.settle();
    };
    const invalid = (region: string, name: string, why: string): PortError =>
      new PortError('invalid', { service: 'rds', region, call: name }, why);
    const target = (change: WriterChange, name: string): { global: Global; member: Member } => {
      const global = this.globals.get(change.globalCluster);
      const member = global?.members.find((each) => each.region === change.region && each.cluster === change.cluster);
      if (global === undefined || member === undefined)
        throw invalid(change.region, name, `${change.cluster} is no member of ${change.globalCluster}`);
      if (global.change !== undefined) throw invalid(change.region, name, `${global.identifier} is ${global.change.kind}`);
      return { global, member };
    };
    const sameVersion = (global: Global, change: WriterChange, name: string): void => {
      if (this.clusters.get(`${change.region}/${change.cluster}`)?.engineVersion !== global.engineVersion)
        throw invalid(change.region, name, 'engine versions differ');
    };
    return {
      global: async (region, identifier) => {
        await call(region, 'DescribeGlobalClusters');
        const global = this.globals.get(identifier);
        return global === undefined ? undefined : this.view(global);
      },
      cluster: async (region, identifier) => {
        await call(region, 'DescribeDBClusters');
        const cluster = this.clusters.get(`${region}/${identifier}`);
        return cluster === undefined ? undefined : this.show(cluster);
      },
      lag: async (region, identifier) => {
        await call(region, 'GetMetricData');
        const cluster = this.clusters.get(`${region}/${identifier}`);
        const source = this.globals.get(cluster?.global ?? '')?.members.find((each) => each.writer);
        if (cluster === undefined || source === undefined || source.region === region) return undefined;
        if (!this.world.down.has(source.region)) {
          this.lastLag.set(region, { seconds: this.lagSeconds.get(region) ?? 1, at: EPOCH + this.world.time });
        }
        return this.lastLag.get(region);
      },
      switchover: async (change) => {
        await call(change.writerRegion, 'SwitchoverGlobalCluster', change);
        const { global, member } = target(change, 'SwitchoverGlobalCluster');
        sameVersion(global, change, 'SwitchoverGlobalCluster');
        if (member.writer) return;
        if (global.members.find((each) => each.writer)?.region !== change.writerRegion)
          throw invalid(change.writerRegion, 'SwitchoverGlobalCluster', 'the primary cluster is in another Region');
        const unwell = global.members.find((each) => this.world.down.has(each.region) || each.connectedAt > this.world.time);
        if (unwell !== undefined) throw invalid(change.region, 'SwitchoverGlobalCluster', `${unwell.cluster} is not in step`);
        global.change = { kind: 'switching-over', to: member, doneAt: this.world.time + AURORA_TIMES.switchover };
        this.promotions.push(`${change.region} token ${change.guard.token}`);
      },
      failover: async (change) => {
        await call(change.region, 'FailoverGlobalCluster', change);
        const { global, member } = target(change, 'FailoverGlobalCluster');
        sameVersion(global, change, 'FailoverGlobalCluster');
        if (member.writer) return;
        global.change = { kind: 'failing-over', to: member, doneAt: this.world.time + AURORA_TIMES.failover };
        this.promotions.push(`${change.region} token ${change.guard.token}`);
      },
      removeFromGlobal: async (change) => {
        await call(change.region, 'RemoveFromGlobalCluster', change);
        const { member } = target(change, 'RemoveFromGlobalCluster');
        const cluster = this.clusters.get(`${change.region}/${member.cluster}`)!;
        cluster.detachedAt ??= this.world.time + AURORA_TIMES.detach;
        this.promotions.push(`${change.region} token ${change.guard.token}`);
      },
      createGlobal: async (change) => {
        await call(change.region, 'CreateGlobalCluster', change);
        const cluster = this.clusters.get(`${change.region}/${change.cluster}`);
        if (this.globals.has(change.globalCluster))
          throw new PortError('conflict', { service: 'rds', region: change.region, call: 'CreateGlobalCluster' }, 'exists');
        if (cluster === undefined || cluster.global !== undefined)
          throw invalid(change.region, 'CreateGlobalCluster', 'the source does not stand alone');
        cluster.global = change.globalCluster;
        const member = { region: change.region, cluster: change.cluster, writer: true, connectedAt: 0 };
        this.globals.set(change.globalCluster, {
          identifier: change.globalCluster,
          engineVersion: cluster.engineVersion,
          members: [member],
        });
      },
      addMember: async (creation) => {
        await call(creation.region, 'CreateDBCluster', creation);
        const global = this.globals.get(creation.globalCluster);
        if (global === undefined) throw invalid(creation.region, 'CreateDBCluster', 'there is no such global cluster');
        if (this.clusters.has(`${creation.region}/${creation.cluster}`))
          throw new PortError('conflict', { service: 'rds', region: creation.region, call: 'CreateDBCluster' }, 'exists');
        if (!this.clusters.has(`${creation.region}/${creation.like}`))
          throw invalid(creation.region, 'CreateDBCluster', `there is no ${creation.like}`);
        const cluster = this.addCluster(creation.region, creation.cluster, creation.globalCluster, global.engineVersion);
        cluster.availableAt = this.world.time + AURORA_TIMES.create;
        cluster.instances = [];
        const plan = this.clusters.get(`${creation.region}/${creation.like}`)?.plan;
        if (creation.restore !== undefined) cluster.restore = creation.restore;
        else if (plan !== undefined) cluster.plan = plan;
        global.members.push({
          region: creation.region,
          cluster: creation.cluster,
          writer: false,
          connectedAt: cluster.availableAt,
        });
      },
      addInstances: async (creation) => {
        await call(creation.region, 'CreateDBInstance', creation);
        const cluster = this.clusters.get(`${creation.region}/${creation.cluster}`);
        const like = this.clusters.get(`${creation.region}/${creation.like}`);
        if (cluster === undefined || like === undefined) throw invalid(creation.region, 'CreateDBInstance', 'no such cluster');
        const count = Math.max(1, like.instances.length);
        cluster.instances = Array.from({ length: count }, (_, at) => ({
          identifier: `${cluster.identifier}-${at + 1}`,
          availableAt: this.world.time + AURORA_TIMES.create,
        }));
      },
      deleteRestored: async (deletion) => {
        await call(deletion.region, 'DeleteDBCluster', deletion);
        const cluster = this.clusters.get(`${deletion.region}/${deletion.cluster}`);
        if (cluster === undefined) return;
        if (cluster.restore !== deletion.restore) throw invalid(deletion.region, 'DeleteDBCluster', 'not made by this restore');
        const global = this.globals.get(cluster.global ?? '');
        if (global !== undefined) {
          const own = global.members.find((each) => each.cluster === cluster.identifier && each.region === cluster.region);
          if (own?.writer === true && global.members.length > 1)
            throw invalid(deletion.region, 'DeleteDBCluster', 'still has replicas');
          global.members = global.members.filter((each) => each !== own);
          if (global.members.length === 0) this.globals.delete(global.identifier);
        }
        this.clusters.delete(`${deletion.region}/${deletion.cluster}`);
      },
    };
  }
}
