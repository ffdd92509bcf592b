import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type CallPlace, type HealthReading, PortError, type Probes, type StampRef } from '../../ports';
import type { AwsAccess } from '../call/access';
import { httpGet, type HttpGet } from '../health-probes/http-get';

/** What opens the function's door for operators (`lib/functions/stamp-health/doors.ts`). */
const OPERATOR_DOOR = JSON.stringify({ door: 'operator' });
/** A health function answers within two seconds; a cold start and a Region far away come on top. Milliseconds. */
const DIRECT = { attempts: 2, timeoutMs: 5_000 };

export interface ProbeOptions {
  /** Where a stamp's own health path is. @default - `https://<record of the stamp><health path>` */
  readonly directUrl?: (stamp: StampRef) => string;
  /** @default - one request on a connection of its own, certificates verified */
  readonly get?: HttpGet;
}

/** Health of stamps, from the data planes of their own Regions: the function by IAM, the application over HTTPS. */
export function createProbes({ caller, clients }: Pick<AwsAccess, 'caller' | 'clients'>, options: ProbeOptions = {}): Probes {
  const { directUrl = ownUrl, get = httpGet } = options;
  return {
    health: async (stamp) => {
      const place = { service: 'lambda', region: stamp.region, call: 'Invoke' };
      const client = clients.of(LambdaClient, stamp.region, stamp.account);
      const command = new InvokeCommand({
        FunctionName: stamp.names.healthFunction,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(OPERATOR_DOOR, 'utf8'),
      });
      const answer = await caller.read(place, (abortSignal) => client.send(command, { abortSignal }));
      const text = answer.Payload === undefined ? '' : Buffer.from(answer.Payload).toString('utf8');
      if (answer.FunctionError !== undefined)
        throw new PortError(
          'invalid',
          place,
          `${stamp.names.healthFunction} failed (${answer.FunctionError}): ${shortened(text)}`,
        );
      return readingOf(place, stamp, text);
    },
    direct: async (stamp) => {
      const place = { service: 'https', region: stamp.region, call: 'GET' };
      const url = directUrl(stamp);
      const { status } = await caller.read(place, (signal) => get({ url }, signal), DIRECT);
      return { httpStatus: status };
    },
  };
}

function ownUrl({ recordName, healthPath }: StampRef): string {
  return `https://${recordName}${healthPath}`;
}

/** @throws PortError `invalid` for what is no health document of this stamp */
function readingOf(place: CallPlace, { names }: StampRef, text: string): HealthReading {
  const document = parsed(text);
  const { status, role, writable, replicationLagSeconds, reasons, stampId } = document;
  if (!isOneOf(status, ['pass', 'warn', 'fail']) || !isOneOf(role, ['writer', 'reader', 'none', 'unknown']))
    throw new PortError('invalid', place, `${names.healthFunction} answered no health document: ${shortened(text)}`);
  if (stampId !== undefined && stampId !== names.stampId)
    throw new PortError('invalid', place, `${names.healthFunction} speaks of the stamp ${shortened(JSON.stringify(stampId))}`);
  return {
    status,
    role,
    writable: writable === true,
    ...(typeof replicationLagSeconds === 'number' && { replicationLagSeconds }),
    reasons: Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : [],
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isOneOf<T extends string>(value: unknown, values: readonly T[]): value is T {
  return values.some((each) => each === value);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
