import { evacuatedToken, inServiceToken } from '../../topology/names';
import type { CheckTarget, ParsedHealthCheck } from '../facts/dns';
import type { ListenerRuleFact, LoadBalancerFact } from '../facts/edge';
import type { SwitchBucketFact } from '../facts/switches';
import type { HealthCheckConfig } from '../route53-types';
import { environmentOf, type BucketDraft, type Drafts } from '../readers/drafts';
import { AnonymousReads, type Coverage, coverageOf } from './checker-access';
import { dangling, grouped, placed, type LinkContext } from './link-context';
import type { LinkedDns } from './dns';
import { aclVerdict, type AclVerdict } from './web-acl-verdict';
import { matchesPattern } from './wildcards';

export interface LinkedChecks {
  readonly healthChecks: readonly ParsedHealthCheck[];
  readonly switchBuckets: readonly SwitchBucketFact[];
}

/** Names of stampkit's switch buckets: see `switchBucketName`. */
const GENERATED_BUCKET = /^[a-z0-9-]+-switches-(?:\d{12}|unknown-account)-[a-z0-9]+$/;
const OBJECT_HOST = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/;

export function linkChecks(
  drafts: Drafts,
  loadBalancers: readonly LoadBalancerFact[],
  dns: LinkedDns,
  context: LinkContext,
): LinkedChecks {
  const buckets = new Buckets(drafts);
  const endpoints = new Endpoints(drafts, loadBalancers, dns, context);
  const watched = new Set<string>();
  const alarms = new Map(drafts.alarms.map(({ id, origin, name }) => [`${environmentOf(origin)} ${name}`, id] as const));
  const known = new Set(drafts.healthChecks.map(({ id }) => id));
  const healthChecks = drafts.healthChecks.map((check): ParsedHealthCheck => {
    const { HealthCheckConfig: config } = check;
    for (const child of config.ChildHealthChecks ?? []) {
      if (!known.has(child)) dangling(check, ['HealthCheckConfig', 'ChildHealthChecks'], `the health check ${child}`, context);
    }
    const bucket = buckets.serving(config);
    if (bucket === undefined && OBJECT_HOST.test(config.FullyQualifiedDomainName ?? '')) {
      dangling(
        check,
        ['HealthCheckConfig', 'FullyQualifiedDomainName'],
        `the bucket of ${config.FullyQualifiedDomainName ?? ''}`,
        context,
      );
    }
    if (bucket !== undefined) watched.add(bucket.id);
    const watches = bucket === undefined ? (alarmOf(check, alarms) ?? endpoints.of(config)) : buckets.target(bucket, config);
    return placed(watches === undefined ? check : { ...check, watches }, context);
  });
  const switchBuckets = drafts.buckets
    .filter(({ id, bucketName }) => watched.has(id) || GENERATED_BUCKET.test(bucketName))
    .map((bucket) => placed(buckets.fact(bucket), context));
  return { healthChecks, switchBuckets };
}

function alarmOf(check: ParsedHealthCheck, alarms: ReadonlyMap<string, string>): CheckTarget | undefined {
  const { AlarmIdentifier: alarm } = check.HealthCheckConfig;
  if (alarm === undefined) return undefined;
  const alarmId = alarms.get(`${environmentOf({ account: check.origin.account, region: alarm.Region })} ${alarm.Name}`);
  return alarmId === undefined ? undefined : { kind: 'alarm', alarmId, region: alarm.Region };
}

class Buckets {
  private readonly byHost: ReadonlyMap<string, BucketDraft>;
  private readonly policies: ReadonlyMap<string, Drafts['bucketPolicies']>;
  private readonly reads = new Map<string, AnonymousReads>();

  public constructor(drafts: Drafts) {
    this.byHost = new Map(drafts.buckets.flatMap((bucket) => bucket.hosts.map((host) => [host.toLowerCase(), bucket] as const)));
    this.policies = grouped(drafts.bucketPolicies, ({ bucket }) => bucket);
  }

  public serving({ FullyQualifiedDomainName: host }: HealthCheckConfig): BucketDraft | undefined {
    return host === undefined ? undefined : this.byHost.get(host.toLowerCase());
  }

  public target(bucket: BucketDraft, { ResourcePath: path = '/', SearchString: text }: HealthCheckConfig): CheckTarget {
    const key = path.replace(/^\//, '');
    const stampId = /^switches\/(.+)$/.exec(key)?.[1];
    return {
      kind: 'switch',
      bucketId: bucket.id,
      region: bucket.origin.region,
      key,
      ...(stampId !== undefined && { stampId }),
      token: tokenOf(stampId ?? '', text),
      readers: this.readsOf(bucket).of(key),
    };
  }

  public fact(bucket: BucketDraft): SwitchBucketFact {
    const { hosts: _hosts, ...fact } = bucket;
    return { ...fact, anonymousReads: this.readsOf(bucket).allowed, generated: GENERATED_BUCKET.test(bucket.bucketName) };
  }

  private readsOf(bucket: BucketDraft): AnonymousReads {
    const known = this.reads.get(bucket.id);
    if (known !== undefined) return known;
    const statements = (this.policies.get(bucket.bucketName) ?? []).flatMap((policy) => policy.statements);
    const reads = new AnonymousReads(bucket.bucketName, statements, bucket.publicAccessBlocked);
    this.reads.set(bucket.id, reads);
    return reads;
  }
}

function tokenOf(stampId: string, text: string | undefined): Extract<CheckTarget, { kind: 'switch' }>['token'] {
  if (text === undefined) return 'none';
  if (text === evacuatedToken(stampId)) return 'evacuated';
  return text === inServiceToken(stampId) ? 'in-service' : 'other';
}

/** Load balancers behind the names that checks probe. */
class Endpoints {
  private readonly balancers: ReadonlyMap<string, LoadBalancerFact>;
  private readonly acls: ReadonlyMap<string, Drafts['webAcls'][number]>;
  private readonly sets: ReadonlyMap<string, readonly string[]>;
  private readonly verdicts = new Map<string, AclVerdict>();
  /** By the ARN of the set. */
  private readonly coverages = new Map<string, Coverage>();
  /** By the addresses: every stamp has a set of its own, with the same ones. */
  private readonly coveragesOfAddresses = new Map<string, Coverage>();

  public constructor(
    drafts: Drafts,
    loadBalancers: readonly LoadBalancerFact[],
    private readonly dns: LinkedDns,
    private readonly context: LinkContext,
  ) {
    this.balancers = new Map(loadBalancers.map((balancer) => [balancer.id, balancer]));
    this.acls = new Map(drafts.webAcls.map((acl) => [acl.id, acl]));
    this.sets = new Map(drafts.addressSets.map(({ arn, addresses }) => [arn, addresses]));
  }

  public of(config: HealthCheckConfig): CheckTarget | undefined {
    const name = config.FullyQualifiedDomainName;
    // A name that leads to several load balancers watches none of them in particular.
    const [loadBalancerId, ...others] = name === undefined ? [] : this.dns.loadBalancersBehind(name);
    const balancer = this.balancers.get(loadBalancerId ?? '');
    if (balancer === undefined || others.length > 0) return undefined;
    const path = config.ResourcePath ?? '/';
    const stampId = this.context.stampOf(balancer.origin.stack);
    const targetGroupId = destination(balancer, config.Port ?? (config.Type.startsWith('HTTPS') ? 443 : 80), path);
    const filter =
      balancer.webAclId === undefined ? undefined : { webAclId: balancer.webAclId, ...this.verdict(balancer.webAclId, path) };
    return {
      kind: 'load-balancer',
      loadBalancerId: balancer.id,
      ...(stampId !== undefined && { stampId }),
      path,
      ...(targetGroupId !== undefined && { targetGroupId }),
      ...(filter !== undefined && { filter }),
    };
  }

  private coverage(set: string): Coverage | undefined {
    const known = this.coverages.get(set);
    const addresses = this.sets.get(set);
    if (known !== undefined || addresses === undefined) return known;
    const key = addresses.join(' ');
    const coverage = this.coveragesOfAddresses.get(key) ?? coverageOf(addresses);
    this.coveragesOfAddresses.set(key, coverage);
    this.coverages.set(set, coverage);
    return coverage;
  }

  private verdict(webAclId: string, path: string): AclVerdict {
    const key = `${webAclId} ${path}`;
    const known = this.verdicts.get(key);
    if (known !== undefined) return known;
    const acl = this.acls.get(webAclId);
    const verdict: AclVerdict =
      acl === undefined
        ? { verdict: 'uncertain' }
        : aclVerdict(acl.statements, acl.defaultAction, path, (set) => this.coverage(set));
    this.verdicts.set(key, verdict);
    return verdict;
  }
}

/** The target group that a request for the path reaches without logging in. */
function destination({ listeners }: LoadBalancerFact, port: number, path: string): string | undefined {
  const rules = listeners.find((listener) => listener.port === port)?.rules ?? [];
  const [uriPath = ''] = path.split('?');
  const rule = rules.find((candidate) => !candidate.otherConditions && leadsTo(candidate, uriPath));
  return rule === undefined || rule.authenticates || rule.action !== 'forward' ? undefined : rule.targetGroupIds[0];
}

function leadsTo({ paths }: ListenerRuleFact, path: string): boolean {
  return paths === undefined || paths.some((pattern) => matchesPattern(pattern, path));
}
