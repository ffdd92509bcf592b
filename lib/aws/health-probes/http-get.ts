import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpTarget {
  readonly url: string;
  /** Connect here instead of the host of the URL, whose name still goes into SNI, certificate check and Host header. */
  readonly connectTo?: string;
  /** PEM roots to trust instead of the runtime's. @default - the runtime's */
  readonly ca?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** GET of a URL. Injected into probes, so that tests need no network. */
export type HttpGet = (target: HttpTarget, signal: AbortSignal) => Promise<HttpAnswer>;

/**
 * One GET on a connection of its own: a probe that reused a connection would not see that new ones fail. Redirects are not
 * followed and the body is not read. Certificates are verified. Rejects on everything that is not an HTTP answer.
 */
export const httpGet: HttpGet = (target, signal) =>
  new Promise((resolve, reject) => {
    const url = new URL(target.url);
    const secure = url.protocol === 'https:';
    const request = (secure ? httpsRequest : httpRequest)(
      {
        host: target.connectTo ?? url.hostname,
        port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
        path: url.pathname + url.search,
        method: 'GET',
        headers: { host: url.host, 'user-agent': 'stampkit-health', accept: '*/*', connection: 'close' },
        agent: false,
        signal,
        ...(secure && { servername: url.hostname, rejectUnauthorized: true, ...(target.ca !== undefined && { ca: target.ca }) }),
      },
      (response) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
        response.destroy();
      },
    );
    request.on('error', reject);
    request.end();
  });
