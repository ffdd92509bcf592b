import { randomUUID } from 'node:crypto';
import type { LabTime } from '../time/lab-time';
import { Log } from './store';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  /** Milliseconds since 1970 before which nobody receives it. */
  visibleAt: number;
  receives: number;
  receipt?: string;
}

type Entry =
  | { readonly kind: 'sent'; readonly id: string; readonly body: string; readonly at: number; readonly receives: number }
  | { readonly kind: 'received'; readonly id: string }
  | { readonly kind: 'gone'; readonly id: string };

export interface QueueSettings {
  /** Seconds. */
  readonly visibilityTimeout: number;
  /** Seconds. */
  readonly retention: number;
  /** Without it no message is ever moved. */
  readonly deadLetter?: { readonly maxReceives: number; readonly move: (body: string) => void };
}

/** A standard queue: at least once, visibility time-out, dead letters after too many receives (aws-facts 6.4). */
export class WorkQueue {
  private readonly messages = new Map<string, Message>();
  private readonly log: Log<Entry>;

  public constructor(
    file: string,
    private readonly settings: QueueSettings,
    private readonly time: LabTime,
  ) {
    this.log = new Log(file);
    for (const entry of this.log.read()) {
      if (entry.kind === 'sent') {
        this.messages.set(entry.id, {
          id: entry.id,
          body: entry.body,
          sentAt: entry.at,
          visibleAt: entry.at,
          receives: entry.receives,
        });
      } else if (entry.kind === 'gone') this.messages.delete(entry.id);
      else {
        const message = this.messages.get(entry.id);
        if (message !== undefined) message.receives += 1;
      }
    }
  }

  public send(body: string): string {
    const id = randomUUID();
    const at = Date.now();
    this.log.append({ kind: 'sent', id, body, at, receives: 0 });
    this.messages.set(id, { id, body, sentAt: at, visibleAt: at, receives: 0 });
    return id;
  }

  public receive(
    most: number,
    visibilitySeconds = this.settings.visibilityTimeout,
  ): { id: string; body: string; receipt: string; receives: number }[] {
    const now = Date.now();
    this.expire(now);
    const received: { id: string; body: string; receipt: string; receives: number }[] = [];
    for (const message of [...this.messages.values()]) {
      if (received.length >= most) break;
      if (message.visibleAt > now) continue;
      const { deadLetter } = this.settings;
      if (deadLetter !== undefined && message.receives >= deadLetter.maxReceives) {
        deadLetter.move(message.body);
        this.remove(message.id);
        continue;
      }
      message.receives += 1;
      message.visibleAt = now + this.time.ms(visibilitySeconds);
      message.receipt = randomUUID();
      this.log.append({ kind: 'received', id: message.id });
      received.push({ id: message.id, body: message.body, receipt: message.receipt, receives: message.receives });
    }
    return received;
  }

  /** A receipt that is no longer the newest deletes nothing, as a late worker's should. */
  public delete(receipt: string): boolean {
    const message = [...this.messages.values()].find((each) => each.receipt === receipt);
    if (message === undefined) return false;
    this.remove(message.id);
    return true;
  }

  /** Makes a message visible after so many seconds; 0 gives it back at once. */
  public changeVisibility(receipt: string, seconds: number): void {
    const message = [...this.messages.values()].find((each) => each.receipt === receipt);
    if (message !== undefined) message.visibleAt = Date.now() + this.time.ms(seconds);
  }

  public reading(): { visible: number; inFlight: number; oldestSeconds: number } {
    const now = Date.now();
    this.expire(now);
    const all = [...this.messages.values()];
    const oldest = Math.min(now, ...all.map(({ sentAt }) => sentAt));
    return {
      visible: all.filter(({ visibleAt }) => visibleAt <= now).length,
      inFlight: all.filter(({ visibleAt }) => visibleAt > now).length,
      oldestSeconds: Math.round(this.time.seconds(now - oldest)),
    };
  }

  public bodies(): string[] {
    return [...this.messages.values()].map(({ body }) => body);
  }

  /** Takes out what is visible, oldest first. */
  public drain(most: number): string[] {
    return this.receive(most).map(({ body, receipt }) => {
      this.delete(receipt);
      return body;
    });
  }

  private remove(id: string): void {
    this.log.append({ kind: 'gone', id });
    this.messages.delete(id);
  }

  private expire(now: number): void {
    const limit = now - this.time.ms(this.settings.retention);
    for (const { id, sentAt } of [...this.messages.values()]) if (sentAt < limit) this.remove(id);
  }
}
