import type { Clock, Probe } from '../../aws/health-probes/probe';
import type { DatabaseSettings } from '../../health/database';
import type { HealthDocument } from '../../health/document';
import { evaluateHealth } from '../../health/evaluate';
import { EMPTY_MEMORY, type HealthMemory } from '../../health/memory';
import { gather } from './gather';

/** One evaluation serves everybody for this long: eight checker Regions ask without coordination (aws-facts 2.2, 9.3). */
const CACHE_MILLISECONDS = 1000;

export interface MonitorParts {
  readonly stampId: string;
  readonly database: DatabaseSettings;
  readonly compute: Probe;
  readonly writer?: Probe;
  readonly reader?: Probe;
  readonly dependencies: readonly { readonly name: string; readonly shared: boolean; readonly probe: Probe }[];
  readonly now: Clock;
  /** One line of JSON whenever the status changes. */
  readonly log: (line: string) => void;
}

/** Evaluates at most once a second, whoever asks how often; questions that arrive during an evaluation share it. */
export class Monitor {
  private memory: HealthMemory = EMPTY_MEMORY;
  private last: { startedAt: number; document: HealthDocument } | undefined;
  private running: Promise<HealthDocument> | undefined;

  public constructor(private readonly parts: MonitorParts) {}

  public async document(): Promise<HealthDocument> {
    if (this.running !== undefined) return this.running;
    const now = this.parts.now();
    if (this.last !== undefined && now >= this.last.startedAt && now - this.last.startedAt < CACHE_MILLISECONDS) {
      return this.last.document;
    }
    this.running = this.evaluate(now).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async evaluate(startedAt: number): Promise<HealthDocument> {
    const { parts } = this;
    const probes: Record<string, Probe> = { compute: parts.compute };
    if (parts.writer !== undefined) probes['writer'] = parts.writer;
    if (parts.reader !== undefined) probes['reader'] = parts.reader;
    parts.dependencies.forEach(({ probe }, index) => {
      probes[`dependency-${index}`] = probe;
    });
    const outcomes = await gather(probes, parts.now);
    const { document, memory } = evaluateHealth({
      stampId: parts.stampId,
      now: parts.now(),
      database: parts.database,
      outcomes: {
        compute: outcomes['compute'],
        writer: outcomes['writer'],
        reader: outcomes['reader'],
        dependencies: parts.dependencies.map(({ name, shared }, index) => ({
          name,
          shared,
          outcome: outcomes[`dependency-${index}`],
        })),
      },
      memory: this.memory,
    });
    const before = this.last?.document.status;
    this.memory = memory;
    this.last = { startedAt, document };
    if (before !== document.status) this.parts.log(JSON.stringify({ event: 'status', before: before ?? 'unknown', ...document }));
    return document;
  }
}
