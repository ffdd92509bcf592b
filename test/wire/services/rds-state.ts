import type { Place, WireWorld } from '../world';

/** Milliseconds that things take (aws-facts 4.1, 10.3; typical values). */
export const RDS_TIMES = {
  switchover: 60_000,
  failover: 120_000,
  detach: 90_000,
  create: 300_000,
  instance: 300_000,
  restore: 1_200_000,
  remove: 60_000,
  resync: 240_000,
};

/** What a cluster was made with, in the words of `CreateDBCluster`. */
export interface ClusterSettings {
  readonly Engine: string;
  readonly EngineVersion: string;
  readonly DBSubnetGroupName?: string;
  readonly VpcSecurityGroupIds?: readonly string[];
  readonly DBClusterParameterGroupName?: string;
  readonly Port?: number;
  readonly KmsKeyId?: string;
  readonly StorageEncrypted?: boolean;
  readonly EnableIAMDatabaseAuthentication?: boolean;
  readonly EnableCloudwatchLogsExports?: readonly string[];
  readonly BackupRetentionPeriod?: number;
  readonly CopyTagsToSnapshot?: boolean;
  readonly ServerlessV2ScalingConfiguration?: { readonly MinCapacity?: number; readonly MaxCapacity?: number };
  readonly DatabaseInsightsMode?: string;
}

export interface Cluster extends Place {
  readonly id: string;
  settings: ClusterSettings;
  deletionProtection: boolean;
  tags: Map<string, string>;
  global?: string;
  readonly createdAt: number;
  availableAt: number;
  /** Detached from its global cluster at this moment, and `promoting` until then. */
  detachedAt?: number;
  deletedAt?: number;
  /** Why it will never be available. */
  failure?: string;
  /** Rows in it, for those who count. */
  rows: number;
}

export interface Instance extends Place {
  readonly id: string;
  readonly cluster: string;
  readonly settings: Readonly<Record<string, unknown>>;
  availableAt: number;
  deletedAt?: number;
}

export interface Member {
  readonly region: string;
  readonly cluster: string;
  writer: boolean;
  connectedAt: number;
}

export interface GlobalCluster {
  readonly account: string;
  readonly id: string;
  readonly engine: string;
  engineVersion: string;
  members: Member[];
  change?: {
    readonly kind: 'failing-over' | 'switching-over';
    readonly to: Member;
    readonly from: Member;
    readonly doneAt: number;
  };
}

export interface Snapshot extends Place {
  readonly id: string;
  readonly cluster: string;
  readonly type: string;
  readonly createdAt: number;
  readonly engine: string;
  readonly engineVersion: string;
  readonly rows: number;
}

/** Everything that RDS holds, and what time does to it. */
export class RdsState {
  public readonly globals = new Map<string, GlobalCluster>();
  public readonly clusters = new Map<string, Cluster>();
  public readonly instances = new Map<string, Instance>();
  public readonly snapshots: Snapshot[] = [];
  /** Seconds that a secondary is behind, by `region/cluster`. */
  public readonly lagSeconds = new Map<string, number>();

  public constructor(
    public readonly world: WireWorld,
    public readonly times: typeof RDS_TIMES = RDS_TIMES,
  ) {}

  public key({ account, region }: Place, id: string): string {
    return `${account}/${region}/${id}`;
  }

  public arn({ account, region }: Place, id: string, kind = 'cluster'): string {
    return `arn:aws:rds:${region}:${account}:${kind}:${id}`;
  }

  public cluster(place: Place, id: string): Cluster | undefined {
    this.settle();
    return this.clusters.get(this.key(place, id.split(':').at(-1) ?? id));
  }

  public instancesOf(cluster: Cluster): Instance[] {
    return [...this.instances.values()].filter(
      (each) => each.cluster === cluster.id && each.region === cluster.region && each.account === cluster.account,
    );
  }

  public status(cluster: Cluster): string {
    const { now } = this.world;
    if (cluster.deletedAt !== undefined) return 'deleting';
    if (cluster.failure !== undefined) return cluster.failure;
    if (cluster.detachedAt !== undefined) return 'promoting';
    return cluster.availableAt > now ? 'creating' : 'available';
  }

  /** What its writer endpoint does. */
  public role(cluster: Cluster): 'writer' | 'reader' | 'none' {
    this.settle();
    if (this.status(cluster) !== 'available') return 'none';
    const global = this.globals.get(`${cluster.account}/${cluster.global ?? ''}`);
    if (global === undefined) return 'writer';
    if (global.change !== undefined) return 'reader';
    return global.members.some((each) => each.writer && each.cluster === cluster.id && each.region === cluster.region)
      ? 'writer'
      : 'reader';
  }

  /** Carries out what time has finished. */
  public settle(): void {
    const { now } = this.world;
    for (const global of this.globals.values()) {
      const { change } = global;
      if (change === undefined || change.doneAt > now) continue;
      if (change.kind === 'failing-over') this.keepOldVolume(global.account, change.from, change.doneAt);
      for (const member of global.members) {
        if (member !== change.to)
          member.connectedAt = change.kind === 'failing-over' ? change.doneAt + this.times.resync : change.doneAt;
        member.writer = member === change.to;
      }
      delete global.change;
    }
    for (const cluster of this.clusters.values()) {
      if (cluster.detachedAt !== undefined && cluster.detachedAt <= now) this.detach(cluster);
      if (cluster.deletedAt !== undefined && cluster.deletedAt <= now) this.clusters.delete(this.key(cluster, cluster.id));
    }
    for (const instance of this.instances.values()) {
      if (instance.deletedAt !== undefined && instance.deletedAt <= now) this.instances.delete(this.key(instance, instance.id));
    }
  }

  public detach(cluster: Cluster): void {
    const global = this.globals.get(`${cluster.account}/${cluster.global ?? ''}`);
    if (global !== undefined)
      global.members = global.members.filter((each) => each.region !== cluster.region || each.cluster !== cluster.id);
    delete cluster.global;
    delete cluster.detachedAt;
  }

  /** The snapshot that Aurora keeps of what only the old side may have (aws-facts 4.1). */
  private keepOldVolume(account: string, from: Member, at: number): void {
    const old = this.clusters.get(`${account}/${from.region}/${from.cluster}`);
    if (old === undefined) return;
    this.snapshots.push({
      account,
      region: from.region,
      id: `rds:unplanned-global-failover-${from.cluster}-${new Date(at).toISOString().slice(0, 16).replace(/[T:]/g, '-')}`,
      cluster: from.cluster,
      type: 'automated',
      createdAt: at,
      engine: old.settings.Engine,
      engineVersion: old.settings.EngineVersion,
      rows: old.rows,
    });
  }
}
