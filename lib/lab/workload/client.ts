import { Agent, type ClientRequestArgs, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Attempt, AttemptKind, AttemptOutcome } from '../../ports';
import { askDns } from '../internet/dns-servers';
import type { Endpoint } from '../net/endpoint';
import { throughWideArea } from '../net/wide-area';
import type { LabTime } from '../time/lab-time';
import { contentOf } from './content';

export interface ClientOptions {
  readonly population: string;
  readonly client: number;
  /** Public name of the group. */
  readonly name: string;
  readonly resolver: Endpoint;
  readonly wan: Endpoint;
  /** Where an address of the lab is, and in which Region. */
  readonly locate: (address: string) => { readonly endpoint: Endpoint; readonly region: string } | undefined;
  readonly time: LabTime;
  readonly timeoutMs: number;
  readonly keepConnections: boolean;
}

/** What a client was asked to do. */
export interface Errand {
  readonly kind: AttemptKind;
  readonly number?: number;
}

/**
 * One client: a cache for DNS that honours TTLs, a connection that it keeps while the server does, and its own clock. As browsers do, it asks DNS
 * again only when it needs a new connection.
 */
export class Client {
  private known: { readonly address: string; readonly until: number } | undefined;
  private agent = this.newAgent();
  private connected: { readonly address: string; readonly socket: Socket } | undefined;

  public constructor(private readonly options: ClientOptions) {}

  public async attempt({ kind, number }: Errand): Promise<Attempt> {
    const { population, client, timeoutMs } = this.options;
    const startedAt = Date.now();
    const result = await withDeadline(this.run({ kind, ...(number !== undefined && { number }) }), timeoutMs, () => {
      this.disconnect();
    });
    return {
      population,
      client,
      kind,
      ...(number !== undefined && { number }),
      startedAt,
      endedAt: Date.now(),
      ...result,
      ...(result.address === undefined && this.lastAddress !== undefined && { address: this.lastAddress }),
    };
  }

  private lastAddress: string | undefined;

  private async run(errand: Errand): Promise<Ended> {
    let address: string | undefined;
    try {
      address = this.alive() ? this.connected?.address : await this.resolve();
      this.lastAddress = address;
      if (address === undefined) return { outcome: 'lost', error: 'the name has no address' };
      const { status, stamp } = await this.send(errand, address);
      if (!this.options.keepConnections) this.disconnect();
      return {
        outcome: outcomeOf(status),
        status,
        address,
        ...(stamp !== undefined && { stamp }),
        ...(status >= 400 && { error: `HTTP ${status}` }),
      };
    } catch (error) {
      this.disconnect();
      return {
        outcome: 'lost',
        error: error instanceof Error ? error.message : String(error),
        ...(address !== undefined && { address }),
      };
    }
  }

  private alive(): boolean {
    return this.options.keepConnections && this.connected !== undefined && !this.connected.socket.destroyed;
  }

  private async resolve(): Promise<string | undefined> {
    if (this.known !== undefined && this.known.until > performance.now()) return this.known.address;
    const [answer] = await askDns(this.options.resolver, this.options.name);
    this.known =
      answer === undefined ? undefined : { address: answer.address, until: performance.now() + this.options.time.ms(answer.ttl) };
    return answer?.address;
  }

  private send({ kind, number = 0 }: Errand, address: string): Promise<{ status: number; stamp: string | undefined }> {
    const body = kind === 'read' ? undefined : JSON.stringify(kind === 'write' ? { number, ...contentOf(number) } : { number });
    const path = kind === 'read' ? '/orders?limit=5' : kind === 'write' ? '/orders' : '/shipments';
    return new Promise((resolve, reject) => {
      const outgoing = request({
        agent: this.agent,
        host: address,
        method: body === undefined ? 'GET' : 'POST',
        path,
        headers: {
          host: this.options.name,
          ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          const stamp = response.headers['x-stamp'];
          resolve({ status: response.statusCode ?? 0, stamp: typeof stamp === 'string' ? stamp : undefined });
        });
      });
      outgoing.end(body);
    });
  }

  private newAgent(): Agent {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    // The types know only the form that gives a socket at once.
    Object.assign(agent, {
      createConnection: (options: ClientRequestArgs, done: (error: Error | null, socket?: Socket) => void) => {
        const address = String(options.host);
        const found = this.options.locate(address);
        if (found === undefined) {
          done(new Error(`nobody is at ${address}`));
          return;
        }
        const { wan, population } = this.options;
        throughWideArea(wan, found.endpoint, `clients:${population}`, `region:${found.region}`).then((socket) => {
          this.connected = { address, socket };
          done(null, socket);
        }, done);
      },
    });
    return agent;
  }

  public disconnect(): void {
    this.connected?.socket.destroy();
    this.connected = undefined;
    this.agent.destroy();
    this.agent = this.newAgent();
  }
}

interface Ended {
  readonly outcome: AttemptOutcome;
  readonly status?: number;
  readonly address?: string;
  readonly stamp?: string;
  readonly error?: string;
}

/** A refusal is an answer that says so; after any other error nobody knows what was done. */
function outcomeOf(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return 'ok';
  return status === 503 || (status >= 400 && status < 500) ? 'refused' : 'lost';
}

async function withDeadline(work: Promise<Ended>, milliseconds: number, giveUp: () => void): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Ended>((resolve) => {
    timer = setTimeout(() => {
      giveUp();
      resolve({ outcome: 'lost', error: `no answer within ${milliseconds} ms` });
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
