import { createHash } from 'node:crypto';
import type { RawRequest } from '../read-request';
import type { RawAnswer } from '../write-answer';
import type { Place } from '../world';

/** Buckets by name, with the Region they are in; objects by key. */
export class BucketState {
  public readonly buckets = new Map<string, { readonly region: string; readonly objects: Map<string, Buffer> }>();

  public add(region: string, name: string): void {
    this.buckets.set(name, { region, objects: new Map() });
  }
}

/** S3 objects behind paths (`/bucket/key`): reads, and writes with a condition (aws-facts 15). */
export function s3(
  state: BucketState,
  place: Place,
  { method, url, headers, body }: RawRequest,
): { operation: string; answer: RawAnswer } {
  const [, name = '', ...rest] = decodeURIComponent(url.split('?')[0] ?? '').split('/');
  const key = rest.join('/');
  const operation = method === 'PUT' ? 'PutObject' : 'GetObject';
  const bucket = state.buckets.get(name);
  if (bucket?.region !== place.region) return { operation, answer: failure(404, 'NoSuchBucket', name) };
  const present = bucket.objects.get(key);
  if (method === 'GET') {
    if (present === undefined) return { operation, answer: failure(404, 'NoSuchKey', key) };
    return { operation, answer: { status: 200, headers: { etag: etagOf(present) }, body: present } };
  }
  if (method !== 'PUT') return { operation: method, answer: failure(501, 'NotImplemented', method) };
  const wanted = headers['if-match'];
  const refused =
    headers['if-none-match'] === '*'
      ? present !== undefined
      : wanted !== undefined && (present === undefined || etagOf(present) !== wanted);
  if (refused)
    return {
      operation,
      answer: failure(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold'),
    };
  bucket.objects.set(key, body);
  return { operation, answer: { status: 200, headers: { etag: etagOf(body) }, body: '' } };
}

function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function failure(status: number, code: string, message: string): RawAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
