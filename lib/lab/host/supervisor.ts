import type { ChildProcess } from 'node:child_process';
import type { RequestListener, Server } from 'node:http';
import { readFileSync, rmSync } from 'node:fs';
import type { TimelineEvent } from '../../ports';
import { FaultBook } from '../faults/fault-book';
import { type Handlers, call, rpcListener } from '../net/rpc';
import type { LabPlan } from '../plan/lab-plan';
import { EventLog } from '../time/events';
import { type ResourceRequest, countData, countResource } from '../workload/count';
import { processTree } from './process-tree';
import { Processes } from './processes';

/** What `lab status` shows. */
export interface LabStatus {
  readonly id: string;
  readonly folder: string;
  readonly speed: number;
  readonly memoryMegabytes: number;
  readonly processes: number;
  readonly stamps: readonly StampStatus[];
  /** By group name and place of the client, which stamps DNS answers. */
  readonly answers: Readonly<Record<string, string>>;
  readonly dns: { readonly host: string; readonly port: number };
}

export interface StampStatus {
  readonly id: string;
  readonly running: boolean;
  readonly health: string;
  readonly role: string;
  readonly tasks: number;
  /** Where its load balancer answers. */
  readonly url: string;
}

/** Keeps a lab running in this process, answers those who ask about it, and ends it. */
export class Supervisor {
  public readonly plan: LabPlan;
  public readonly planFile: string;
  public readonly processes: Processes;
  public readonly events = new EventLog();
  private readonly guardian: ChildProcess;
  private readonly server: Server;
  private ended: Promise<void> | undefined;
  private onEnd: (() => void) | undefined;
  /** Ends when the lab has ended, by whoever ended it. */
  public readonly over = new Promise<void>((resolve) => {
    this.onEnd = resolve;
  });
  public constructor({
    plan,
    planFile,
    guardian,
    server,
  }: {
    readonly plan: LabPlan;
    readonly planFile: string;
    readonly guardian: ChildProcess;
    readonly server: Server;
  }) {
    this.plan = plan;
    this.planFile = planFile;
    this.guardian = guardian;
    this.server = server;
    this.processes = new Processes(plan.folder, plan.programs.lab, planFile, (role, name, log) => {
      process.stderr.write(`${role} ${name} of lab ${plan.id} ended by itself: ${log}\n`);
    });
  }

  /** The control endpoint. Whoever calls must know the lab's token, which only its own user can read. */
  public listener(): RequestListener {
    const handlers = rpcListener(this.handlers());
    return (incoming, outgoing) => {
      if (incoming.headers.authorization === `Bearer ${this.plan.token}`) handlers(incoming, outgoing);
      else outgoing.writeHead(401).end();
    };
  }

  private handlers(): Handlers {
    return {
      ...new FaultBook(this.plan, this.processes, this.events).handlers(),
      countResource: (request: ResourceRequest) => countResource(this.plan, request),
      count: ({ stamp }: { stamp: string }) => countData(this.plan, stamp),
      ping: () => this.plan.id,
      plan: () => this.plan,
      status: () => this.status(),
      events: ({ since }: { since: number }) => this.timeline(since),
      down: () => {
        // Answered first: whoever asks waits for the process to go.
        setTimeout(() => void this.down(), 50);
      },
    };
  }

  /** What every part saw happen, in the order of their times: all parts share this machine's clock. */
  public async timeline(since: number): Promise<TimelineEvent[]> {
    const { internet, regions, stamps } = this.plan;
    const sources = [internet.rpc, ...regions.map(({ rpc }) => rpc), ...stamps.map(({ agent }) => agent)];
    const lists = await Promise.all(
      sources.map((source) => call<TimelineEvent[]>(source, 'events', { since }, { timeoutMs: 1500 }).catch(() => [])),
    );
    return [...this.events.since(since), ...lists.flat()].sort((a, b) => a.at - b.at);
  }

  public async status(): Promise<LabStatus> {
    const { id, folder, speed, stamps, internet } = this.plan;
    const pids = [
      ...new Set(this.processes.list().flatMap(({ child }) => (child.pid === undefined ? [] : processTree(child.pid)))),
    ];
    return {
      id,
      folder,
      speed,
      processes: pids.length,
      memoryMegabytes: Math.round(pids.reduce((sum, pid) => sum + memoryOf(pid), 0) / 1024),
      stamps: await Promise.all(
        stamps.map(async (stamp): Promise<StampStatus> => {
          const url = `http://${stamp.edge.host}:${stamp.edge.port}`;
          try {
            const [document, tasks] = await Promise.all([
              call<{ status: string; role: string }>(stamp.agent, 'health', {}, { timeoutMs: 2000 }),
              call<{ web: unknown[]; worker: unknown[] }>(stamp.agent, 'tasks', {}, { timeoutMs: 2000 }),
            ]);
            return {
              id: stamp.id,
              running: true,
              health: document.status,
              role: document.role,
              tasks: tasks.web.length + tasks.worker.length,
              url,
            };
          } catch {
            return { id: stamp.id, running: false, health: 'unknown', role: 'unknown', tasks: 0, url };
          }
        }),
      ),
      answers: await call<Record<string, string>>(internet.rpc, 'answers'),
      dns: internet.authority,
    };
  }

  /** Ends every process and removes every file. Calling it again waits for the first call. */
  public down(): Promise<void> {
    this.ended ??= (async () => {
      await this.processes.end();
      this.server.close();
      this.server.closeAllConnections();
      rmSync(this.plan.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      await new Promise<void>((resolve) => {
        this.guardian.once('exit', () => {
          resolve();
        });
        this.guardian.ref();
        this.guardian.stdin?.end();
      });
      this.onEnd?.();
    })();
    return this.ended;
  }
}

/** Kilobytes that a process really adds: what it shares with others counts in part. 0 where the system does not say. */
function memoryOf(pid: number): number {
  try {
    const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0);
  } catch {
    return 0;
  }
}
