import { LAB_ASSUMPTIONS } from '../../facts/lab-assumptions';
import type { LabTime } from '../time/lab-time';
import { type Random, draw } from '../time/random';
import { type Item, keyOf } from './item';
import { Log } from './store';

/** A version of an item: the later time wins, and of equal times the greater Region, everywhere alike. */
export interface Version {
  readonly key: string;
  /** Absent: deleted. */
  readonly item?: Item;
  /** Milliseconds since 1970, by the clock of the Region that wrote it. */
  readonly at: number;
  readonly region: string;
}

interface Outgoing {
  readonly version: Version;
  /** `performance.now()` at which it may arrive. */
  readonly due: number;
}

/** Sends versions to the replica in another Region. @throws when they did not arrive */
export type SendVersions = (region: string, versions: readonly Version[]) => Promise<void>;

/**
 * A replica of a global table with eventual consistency (aws-facts 4.2): writes are acknowledged by their own Region alone and sent to the others
 * afterwards, some seconds late; of two versions of an item the last writer wins. What an isolated Region has not sent arrives when it
 * returns, and may lose then.
 */
export class EventualTable {
  private readonly versions = new Map<string, Version>();
  private readonly queues = new Map<string, Outgoing[]>();
  private readonly sending = new Set<string>();
  private readonly lastLag = new Map<string, { seconds: number; at: number }>();
  private readonly log: Log<Version>;
  private readonly sent: Log<{ readonly to: string; readonly count: number }>;
  private clock = 0;
  /** Added to the delay of what goes to a Region, in milliseconds: a fault. */
  public readonly extraDelay = new Map<string, number>();

  public constructor(
    private readonly region: string,
    peers: readonly string[],
    file: string,
    private readonly time: LabTime,
    private readonly random: Random,
    private readonly send: SendVersions,
  ) {
    this.log = new Log(file);
    this.sent = new Log(`${file}.sent`);
    const own: Version[] = [];
    for (const version of this.log.read()) {
      this.take(version);
      if (version.region === region) own.push(version);
    }
    const done = new Map<string, number>();
    for (const { to, count } of this.sent.read()) done.set(to, (done.get(to) ?? 0) + count);
    for (const peer of peers)
      this.queues.set(
        peer,
        own.slice(done.get(peer) ?? 0).map((version) => ({ version, due: performance.now() })),
      );
  }

  /** What a replica that joins now has to hear: everything. */
  public addPeer(peer: string): void {
    const all = [...this.versions.values()];
    if (!this.queues.has(peer))
      this.queues.set(
        peer,
        all.map((version) => ({ version, due: performance.now() })),
      );
  }

  /** Items as they were at a moment, by the versions that this replica has seen. */
  public asOf(at: number): Item[] {
    const seen = new Map<string, Version>();
    for (const version of this.log.read()) {
      const known = seen.get(version.key);
      if (version.at <= at && (known === undefined || version.at > known.at)) seen.set(version.key, version);
    }
    return [...seen.values()].map(({ item }) => item).filter((item) => item !== undefined);
  }

  public get(key: string): Item | undefined {
    return this.versions.get(key)?.item;
  }

  public items(): Item[] {
    return [...this.versions.values()].map(({ item }) => item).filter((item) => item !== undefined);
  }

  /** Writes here; the other Regions hear of it later. */
  public put(item: Item): void {
    this.write({ key: keyOf(item), item, at: this.now(), region: this.region });
  }

  public delete(key: string): void {
    this.write({ key, at: this.now(), region: this.region });
  }

  private write(version: Version): void {
    this.log.append(version);
    this.take(version);
    for (const [peer, queue] of this.queues) {
      const delay = this.time.ms(draw(this.random, LAB_ASSUMPTIONS.dynamoDbReplicationLag)) + (this.extraDelay.get(peer) ?? 0);
      queue.push({ version, due: performance.now() + delay });
    }
  }

  /** What another Region wrote. */
  public receive(versions: readonly Version[]): void {
    for (const version of versions) {
      this.log.append(version);
      this.take(version);
    }
  }

  /** Sends what is due. Call it often; what did not arrive stays in the queue. */
  public async pump(): Promise<void> {
    await Promise.all(
      [...this.queues].map(async ([peer, queue]) => {
        // One batch at a time: two at once would both be taken for the head of the queue.
        if (this.sending.has(peer)) return;
        this.sending.add(peer);
        try {
          await this.sendDue(peer, queue);
        } finally {
          this.sending.delete(peer);
        }
      }),
    );
  }

  private async sendDue(peer: string, queue: Outgoing[]): Promise<void> {
    const now = performance.now();
    let count = 0;
    while (count < 200 && (queue[count]?.due ?? Infinity) <= now) count += 1;
    if (count === 0) {
      const [oldest] = queue;
      const seconds = oldest === undefined ? 0 : (Date.now() - oldest.version.at) / 1000;
      this.lastLag.set(peer, { seconds, at: Date.now() });
      return;
    }
    const batch = queue.slice(0, count).map(({ version }) => version);
    try {
      await this.send(peer, batch);
    } catch {
      return;
    }
    this.sent.append({ to: peer, count });
    queue.splice(0, count);
    this.lastLag.set(peer, { seconds: (Date.now() - (batch[0]?.at ?? Date.now())) / 1000, at: Date.now() });
  }

  /** `ReplicationLatency` to a Region: of what arrived there last. */
  public lag(to: string): { readonly seconds: number; readonly at: number } | undefined {
    return this.lastLag.get(to);
  }

  public pending(to: string): number {
    return this.queues.get(to)?.length ?? 0;
  }

  private take(version: Version): void {
    const known = this.versions.get(version.key);
    this.clock = Math.max(this.clock, version.at);
    if (known === undefined || version.at > known.at || (version.at === known.at && version.region > known.region)) {
      this.versions.set(version.key, version);
    }
  }

  /** Two writes of one Region never have the same time. */
  private now(): number {
    this.clock = Math.max(this.clock + 0.001, Date.now());
    return this.clock;
  }
}
