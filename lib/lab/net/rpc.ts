import { Agent, type IncomingMessage, type RequestListener, createServer, request, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type CallPlace, PortError, type PortErrorKind, isPortError } from '../../ports';
import type { Endpoint } from './endpoint';

/** Answers calls by name. Parameters are plain JSON; every handler says itself what it expects. */
export type Handlers = Readonly<Record<string, (parameters: never) => unknown>>;

interface Failure {
  readonly kind: PortErrorKind;
  readonly message: string;
  readonly maybeApplied: boolean;
}

/** How a call reaches the other side. */
export interface CallOptions {
  /** Milliseconds until the caller gives up. @default 5000 */
  readonly timeoutMs?: number;
  /** Opens the connection; the wide area network of the lab, for calls between Regions. @default - straight */
  readonly connect?: () => Promise<Duplex>;
  /** Of a lab's control endpoint. */
  readonly token?: string;
  /** Service and Region for errors. @default - the endpoint itself */
  readonly place?: CallPlace;
}

/** Calls are short and many: connections are kept, and never keep a process alive. */
const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 30_000 });

/** Handles `POST /rpc/<call>` with the given handlers, and everything else with `otherwise`. */
export function rpcListener(handlers: Handlers, otherwise?: RequestListener): RequestListener {
  return (incoming, response) => {
    const [, name] = /^\/rpc\/([\w.-]+)$/.exec(incoming.url ?? '') ?? [];
    if (name === undefined || incoming.method !== 'POST') {
      if (otherwise !== undefined) otherwise(incoming, response);
      else response.writeHead(404).end();
      return;
    }
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    void answer(handlers, name, incoming).then(
      (result) => {
        reply(200, { result: result ?? null });
      },
      (error: unknown) => {
        const failure: Failure = isPortError(error)
          ? { kind: error.kind, message: error.message, maybeApplied: error.maybeApplied }
          : { kind: 'invalid', message: error instanceof Error ? error.message : String(error), maybeApplied: false };
        reply(500, { failure });
      },
    );
  };
}

async function answer(handlers: Handlers, name: string, incoming: IncomingMessage): Promise<unknown> {
  const handler = handlers[name];
  if (handler === undefined) throw new Error(`there is no call ${name}`);
  const text = await bodyOf(incoming);
  return handler((text === '' ? {} : JSON.parse(text)) as never);
}

/** Starts a server on an endpoint. Whoever started it closes it. */
export function listen(endpoint: Endpoint, listener: RequestListener, keepAliveMs = 60_000): Promise<Server> {
  const server = createServer({ keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: 5000 }, listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(endpoint.port, endpoint.host, 511, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

/** @throws PortError `unreachable` when nobody answers, `timeout`, and whatever the handler threw */
export async function call<T>(endpoint: Endpoint, name: string, parameters: unknown = {}, options: CallOptions = {}): Promise<T> {
  const place = options.place ?? { service: 'lab', region: `${endpoint.host}:${endpoint.port}`, call: name };
  const body = JSON.stringify(parameters);
  const { status, text } = await exchange(endpoint, `/rpc/${name}`, body, place, options);
  const document = JSON.parse(text) as { result?: T; failure?: Failure };
  if (status === 200) return document.result as T;
  const { kind = 'invalid', message = `HTTP ${status}`, maybeApplied = false } = document.failure ?? {};
  throw new PortError(kind, place, message, maybeApplied);
}

function exchange(
  { host, port }: Endpoint,
  path: string,
  body: string,
  place: CallPlace,
  { timeoutMs = 5000, connect, token }: CallOptions,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    void (async () => {
      let sent = false;
      const deadline = setTimeout(() => {
        reject(new PortError('timeout', place, `no answer within ${timeoutMs} ms`, sent));
        outgoing?.destroy();
      }, timeoutMs);
      let outgoing: ReturnType<typeof request> | undefined;
      const fail = (error: Error): void => {
        clearTimeout(deadline);
        const refused = 'code' in error && error.code === 'ECONNREFUSED';
        reject(new PortError('unreachable', place, error.message, sent && !refused));
      };
      try {
        const socket = await connect?.();
        outgoing = request({
          host,
          port,
          path,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(socket !== undefined && { connection: 'close' }),
            'content-length': Buffer.byteLength(body),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
          ...(socket === undefined ? { agent } : { createConnection: () => socket }),
        });
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      outgoing.once('error', fail);
      outgoing.once('response', (response) => {
        bodyOf(response).then((text) => {
          clearTimeout(deadline);
          resolve({ status: response.statusCode ?? 0, text });
        }, fail);
      });
      sent = true;
      outgoing.end(body);
    })();
  });
}

/** The whole body as text. */
export function bodyOf(stream: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('end', () => {
      resolve(Buffer.concat(chunks).toString('utf8'));
    });
    stream.once('error', reject);
    stream.once('close', () => {
      if (!stream.complete) reject(new Error('connection closed in the middle of an answer'));
    });
  });
}
