/**
 * A tenant order service, as it should live in a stamp: it knows nothing of Regions and roles, asks its own database whether it may write, degrades to
 * reads when it may not, refuses early what it cannot carry, and drains when it is told to stop.
 *
 *   POST /orders        { number, tenant, item, quantity } -> 201, or 200 when that number was ordered before
 *   GET  /orders/:number, GET /orders?limit=20
 *   POST /shipments     { number } -> 202: work for the worker
 *   GET  /healthz       200 while this process can serve; never looks at database or queue
 */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { awsJson } from './aws-json';
import { Bulkhead, BulkheadFullError } from './bulkhead';
import { CircuitBreaker, CircuitOpenError } from './circuit-breaker';
import { makeStore } from './make-store';
import { readSettings } from './settings';
import { type Order, ReadOnlyError } from './store';

const settings = readSettings(process.env);
const store = makeStore(settings);
const writes = new Bulkhead('writes', 16, 64);
const reads = new Bulkhead('reads', 16, 64);
const breakerOptions = { failures: 5, pauseMs: 500, counts: (error: unknown) => !(error instanceof ReadOnlyError) };
const writing = new CircuitBreaker({ name: 'the database for writes', ...breakerOptions });
const reading = new CircuitBreaker({ name: 'the database for reads', ...breakerOptions });
let draining = false;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

async function answer(incoming: IncomingMessage): Promise<Answer> {
  const url = new URL(incoming.url ?? '/', 'http://stamp');
  const [, resource, id] = url.pathname.split('/');
  if (store === undefined) return { status: 200, body: { stamp: settings.stamp } };
  if (incoming.method === 'POST' && resource === 'orders') {
    const order = parseOrder(await bodyOf(incoming));
    if (order === undefined) return { status: 400, body: { error: 'an order has number, tenant, item and quantity' } };
    const result = await writes.run(() => writing.run(() => store.place(order)));
    return { status: result === 'created' ? 201 : 200, body: { number: order.number, result } };
  }
  if (incoming.method === 'POST' && resource === 'shipments') {
    const { number } = JSON.parse(await bodyOf(incoming)) as { number?: unknown };
    if (typeof number !== 'number' || settings.queueUrl === undefined)
      return { status: 400, body: { error: 'a shipment has a number' } };
    const message = { QueueUrl: settings.queueUrl, MessageBody: JSON.stringify({ number }) };
    await awsJson(new URL(settings.queueUrl).origin, 'AmazonSQS.SendMessage', message, 1000);
    return { status: 202, body: { number } };
  }
  if (incoming.method === 'GET' && resource === 'orders') {
    const limit = Math.min(100, Number(url.searchParams.get('limit') ?? 20));
    const look = async (): Promise<unknown> => (id === undefined ? store.latest(limit) : store.find(Number(id)));
    const found = await reads.run(() => reading.run(look));
    return found === undefined ? { status: 404 } : { status: 200, body: found };
  }
  return { status: 404 };
}

function failure(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ReadOnlyError) return { status: 503, body: { error: message, readOnly: true } };
  if (error instanceof BulkheadFullError || error instanceof CircuitOpenError) return { status: 503, body: { error: message } };
  return { status: 500, body: { error: message } };
}

function send(outgoing: ServerResponse, { status, body }: Answer): void {
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    'x-stamp': settings.stamp,
    ...(status === 503 && { 'retry-after': '1' }),
    ...(draining && { connection: 'close' }),
  });
  outgoing.end(body === undefined ? '' : JSON.stringify(body));
}

const server = createServer({ keepAliveTimeout: 75_000 }, (incoming, outgoing) => {
  if (incoming.url === '/healthz' || incoming.url === '/') {
    send(outgoing, { status: 200, body: { status: 'pass' } });
    return;
  }
  answer(incoming).then(
    (good) => {
      send(outgoing, good);
    },
    (error: unknown) => {
      send(outgoing, failure(error));
    },
  );
});
server.listen(settings.port, settings.host);

/** SIGTERM means drain: no new connections, open requests are finished, then the process ends by itself. */
process.once('SIGTERM', () => {
  draining = true;
  server.close(() => {
    void store?.close().then(() => process.exit(0));
  });
  server.closeIdleConnections();
});

function parseOrder(text: string): Order | undefined {
  try {
    const { number, tenant, item, quantity } = JSON.parse(text) as Partial<Record<keyof Order, unknown>>;
    if (typeof number !== 'number' || typeof tenant !== 'string' || typeof item !== 'string' || typeof quantity !== 'number')
      return undefined;
    return { number, tenant, item, quantity };
  } catch {
    return undefined;
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
