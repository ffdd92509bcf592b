import { Readable } from 'node:stream';
import { type ClientClass, Clients, type ClientSettings } from '../../../lib/aws/call/clients';

/** A request of an SDK client, just before it would leave the machine. */
export interface SentRequest {
  readonly service: string;
  readonly region: string;
  readonly account: string | undefined;
  /** Command that was sent, such as `PutObject`; from the target header, the query or the path. */
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

/** `hang`: no answer, ever. An Error: the network fails like this. */
export type Reply = Answer | 'hang' | Error;

interface WireRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: SentRequest['query'];
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/**
 * Real clients of the SDK whose requests end here instead of in a socket: they are built, signed and read like every other, and nothing
 * listens anywhere.
 */
export class AnsweringClients extends Clients {
  public readonly sent: SentRequest[] = [];
  /** Requests that were given up. */
  public aborted = 0;

  public constructor(private readonly reply: (request: SentRequest) => Reply | Promise<Reply>) {
    super({ environment: {} });
  }

  /** The last request. */
  public get last(): SentRequest {
    return this.sent.at(-1)!;
  }

  public override of<C extends object>(Client: ClientClass<C>, region: string, account?: string): C {
    const service = Client.name.replace(/Client$/, '').toLowerCase();
    const settings = {
      region,
      maxAttempts: 1,
      customUserAgent: 'stampkit',
      forcePathStyle: true,
      credentials: () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
      requestHandler: {
        handle: (request: WireRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) =>
          this.handle({ service, region, account }, request, abortSignal),
        updateHttpClientConfig: () => undefined,
        httpHandlerConfigs: () => ({}),
        destroy: () => undefined,
      },
    };
    return new Client(settings as unknown as ClientSettings);
  }

  private async handle(
    from: Pick<SentRequest, 'service' | 'region' | 'account'>,
    request: WireRequest,
    signal: AbortSignal | undefined,
  ): Promise<{ response: object }> {
    const sent: SentRequest = {
      ...from,
      method: request.method,
      host: request.hostname,
      path: request.path,
      query: request.query ?? {},
      headers: request.headers,
      body: typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body),
    };
    this.sent.push(sent);
    const reply = await this.reply(sent);
    if (reply instanceof Error) throw reply;
    if (reply === 'hang') {
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          this.aborted += 1;
          reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
        });
      });
    }
    const { status = 200, headers = {}, body = '' } = reply;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { response: { statusCode: status, headers, body: Readable.from([Buffer.from(text)]) } };
  }
}

/** The operation of a JSON request: `DynamoDB_20120810.GetItem` -> `GetItem`. */
export function targetOf({ headers }: SentRequest): string {
  return headers['x-amz-target']?.split('.').at(-1) ?? '';
}

/** An error as JSON services answer it. */
export function jsonError(status: number, type: string, message = 'because'): Answer {
  return { status, headers: { 'x-amzn-errortype': type }, body: { __type: type, message } };
}

/** An error as S3 and the query services answer it. */
export function xmlError(status: number, code: string, message = 'because'): Answer {
  return {
    status,
    body: `<?xml version="1.0"?><ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}

/** S3 has no envelope. */
export function s3Error(status: number, code: string, message = 'because'): Answer {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>` };
}
