import { request } from 'node:http';
import type { Socket } from 'node:net';
import type { HealthCheckConfig } from '../../assembly/route53-types';
import type { Probe } from '../../resilience/dns';

/** Milliseconds after which a checker hangs up in any case: connection, status and body together (aws-facts 2.3). */
const PATIENCE = 8000;
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
      clearTimeout(deadline);
      socket?.destroy();
      resolve(seen);
    };
    const deadline = setTimeout(done, PATIENCE);
    void connect().then((opened) => {
      socket = opened;
      opened.on('error', done);
      if (over) {
        opened.destroy();
        return;
      }
      const connected = performance.now();
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
