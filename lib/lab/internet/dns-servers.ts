import DNS from 'dns2';
import type { DnsAnswer, Resolution } from '../../resilience/dns';
import type { Endpoint } from '../net/endpoint';
import { type LabTime, sleep } from '../time/lab-time';
import type { Random } from '../time/random';

/** Answers of the zone to a client near a Region. */
export type Answering = (name: string, type: string, region: string) => Resolution;

/** Addresses that client subnets stand for: 198.18.<n>.0/24 is the n-th Region (RFC 2544 sets 198.18.0.0/15 apart for tests). */
export function clientSubnet(at: number): string {
  return `198.18.${at}.1`;
}

interface EdnsData {
  readonly ednsCode?: number;
  readonly ip?: string;
}

/**
 * The zone's own DNS server: real UDP, answers by the model. Where the client is comes by EDNS client subnet, as with Route 53
 * (aws-facts 1.3). TTLs on the wire are those of AWS; whoever keeps an answer divides them by the speed.
 */
export async function authority(
  endpoint: Endpoint,
  regions: readonly string[],
  answering: Answering,
  addressOf: (loadBalancer: string) => string | undefined,
  random: Random,
): Promise<() => void> {
  const server = DNS.createUDPServer((request, send) => {
    const response = DNS.Packet.createResponseFromRequest(request);
    const [question] = request.questions;
    if (question === undefined) return;
    const region = regions[subnetOf(request)] ?? regions[0] ?? '';
    const type = question.type === DNS.Packet.TYPE.A ? 'A' : question.type === DNS.Packet.TYPE.AAAA ? 'AAAA' : 'ANY';
    const { status, answers, ttl = 60 } = answering(question.name, type, region);
    response.header.aa = 1;
    if (status === 'name-error') response.header.rcode = 3;
    else if (status === 'outside') response.header.rcode = 5;
    const chosen = choose(answers, random);
    for (const address of type === 'A' ? addresses(chosen, addressOf) : []) {
      response.answers.push(addressRecord(question.name, ttl, address));
    }
    void send(response).catch(() => undefined);
  });
  await server.listen(endpoint.port, endpoint.host);
  return () => server.close();
}

function addressRecord(name: string, ttl: number, address: string): DNS.Packet.Resource {
  // The library encodes plain objects; its type asks for a method that only parsed ones have.
  return { name, type: DNS.Packet.TYPE.A, class: DNS.Packet.CLASS.IN, ttl, address } as DNS.Packet.Resource;
}

/** One of the answers, as often as its probability says. */
function choose(answers: readonly DnsAnswer[], random: Random): DnsAnswer | undefined {
  let rest = random() * answers.reduce((sum, { probability }) => sum + probability, 0);
  return answers.find(({ probability }) => (rest -= probability) <= 0) ?? answers[0];
}

function addresses(chosen: DnsAnswer | undefined, addressOf: (loadBalancer: string) => string | undefined): string[] {
  if (chosen === undefined) return [];
  if (chosen.values !== undefined) return [...chosen.values];
  const address = chosen.alias === undefined ? undefined : addressOf(chosen.alias);
  return address === undefined ? [] : [address];
}

function subnetOf(request: DNS.Packet): number {
  const options = request.additionals.flatMap((each) => (each as unknown as { rdata?: EdnsData[] }).rdata ?? []);
  const ip = options.find(({ ip }) => ip !== undefined)?.ip;
  return ip === undefined ? 0 : Number(ip.split('.')[2] ?? 0);
}

/** Milliseconds between two questions of a resolver that gets no answer. */
const LEAST_PAUSE = 50;

interface Kept {
  readonly addresses: readonly string[];
  /** `performance.now()` at which it may be used no longer. */
  readonly until: number;
}

/** A resolver near clients: asks the zone's server, keeps answers for their TTL, and says how much of it is left. */
export class CachingResolver {
  private readonly kept = new Map<string, Kept>();
  private readonly running = new Map<string, Promise<Kept>>();

  public constructor(
    private readonly authorityAt: Endpoint,
    private readonly place: number,
    private readonly time: LabTime,
  ) {}

  public async listen(endpoint: Endpoint): Promise<() => void> {
    const server = DNS.createUDPServer((request, send) => {
      const response = DNS.Packet.createResponseFromRequest(request);
      const [question] = request.questions;
      if (question === undefined) return;
      void this.lookUp(question.name).then(
        ({ addresses, until }) => {
          const ttl = Math.max(0, Math.floor(this.time.seconds(until - performance.now())));
          response.header.ra = 1;
          for (const address of addresses) {
            response.answers.push(addressRecord(question.name, ttl, address));
          }
          return send(response);
        },
        () => {
          response.header.rcode = 2;
          return send(response);
        },
      );
    });
    await server.listen(endpoint.port, endpoint.host);
    return () => server.close();
  }

  /**
   * Others use the resolver too, and keep asking: it always keeps an answer, of any age at any moment. So whoever loses a stamp waits for what is left of
   * a TTL, which may be all of it.
   *
   * @param age how much of the first TTL is over already, from 0 to 1
   */
  public async keepWarm(name: string, age: number): Promise<void> {
    const key = name.toLowerCase();
    const first = await this.lookUp(key).catch(() => undefined);
    const now = performance.now();
    if (first !== undefined) this.kept.set(key, { ...first, until: first.until - age * (first.until - now) });
    for (;;) {
      const { until } = (await this.lookUp(key).catch(() => undefined)) ?? { until: 0 };
      await sleep(Math.max(LEAST_PAUSE, until - performance.now() + 1));
    }
  }

  /** Clients that ask for the same name at once wait for one question. */
  public lookUp(name: string): Promise<Kept> {
    const key = name.toLowerCase();
    const known = this.kept.get(key);
    if (known !== undefined && known.until > performance.now()) return Promise.resolve(known);
    const running = this.running.get(key) ?? this.ask(key).finally(() => this.running.delete(key));
    this.running.set(key, running);
    return running;
  }

  private async ask(name: string): Promise<Kept> {
    const response = await askDns(this.authorityAt, name, clientSubnet(this.place));
    const ttl = Math.max(0, ...response.map((each) => each.ttl));
    const kept = {
      addresses: response.map(({ address }) => address),
      until: performance.now() + this.time.ms(response.length === 0 ? 0 : ttl),
    };
    this.kept.set(name, kept);
    return kept;
  }
}

/** Asks a DNS server of the lab for the A records of a name. @throws when it does not answer within 2 s, or with an error */
export async function askDns(
  server: Endpoint,
  name: string,
  subnet?: string,
): Promise<{ readonly address: string; readonly ttl: number }[]> {
  const ask = DNS.UDPClient({ dns: server.host, port: server.port, timeout: 2000, retryOverTCP: false });
  const { header, answers } = await ask(name, 'A', undefined, subnet === undefined ? {} : { clientIp: `${subnet}/24` });
  if (header.rcode !== 0) throw new Error(`DNS answers with code ${header.rcode}`);
  return answers.flatMap(({ address, ttl }) => (address === undefined ? [] : [{ address, ttl }]));
}
