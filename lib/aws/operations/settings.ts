import { isIP } from 'node:net';
import { StampError } from '../../errors';
import type { StampRef } from '../../ports';

/** What the environment says about how operations reach the world. AWS's own variables are read by the SDK. */
export interface OperationSettings {
  /** STAMPKIT_OPERATOR_ROLE: name of the role that is assumed in accounts that are not the caller's. */
  readonly operatorRole?: string;
  /** STAMPKIT_DEAD_REGIONS: AWS Regions that nothing is sent to, with commas. */
  readonly deadRegions: ReadonlySet<string>;
  /** STAMPKIT_RESOLVERS: addresses, with ports if need be, and `system`, with commas. */
  readonly resolvers?: readonly string[];
  /** STAMPKIT_NAME_SERVERS: authoritative servers instead of those that the NS records name. */
  readonly nameServers?: readonly string[];
  /** STAMPKIT_DIRECT_URL: where stamps are, with `{stamp}`, `{record}` and `{path}` in it; for emulators. */
  readonly directUrl?: (stamp: StampRef) => string;
}

/**
 * @throws StampError `ENVIRONMENT` for a value that cannot be meant
 */
export function operationSettings(environment: Readonly<Record<string, string | undefined>>): OperationSettings {
  const role = text(environment, 'STAMPKIT_OPERATOR_ROLE');
  if (role !== undefined && !/^[\w+=,.@/-]{1,512}$/.test(role))
    throw wrong('STAMPKIT_OPERATOR_ROLE', role, 'Give the name of an IAM role, with its path if it has one, and no ARN.');
  const resolvers = servers(environment, 'STAMPKIT_RESOLVERS', true);
  const nameServers = servers(environment, 'STAMPKIT_NAME_SERVERS', false);
  const url = text(environment, 'STAMPKIT_DIRECT_URL');
  if (url !== undefined && !URL.canParse(filled(url, { stamp: 's', record: 'r', path: '/' })))
    throw wrong('STAMPKIT_DIRECT_URL', url, 'Give a URL such as http://127.0.0.1:8080/{stamp}{path}.');
  const dead = list(environment, 'STAMPKIT_DEAD_REGIONS') ?? [];
  // A code of the fleet would silently name nobody, and the Region that is meant would be called.
  for (const region of dead.filter((each) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(each)))
    throw wrong('STAMPKIT_DEAD_REGIONS', region, 'Give names of AWS Regions with commas: us-east-1,eu-west-1.');
  return {
    deadRegions: new Set(dead),
    ...(role !== undefined && { operatorRole: role }),
    ...(resolvers !== undefined && { resolvers }),
    ...(nameServers !== undefined && { nameServers }),
    ...(url !== undefined && {
      directUrl: ({ id, recordName, healthPath }: StampRef) => filled(url, { stamp: id, record: recordName, path: healthPath }),
    }),
  };
}

function filled(url: string, values: Readonly<Record<'stamp' | 'record' | 'path', string>>): string {
  return url.replace(/\{(stamp|record|path)\}/g, (_all, name: keyof typeof values) => values[name]);
}

function servers(environment: Readonly<Record<string, string | undefined>>, name: string, system: boolean): string[] | undefined {
  const given = list(environment, name);
  for (const server of given ?? []) {
    if (!isServer(server) && !(system && server === 'system'))
      throw wrong(name, server, 'Give IP addresses with commas, with a port if it is not 53: 1.1.1.1,127.0.0.1:5353.');
  }
  return given;
}

function isServer(server: string): boolean {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(server) ?? [];
  const address = bracketed ?? plain ?? server;
  return isIP(address) !== 0 && (port === undefined || Number(port) <= 65_535);
}

function list(environment: Readonly<Record<string, string | undefined>>, name: string): string[] | undefined {
  return text(environment, name)
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function text(environment: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = environment[name]?.trim() ?? '';
  return value === '' ? undefined : value;
}

function wrong(name: string, value: string, fix: string): StampError {
  return new StampError('ENVIRONMENT', `${name} is ${value}`, fix);
}
