import { join } from 'node:path';
import { PortError } from '../../ports';
import type { Endpoint } from '../net/endpoint';
import type { LabPlan, StampPlan } from '../plan/lab-plan';
import type { ClusterPlace } from '../stamp/databases';
import type { GlobalClusters, MemberState } from './global-clusters';
import { invalid } from './global-clusters';
import { Log } from './store';
import type { Vaults } from './vaults';

/** A cluster that no template has: a restore made it, or it joined one that a restore made. */
export interface ExtraCluster {
  readonly cluster: string;
  readonly stamp: string;
  readonly endpoint: Endpoint;
  readonly restore?: string;
  /** `prepared`: files are there, nobody has started it. */
  readonly state: 'copying' | 'prepared' | 'running' | 'failed' | 'deleted';
  readonly message?: string;
}

export interface RestoreRequest {
  readonly source:
    | { readonly kind: 'recovery-point'; readonly arn: string; readonly vault: string }
    | { readonly kind: 'continuous'; readonly resource: string; readonly at: number };
  readonly target: string;
  readonly like: string;
  readonly restore: string;
}

/** Clusters beside those of the templates, in one Region. */
export class RestoredClusters {
  private readonly clusters = new Map<string, ExtraCluster>();
  private readonly log: Log<ExtraCluster>;

  public constructor(
    private readonly plan: LabPlan,
    private readonly region: string,
    private readonly globals: GlobalClusters,
    private readonly vaults: Vaults,
    /** Names of clusters changed. */
    private readonly onChange: () => void,
  ) {
    this.log = new Log(join(plan.folder, 'regions', region, 'restored-clusters.jsonl'));
    for (const cluster of this.log.read()) this.clusters.set(cluster.cluster, cluster);
    this.publish();
  }

  public get(cluster: string): ExtraCluster | undefined {
    const found = this.clusters.get(cluster);
    return found?.state === 'deleted' ? undefined : found;
  }

  private set(cluster: ExtraCluster): void {
    this.clusters.set(cluster.cluster, cluster);
    this.log.append(cluster);
    this.publish();
    this.onChange();
  }

  private publish(): void {
    this.globals.extra.clear();
    for (const { cluster, endpoint, state } of this.clusters.values())
      if (state !== 'deleted') this.globals.extra.set(cluster, endpoint);
  }

  /** The stamp of this Region whose agent runs a cluster of the templates. */
  private stampLike(like: string): StampPlan {
    const found = this.plan.stamps.find(
      ({ region, database, id }) =>
        region === this.region &&
        (this.clusters.get(like)?.stamp === id || (database.engine === 'aurora' && database.cluster === like)),
    );
    if (found === undefined) throw invalid(this.region, 'CreateDBCluster', `there is no ${like}`);
    return found;
  }

  /** Copies a backup into a new cluster beside the live one, in the background. */
  public async restore({ source, target, like, restore }: RestoreRequest): Promise<void> {
    const known = this.get(target);
    if (known?.restore === restore) return;
    if (known !== undefined)
      throw new PortError('conflict', { service: 'backup', region: this.region, call: 'StartRestoreJob' }, `${target} exists`);
    const stamp = this.stampLike(like);
    const from =
      source.kind === 'recovery-point'
        ? this.vaults.find(source.vault, source.arn)
        : this.vaults.before(source.resource, source.at);
    const member = { stamp: stamp.id, region: this.region };
    const endpoint = await this.globals.agent<Endpoint>(member, 'db.freeEndpoint', {});
    const made: ExtraCluster = { cluster: target, stamp: stamp.id, endpoint, restore, state: 'copying' };
    this.set(made);
    const order = {
      cluster: target,
      endpoint,
      from: join(from, 'data'),
      ...(source.kind === 'continuous' && { source: source.resource, at: source.at }),
    };
    void this.globals.agent(member, 'db.restore', order, 120_000).then(
      () => {
        this.set({ ...made, state: 'prepared' });
      },
      (error: unknown) => {
        this.set({ ...made, state: 'failed', message: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  public job(target: string): { status: 'running' | 'completed' | 'failed'; message?: string } | undefined {
    const found = this.get(target);
    if (found === undefined) return undefined;
    if (found.state === 'failed') return { status: 'failed', ...(found.message !== undefined && { message: found.message }) };
    return { status: found.state === 'copying' ? 'running' : 'completed' };
  }

  /** Instances of a cluster: the server starts, and recovers what it was told to. */
  public addInstances({ cluster }: { readonly cluster: string }): void {
    const found = this.get(cluster);
    if (found === undefined) throw invalid(this.region, 'CreateDBInstance', `there is no ${cluster}`);
    if (found.state !== 'prepared') return;
    const member = { stamp: found.stamp, region: this.region };
    void this.globals.agent(member, 'db.finishRestore', { cluster }, 120_000).then(
      () => {
        this.set({ ...found, state: 'running' });
      },
      (error: unknown) => {
        this.set({ ...found, state: 'failed', message: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  /** A global cluster around one that stands alone. */
  public async createGlobal({
    globalCluster,
    cluster,
  }: {
    readonly globalCluster: string;
    readonly cluster: string;
  }): Promise<void> {
    const found = this.get(cluster);
    if (found?.state !== 'running') throw invalid(this.region, 'CreateGlobalCluster', `${cluster} does not run`);
    const present = this.globals.get(globalCluster);
    if (present !== undefined) {
      if (present.members.some((member) => member.cluster === cluster)) return;
      throw new PortError(
        'conflict',
        { service: 'rds', region: this.region, call: 'CreateGlobalCluster' },
        `${globalCluster} exists`,
      );
    }
    const writer: MemberState = { region: this.region, cluster, stamp: found.stamp, writer: true, inStep: true };
    const version = this.plan.globals[0]?.version ?? '16';
    const state = { identifier: globalCluster, version, epoch: 1, members: [writer] };
    this.globals.accept(state);
    await this.globals.tell(state);
  }

  /** A replica of a global cluster in this Region, made from the writer's files. */
  public async addMember({
    cluster,
    like,
    globalCluster,
    restore,
  }: {
    readonly cluster: string;
    readonly like: string;
    readonly globalCluster: string;
    readonly restore?: string;
  }): Promise<void> {
    const state = this.globals.get(globalCluster);
    const writer = state?.members.find((member) => member.writer);
    if (state === undefined || writer === undefined)
      throw invalid(this.region, 'CreateDBCluster', `there is no ${globalCluster}`);
    if (state.members.some((member) => member.cluster === cluster)) return;
    const stamp = this.stampLike(like);
    const member: MemberState = { region: this.region, cluster, stamp: stamp.id, writer: false, inStep: true };
    const endpoint = await this.globals.agent<Endpoint>(member, 'db.freeEndpoint', {});
    await this.globals.agent(member, 'db.add', { cluster, endpoint });
    const made: ExtraCluster = {
      cluster,
      stamp: stamp.id,
      endpoint,
      state: 'copying',
      ...(restore !== undefined && { restore }),
    };
    this.set(made);
    const link = await this.globals.linkFor(cluster, this.region);
    const next = await this.globals.change(globalCluster, (now) => ({ ...now, members: [...now.members, member] }));
    await this.globals.tell(next);
    void (async () => {
      const source = await this.globals.agent<ClusterPlace>(writer, 'db.place', { cluster: writer.cluster });
      await this.globals.agent(member, 'db.rebuild', { cluster, link, source }, 120_000);
      this.set({ ...made, state: 'running' });
    })().catch((error: unknown) => {
      this.set({ ...made, state: 'failed', message: error instanceof Error ? error.message : String(error) });
    });
  }

  /** A member leaves and stands alone, as a writer. */
  public async removeFromGlobal({
    globalCluster,
    cluster,
  }: {
    readonly globalCluster: string;
    readonly cluster: string;
  }): Promise<void> {
    const state = this.globals.get(globalCluster);
    const member = state?.members.find((each) => each.cluster === cluster);
    if (state === undefined || member === undefined) return;
    await this.globals.change(globalCluster, (now) => ({
      ...now,
      members: now.members.filter((each) => each.cluster !== cluster),
    }));
    void this.globals.agent(member, 'db.promote', { cluster }, 120_000).catch(() => undefined);
  }

  /** Deletes what a restore made, and its global cluster with its last member. @throws PortError `invalid` for anything else */
  public async deleteRestored({ cluster, restore }: { readonly cluster: string; readonly restore: string }): Promise<void> {
    const found = this.get(cluster);
    if (found === undefined) return;
    if (found.restore !== restore) throw invalid(this.region, 'DeleteDBCluster', `${cluster} was not made by ${restore}`);
    const state = this.globals.all().find(({ members }) => members.some((member) => member.cluster === cluster));
    if (state !== undefined) {
      const own = state.members.find((member) => member.cluster === cluster);
      if (own?.writer === true && state.members.length > 1)
        throw invalid(this.region, 'DeleteDBCluster', `${cluster} still has replicas`);
      const next = await this.globals.change(state.identifier, (now) => ({
        ...now,
        members: now.members.filter((member) => member.cluster !== cluster),
      }));
      if (next.members.length === 0) await this.globals.remove(state.identifier);
    }
    await this.globals.agent({ stamp: found.stamp, region: this.region }, 'db.destroy', { cluster }, 30_000);
    this.set({ ...found, state: 'deleted' });
  }
}
