import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Service, services } from './model';
import { type RawRequest, readRequest } from './read-request';
import { Silence, WireError } from './wire-error';
import type { Handlers, LoggedRequest, Place, WireWorld } from './world';
import { type RawAnswer, writeAnswer, writeError } from './write-answer';

/** Account of requests whose access key says none. */
export const DEFAULT_ACCOUNT = '123456789012';

/** Answers requests below `/_wire/`, which are for whoever directs the fake. */
export type Direct = (path: string, body: unknown) => unknown;

/**
 * One server for all Regions and accounts. The Region and the service are those that a request was signed for; the account is the access key
 * when that has twelve digits. Signatures are not checked.
 */
export class WireServer {
  private server: Server | undefined;

  public constructor(
    private readonly world: WireWorld,
    /** By the name in the credential scope. */
    private readonly handlers: Readonly<Record<string, Handlers>>,
    /** S3, whose protocol is its own. */
    private readonly objects: (place: Place, request: RawRequest) => { operation: string; answer: RawAnswer },
    private readonly direct: Direct = () => undefined,
  ) {}

  /** @returns the endpoint, on loopback */
  public async start(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      void this.serve(request, response);
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw: RawRequest = {
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
      ),
      body: Buffer.concat(parts),
    };
    try {
      const answer = raw.url.startsWith('/_wire/') ? this.answerDirector(raw) : await this.answer(raw);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      if (!(error instanceof Silence)) process.stderr.write(`wire fake: ${String(error)}\n`);
      // A Region that is gone: the connection breaks and nobody says anything.
      request.socket.destroy();
    }
  }

  private answerDirector(raw: RawRequest): RawAnswer {
    const result = this.direct(raw.url.slice('/_wire/'.length), raw.body.length === 0 ? {} : JSON.parse(raw.body.toString()));
    const body = JSON.stringify(result ?? null);
    return { status: result === undefined ? 404 : 200, headers: { 'content-type': 'application/json' }, body };
  }

  private async answer(raw: RawRequest): Promise<RawAnswer> {
    const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(raw.headers.authorization ?? '');
    const [, key = '', region = '', name = ''] = scope ?? [];
    const account = /^\d{12}$/.test(key) ? key : DEFAULT_ACCOUNT;
    const place = { account, region, service: name };
    if (name === 's3') return this.answerObjects(place, raw);
    const service = services().get(name);
    if (service === undefined) return unknownService(name);
    let operation = '?';
    const log = (status: number): void => {
      const entry: LoggedRequest = { ...place, operation, status };
      this.world.log.push(entry);
    };
    try {
      const asked = readRequest(service, raw);
      operation = asked.operation.name;
      this.world.before({ ...place, operation });
      const handler = this.handlers[name]?.[operation];
      if (handler === undefined) throw new WireError('NotImplemented', `the fake has no ${name} ${operation}`, 501);
      const endpoint = `http://${raw.headers.host ?? ''}`;
      const output = await handler({ ...place, operation, endpoint, input: asked.input });
      const answer = writeAnswer(service, asked.operation, output);
      this.world.after({ ...place, operation });
      log(answer.status);
      return answer;
    } catch (error) {
      if (error instanceof WireError) return this.refuse(service, error, log);
      log(0);
      throw error;
    }
  }

  private answerObjects(place: Place & { readonly service: string }, raw: RawRequest): RawAnswer {
    const call = { ...place, operation: raw.method === 'PUT' ? 'PutObject' : 'GetObject' };
    let status = 0;
    try {
      this.world.before(call);
      const { answer } = this.objects(place, raw);
      this.world.after(call);
      ({ status } = answer);
      return answer;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      status = error.status ?? 400;
      const body = `<?xml version="1.0"?><Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`;
      return { status, headers: { 'content-type': 'application/xml' }, body };
    } finally {
      this.world.log.push({ ...call, status });
    }
  }

  private refuse(service: Service, error: WireError, log: (status: number) => void): RawAnswer {
    const answer = writeError(service, error);
    log(answer.status);
    return answer;
  }
}

function unknownService(name: string): RawAnswer {
  const body = JSON.stringify({ message: `the fake has no service ${name}` });
  return { status: 501, headers: { 'content-type': 'application/json' }, body };
}
