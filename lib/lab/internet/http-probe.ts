import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { HealthCheckConfig } from '../../assembly/route53-types';
import type { Probe } from '../../resilience/dns';

/** Milliseconds after which a checker hangs up: to connect (TCP checks get longer), then for the status, then for the body (aws-facts 2.3). */
const PATIENCE = { connect: 4000, connectTcp: 10_000, status: 2000, body: 2000 };
/** Bytes of a body that a checker reads (aws-facts 2.1). */
const BODY_LIMIT = 5120;

/** One real request of a checker, over plain HTTP: the lab has no certificates. A new connection every time, as checkers do. */
export function probe(connect: () => Promise<Socket>, config: HealthCheckConfig): Promise<Probe> {
  const start = performance.now();
  return new Promise((resolve) => {
    let seen: Probe = {};
    let socket: Socket | undefined;
    let over = false;
    const done = (): void => {
      if (over) return;
      over = true;
      clearTimeout(patience);
      socket?.destroy();
      resolve(seen);
    };
    let patience = setTimeout(done, config.Type === 'TCP' ? PATIENCE.connectTcp : PATIENCE.connect);
    const waitFor = (milliseconds: number): void => {
      clearTimeout(patience);
      patience = setTimeout(done, milliseconds);
    };
    void connect().then((opened) => {
      socket = opened;
      opened.on('error', done);
      if (over) {
        opened.destroy();
        return;
      }
      const connected = performance.now();
      waitFor(PATIENCE.status);
      seen = { connected: connected - start };
      if (config.Type === 'TCP') {
        done();
        return;
      }
      const outgoing = request({
        // Without an agent: one would open a connection of its own.
        createConnection: () => opened,
        path: config.ResourcePath ?? '/',
        headers: {
          host: config.FullyQualifiedDomainName ?? 'localhost',
          'user-agent': 'Amazon-Route53-Health-Check-Service (stampkit lab)',
          connection: 'close',
        },
      });
      outgoing.on('error', done);
      outgoing.on('response', (response) => {
        const answered = performance.now();
        waitFor(PATIENCE.body);
        seen = { ...seen, status: response.statusCode ?? 0, answered: answered - connected };
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          if (body.length < BODY_LIMIT) body += text;
        });
        response.on('error', done);
        response.on('close', done);
        response.on('end', () => {
          seen = { ...seen, body, read: performance.now() - answered };
          done();
        });
      });
      outgoing.end();
    }, done);
  });
}
