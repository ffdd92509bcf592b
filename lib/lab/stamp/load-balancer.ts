import { Agent, type IncomingMessage, type Server, type ServerResponse, get, request } from 'node:http';
import type { Socket } from 'node:net';
import { type Endpoint, endpointKey } from '../net/endpoint';
import { listen } from '../net/rpc';
import type { StampPlan, TargetPlan } from '../plan/lab-plan';
import { type LabTime, sleep } from '../time/lab-time';
import type { Random } from '../time/random';

type TargetHealth = 'initial' | 'healthy' | 'unhealthy' | 'draining';

class Target {
  public health: TargetHealth = 'initial';
  public open = 0;
  public stopped = false;
  private row = 0;
  private last: boolean | undefined;

  public constructor(
    public readonly endpoint: Endpoint,
    private readonly settings: TargetPlan,
  ) {}

  /** One check of it: the first good one is enough for a new target, later ones turn it by the thresholds (aws-facts 6.1). */
  public count(passes: boolean): void {
    if (this.health === 'draining') return;
    this.row = passes === this.last ? this.row + 1 : 1;
    this.last = passes;
    const { healthyThreshold, unhealthyThreshold } = this.settings;
    if (passes && (this.health === 'initial' || this.row >= healthyThreshold)) this.health = 'healthy';
    if (!passes && this.row >= unhealthyThreshold) this.health = 'unhealthy';
  }
}

/** What answers before any target does. */
export type OwnAnswer = (path: string) => Promise<{ readonly status: number; readonly body: string }> | undefined;

/**
 * A small Application Load Balancer: targets come and go, are checked as the template's target group says, and get requests at random while they are
 * healthy; when none is, all of them do (aws-facts 6.1).
 */
export class LoadBalancer {
  private readonly targets = new Map<string, Target>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 128 });
  private readonly born = new WeakMap<Socket, number>();
  private server: Server | undefined;

  public constructor(
    private readonly plan: Pick<StampPlan, 'edge' | 'target' | 'clientKeepAlive'>,
    private readonly time: LabTime,
    private readonly random: Random,
    private readonly ownAnswer: OwnAnswer,
  ) {}

  public async start(): Promise<void> {
    const keepAlive = this.time.ms(this.plan.clientKeepAlive);
    this.server = await listen(
      this.plan.edge,
      (incoming, outgoing) => {
        this.handle(incoming, outgoing, keepAlive);
      },
      Math.max(1000, keepAlive),
    );
    this.server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.born.set(socket, performance.now());
    });
  }

  public register(endpoint: Endpoint): void {
    const target = new Target(endpoint, this.plan.target);
    this.targets.set(endpointKey(endpoint), target);
    void this.watch(target);
  }

  /** No new requests; ends when open ones are done, or the delay is over. */
  public async drain(endpoint: Endpoint): Promise<void> {
    const target = this.targets.get(endpointKey(endpoint));
    if (target === undefined) return;
    target.health = 'draining';
    const until = performance.now() + this.time.ms(this.plan.target.deregistrationDelay);
    while (target.open > 0 && performance.now() < until) await sleep(50);
    this.deregister(endpoint);
  }

  public deregister(endpoint: Endpoint): void {
    const key = endpointKey(endpoint);
    const target = this.targets.get(key);
    if (target !== undefined) target.stopped = true;
    this.targets.delete(key);
  }

  public isHealthy(endpoint: Endpoint): boolean {
    return this.targets.get(endpointKey(endpoint))?.health === 'healthy';
  }

  /** As Route 53 hears of it. */
  public counts(): { registered: number; healthy: number; minimumHealthy: number } {
    const all = [...this.targets.values()].filter(({ health }) => health !== 'draining');
    return {
      registered: all.length,
      healthy: all.filter(({ health }) => health === 'healthy').length,
      minimumHealthy: this.plan.target.minimumHealthy,
    };
  }

  private handle(incoming: IncomingMessage, outgoing: ServerResponse, keepAlive: number): void {
    // A client's connection may be reused for that long and no longer (aws-facts 6.1).
    if (performance.now() - (this.born.get(incoming.socket) ?? 0) > keepAlive) outgoing.setHeader('connection', 'close');
    const own = this.ownAnswer((incoming.url ?? '/').split('?')[0] ?? '/');
    if (own !== undefined) {
      void own.then(({ status, body }) => {
        outgoing.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
      return;
    }
    const target = this.choose();
    if (target === undefined) outgoing.writeHead(503).end();
    else this.forward(target, incoming, outgoing);
  }

  private choose(): Target | undefined {
    const all = [...this.targets.values()].filter(({ health }) => health !== 'draining');
    const healthy = all.filter(({ health }) => health === 'healthy');
    const candidates = healthy.length > 0 ? healthy : all;
    return candidates[Math.floor(this.random() * candidates.length)];
  }

  private forward(target: Target, incoming: IncomingMessage, outgoing: ServerResponse): void {
    target.open += 1;
    const forwarded = request({
      ...target.endpoint,
      agent: this.agent,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, connection: 'keep-alive' },
    });
    let over = false;
    const done = (): void => {
      if (over) return;
      over = true;
      target.open -= 1;
    };
    forwarded.on('response', (response) => {
      const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...headers } = response.headers;
      outgoing.writeHead(response.statusCode ?? 502, headers);
      response.pipe(outgoing);
      response.on('close', done);
    });
    forwarded.on('error', () => {
      done();
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) forwarded.destroy();
    });
    incoming.pipe(forwarded);
  }

  private async watch(target: Target): Promise<void> {
    const { interval, timeout, path, matcher } = this.plan.target;
    while (!target.stopped) {
      const status = await this.check(target.endpoint, path, timeout * 1000);
      target.count(matches(matcher, status));
      // A new target is looked at more often until its first answer, so that a start takes as long as it really takes.
      await sleep(target.health === 'initial' ? 100 : this.time.ms(interval));
    }
  }

  private check({ host, port }: Endpoint, path: string, timeoutMs: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      const asked = get({ host, port, path, agent: false, timeout: timeoutMs }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => {
        resolve(undefined);
      });
    });
  }
}

/** Codes such as `200`, `200,204` or `200-399`. */
function matches(matcher: string, status: number | undefined): boolean {
  if (status === undefined) return false;
  return matcher.split(',').some((part) => {
    const [low = 0, high = low] = part.split('-').map(Number);
    return status >= low && status <= high;
  });
}
