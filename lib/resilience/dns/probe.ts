import type { HealthCheckConfig } from '../../assembly/route53-types';

/** What one checker saw of an endpoint in one probe. Times in milliseconds; absent means that it never came. */
export interface Probe {
  /** From the start until the TCP (and TLS) connection stands. */
  readonly connected?: number;
  readonly status?: number;
  /** From the connection until the status line. */
  readonly answered?: number;
  /** The body as received, decompressed. */
  readonly body?: string;
  /** From the status line until the body's first 5,120 bytes, or its end. */
  readonly read?: number;
}

/** Milliseconds, fixed by AWS (aws-facts 2.3). */
const CONNECT_LIMIT_HTTP = 4000;
const CONNECT_LIMIT_TCP = 10_000;
const STATUS_LIMIT = 2000;
const BODY_LIMIT = 2000;
/** Bytes of the body that are searched (aws-facts 2.1). */
const SEARCHED_BYTES = 5120;

/**
 * Whether a probe passes, by the type of its check (aws-facts 2.1, 2.3). Redirects are not followed and pass, certificates are not
 * validated, the search string is case-sensitive. Inversion is not the probe's business.
 */
export function probePasses(config: Pick<HealthCheckConfig, 'Type' | 'SearchString'>, probe: Probe): boolean {
  const { connected, status, answered, body, read } = probe;
  switch (config.Type) {
    case 'TCP':
      return within(connected, CONNECT_LIMIT_TCP);
    case 'HTTP':
    case 'HTTPS':
    case 'HTTP_STR_MATCH':
    case 'HTTPS_STR_MATCH':
      if (!within(connected, CONNECT_LIMIT_HTTP) || !within(answered, STATUS_LIMIT)) return false;
      if (status === undefined || status < 200 || status >= 400) return false;
      if (config.Type === 'HTTP' || config.Type === 'HTTPS') return true;
      return within(read, BODY_LIMIT) && firstBytes(body ?? '').includes(config.SearchString ?? '');
    case 'CALCULATED':
    case 'CLOUDWATCH_METRIC':
    case 'RECOVERY_CONTROL':
      return true;
  }
}

/**
 * The verdict of one checker over its probes, oldest first: it flips after `failureThreshold` equal results in a row, in both
 * directions; before that many of them there is none (aws-facts 2.3).
 */
export function checkerVerdict(probes: readonly boolean[], failureThreshold: number): 'pass' | 'fail' | 'no-data' {
  let verdict: 'pass' | 'fail' | 'no-data' = 'no-data';
  let row = 0;
  probes.forEach((passes, index) => {
    row = index > 0 && probes[index - 1] === passes ? row + 1 : 1;
    if (row >= failureThreshold) verdict = passes ? 'pass' : 'fail';
  });
  return verdict;
}

function within(time: number | undefined, limit: number): boolean {
  return time !== undefined && time <= limit;
}

/** The part of the text that lies wholly within the searched bytes of its UTF-8 form. */
function firstBytes(body: string): string {
  if (body.length * 3 <= SEARCHED_BYTES) return body;
  let bytes = 0;
  let end = 0;
  for (const character of body) {
    bytes += byteLength(character);
    if (bytes > SEARCHED_BYTES) break;
    end += character.length;
  }
  return body.slice(0, end);
}

function byteLength(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
