import { get } from 'node:http';
import { join } from 'node:path';
import { type Endpoint } from '../net/endpoint';
import { type Handlers, call, listen, rpcListener } from '../net/rpc';
import { hostsFile } from '../net/hosts-file';
import type { LabPlan, RegionPlan, StampPlan } from '../plan/lab-plan';
import { Databases } from '../stamp/databases';
import { HealthFunction } from '../stamp/health-function';
import { LoadBalancer } from '../stamp/load-balancer';
import { TaskService } from '../stamp/task-service';
import { EventLog } from '../time/events';
import { LabTime, sleep } from '../time/lab-time';
import { seededRandom } from '../time/random';

/** The leader of a stamp's process group: load balancer, health function, and what keeps tasks and database running. */
class Stamp {
  private readonly time: LabTime;
  private readonly events = new EventLog();
  private readonly region: RegionPlan;
  private readonly balancer: LoadBalancer;
  private readonly web: TaskService;
  private readonly worker: TaskService | undefined;
  private readonly health: HealthFunction;
  private readonly databases: Databases;
  private pointer: string | undefined;

  public constructor(
    private readonly plan: LabPlan,
    private readonly own: StampPlan,
  ) {
    this.time = new LabTime(plan.speed);
    const region = plan.regions.find((each) => each.region === own.region);
    if (region === undefined) throw new Error(`the plan has no Region ${own.region}`);
    this.region = region;
    this.databases = new Databases(plan, own, () => this.pointer);
    this.health = new HealthFunction(
      own,
      this.time,
      {
        cluster: () => this.databases.byPointer(this.pointer),
        table: () => this.tableAnswers(),
        dependency: () => Promise.resolve(!this.brokenDependencies),
      },
      (status, reasons) => {
        this.events.add('health-changed', own.id, [status, ...reasons].join(' '), own.id);
      },
    );
    const random = seededRandom(plan.seed, `balancer ${own.id}`);
    this.balancer = new LoadBalancer(own, this.time, random, (path) => this.ownAnswer(path));
    const { programs } = plan;
    const folder = join(plan.folder, 'stamps', own.id);
    const common = {
      zones: own.zones,
      folder,
      time: this.time,
      preload: programs.containerNetwork,
      environment: () => this.environment(),
    };
    this.web = new TaskService({ ...common, name: 'web', plan: own.web, program: programs.web, balancer: this.balancer });
    this.worker =
      own.worker === undefined
        ? undefined
        : new TaskService({ ...common, name: 'worker', plan: own.worker, program: programs.worker });
  }

  private brokenDependencies = false;

  public async start(): Promise<void> {
    await this.balancer.start();
    await listen(this.own.agent, rpcListener(this.handlers()));
    void this.watchPointer();
    this.web.start();
    this.worker?.start();
  }

  private handlers(): Handlers {
    const service = (name: string): TaskService => {
      const found = name === 'worker' ? this.worker : this.web;
      if (found === undefined) throw new Error(`${this.own.id} has no ${name}`);
      return found;
    };
    return {
      ping: () => 'ok',
      targets: () => this.balancer.counts(),
      health: () => this.health.document(),
      tasks: () => ({ web: this.web.list(), worker: this.worker?.list() ?? [] }),
      capacity: () => ({ web: this.web.reading(), ...(this.worker !== undefined && { worker: this.worker.reading() }) }),
      setBounds: ({ name, min, max }: { name: string; min: number; max: number }) => {
        service(name).setBounds({ min, max });
      },
      roll: () => {
        this.web.roll();
        this.worker?.roll();
      },
      rollout: () => this.rollout(),
      blockZone: ({ zone, blocked }: { zone: string; blocked: boolean }) => {
        for (const each of [this.web, this.worker]) {
          if (blocked) each?.blockZone(zone);
          else each?.openZone(zone);
        }
      },
      deploy: ({ broken }: { broken: boolean }) => {
        this.web.roll(broken ? this.plan.programs.brokenRelease : this.plan.programs.web);
      },
      lie: ({ says }: { says: 'pass' | 'fail' | null }) => {
        this.health.lie = says ?? undefined;
      },
      breakDependencies: ({ broken }: { broken: boolean }) => {
        this.brokenDependencies = broken;
      },
      events: ({ since }: { since: number }) => this.events.since(since),
      ...this.databases.handlers(),
    };
  }

  private rollout(): { state: 'in-progress' | 'completed' | 'failed'; startedAt: number } {
    const web = this.web.rollout();
    const worker = this.worker?.rollout();
    if (worker === undefined || worker.state === 'completed') return web;
    return { state: 'in-progress', startedAt: Math.max(web.startedAt, worker.startedAt) };
  }

  /** Paths that belong to the kit: pass or fail for checkers, and whether the load balancer itself is there. */
  private ownAnswer(path: string): Promise<{ status: number; body: string }> | undefined {
    if (path === '/.stamp/live') return Promise.resolve({ status: 200, body: '{"status":"pass"}' });
    if (path !== '/.stamp/health') return undefined;
    return this.health
      .document()
      .then(({ status }) => ({ status: status === 'fail' ? 503 : 200, body: JSON.stringify({ status }) }));
  }

  /** What ECS hands to a task: the service's environment, with secrets read when the task starts. */
  private async environment(): Promise<Record<string, string>> {
    const { own, plan } = this;
    const pointer = await this.readPointer();
    return {
      ...own.web.environment,
      ...(own.queue !== undefined && {
        STAMP_QUEUE_URL: `http://sqs.${own.region}.amazonaws.com/${own.account}/${own.queue.name}`,
      }),
      ...(pointer !== undefined && { STAMP_DATABASE: pointer }),
      AWS_ENDPOINT_URL_DYNAMODB: `http://dynamodb.${own.region}.amazonaws.com`,
      // On AWS a login is an IAM token over TLS; the lab has neither.
      DATABASE_PASSWORD: plan.password,
      DATABASE_TLS: 'off',
      STAMPKIT_LAB_HOSTS: hostsFile(plan, own.region),
      STAMPKIT_LAB_HEALTH_PATH: own.health.healthPath,
    };
  }

  private async readPointer(): Promise<string | undefined> {
    if (this.own.pointer === undefined) return undefined;
    const found = await call<{ value: string } | null>(
      this.region.rpc,
      'ssm.get',
      { name: this.own.pointer },
      { timeoutMs: 2000 },
    );
    return found?.value;
  }

  /** The health function reads the pointer at run time (design 6). */
  private async watchPointer(): Promise<void> {
    for (;;) {
      try {
        this.pointer = await this.readPointer();
      } catch {
        // The last one stays true: nothing swaps a pointer while its Region is away.
      }
      await sleep(500);
    }
  }

  private tableAnswers(): Promise<string> {
    const { database } = this.own;
    const name = database.engine === 'dynamodb' ? database.table : '';
    return httpGet(this.region.services, `/ping-table/${encodeURIComponent(name)}`);
  }
}

function httpGet({ host, port }: Endpoint, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get({ host, port, path, agent: false, timeout: 1000 }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve('the table answers');
      else reject(new Error(`HTTP ${response.statusCode ?? 0}`));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
  });
}

export async function runStamp(plan: LabPlan, id: string): Promise<void> {
  const own = plan.stamps.find((stamp) => stamp.id === id);
  if (own === undefined) throw new Error(`the plan has no stamp ${id}`);
  await new Stamp(plan, own).start();
}
