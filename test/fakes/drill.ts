import {
  type Attempt,
  type AttemptKind,
  type DataCount,
  type Fault,
  FAULT_KINDS,
  type FaultRequest,
  type Faults,
  PortError,
  type Workload,
  type WorkloadSpec,
} from '../../lib/ports';
import type { TenantGroup } from '../../lib/topology/types';
import type { FakeAws } from './fake-aws';
import { EPOCH } from './world';

const TTL_MS = 5000;
const TIMEOUT_MS = 2000;
const REPAIR_MS = 20_000;

interface Row {
  readonly number: number;
  readonly at: number;
}

/** What a drill breaks, and what clients do, on top of a fake AWS. See drill.md. */
export class FakeDrillTarget {
  /** Faults that are set and do nothing. */
  public readonly harmless = new Set<FaultRequest['kind']>();
  /** Stamps whose writer goes on although another one was promoted, and populations that still reach it. */
  public readonly unfenced = new Map<string, readonly string[]>();
  /** Lag of a lost Region when it was lost, in milliseconds. */
  public lagMs = 3000;
  /** Messages vanish that are sent to this stamp. */
  public readonly forgetful = new Set<string>();
  public readonly running: Fault[] = [];
  private readonly all: Fault[] = [];
  private readonly broken: { readonly request: FaultRequest; readonly at: number }[] = [];

  public constructor(public readonly aws: FakeAws) {}

  public get now(): number {
    return EPOCH + this.aws.world.time;
  }

  public faults(): Faults {
    const find = (id: string): Fault => {
      const found = this.all.find((fault) => fault.id === id);
      if (found === undefined) throw new PortError('not-found', { service: 'drill', region: '-', call: 'fault' }, id);
      return found;
    };
    return {
      kinds: FAULT_KINDS,
      start: (request) => {
        const fault = { id: `f${this.all.length + 1}`, request, startedAt: this.now };
        this.all.push(fault);
        if (!this.harmless.has(request.kind)) this.breaks(request);
        return Promise.resolve(fault);
      },
      check: (id) => {
        const { request } = find(id);
        const holds = !this.harmless.has(request.kind);
        return Promise.resolve({ holds, evidence: holds ? `${request.kind} is there` : 'everything answers' });
      },
      end: (id) => {
        const fault = find(id);
        if (fault.endedAt !== undefined) return Promise.resolve(fault);
        const ended = { ...fault, endedAt: this.now };
        this.all[this.all.indexOf(fault)] = ended;
        this.mends(fault.request);
        return Promise.resolve(ended);
      },
      list: () => Promise.resolve(this.all),
    };
  }

  /** Since when something of a kind is broken, in milliseconds since 1970. */
  public brokenSince(kind: FaultRequest['kind']): number | undefined {
    return this.broken.find(({ request }) => request.kind === kind)?.at;
  }

  private breaks(request: FaultRequest): void {
    this.broken.push({ request, at: this.now });
    if (request.kind === 'region-loss') this.aws.world.down.add(request.region);
    if (request.kind === 'stamp-loss') this.aws.traffic.sick.add(request.stamp);
    if (request.kind === 'slow-replication') this.aws.databases.lagSeconds.set(request.to, request.seconds);
    // Half of the locations are outvoted by the others (aws-facts 2.3); all of them are not.
    if (request.kind === 'checker-partition' && request.locations === undefined) this.aws.traffic.unseen.add(request.region);
  }

  private mends(request: FaultRequest): void {
    if (request.kind === 'data-damage') return;
    this.broken.splice(
      this.broken.findIndex((each) => each.request === request),
      1,
    );
    if (request.kind === 'region-loss') this.aws.world.down.delete(request.region);
    if (request.kind === 'stamp-loss') this.aws.traffic.sick.delete(request.stamp);
    if (request.kind === 'slow-replication') this.aws.databases.lagSeconds.delete(request.to);
    if (request.kind === 'checker-partition') this.aws.traffic.unseen.delete(request.region);
  }

  public workload(): Workload {
    let clients: FakeClients | undefined;
    return {
      start: (spec) => {
        const group = this.aws.fleet.groups.find(({ name }) => name === spec.group)!;
        const started = new FakeClients(this, group, spec);
        clients = started;
        return Promise.resolve({
          id: 'load-1',
          attempts: (from = 0) => {
            started.catchUp();
            return Promise.resolve(started.attempts.slice(from));
          },
          setRate: () => Promise.resolve(),
          stop: () => {
            started.stop();
            return Promise.resolve();
          },
        });
      },
      count: async (stamp) => {
        await Promise.resolve();
        return clients!.count(stamp);
      },
    };
  }
}

class FakeClients {
  public readonly attempts: Attempt[] = [];
  private readonly next = new Map<string, number>();
  private readonly cache = new Map<string, { readonly stamps: readonly string[]; readonly until: number }>();
  private readonly effects = new Map<number, number>();
  private readonly waiting = new Map<string, Set<number>>();
  private rows: Row[] = [];
  private damaged = new Set<number>();
  private writer: string | undefined;
  private readonly pointer: string;
  private pointed: string;
  private numbers = 0;
  private running = true;

  public constructor(
    private readonly target: FakeDrillTarget,
    private readonly group: TenantGroup,
    private readonly spec: WorkloadSpec,
  ) {
    const [home] = group.stamps;
    this.pointer = `${home!.shape.region}${home!.values.names.databaseParameter}`;
    this.pointed = this.pointerNow();
    for (const { name } of spec.populations) this.next.set(name, target.now);
  }

  public stop(): void {
    this.catchUp();
    this.running = false;
  }

  public catchUp(): void {
    this.follow();
    if (!this.running) return;
    const due = this.spec.populations.flatMap(({ name, ratePerSecond, clients }) => {
      const times: { name: string; at: number; clients: number }[] = [];
      for (let at = this.next.get(name)!; at <= this.target.now; at += 1000 / ratePerSecond) {
        times.push({ name, at, clients });
        this.next.set(name, at + 1000 / ratePerSecond);
      }
      return times;
    });
    for (const { name, at, clients } of due.sort((a, b) => a.at - b.at)) this.attempt(name, at, clients);
  }

  public count(id: string): DataCount {
    this.follow();
    const region = this.regionOf(id);
    this.target.aws.world.reach({ service: 'stamp', region, call: 'count' });
    this.work();
    return {
      rows: this.rows.map(({ number }) => number).sort((a, b) => a - b),
      damaged: [...this.damaged].sort((a, b) => a - b),
      messages: Object.fromEntries(this.effects),
      queued: [...(this.waiting.get(id) ?? [])],
    };
  }

  /** Carries out what the operations and the faults have changed about the data. */
  private follow(): void {
    this.work();
    const writers = this.group.stamps.map(({ id }) => id).filter((id) => this.role(id) === 'writer' && this.reachable(id));
    const promoted = writers.find((id) => id !== this.writer);
    if (this.group.database.engine.startsWith('aurora') && promoted !== undefined && !writers.includes(this.writer ?? '')) {
      const lostAt = this.target.brokenSince('region-loss');
      if (this.writer !== undefined && !this.reachable(this.writer) && lostAt !== undefined) {
        this.rows = this.rows.filter(({ at }) => at <= lostAt - this.target.lagMs);
      }
      this.writer = promoted;
    }
    const damagedAt = this.target.brokenSince('data-damage');
    if (damagedAt === undefined) return;
    if (this.pointerNow() !== this.pointed) {
      this.pointed = this.pointerNow();
      this.rows = this.rows.filter(({ at }) => at <= damagedAt - 1000);
      this.damaged.clear();
    } else if (this.damaged.size === 0 && this.pointed === this.pointerNow() && !this.restored) {
      this.damaged = new Set(this.rows.filter((_, index) => index % 5 === 0).map(({ number }) => number));
      this.restored = true;
    }
  }

  private restored = false;

  /** Workers of living stamps do what waits for them. */
  private work(): void {
    for (const [stamp, numbers] of this.waiting) {
      if (!this.reachable(stamp)) continue;
      for (const number of numbers) this.effects.set(number, 1);
      numbers.clear();
    }
  }

  private attempt(population: string, at: number, clients: number): void {
    const number = (this.numbers += 1);
    const kind = this.kindOf(number);
    const stamp = this.stampFor(population, at, number);
    const attempt = (outcome: Attempt['outcome'], extra: Partial<Attempt> = {}): void => {
      const endedAt = outcome === 'lost' ? at + TIMEOUT_MS : at + 20;
      this.attempts.push({ population, client: number % clients, kind, number, startedAt: at, endedAt, outcome, ...extra });
    };
    const zone = this.target.brokenSince('az-loss');
    const unlucky = zone !== undefined && at - zone < REPAIR_MS && number % 3 === 0;
    if (!this.reachable(stamp) || unlucky) {
      attempt('lost', { error: 'no answer' });
      return;
    }
    if (this.target.aws.traffic.sick.has(stamp)) {
      attempt('refused', { stamp, status: 503 });
      return;
    }
    if (kind === 'read') attempt('ok', { stamp, status: 200 });
    else if (kind === 'message') this.send(stamp, number, attempt);
    else this.write(population, stamp, number, at, attempt);
  }

  private send(stamp: string, number: number, attempt: (outcome: 'ok', extra: Partial<Attempt>) => void): void {
    attempt('ok', { stamp, status: 202 });
    if (this.target.forgetful.has(stamp)) return;
    this.waiting.set(stamp, (this.waiting.get(stamp) ?? new Set()).add(number));
  }

  private write(
    population: string,
    stamp: string,
    number: number,
    at: number,
    attempt: (outcome: Attempt['outcome'], extra: Partial<Attempt>) => void,
  ): void {
    const writer = this.target.brokenSince('writer-loss');
    const repaired = writer === undefined || at - writer > REPAIR_MS;
    if (this.target.unfenced.get(stamp)?.includes(population) === true && this.writer !== stamp) {
      attempt('ok', { stamp, status: 201 });
    } else if (this.role(stamp) === 'writer' && repaired) {
      attempt('ok', { stamp, status: 201 });
      this.rows.push({ number, at });
    } else {
      attempt('refused', { stamp, status: 503, error: 'read-only' });
    }
  }

  private stampFor(population: string, at: number, number: number): string {
    const pinned = [...this.target.unfenced].find(([, populations]) => populations.includes(population));
    if (pinned !== undefined && this.reachable(pinned[0])) return pinned[0];
    const known = this.cache.get(population);
    const fresh = known !== undefined && known.until > at;
    const entry = fresh ? known : { stamps: this.target.aws.traffic.answered(this.group), until: at + TTL_MS };
    this.cache.set(population, entry);
    return entry.stamps[number % entry.stamps.length]!;
  }

  private kindOf(number: number): AttemptKind {
    const { readShare = 0.3, messageShare = 0.1 } = this.spec;
    const place = (number * 0.618_034) % 1;
    return place < readShare ? 'read' : place < readShare + messageShare ? 'message' : 'write';
  }

  private role(id: string): 'writer' | 'reader' | 'none' | 'unknown' {
    return this.target.aws.traffic.health(this.group, id).role;
  }

  private reachable(id: string): boolean {
    return !this.target.aws.world.down.has(this.regionOf(id));
  }

  private regionOf(id: string): string {
    return this.group.stamps.find((stamp) => stamp.id === id)!.shape.region;
  }

  private pointerNow(): string {
    return this.target.aws.pointers.values.get(this.pointer)?.value ?? '';
  }
}
