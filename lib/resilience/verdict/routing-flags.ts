import type { Finding } from '../../findings';
import { stampMark } from '../model/names';
import type { GroupModel } from '../model/types';
import type { Outcome, Verdict } from '../types';
import { placeText } from './arithmetic';
import { groupFinding } from './report-finding';

/** Route 53 falls open onto a stamp that does not do, although another would. */
export function failOpen({ dns }: GroupModel, singles: readonly Verdict[]): Finding[] {
  const open = ({ first }: Outcome): boolean => first.failOpen && first.answers.some(({ serves, writes }) => !serves || !writes);
  // By area, some clients may have lost everything while others are served: then there was a stamp that would have done.
  const unfit = (outcomes: readonly Outcome[]): Outcome | undefined =>
    outcomes.find(
      (outcome) =>
        open(outcome) &&
        (outcome.effect !== 'lost' || (dns.policy === 'geolocation' && outcomes.some(({ effect }) => effect !== 'lost'))),
    );
  const bad = singles.filter(({ outcomes }) => unfit(outcomes) !== undefined);
  if (bad.length === 0) return [];
  const outcome = unfit(bad[0]?.outcomes ?? []);
  const names = [
    ...new Set(
      outcome?.first.answers.map(({ stampId, serves }) => `${stampId}, which ${serves ? 'serves reads only' : 'is dead'}`),
    ),
  ];
  if (dns.policy === 'geolocation') {
    return [
      groupFinding(
        'fail-open-unfit',
        'warning',
        ['placement', 'routing', 'areas'],
        `where no other record matches a client’s area, Route 53 answers its stamp healthy or not (aws-facts 1.3): ${bad.map(({ failure }) => failure).join(', ')}; such as clients ${placeText(outcome?.client ?? '')}, who are sent to ${names.join(' and ')}`,
        'Know it: clients of the default area have no second record, so nothing moves them by itself; give the areas that matter records of their own, or choose latency or weighted routing',
      ),
    ];
  }
  return [
    groupFinding(
      'fail-open-unfit',
      'warning',
      ['placement'],
      `Route 53 falls open onto a stamp that is not fit for it: ${bad.map(({ failure }) => failure).join(', ')}; such as ${names.join(' and ')}${outcome?.orientation === 'after' ? ', after a failover' : ''}`,
      dns.policy === 'failover'
        ? 'Know it: after a failover the evacuated primary is what Route 53 falls open to, until failback or settle and a routing deployment'
        : 'Know it: while no stamp is healthy, Route 53 answers as if all were',
    ),
  ];
}

export function emptyTargetGroups({ stamps, dns }: GroupModel): Finding[] {
  const evaluated = dns.records.some(({ AliasTarget: alias }) => alias?.EvaluateTargetHealth === true);
  return stamps.flatMap(({ emptyTargetGroups: count, minTasks }, index) =>
    (count > 0 || minTasks === 0) && evaluated
      ? [
          groupFinding(
            'target-group-empty',
            'warning',
            ['compute'],
            `a target group of ${stampMark(index)} has no targets: with EvaluateTargetHealth that makes the whole load balancer unhealthy for Route 53`,
            'Register targets in it, or take it off the listener',
          ),
        ]
      : [],
  );
}

/**
 * Records of the group's own name that have a check and no EvaluateTargetHealth. No verdict changes: every failure that empties a load
 * balancer fails its check too, and bounds use the check's time. A check that is wrong is what the second opinion is for.
 */
export function targetHealthIgnored({ stamps, dns }: GroupModel): Finding[] {
  if (stamps.length < 2) return [];
  const deaf = dns.records.filter(
    ({ Name, AliasTarget: alias, HealthCheckId: check }) =>
      Name === dns.name && alias?.EvaluateTargetHealth === false && check !== undefined,
  );
  if (deaf.length === 0) return [];
  return [
    groupFinding(
      'target-health-ignored',
      'warning',
      ['placement'],
      `EvaluateTargetHealth is off on ${deaf.length} of the records that have a health check: that check alone decides. A stamp whose targets all fail while its check passes keeps its clients, and nothing behind the alias is asked either`,
      'EvaluateTargetHealth: true on the alias records, beside the check',
    ),
  ];
}

export function sharedProbes({ dns, stamps }: GroupModel): Finding[] {
  const checksOf = new Map<number, Set<number>>();
  for (const record of dns.records) {
    const stamp = leadsTo(dns, record.AliasTarget?.DNSName, 0);
    if (stamp === undefined || record.HealthCheckId === undefined) continue;
    for (const id of withChildren(dns, record.HealthCheckId)) {
      const meaning = dns.meanings[id];
      if (meaning?.kind !== 'stamp') continue;
      checksOf.set(stamp, (checksOf.get(stamp) ?? new Set()).add(meaning.stamp));
    }
  }
  return stamps.flatMap((_, index) => {
    const foreign = [...(checksOf.get(index) ?? [])].filter((other) => other !== index);
    return foreign.length === 0
      ? []
      : [
          groupFinding(
            'probe-shared',
            'warning',
            ['health'],
            `the records of ${stampMark(index)} are guarded by a check that probes ${foreign.map(stampMark).join(' and ')}: both leave together`,
            'Let each stamp’s check probe its own name',
          ),
        ];
  });
}

function withChildren({ checks }: GroupModel['dns'], id: string): string[] {
  const children = checks.find(({ Id }) => Id === id)?.HealthCheckConfig.ChildHealthChecks ?? [];
  return [id, ...children];
}

function leadsTo(dns: GroupModel['dns'], name: string | undefined, depth: number): number | undefined {
  if (name === undefined || depth > 8) return undefined;
  const direct = dns.targets[name]?.stamp;
  if (direct !== undefined) return direct;
  const next = dns.records.filter((record) => record.Name === name);
  return next.length === 1 ? leadsTo(dns, next[0]?.AliasTarget?.DNSName, depth + 1) : undefined;
}
