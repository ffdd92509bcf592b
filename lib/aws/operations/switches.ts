import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type CallPlace, isPortError, type SwitchReading, type Switches, type SwitchWrite } from '../../ports';
import { evacuatedToken, inServiceToken, switchKey } from '../../topology/names';
import type { AwsAccess } from '../call/access';

/** What a checker reads of a body (aws-facts 2.1). */
const CHECKER_BYTES = 5_120;

/** The switch objects in the buckets of the control Regions, which are in the fleet's own account. */
export function createSwitches({ caller, clients, owners }: Pick<AwsAccess, 'caller' | 'clients' | 'owners'>): Switches {
  const client = (region: string): S3Client => clients.of(S3Client, region, owners.fleet);
  /** Token under each ETag that was read: S3 compares ETags only, so comparing tokens is the writer's part. */
  const tokens = new Map<string, number>();

  const read: Switches['read'] = async (region, bucket, stamp) => {
    const place = { service: 's3', region, call: 'GetObject' };
    try {
      const { body, etag } = await caller.read(place, async (abortSignal) => {
        const command = new GetObjectCommand({ Bucket: bucket, Key: switchKey(stamp), ExpectedBucketOwner: owners.fleet });
        const answer = await client(region).send(command, { abortSignal });
        return { body: (await answer.Body?.transformToString()) ?? '', etag: answer.ETag };
      });
      const reading = parseSwitch(stamp, body);
      if (etag !== undefined) tokens.set(`${bucket}/${stamp} ${etag}`, reading.token);
      return { ...reading, ...(etag !== undefined && { etag }) };
    } catch (error) {
      // Nothing else is a switch that was never thrown: not a bucket that is not there, not a 404 of somebody between S3 and us.
      if (isNoObject(error)) return { state: 'in-service', token: 0 };
      throw error;
    }
  };

  return {
    read,
    write: async (write) => {
      const { region, bucket, stamp, etag, guard } = write;
      if (etag !== undefined) {
        const seen = tokens.get(`${bucket}/${stamp} ${etag}`) ?? (await read(region, bucket, stamp)).token;
        if (seen > guard.token) return 'conflict';
      }
      const place: CallPlace = { service: 's3', region, call: 'PutObject' };
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: switchKey(stamp),
        ExpectedBucketOwner: owners.fleet,
        Body: switchBody(write),
        ContentType: 'application/json',
        CacheControl: 'no-store',
        ...(etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }),
      });
      try {
        await caller.change(place, guard, (abortSignal) => client(region).send(command, { abortSignal }));
        return 'written';
      } catch (error) {
        if (!isPortError(error)) throw error;
        // 412, or 409 for a concurrent write; 404 with If-Match: the object that was read is not there any more.
        if (error.kind === 'conflict' || isNoObject(error)) return 'conflict';
        throw error;
      }
    },
  };
}

function isNoObject(error: unknown): boolean {
  return isPortError(error) && error.kind === 'not-found' && error.message.includes('NoSuchKey');
}

/** The object's content. What the checkers look for comes first, and the token before everything that people write. */
export function switchBody({ stamp, state, reason, time, guard }: SwitchWrite): string {
  const found = state === 'evacuated' ? evacuatedToken(stamp) : inServiceToken(stamp);
  const { token, operator, operation } = guard;
  return `{${found},${JSON.stringify({ token, operator, operation, reason, time }).slice(1)}`;
}

/** A switch is what the checkers take it for, however it was written: evacuated when they find the string, in service otherwise. */
export function parseSwitch(stamp: string, body: string): Omit<SwitchReading, 'etag'> {
  const seen = Buffer.from(body, 'utf8').subarray(0, CHECKER_BYTES).toString('utf8');
  const state = seen.includes(evacuatedToken(stamp)) ? 'evacuated' : 'in-service';
  const { token, operator, reason, time } = members(body);
  return {
    state,
    token: typeof token === 'number' && Number.isSafeInteger(token) && token > 0 ? token : 0,
    ...(typeof operator === 'string' && { operator }),
    ...(typeof reason === 'string' && { reason }),
    ...(typeof time === 'string' && { time }),
  };
}

function members(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // Written by hand; it may still say that the stamp is evacuated.
    return {};
  }
}
