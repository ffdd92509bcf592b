import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Endpoint } from '../net/endpoint';
import type { ServicePlan } from '../plan/lab-plan';
import { type LabTime, sleep } from '../time/lab-time';

/** Milliseconds before what ended by itself is started again. */
const RESTART_PAUSE = 500;
/** Megabytes of heap of a task: a lab runs dozens. */
const HEAP = 64;

interface Task {
  readonly endpoint: Endpoint;
  readonly zone: string;
  readonly process: ChildProcess;
  readonly version: number;
  stopping: boolean;
}

export interface TaskView {
  readonly pid: number;
  readonly zone: string;
  readonly version: number;
  readonly stopping: boolean;
  readonly endpoint: Endpoint;
}

export interface TaskServiceOptions {
  readonly name: string;
  readonly plan: ServicePlan;
  readonly zones: readonly string[];
  readonly folder: string;
  readonly time: LabTime;
  /** Program, and the script that is loaded before it. */
  readonly program: string;
  readonly preload: string;
  /** Environment of a new task, read when it starts, as ECS reads secrets. @throws when it cannot be read: the task does not start */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  /** @default - ready as soon as it runs */
  readonly balancer?: {
    readonly register: (endpoint: Endpoint) => void;
    readonly drain: (endpoint: Endpoint) => Promise<void>;
    readonly deregister: (endpoint: Endpoint) => void;
    readonly isHealthy: (endpoint: Endpoint) => boolean;
  };
}

/** A service of tasks in the way of ECS: keeps as many running as it should, over its zones, and replaces them version by version. */
export class TaskService {
  private tasks: Task[] = [];
  private bounds: { min: number; max: number };
  private readonly blocked = new Set<string>();
  private version = 1;
  private program: string;
  private startedAt = Date.now();
  private rolling = false;
  private closed = false;
  private starting = false;

  public constructor(private readonly options: TaskServiceOptions) {
    const { min, max } = options.plan;
    this.bounds = { min, max };
    this.program = options.program;
  }

  public start(): void {
    void this.reconcile();
  }

  public list(): TaskView[] {
    return this.tasks.map(({ endpoint, zone, process, version, stopping }) => ({
      endpoint,
      zone,
      pid: process.pid ?? 0,
      version,
      stopping,
    }));
  }

  /** In tasks of the template: each process stands for several. */
  public reading(): { min: number; max: number; desired: number; running: number } {
    const { min, max } = this.bounds;
    const healthy = this.tasks.filter((task) => !task.stopping && this.ready(task)).length;
    return { min, max, desired: min, running: Math.min(min, healthy * this.options.plan.tasksPerProcess) };
  }

  public setBounds(bounds: { readonly min: number; readonly max: number }): void {
    this.bounds = { ...bounds };
    void this.reconcile();
  }

  /** No task runs in the zone, and none starts there. */
  public blockZone(zone: string): void {
    this.blocked.add(zone);
    for (const task of this.tasks) if (task.zone === zone) task.process.kill('SIGKILL');
  }

  public openZone(zone: string): void {
    this.blocked.delete(zone);
    void this.reconcile();
  }

  public get blockedZones(): readonly string[] {
    return [...this.blocked];
  }

  /** Replaces all tasks one after the other; each old one goes when a new one is healthy. @param program another release */
  public roll(program = this.program): void {
    this.program = program;
    this.version += 1;
    this.startedAt = Date.now();
    void this.replaceOld();
  }

  public rollout(): { state: 'in-progress' | 'completed' | 'failed'; startedAt: number } {
    const old = this.tasks.some(({ version }) => version !== this.version);
    const ready = this.tasks.filter((task) => task.version === this.version && this.ready(task)).length;
    const done = !old && !this.rolling && ready >= this.wanted();
    return { state: done ? 'completed' : 'in-progress', startedAt: this.startedAt };
  }

  private wanted(): number {
    const { tasksPerProcess, endpoints } = this.options.plan;
    return Math.min(Math.max(1, Math.ceil(endpoints.length / 2) * 2 - 1), Math.ceil(this.bounds.min / tasksPerProcess));
  }

  private ready(task: Task): boolean {
    if (task.process.exitCode !== null || task.process.signalCode !== null) return false;
    return this.options.balancer?.isHealthy(task.endpoint) ?? true;
  }

  private async reconcile(): Promise<void> {
    if (this.starting || this.closed) return;
    this.starting = true;
    try {
      let missing = this.wanted() - this.tasks.filter(({ stopping }) => !stopping).length;
      while (missing > 0) {
        if (!(await this.add())) {
          setTimeout(() => void this.reconcile(), RESTART_PAUSE);
          return;
        }
        missing -= 1;
      }
      for (; missing < 0; missing += 1) {
        const last = this.tasks.filter(({ stopping }) => !stopping).at(-1);
        if (last !== undefined) void this.stop(last);
      }
    } finally {
      this.starting = false;
    }
  }

  /** Starts one task in the zone that has the fewest. */
  private async add(): Promise<boolean> {
    const { plan, zones, folder, preload, environment, name, balancer } = this.options;
    const endpoint = plan.endpoints.find((candidate) => !this.tasks.some((task) => task.endpoint === candidate));
    const [zone] = zones.filter((candidate) => !this.blocked.has(candidate)).sort((a, b) => this.inZone(a) - this.inZone(b));
    if (endpoint === undefined || zone === undefined) return false;
    let variables: Readonly<Record<string, string>>;
    try {
      variables = await environment();
    } catch {
      return false;
    }
    const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${HEAP}`, '--max-semi-space-size=1', '--require', preload, this.program],
      {
        cwd: folder,
        env: { ...variables, PORT: String(endpoint.port), HOST: endpoint.host, STAMP_ZONE: zone },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const task: Task = { endpoint, zone, process: child, version: this.version, stopping: false };
    this.tasks.push(task);
    balancer?.register(endpoint);
    child.once('exit', () => {
      balancer?.deregister(endpoint);
      this.tasks = this.tasks.filter((each) => each !== task);
      if (!this.closed) setTimeout(() => void this.reconcile(), RESTART_PAUSE);
    });
    return true;
  }

  private inZone(zone: string): number {
    return this.tasks.filter((task) => task.zone === zone && !task.stopping).length;
  }

  private async replaceOld(): Promise<void> {
    if (this.rolling) return;
    this.rolling = true;
    try {
      for (;;) {
        const old = this.tasks.find(({ version, stopping }) => version !== this.version && !stopping);
        if (old === undefined || this.closed) return;
        if (await this.add()) {
          const fresh = this.tasks.at(-1);
          while (fresh !== undefined && this.tasks.includes(fresh) && !this.ready(fresh)) await sleep(50);
          await this.stop(old);
        } else await sleep(RESTART_PAUSE);
      }
    } finally {
      this.rolling = false;
    }
  }

  /** Drain, SIGTERM, and SIGKILL when the stop time-out is over: the order that the application contract promises. */
  private async stop(task: Task): Promise<void> {
    task.stopping = true;
    await this.options.balancer?.drain(task.endpoint);
    task.process.kill('SIGTERM');
    const { time, plan } = this.options;
    const until = performance.now() + Math.max(2000, time.ms(plan.stopTimeout));
    while (task.process.exitCode === null && task.process.signalCode === null) {
      if (performance.now() > until) task.process.kill('SIGKILL');
      await sleep(50);
    }
  }
}
