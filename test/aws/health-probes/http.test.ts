import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ComputeLoop } from '../../../lib/aws/health-probes/compute-loop';
import { Dependency } from '../../../lib/aws/health-probes/dependency';
import { httpGet, type HttpAnswer, type HttpTarget } from '../../../lib/aws/health-probes/http-get';
import { never } from './never';
import { selfSigned } from './self-signed';

const HOST = 'use1.enterprise.shop.example.com';

describe('httpGet against a real server', () => {
  const { key, cert } = selfSigned(HOST);
  const seen: IncomingMessage[] = [];
  let secure: Server;
  let plain: Server;
  let securePort: number;
  let plainPort: number;

  beforeAll(async () => {
    secure = createHttps({ key, cert }, (request, response) => {
      seen.push(request);
      if (request.url === '/hang') return;
      response.writeHead(request.url === '/gone' ? 503 : 200, { server: 'test' }).end('body');
    });
    plain = createHttp((_request, response) => response.writeHead(302, { location: 'https://elsewhere.example.com' }).end());
    [securePort, plainPort] = (await Promise.all(
      [secure, plain].map(
        (server) =>
          new Promise<number>((resolve) => {
            server.listen(0, '127.0.0.1', () => {
              resolve((server.address() as AddressInfo).port);
            });
          }),
      ),
    )) as [number, number];
  });
  afterAll(() => {
    for (const server of [secure, plain]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const url = (path: string, host = HOST): string => `https://${host}:${securePort}${path}`;

  test('connects to the load balancer, names the stamp in SNI, certificate check and Host header', async () => {
    const answer = await httpGet({ url: url('/healthz?deep=0'), connectTo: '127.0.0.1', ca: cert }, never());
    expect(answer.status).toBe(200);
    expect(seen.at(-1)).toMatchObject({
      method: 'GET',
      url: '/healthz?deep=0',
      headers: { host: `${HOST}:${securePort}`, 'user-agent': 'stampkit-health' },
    });
    expect((seen.at(-1)?.socket as { servername?: string }).servername).toBe(HOST);
  });

  test('hands on a status as it is', async () => {
    await expect(httpGet({ url: url('/gone'), connectTo: '127.0.0.1', ca: cert }, never())).resolves.toMatchObject({
      status: 503,
    });
  });

  test('does not follow redirects', async () => {
    await expect(httpGet({ url: `http://127.0.0.1:${plainPort}/` }, never())).resolves.toMatchObject({ status: 302 });
  });

  test('fails for a certificate of somebody else', async () => {
    await expect(
      httpGet({ url: url('/', 'euw1.pool.shop.example.com'), connectTo: '127.0.0.1', ca: cert }, never()),
    ).rejects.toThrow(/altnames|Hostname/);
  });

  test('fails for a certificate that nobody trusts', async () => {
    await expect(httpGet({ url: url('/'), connectTo: '127.0.0.1' }, never())).rejects.toThrow(/self-signed/);
  });

  test('fails when nobody listens', async () => {
    await expect(httpGet({ url: 'http://127.0.0.1:1/' }, never())).rejects.toThrow(/ECONNREFUSED/);
  });

  test('stops when it is told to, and closes the connection', async () => {
    const controller = new AbortController();
    const closed = new Promise((resolve) => {
      secure.once('request', (request: IncomingMessage) => {
        request.socket.once('close', resolve);
        controller.abort(new Error('deadline'));
      });
    });
    await expect(httpGet({ url: url('/hang'), connectTo: '127.0.0.1', ca: cert }, controller.signal)).rejects.toThrow();
    await closed;
  });
});

describe('the compute probe', () => {
  const settings = { loadBalancerDnsName: 'stamp-1.us-east-1.elb.amazonaws.com', recordName: HOST, healthPath: '/healthz' };
  const answering = (status: number, server?: string): ComputeLoop =>
    new ComputeLoop(settings, () => Promise.resolve({ status, headers: { ...(server !== undefined && { server }) } }));

  test('takes the users’ way: through the load balancer, by the stamp’s own name', async () => {
    const targets: HttpTarget[] = [];
    const probe = new ComputeLoop(settings, (target) => {
      targets.push(target);
      return Promise.resolve({ status: 200, headers: {} });
    });
    await expect(probe.observe(never())).resolves.toEqual({
      serving: true,
      detail: 'HTTP 200 on /healthz through the load balancer',
    });
    expect(targets).toEqual([{ url: `https://${HOST}/healthz`, connectTo: 'stamp-1.us-east-1.elb.amazonaws.com' }]);
  });

  test.each([
    [200, true],
    [204, true],
    [299, true],
    [300, false],
    [302, false],
    [404, false],
    [500, false],
    [503, false],
  ])('HTTP %i: serving %s', async (status, serving) => {
    await expect(answering(status, 'awselb/2.0').observe(never())).resolves.toMatchObject({ serving });
  });

  test.each([
    [403, 'awselb/2.0'],
    [429, 'awselb/2.0'],
    [429, undefined],
  ])('HTTP %i from %s is the web ACL, and says nothing about the tasks', async (status, server) => {
    await expect(answering(status, server).observe(never())).resolves.toHaveProperty('unknown');
  });

  test('a task that answers 403 does not serve', async () => {
    await expect(answering(403, 'nginx').observe(never())).resolves.toMatchObject({ serving: false });
  });
});

describe('a dependency', () => {
  test.each([
    [200, true],
    [399, true],
    [400, false],
    [503, false],
    [0, false],
  ])('HTTP %i: up %s', async (status, serving) => {
    const answer: HttpAnswer = { status, headers: {} };
    await expect(
      new Dependency('https://payments.example.com/health', () => Promise.resolve(answer)).observe(never()),
    ).resolves.toEqual({ serving, detail: `HTTP ${status}` });
  });

  test('fails with the cause', async () => {
    const probe = new Dependency('https://payments.example.com/health', () => Promise.reject(new Error('getaddrinfo ENOTFOUND')));
    await expect(probe.observe(never())).rejects.toThrow('ENOTFOUND');
  });
});
