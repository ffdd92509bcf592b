import type { HealthCheck, HealthCheckConfig, ResourceRecordSet } from '../../../lib/assembly/route53-types';
import { type Client, type DnsState, type Resolution, type ViewOptions, resolve } from '../../../lib/resilience/dns';

/** The name that most tests ask for. */
export const NAME = 'www.example.com';
export const ZONE_ID = 'Z0EXAMPLE';

/** A client whose place everybody sees. */
export const CLIENT: Client = { region: 'eu-west-1', ednsSubnet: true };

export function values(Name: string, value: string, routing: Partial<ResourceRecordSet> = {}): ResourceRecordSet {
  return { Name: `${Name}.`, Type: 'A', TTL: 60, ResourceRecords: [{ Value: value }], ...routing };
}

/** An alias to a name, which may be of the zone or of AWS. */
export function alias(
  Name: string,
  DNSName: string,
  routing: Partial<ResourceRecordSet> = {},
  EvaluateTargetHealth = true,
): ResourceRecordSet {
  return {
    Name: `${Name}.`,
    Type: 'A',
    AliasTarget: { HostedZoneId: ZONE_ID, DNSName: `${DNSName}.`, EvaluateTargetHealth },
    ...routing,
  };
}

/** A record of NAME in a routing policy: its identifier is its value and, when `checked`, the id of its check. */
export function member(id: string, routing: Partial<ResourceRecordSet>, checked = true): ResourceRecordSet {
  return values(NAME, id, { SetIdentifier: id, ...(checked && { HealthCheckId: id }), ...routing });
}

/** An ordinary check on everything that a record list refers to. */
export function checksOf(records: readonly ResourceRecordSet[]): HealthCheck[] {
  const ids = records.flatMap(({ HealthCheckId }) => (HealthCheckId === undefined ? [] : [HealthCheckId]));
  return [...new Set(ids)].map((id) => check(id, { Type: 'HTTPS', FullyQualifiedDomainName: `${id}.probe.example.net` }));
}

export function check(Id: string, config: Partial<HealthCheckConfig> = {}): HealthCheck {
  return { Id, HealthCheckConfig: { Type: 'HTTPS', ...config } };
}

/** These checks are unhealthy, everything else is as it should be. */
export function unhealthy(...ids: readonly string[]): DnsState {
  return { checks: Object.fromEntries(ids.map((id) => [id, { kind: 'status', healthy: false } as const])) };
}

/** Targets outside the zone that are unhealthy. */
export function down(...targets: readonly string[]): DnsState {
  return { targets: Object.fromEntries(targets.map((name) => [name, { kind: 'status', healthy: false } as const])) };
}

export function ask(
  records: readonly ResourceRecordSet[],
  state: DnsState = {},
  question: {
    readonly name?: string;
    readonly type?: string;
    readonly client?: Client;
    readonly checks?: readonly HealthCheck[];
  } & ViewOptions = {},
): Resolution {
  const { name = NAME, type, client = CLIENT, checks = checksOf(records), ...options } = question;
  return resolve({ records, checks }, { name, client, state, ...(type !== undefined && { type }) }, options);
}

/** Values (or alias targets) with their share of the answers, in percent. */
export function shares({ answers }: Resolution): Record<string, number> {
  return Object.fromEntries(
    answers.map((answer) => [answer.alias ?? answer.values?.join('+') ?? '', Math.round(answer.probability * 100)]),
  );
}

/** Who answers, sorted. */
export function answered(resolution: Resolution): string[] {
  return Object.keys(shares(resolution)).sort();
}

export function assumed({ assumptions }: Resolution): string[] {
  return assumptions.map(({ name }) => name);
}
