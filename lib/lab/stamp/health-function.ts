import { get } from 'node:http';
import type { HealthDocument } from '../../health/document';
import { evaluateHealth } from '../../health/evaluate';
import { EMPTY_MEMORY, type HealthMemory } from '../../health/memory';
import type { ProbeOutcome } from '../../health/observation';
import type { StampPlan } from '../plan/lab-plan';
import type { LabTime } from '../time/lab-time';
import type { Cluster } from './postgres/cluster';

/** Milliseconds that one probe may take (design 6: the answer comes within 1.5 s). */
const PROBE_DEADLINE = 1000;

export interface HealthSources {
  /** The cluster that the stamp's pointer names now. */
  readonly cluster: () => Cluster | undefined;
  /** Whether the Regional replica of the stamp's table answers. */
  readonly table: () => Promise<string>;
  /** Whether a dependency serves. */
  readonly dependency: (name: string) => Promise<boolean>;
}

/** The stamp's health function: the real evaluation of `lib/health`, with probes of the lab. Graces are emulated durations. */
export class HealthFunction {
  private memory: HealthMemory = EMPTY_MEMORY;
  private running: Promise<HealthDocument> | undefined;
  /** A fault: what it says instead. */
  public lie: 'pass' | 'fail' | undefined;

  public constructor(
    private readonly plan: StampPlan,
    private readonly time: LabTime,
    private readonly sources: HealthSources,
    private readonly onStatus: (status: string, reasons: readonly string[]) => void,
  ) {}

  /** Questions that come at once share one evaluation. */
  public document(): Promise<HealthDocument> {
    this.running ??= this.evaluate().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private last: string | undefined;

  private async evaluate(): Promise<HealthDocument> {
    const { health, database } = this.plan;
    const [compute, { writer, reader }, dependencies] = await Promise.all([
      this.probe(() => this.ownCompute()),
      this.database(),
      Promise.all(
        health.dependencies.map(async ({ name, shared }) => ({
          name,
          shared,
          outcome: await this.probe(async () => ({ serving: await this.sources.dependency(name), detail: name })),
        })),
      ),
    ]);
    const { document, memory } = evaluateHealth({
      stampId: this.plan.id,
      now: Date.now(),
      database: {
        topology: database.engine === 'aurora' ? 'single-writer' : database.engine === 'dynamodb' ? 'multi-active' : 'none',
        writerGraceSeconds: this.time.ms(health.writerGrace) / 1000,
        replicaGraceSeconds: this.time.ms(health.replicaGrace) / 1000,
        standbyServes: health.standbyServes,
      },
      outcomes: { compute, writer, reader, dependencies },
      memory: this.memory,
    });
    this.memory = memory;
    if (this.last !== undefined && this.last !== document.status) this.onStatus(document.status, document.reasons);
    this.last = document.status;
    if (this.lie === undefined) return document;
    return { ...document, status: this.lie, reasons: this.lie === 'fail' ? ['compute-down'] : [] };
  }

  private async probe(look: () => Promise<unknown>): Promise<ProbeOutcome> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<ProbeOutcome>((resolve) => {
      timer = setTimeout(() => {
        resolve({ kind: 'late', milliseconds: PROBE_DEADLINE });
      }, PROBE_DEADLINE);
    });
    const seen = look().then(
      (answer): ProbeOutcome => ({ kind: 'answer', answer }),
      (error: unknown): ProbeOutcome => ({ kind: 'error', cause: error instanceof Error ? error.message : String(error) }),
    );
    try {
      return await Promise.race([seen, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Through the stamp's own load balancer, as a user comes. */
  private ownCompute(): Promise<{ serving: boolean; detail: string }> {
    return new Promise((resolve, reject) => {
      const asked = get(
        { ...this.plan.edge, path: this.plan.health.healthPath, agent: false, timeout: PROBE_DEADLINE },
        (response) => {
          response.resume();
          const status = response.statusCode ?? 0;
          resolve({ serving: status >= 200 && status < 400, detail: `HTTP ${status}` });
        },
      );
      asked.on('timeout', () => asked.destroy(new Error('no answer')));
      asked.on('error', reject);
    });
  }

  private async database(): Promise<{ writer?: ProbeOutcome; reader?: ProbeOutcome }> {
    const { database } = this.plan;
    if (database.engine === 'none') return {};
    if (database.engine === 'dynamodb') {
      return { writer: await this.probe(async () => ({ answers: true, detail: await this.sources.table() })) };
    }
    const cluster = this.sources.cluster();
    if (cluster === undefined) {
      const unknown: ProbeOutcome = { kind: 'answer', answer: { unknown: 'the pointer names no cluster of this stamp' } };
      return { writer: unknown, reader: unknown };
    }
    const seen = await this.probe(() => cluster.server.inRecovery());
    if (seen.kind !== 'answer') return { writer: seen, reader: seen };
    if (seen.answer === false) {
      const writer = { readOnly: false, writerIsLocal: true, detail: cluster.identifier };
      return { writer: { kind: 'answer', answer: writer }, reader: { kind: 'answer', answer: writer } };
    }
    const lag = cluster.lagReading();
    const reader = {
      readOnly: true,
      writerIsLocal: false,
      detail: cluster.identifier,
      ...(lag !== undefined && { lagSeconds: lag.seconds }),
    };
    // The writer endpoint of a replicated cluster is inactive (aws-facts 4.1).
    return { writer: { kind: 'error', cause: 'the writer endpoint is inactive' }, reader: { kind: 'answer', answer: reader } };
  }
}
