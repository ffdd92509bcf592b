import type { HealthCheck } from '../../assembly/route53-types';
import type { Severity } from '../../findings';
import { checkProblems } from './check-problems';
import { recordProblems } from './record-problems';
import { type ZoneIndex, type ZoneRecord, indexZone } from './zone-index';

/** Codes of what Route 53 would refuse (errors) or answers in a way that nobody wants (warnings). */
export const ZONE_PROBLEM_CODES = {
  'records-mixed-policies': 'records of one name and type follow different routing policies',
  'records-not-alone': 'a second record where Route 53 takes one',
  'records-same-identifier': 'two records of one name and type have the same SetIdentifier',
  'records-no-identifier': 'a record with a routing policy has no SetIdentifier',
  'records-same-claim': 'two records claim the same failover role, Region or area',
  'records-cname-not-alone': 'a CNAME beside other records of its name',
  'alias-target-missing': 'an alias leads to a record that does not exist',
  'alias-loop': 'an alias leads back to itself',
  'alias-not-possible': 'an alias that Route 53 does not offer',
  'failover-one-sided': 'a failover pair without its other half',
  'geolocation-without-default': 'clients that no area matches get no answer',
  'check-not-given': 'a health check that is referred to is not among the checks',
  'check-same-id': 'two health checks have the same id',
  'check-nested': 'a calculated check is the child of another',
  'check-too-many-children': 'a calculated check with more children than Route 53 takes',
  'check-never-healthy': 'a calculated check that cannot become healthy',
  'check-always-healthy': 'a calculated check that cannot become unhealthy',
  'check-probes-guarded-name': 'a health check probes the very name whose record it guards',
} as const satisfies Record<string, string>;

export type ZoneProblemCode = keyof typeof ZONE_PROBLEM_CODES;

/** Something wrong with one record or check, by its place in the lists that were given. */
export interface ZoneProblem {
  readonly code: ZoneProblemCode;
  readonly severity: Severity;
  readonly at: { readonly kind: 'record' | 'check'; readonly index: number; readonly member?: string };
  readonly message: string;
  readonly fix: string;
}

/** Everything that is wrong with records and checks as a whole, in the order of the lists. */
export function zoneProblems(
  input: { readonly records: readonly ZoneRecord[]; readonly checks: readonly HealthCheck[] },
  index: ZoneIndex = indexZone(input),
): ZoneProblem[] {
  return [...recordProblems(input.records, index), ...checkProblems(input, index)];
}
