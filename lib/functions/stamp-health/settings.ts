import { StampError } from '../../errors';

export type DatabaseProbeKind = 'none' | 'postgresql' | 'mysql' | 'dynamodb' | 'connection';

/** What the construct hands to the function through its environment. Roles are never part of it: they are observed (R1). */
export interface HealthSettings {
  readonly stampId: string;
  readonly region: string;
  readonly standbyServes: 'reads' | 'none';
  readonly writerGraceSeconds: number;
  readonly replicaGraceSeconds: number;
  readonly warnLagSeconds?: number;
  readonly compute:
    | { readonly kind: 'loop'; readonly loadBalancerDnsName: string; readonly recordName: string; readonly healthPath: string }
    | { readonly kind: 'targets'; readonly targetGroupArn: string };
  readonly database:
    | { readonly kind: 'none' }
    | {
        readonly kind: Exclude<DatabaseProbeKind, 'none'>;
        readonly parameter: string;
        readonly user?: string;
        readonly shared: boolean;
      };
  readonly dependencies: readonly { readonly name: string; readonly url: string; readonly shared: boolean }[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws StampError HEALTH_SETTING when a variable is missing or wrong. */
export function readSettings(environment: Environment): HealthSettings {
  const kind = oneOf(environment, 'STAMP_DATABASE_PROBE', ['none', 'postgresql', 'mysql', 'dynamodb', 'connection']);
  const user = environment['STAMP_DATABASE_USER'];
  if ((kind === 'postgresql' || kind === 'mysql') && user === undefined) throw missing('STAMP_DATABASE_USER');
  const warnLag = environment['STAMP_WARN_LAG_SECONDS'];
  const targetGroupArn = environment['STAMP_TARGET_GROUP'];
  return {
    stampId: text(environment, 'STAMP_ID'),
    region: text(environment, 'AWS_REGION'),
    standbyServes: oneOf(environment, 'STAMP_STANDBY_SERVES', ['reads', 'none']),
    writerGraceSeconds: seconds(environment, 'STAMP_WRITER_GRACE_SECONDS'),
    replicaGraceSeconds: seconds(environment, 'STAMP_REPLICA_GRACE_SECONDS'),
    ...(warnLag !== undefined && { warnLagSeconds: seconds(environment, 'STAMP_WARN_LAG_SECONDS') }),
    compute:
      targetGroupArn !== undefined
        ? { kind: 'targets', targetGroupArn }
        : {
            kind: 'loop',
            loadBalancerDnsName: text(environment, 'STAMP_LOAD_BALANCER'),
            recordName: text(environment, 'STAMP_RECORD_NAME'),
            healthPath: text(environment, 'STAMP_HEALTH_PATH'),
          },
    database:
      kind === 'none'
        ? { kind }
        : {
            kind,
            parameter: text(environment, 'STAMP_DATABASE_PARAMETER'),
            ...(user !== undefined && { user }),
            shared: environment['STAMP_DATABASE_SHARED'] === 'true',
          },
    dependencies: dependencies(environment['STAMP_DEPENDENCIES'] ?? '[]'),
  };
}

function text(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw missing(name);
  return value;
}

function seconds(environment: Environment, name: string): number {
  const value = Number(text(environment, name));
  if (!Number.isFinite(value) || value < 0) throw wrong(name, environment[name] ?? '', 'a number of seconds');
  return value;
}

function oneOf<T extends string>(environment: Environment, name: string, values: readonly T[]): T {
  const value = text(environment, name);
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw wrong(name, value, values.join(', '));
  return found;
}

function dependencies(json: string): HealthSettings['dependencies'] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch {
    throw wrong('STAMP_DEPENDENCIES', json, 'JSON');
  }
  if (!Array.isArray(list)) throw wrong('STAMP_DEPENDENCIES', json, 'a list');
  return list.map((item: unknown) => {
    const { name, url, shared } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof url !== 'string' || !URL.canParse(url) || typeof shared !== 'boolean') {
      throw wrong('STAMP_DEPENDENCIES', json, 'a list of { name, url, shared }');
    }
    return { name, url, shared };
  });
}

function missing(name: string): StampError {
  return new StampError(
    'HEALTH_SETTING',
    `environment variable ${name} is missing`,
    'Deploy the stamp again: StampHealth sets it.',
  );
}

function wrong(name: string, value: string, wanted: string): StampError {
  return new StampError(
    'HEALTH_SETTING',
    `environment variable ${name} is ${value}, not ${wanted}`,
    'Deploy the stamp again: StampHealth sets it.',
  );
}
