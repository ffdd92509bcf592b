import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Who answers a request, and as which Region. */
export interface Destination {
  readonly endpoint: string;
  /** Region that the answering side is asked in. @default - the one that the request was signed for */
  readonly region?: string;
}

export interface SignedCall {
  readonly service: string;
  /** AWS Region that the request was signed for. */
  readonly region: string;
}

/**
 * One endpoint for all of AWS on loopback: sends each request to the emulator or to the fake, by the service and the Region that it was
 * signed for, and to nobody while that Region is down.
 */
export class Gateway {
  /** AWS Regions whose requests break off. */
  public readonly down = new Set<string>();
  /** Calls that broke off because their Region was down; `change` when they were to change something, as far as a request shows it. */
  public readonly broken: (SignedCall & { readonly change: boolean })[] = [];
  private readonly server: Server;

  public constructor(private readonly destinationOf: (call: SignedCall, target: string) => Destination) {
    this.server = createServer((request, response) => {
      this.pass(request, response);
    });
  }

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const [scope, , region = '', service = ''] =
      /Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const target = String(request.headers['x-amz-target'] ?? '');
    if (scope === undefined || this.down.has(region)) {
      const change = service === 's3' ? request.method === 'PUT' : /\.(?:Put|Update|Register|Start|Set)/.test(target);
      this.broken.push({ service, region, change });
      request.socket.destroy();
      return;
    }
    const { endpoint, region: asked = region } = this.destinationOf({ service, region }, target);
    const authorization = request.headers.authorization!.replace(`/${region}/${service}/`, `/${asked}/${service}/`);
    const onward = ask(
      new URL(request.url ?? '/', endpoint),
      { method: request.method!, headers: { ...request.headers, authorization } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.once('error', (error) => {
      process.stderr.write(`gateway: ${service} ${region}: ${String(error)}\n`);
      request.socket.destroy();
    });
    request.pipe(onward);
  }
}
