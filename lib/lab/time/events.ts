import type { TimelineEvent } from '../../ports';

/** Events that are kept: a lab that runs for hours must not grow for hours. */
const KEPT = 20_000;

/** What one process saw happen, in its order. */
export class EventLog {
  private events: TimelineEvent[] = [];

  public add(code: TimelineEvent['code'], subject: string, detail: string, stamp?: string): void {
    this.events.push({ at: Date.now(), code, subject, detail, ...(stamp !== undefined && { stamp }) });
    if (this.events.length > KEPT * 2) this.events = this.events.slice(-KEPT);
  }

  public since(at: number): TimelineEvent[] {
    return this.events.filter((event) => event.at >= at);
  }
}
