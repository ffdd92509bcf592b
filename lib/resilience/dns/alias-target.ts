import { LOAD_BALANCER_ALIAS_TTL } from '../../facts/health-check-timing';
import type { DnsAssumptionName } from './assumptions';
import type { TargetState } from './types';

/** What kind of AWS resource an alias outside the zone leads to; `service` is any that has no targets of its own. */
export type TargetService = 'load-balancer' | 's3-website' | 'cloudfront' | 'service' | 'unknown';

const SUFFIXES: readonly (readonly [RegExp, TargetService])[] = [
  [/\.elb(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/, 'load-balancer'],
  // An environment with a load balancer; EvaluateTargetHealth looks at that.
  [/\.elasticbeanstalk\.com$/, 'load-balancer'],
  [/^s3-website[.-][a-z0-9-]+\.amazonaws\.com(\.cn)?$/, 's3-website'],
  [/\.cloudfront\.net$/, 'cloudfront'],
  [/\.(execute-api|vpce|appsync-api|s3|s3-accesspoint)(\.[a-z0-9-]+)?\.(amazonaws\.com|vpce\.amazonaws\.com)(\.cn)?$/, 'service'],
  [/\.vpce\.amazonaws\.com$|\.awsglobalaccelerator\.com$|\.awsapprunner\.com$|\.on\.aws$/, 'service'],
];

/** The service behind an alias target, by its canonical DNS name. */
export function targetService(dnsName: string): TargetService {
  return SUFFIXES.find(([pattern]) => pattern.test(dnsName))?.[1] ?? 'unknown';
}

/** Seconds that resolvers keep an alias to it (aws-facts 1.6). */
export function aliasTtl(service: TargetService): { readonly ttl: number; readonly assumptions: readonly DnsAssumptionName[] } {
  const documented = service === 'load-balancer' || service === 's3-website';
  return { ttl: LOAD_BALANCER_ALIAS_TTL, assumptions: documented ? [] : ['aliasTtl'] };
}

export interface TargetVerdict {
  readonly healthy: boolean;
  /** Section of aws-facts. */
  readonly rule: string;
  readonly detail: string;
  readonly assumptions: readonly DnsAssumptionName[];
}

/**
 * What EvaluateTargetHealth finds of a target outside the zone (aws-facts 1.5): a load balancer is healthy when it works and each of
 * its target groups has enough healthy targets; one without targets counts as unhealthy. Services without targets are healthy
 * while the service is. A target that nobody says anything about is healthy.
 */
export function targetVerdict(service: TargetService, state: TargetState | undefined): TargetVerdict {
  if (state?.kind === 'load-balancer') return loadBalancerVerdict(state);
  const healthy = state?.healthy ?? true;
  if (service === 'load-balancer' || service === 'unknown' || service === 'cloudfront') {
    return {
      healthy,
      rule: state === undefined ? '1.5' : 'given',
      detail:
        state === undefined
          ? 'target healthy, as nothing says otherwise'
          : `target taken as ${healthy ? 'healthy' : 'unhealthy'}`,
      assumptions: [],
    };
  }
  return {
    healthy,
    rule: '1.4',
    detail: `follows the health of the service, not of what it serves: ${healthy ? 'healthy' : 'unhealthy'}`,
    assumptions: [],
  };
}

function loadBalancerVerdict({ working, targetGroups }: Extract<TargetState, { kind: 'load-balancer' }>): TargetVerdict {
  if (working === false) return { healthy: false, rule: '1.5', detail: 'the load balancer itself is unhealthy', assumptions: [] };
  const short = targetGroups.filter(({ registered, healthy, minimumHealthy = 1 }) => registered > 0 && healthy < minimumHealthy);
  const empty = targetGroups.filter(({ registered }) => registered === 0);
  const groups = `of ${targetGroups.length} target group${targetGroups.length === 1 ? '' : 's'}`;
  if (short.length > 0) {
    return { healthy: false, rule: '1.5', detail: `${short.length} ${groups} without enough healthy targets`, assumptions: [] };
  }
  if (empty.length > 0) {
    return {
      healthy: false,
      rule: '1.5',
      detail: `${empty.length} ${groups} without any target`,
      assumptions: ['emptyTargetGroup'],
    };
  }
  return { healthy: true, rule: '1.5', detail: 'every target group has enough healthy targets', assumptions: [] };
}
