import { createSocket, type Socket } from 'node:dgram';
import DNS from 'dns2';
import { afterEach, describe, expect, test } from 'vitest';
import { createDns } from '../../../lib/aws/operations/dns';
import type { DnsAnswer } from '../../../lib/ports';
import { ManualClock, settle } from '../support/manual-clock';

type Records = Readonly<Record<string, readonly string[] | 'no-name' | 'refused'>>;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server on loopback that knows these records: `A name` and `NS name`. A name it does not know has no records of that type. */
async function server(records: Records, asked: string[] = []): Promise<number> {
  const udp = DNS.createUDPServer((request, send) => {
    const response = DNS.Packet.createResponseFromRequest(request);
    const { name, type } = request.questions[0]!;
    const kind = type === DNS.Packet.TYPE.NS ? 'NS' : 'A';
    asked.push(`${kind} ${name}`);
    const found = records[`${kind} ${name}`] ?? [];
    if (found === 'no-name') response.header.rcode = 3;
    else if (found === 'refused') response.header.rcode = 5;
    else {
      for (const value of found) {
        const record = {
          name,
          type,
          class: DNS.Packet.CLASS.IN,
          ttl: 60,
          ...(kind === 'NS' ? { ns: value } : { address: value }),
        };
        response.answers.push(record as unknown as DNS.Packet.Resource);
      }
    }
    void send(response);
  });
  await udp.listen(0, '127.0.0.1');
  closing.push(() => udp.close());
  return udp.address().port;
}

/** Takes questions and answers none. */
async function silent(): Promise<number> {
  const socket: Socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closing.push(() => socket.close());
  return socket.address().port;
}

const local = (port: number): string => `127.0.0.1:${port}`;
const at = (answers: readonly DnsAnswer[], vantage: string): DnsAnswer | undefined =>
  answers.find((each) => each.vantage === vantage);
const NAME = 'pool.shop.example';

const ZONE: Records = {
  'NS shop.example': ['ns2.example.net', 'ns1.example.net'],
  'A ns1.example.net': ['127.0.0.1'],
  'A ns2.example.net': ['127.0.0.1'],
};

describe('answers', () => {
  test('of every resolver, and of the zone’s own servers past them', async () => {
    const own = await server({ [`A ${NAME}`]: ['192.0.2.9', '192.0.2.8', '192.0.2.9'] });
    const cached = await server({ ...ZONE, [`A ${NAME}`]: ['192.0.2.1'] });
    const other = await server({ [`A ${NAME}`]: ['192.0.2.2'] });
    const dns = createDns({ clock: new ManualClock(), resolvers: [local(cached), local(other)], nameServerPort: own });
    expect(await dns.answers(NAME)).toEqual([
      { vantage: 'ns1.example.net', authoritative: true, addresses: ['192.0.2.8', '192.0.2.9'] },
      { vantage: 'ns2.example.net', authoritative: true, addresses: ['192.0.2.8', '192.0.2.9'] },
      { vantage: local(cached), authoritative: false, addresses: ['192.0.2.1'] },
      { vantage: local(other), authoritative: false, addresses: ['192.0.2.2'] },
    ]);
  });

  test('the zone’s servers are looked for once in a while, not for every name', async () => {
    const asked: string[] = [];
    const clock = new ManualClock();
    const own = await server({ [`A ${NAME}`]: ['192.0.2.9'] });
    const dns = createDns({ clock, resolvers: [local(await server(ZONE, asked))], nameServerPort: own });
    const lookups = (): number => asked.filter((question) => question === 'NS shop.example').length;
    await dns.answers(NAME);
    await dns.answers(NAME);
    expect(lookups()).toBe(1);
    await clock.pass(300_000);
    await dns.answers(NAME);
    expect(lookups()).toBe(2);
  });

  test('a name without an address, and one that is not there, are answers', async () => {
    const empty = await server({ ...ZONE, [`A ${NAME}`]: [] });
    const none = await server({ [`A ${NAME}`]: 'no-name' });
    const dns = createDns({ clock: new ManualClock(), resolvers: [local(empty)], nameServers: [local(none)] });
    expect(await dns.answers(NAME)).toEqual([
      { vantage: local(none), authoritative: true, addresses: [] },
      { vantage: local(empty), authoritative: false, addresses: [] },
    ]);
  });

  test('name servers that are given are not looked for', async () => {
    const asked: string[] = [];
    const cached = await server({ [`A ${NAME}`]: ['192.0.2.1'] }, asked);
    const own = await server({ [`A ${NAME}`]: ['192.0.2.1'] });
    await createDns({ clock: new ManualClock(), resolvers: [local(cached)], nameServers: [local(own)] }).answers(NAME);
    expect(asked).toEqual([`A ${NAME}`]);
  });
});

describe('silence and refusals are answers with an error', () => {
  test('a resolver that does not answer does not keep the others waiting for ever', async () => {
    const clock = new ManualClock();
    const good = await server({ [`A ${NAME}`]: ['192.0.2.1'] });
    const mute = await silent();
    const work = createDns({ clock, resolvers: [local(good), local(mute)], nameServers: [local(good)] }).answers(NAME);
    while (clock.sleeping > 1 || clock.slept.length < 3) await settle();
    await clock.pass(4_000);
    const answers = await work;
    expect(at(answers, local(good))?.addresses).toEqual(['192.0.2.1']);
    expect(answers.find((each) => each.vantage === local(mute))).toEqual({
      vantage: local(mute),
      authoritative: false,
      addresses: [],
      error: 'no answer within 4 s',
    });
    expect(clock.sleeping).toBe(0);
  });

  test('a server that refuses', async () => {
    const port = await server({ [`A ${NAME}`]: 'refused' });
    const [answer] = await createDns({ clock: new ManualClock(), resolvers: [], nameServers: [local(port)] }).answers(NAME);
    expect(answer).toMatchObject({ addresses: [], error: 'the server refuses to answer' });
  });

  test.each<[string, Records, string]>([
    ['no zone is found', {}, 'no zone above pool.shop.example has name servers'],
    [
      'its servers have no address',
      { 'NS shop.example': ['ns1.example.net'] },
      'the name servers of shop.example have no address',
    ],
  ])('%s', async (_name, records, error) => {
    const port = await server({ ...records, [`A ${NAME}`]: ['192.0.2.1'] });
    const answers = await createDns({ clock: new ManualClock(), resolvers: [local(port)] }).answers(NAME);
    expect(answers).toEqual([
      { vantage: 'name servers of the zone', authoritative: true, addresses: [], error },
      { vantage: local(port), authoritative: false, addresses: ['192.0.2.1'] },
    ]);
  });

  test('what was not found is looked for again', async () => {
    const asked: string[] = [];
    const dns = createDns({ clock: new ManualClock(), resolvers: [local(await server({}, asked))] });
    await dns.answers(NAME);
    await dns.answers(NAME);
    expect(asked.filter((question) => question === 'NS shop.example')).toHaveLength(2);
  });
});
