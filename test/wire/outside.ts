import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import DNS from 'dns2';
import type { Fleet } from '../../lib/topology/types';
import { dnsAnswers } from './dns-answers';
import type { WireAws } from './wire-aws';

/** What users reach, on loopback: the zone's name server, and the health path of every stamp. */
export class Outside {
  private readonly names;
  private readonly stamps: Server;

  public constructor(aws: WireAws, fleet: Fleet) {
    const answers = dnsAnswers(aws, fleet);
    this.names = DNS.createUDPServer((request, send) => {
      const response = DNS.Packet.createResponseFromRequest(request);
      const { name = '', type } = request.questions[0] ?? {};
      response.header.aa = 1;
      void (type === DNS.Packet.TYPE.A ? answers.answers(name) : Promise.resolve([])).then((found) => {
        for (const address of found.flatMap(({ addresses }) => addresses)) {
          const record = { name, type: DNS.Packet.TYPE.A, class: DNS.Packet.CLASS.IN, ttl: 60, address };
          response.answers.push(record as unknown as DNS.Packet.Resource);
        }
        void send(response);
      });
    });
    const regions = new Map(fleet.groups.flatMap(({ stamps }) => stamps.map(({ id, shape }) => [id, shape.region] as const)));
    this.stamps = createServer((request, response) => {
      const [, stamp = ''] = (request.url ?? '').split('/');
      if (aws.world.isDown(regions.get(stamp) ?? '')) request.socket.destroy();
      else response.writeHead(200).end('ok\n');
    });
  }

  /** @returns the variables that lead a command there, and everything that the fake does not answer for to a port where nobody is */
  public async start(): Promise<Record<string, string>> {
    await this.names.listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => this.stamps.listen(0, '127.0.0.1', resolve));
    const resolver = `127.0.0.1:${this.names.address().port}`;
    return {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      STAMPKIT_RESOLVERS: resolver,
      STAMPKIT_NAME_SERVERS: resolver,
      STAMPKIT_DIRECT_URL: `http://127.0.0.1:${(this.stamps.address() as AddressInfo).port}/{stamp}{path}`,
    };
  }

  public async stop(): Promise<void> {
    this.names.close();
    this.stamps.closeAllConnections();
    await new Promise((resolve) => this.stamps.close(resolve));
  }
}
