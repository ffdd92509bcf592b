import type { HealthCheck } from '../../assembly/route53-types';
import { HEALTH_CHECK_FAILURE_THRESHOLD, HEALTH_CHECK_INTERVAL } from '../../facts/health-check-timing';
import type { CheckMeaning, GroupModel } from '../model/types';
import type { Turn } from './knobs';

/** Faster checks, where they are slower than Route 53 offers. */
export function checkSettings(model: GroupModel): Turn[] {
  const probing = model.dns.checks.filter(({ HealthCheckConfig: config }) => config.RequestInterval !== undefined);
  const interval = Math.max(0, ...probing.map(({ HealthCheckConfig: config }) => config.RequestInterval ?? 30));
  const threshold = Math.max(0, ...probing.map(({ HealthCheckConfig: config }) => config.FailureThreshold ?? 3));
  if (interval <= HEALTH_CHECK_INTERVAL && threshold <= HEALTH_CHECK_FAILURE_THRESHOLD) return [];
  const change = `checks at ${HEALTH_CHECK_INTERVAL} s x ${HEALTH_CHECK_FAILURE_THRESHOLD} instead of ${interval} s x ${threshold}`;
  const checks = model.dns.checks.map((check): HealthCheck =>
    check.HealthCheckConfig.RequestInterval === undefined
      ? check
      : {
          ...check,
          HealthCheckConfig: {
            ...check.HealthCheckConfig,
            RequestInterval: HEALTH_CHECK_INTERVAL,
            FailureThreshold: HEALTH_CHECK_FAILURE_THRESHOLD,
          },
        },
  );
  return [{ name: 'health checks', change, cost: 1, model: { ...model, dns: { ...model.dns, checks } } }];
}

/** A deep check and EvaluateTargetHealth on every record of the group's name that leads to one stamp. */
export function addChecks(model: GroupModel): Turn[] {
  const { dns } = model;
  const lacking = dns.records.filter(
    (record) =>
      record.Name === dns.name &&
      record.SetIdentifier !== undefined &&
      (record.HealthCheckId === undefined || record.AliasTarget?.EvaluateTargetHealth === false),
  );
  if (lacking.length === 0) return [];
  const checks = [...dns.checks];
  const meanings: Record<string, CheckMeaning> = { ...dns.meanings };
  const records = dns.records.map((record) => {
    const stamp = stampOf(model, record.AliasTarget?.DNSName);
    if (!lacking.includes(record) || stamp === undefined) return record;
    const id = `k${checks.length}`;
    if (record.HealthCheckId === undefined) {
      checks.push({
        Id: id,
        HealthCheckConfig: {
          Type: 'HTTPS',
          RequestInterval: HEALTH_CHECK_INTERVAL,
          FailureThreshold: HEALTH_CHECK_FAILURE_THRESHOLD,
        },
      });
      meanings[id] = { kind: 'stamp', stamp, deep: true, blocked: false };
    }
    return {
      ...record,
      HealthCheckId: record.HealthCheckId ?? id,
      ...(record.AliasTarget !== undefined && { AliasTarget: { ...record.AliasTarget, EvaluateTargetHealth: true } }),
    };
  });
  const change = `a health check (${HEALTH_CHECK_INTERVAL} s x ${HEALTH_CHECK_FAILURE_THRESHOLD}) and EvaluateTargetHealth: true on the group’s records`;
  return [{ name: 'health checks', change, cost: 2, model: { ...model, dns: { ...dns, records, checks, meanings } } }];
}

/** Latency instead of areas: every client then has the records of the other stamps, too. */
export function latencyInstead(model: GroupModel): Turn[] {
  const { dns, stamps } = model;
  if (dns.policy !== 'geolocation') return [];
  const routed = new Set<number>();
  const records = dns.records.flatMap((record) => {
    const { GeoLocation: area, ...rest } = record;
    if (record.Name !== dns.name || area === undefined) return [record];
    const stamp = stampOf(model, record.AliasTarget?.DNSName);
    const region = stamp === undefined ? undefined : stamps[stamp]?.region;
    if (stamp === undefined || region === undefined || routed.has(stamp)) return [];
    routed.add(stamp);
    return [{ ...rest, Region: region }];
  });
  const clients = stamps.map(({ region, share }) => ({ name: region, share, region }));
  return [
    {
      name: 'placement.routing',
      change: 'routing: { policy: latency }, so that every client has other records to go to',
      plainly: 'latency records in place of the geolocation records, so that every client has others to go to',
      cost: 5,
      model: { ...model, clients, dns: { ...dns, records, policy: 'latency' } },
    },
  ];
}

function stampOf({ dns }: GroupModel, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const direct = dns.targets[name]?.stamp;
  if (direct !== undefined) return direct;
  const next = dns.records.find((record) => record.Name === name);
  return next === undefined || next.AliasTarget?.DNSName === name
    ? undefined
    : stampOf({ dns } as GroupModel, next.AliasTarget?.DNSName);
}
