import { join } from 'node:path';
import { LAB_ASSUMPTIONS } from '../../facts/lab-assumptions';
import { isPortError, PortError } from '../../ports';
import type { Endpoint } from '../net/endpoint';
import { call, type CallOptions } from '../net/rpc';
import { throughWideArea } from '../net/wide-area';
import type { GlobalPlan, LabPlan, StampPlan } from '../plan/lab-plan';
import { clusterHost, readerHost } from '../plan/read-plan';
import type { ClusterPlace } from '../stamp/databases';
import type { ClusterStatus } from '../stamp/postgres/cluster';
import type { EventLog } from '../time/events';
import { LabTime, sleep } from '../time/lab-time';
import { type Random, draw, seededRandom } from '../time/random';
import { Log } from './store';

export interface MemberState {
  readonly region: string;
  readonly cluster: string;
  readonly stamp: string;
  readonly writer: boolean;
  /** False after an unplanned failover until it has been rebuilt from the new writer. */
  readonly inStep: boolean;
}

export interface GlobalState {
  readonly identifier: string;
  readonly version: string;
  /** Grows with every change; the highest one is the truth. */
  readonly epoch: number;
  readonly change?: { readonly kind: 'failing-over' | 'switching-over'; readonly toRegion: string };
  readonly members: readonly MemberState[];
}

/** Milliseconds between two looks at the members of this Region. */
const LOOK = 500;
const CALL_TIMEOUT = 2000;
/** Milliseconds that a look at another Region's member may take, and for which its silence is remembered. */
const STATUS_TIMEOUT = 1500;
const SILENCE_REMEMBERED = 3000;
/** Milliseconds for what takes real work: a copy, a promotion. */
const WORK_TIMEOUT = 120_000;

/**
 * The control plane of global databases in one Region. Each Region holds a copy of what is true and tells the others; whoever was away learns it when it
 * returns. Fencing of an old writer is best effort, as on Aurora (aws-facts 4.1): who cannot be reached goes on writing until it hears.
 */
export class GlobalClusters {
  private readonly states = new Map<string, GlobalState>();
  private readonly log: Log<GlobalState>;
  private readonly time: LabTime;
  private readonly random: Random;
  /** Clusters of this Region that something is being done to here. */
  private readonly busy = new Set<string>();
  /** Until when a Region counts as silent, on the clock of `performance`. */
  private readonly silentUntil = new Map<string, number>();

  public constructor(
    private readonly plan: LabPlan,
    public readonly region: string,
    private readonly events: EventLog,
    /** A member of this Region has got its files anew: what was backed up before does not lead to what it is now. */
    private readonly onRebuilt: (stamp: string) => void,
  ) {
    this.time = new LabTime(plan.speed);
    this.random = seededRandom(plan.seed, `databases ${region}`);
    this.log = new Log(join(plan.folder, 'regions', region, 'global-clusters.jsonl'));
    for (const initial of plan.globals) this.states.set(initial.identifier, firstState(initial));
    for (const state of this.log.read()) this.states.set(state.identifier, state);
  }

  public start(): void {
    void this.watch();
  }

  public get(identifier: string): GlobalState | undefined {
    return this.all().find((state) => state.identifier === identifier);
  }

  /** Those that exist: one without members was deleted. */
  public all(): GlobalState[] {
    return this.told().filter(({ members }) => members.length > 0);
  }

  /** With those that were deleted, so that other Regions hear of it. */
  public told(): GlobalState[] {
    return [...this.states.values()];
  }

  /** Takes what another Region says, if it is newer. */
  public accept(state: GlobalState): void {
    if (state.epoch <= (this.states.get(state.identifier)?.epoch ?? 0)) return;
    this.states.set(state.identifier, state);
    this.log.append(state);
  }

  /** Forgets a global cluster without members, everywhere. */
  public async remove(identifier: string): Promise<void> {
    await this.change(identifier, (state) => ({ ...state, members: [] }));
  }

  /** The way that a replica's replication takes; made for clusters that no template has. */
  public async linkFor(cluster: string, region: string): Promise<Endpoint> {
    return call(this.plan.internet.rpc, 'link', { cluster, region });
  }

  /** Changes what is true, here and wherever it can be told. */
  public async change(identifier: string, update: (state: GlobalState) => Omit<GlobalState, 'epoch'>): Promise<GlobalState> {
    const next = this.changeHere(identifier, update);
    await this.tell(next);
    return next;
  }

  /** Changes what is true here. Whoever calls tells the others, for which nobody has to wait: the epoch says what is newer. */
  public changeHere(identifier: string, update: (state: GlobalState) => Omit<GlobalState, 'epoch'>): GlobalState {
    const state = this.states.get(identifier);
    if (state === undefined) throw new Error(`there is no global cluster ${identifier}`);
    const next = { ...update(state), epoch: state.epoch + 1 };
    this.accept(next);
    return next;
  }

  public async tell(state: GlobalState): Promise<void> {
    const others = this.plan.regions.filter(({ region }) => region !== this.region);
    await Promise.all(others.map(({ region, rpc }) => this.across(region, rpc, 'rds.accept', state).catch(() => undefined)));
    // Somebody may have been silent for a while: what is true by now counts.
    const { members } = this.states.get(state.identifier) ?? state;
    const writer = members.find((member) => member.writer);
    const source = writer === undefined ? undefined : await this.sourceOf(writer);
    if (source === undefined || writer === undefined) return;
    for (const { cluster } of members) {
      await call(this.plan.internet.rpc, 'setSource', { cluster, source: { endpoint: source, region: writer.region } }).catch(
        () => undefined,
      );
    }
  }

  /** Where a writer answers; of one that no template has, its own agent knows. */
  private async sourceOf(writer: MemberState): Promise<Endpoint | undefined> {
    const { database } = this.stamp(writer.stamp);
    if (database.engine === 'aurora' && database.cluster === writer.cluster) return database.endpoint;
    try {
      return (await this.agent<ClusterPlace>(writer, 'db.place', { cluster: writer.cluster })).endpoint;
    } catch {
      return undefined;
    }
  }

  /** Endpoints of clusters that no template has. */
  public readonly extra = new Map<string, Endpoint>();

  /** Their names, as pointers of this Region say them. */
  public extraHosts(): [string, Endpoint][] {
    return [...this.extra].flatMap(([cluster, endpoint]): [string, Endpoint][] => [
      [clusterHost(cluster, this.region), endpoint],
      [readerHost(cluster, this.region), endpoint],
    ]);
  }

  /** A planned change: the old writer is ended smoothly, so that the new one has everything; nothing is lost. */
  public async switchover(identifier: string): Promise<void> {
    const { writer, target } = this.changeOf(identifier);
    this.events.add('promotion-started', identifier, `switchover to ${target.cluster}`, target.stamp);
    await this.agent(writer, 'db.stopSmoothly', { cluster: writer.cluster }, WORK_TIMEOUT);
    await this.agent(target, 'db.promote', { cluster: target.cluster }, WORK_TIMEOUT);
    await this.become(identifier, target, true);
    await this.agent(writer, 'db.follow', { cluster: writer.cluster, link: await this.link(writer) }, WORK_TIMEOUT);
  }

  /** An unplanned change: the target is promoted with what it has. */
  public async failover(identifier: string): Promise<void> {
    const { writer, target } = this.changeOf(identifier);
    this.events.add('promotion-started', identifier, `failover to ${target.cluster}`, target.stamp);
    // Best effort: a writer that still answers is ended before the other one begins.
    await this.agent(writer, 'db.stopHard', { cluster: writer.cluster }, CALL_TIMEOUT).catch(() => undefined);
    await this.agent(target, 'db.promote', { cluster: target.cluster }, WORK_TIMEOUT);
    await this.become(identifier, target, false);
  }

  private async become(identifier: string, target: MemberState, inStep: boolean): Promise<void> {
    const state = this.changeHere(identifier, ({ change: _over, ...rest }) => ({
      ...rest,
      members: rest.members.map((member) => {
        const isTarget = member.cluster === target.cluster;
        return { ...member, writer: isTarget, inStep: isTarget || inStep || !member.writer };
      }),
    }));
    this.events.add('promoted', identifier, `${target.cluster} is the writer, epoch ${state.epoch}`, target.stamp);
    await this.tell(state);
  }

  private changeOf(identifier: string): { writer: MemberState; target: MemberState } {
    const state = this.states.get(identifier);
    const target = state?.members.find(({ region }) => region === state.change?.toRegion);
    const writer = state?.members.find((member) => member.writer);
    if (target === undefined || writer === undefined) throw new Error(`nothing changes in ${identifier}`);
    return { writer, target };
  }

  /** Looks after the members of this Region: brings a writer back, a replica into step, and ends what is no longer the writer. */
  private async watch(): Promise<void> {
    await this.learn();
    for (let round = 0; ; round += 1) {
      if (round % 4 === 0) await this.learn();
      for (const state of this.states.values()) {
        for (const member of state.members) {
          if (member.region !== this.region || state.change !== undefined || this.busy.has(member.cluster)) continue;
          this.busy.add(member.cluster);
          void this.look(state, member)
            .catch(() => undefined)
            .finally(() => this.busy.delete(member.cluster));
        }
      }
      await sleep(LOOK);
    }
  }

  /** Asks the other Regions what is true: the answer to having been away. */
  private async learn(): Promise<void> {
    await Promise.all(
      this.plan.regions
        .filter(({ region }) => region !== this.region)
        .map(async ({ region, rpc }) => {
          try {
            for (const state of await this.across<GlobalState[]>(region, rpc, 'rds.states', {})) this.accept(state);
          } catch {
            // Not there, or not reachable: others may be.
          }
        }),
    );
  }

  private async look(state: GlobalState, member: MemberState): Promise<void> {
    const status = await this.agent<ClusterStatus | null>(member, 'db.status', { cluster: member.cluster }, CALL_TIMEOUT);
    if (status === null || !status.exists || (await this.agent<boolean>(member, 'db.changing', { cluster: member.cluster })))
      return;
    if (member.writer) {
      if (status.running) return;
      // The failover inside the Region: another instance takes over the storage.
      await sleep(this.time.ms(draw(this.random, LAB_ASSUMPTIONS.auroraInRegionFailover)));
      if (this.states.get(state.identifier)?.epoch === state.epoch)
        await this.agent(member, 'db.start', { cluster: member.cluster }, WORK_TIMEOUT);
      return;
    }
    const stale = !member.inStep || status.role === 'writer';
    if (stale) await this.rebuild(state, member);
    else if (!status.running) await this.agent(member, 'db.start', { cluster: member.cluster }, WORK_TIMEOUT);
  }

  /** A member that the new writer went past gets its files anew; what it had is kept as evidence, as Aurora keeps a snapshot. */
  private async rebuild(state: GlobalState, member: MemberState): Promise<void> {
    const writer = state.members.find((each) => each.writer);
    if (writer === undefined) return;
    await this.agent(member, 'db.stopHard', { cluster: member.cluster }, WORK_TIMEOUT);
    const source = await this.agent<ClusterPlace>(writer, 'db.place', { cluster: writer.cluster });
    const keep = `unplanned-global-failover-${state.epoch}`;
    await this.agent(
      member,
      'db.rebuild',
      { cluster: member.cluster, link: await this.link(member), source, keep },
      WORK_TIMEOUT,
    );
    await this.change(state.identifier, (now) => ({
      ...now,
      members: now.members.map((each) => (each.cluster === member.cluster ? { ...each, inStep: true } : each)),
    }));
    this.onRebuilt(member.stamp);
  }

  /** The first writer and its replicas, when a lab begins. */
  public async provision(identifier: string): Promise<void> {
    const state = this.states.get(identifier);
    const writer = state?.members.find((member) => member.writer);
    if (state === undefined || writer === undefined) return;
    await this.agent(writer, 'db.create', { cluster: writer.cluster }, WORK_TIMEOUT);
    await this.tell(state);
    const source = await this.agent<ClusterPlace>(writer, 'db.place', { cluster: writer.cluster });
    for (const member of state.members) {
      if (member.writer) continue;
      await this.agent(member, 'db.rebuild', { cluster: member.cluster, link: await this.link(member), source }, WORK_TIMEOUT);
    }
  }

  private link({ stamp, cluster, region }: MemberState): Promise<Endpoint> {
    const { database } = this.stamp(stamp);
    return database.engine === 'aurora' && database.cluster === cluster
      ? Promise.resolve(database.link)
      : this.linkFor(cluster, region);
  }

  public stamp(id: string): StampPlan {
    const stamp = this.plan.stamps.find((each) => each.id === id);
    if (stamp === undefined) throw new Error(`the plan has no stamp ${id}`);
    return stamp;
  }

  /**
   * How the database of a member is, for whoever only looks. A Region that has just been silent is not asked again for a moment: the control plane of
   * AWS, too, answers for the others from what it knows.
   *
   * @throws PortError when it does not answer, or did not just now
   */
  public async statusOf(member: MemberState): Promise<ClusterStatus | null> {
    if ((this.silentUntil.get(member.region) ?? 0) > performance.now())
      throw new PortError('timeout', { service: 'rds', region: member.region, call: 'db.status' }, 'it was silent just now');
    try {
      return await this.agent<ClusterStatus | null>(member, 'db.status', { cluster: member.cluster }, STATUS_TIMEOUT);
    } catch (error) {
      if (isPortError(error) && error.kind === 'timeout')
        this.silentUntil.set(member.region, performance.now() + SILENCE_REMEMBERED);
      throw error;
    }
  }

  /** A call to the agent of a member's stamp. */
  public agent<T>(
    member: Pick<MemberState, 'stamp' | 'region'>,
    name: string,
    parameters: unknown,
    timeoutMs = CALL_TIMEOUT,
  ): Promise<T> {
    return this.across(member.region, this.stamp(member.stamp).agent, name, parameters, timeoutMs);
  }

  /** A call into a Region; into another one through the wide area network. */
  public across<T>(region: string, endpoint: Endpoint, name: string, parameters: unknown, timeoutMs = CALL_TIMEOUT): Promise<T> {
    const options: CallOptions = {
      timeoutMs,
      place: { service: 'rds', region, call: name },
      ...(region !== this.region && {
        connect: () => throughWideArea(this.plan.internet.wan, endpoint, `region:${this.region}`, `region:${region}`),
      }),
    };
    return call(endpoint, name, parameters, options);
  }
}

function firstState({ identifier, version, members }: GlobalPlan): GlobalState {
  return {
    identifier,
    version,
    epoch: 1,
    members: members.map(({ region, cluster, stamp, home }) => ({ region, cluster, stamp, writer: home, inStep: true })),
  };
}

/** What RDS answers when something cannot be done now. */
export function invalid(region: string, name: string, why: string): PortError {
  return new PortError('invalid', { service: 'rds', region, call: name }, why);
}
