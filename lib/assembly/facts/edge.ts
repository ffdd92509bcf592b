import type { Fact } from './fact';

export interface LoadBalancerFact extends Fact {
  readonly type: 'application' | 'network' | 'gateway' | 'classic';
  readonly scheme: 'internet-facing' | 'internal';
  /** A symbol; aliases say it with or without `dualstack.` before it. */
  readonly dnsName: string;
  readonly availabilityZones: readonly string[];
  /** Every target group that a listener or a rule of it forwards to, sorted. */
  readonly targetGroupIds: readonly string[];
  readonly listeners: readonly ListenerFact[];
  readonly webAclId?: string;
  readonly deletionProtection: boolean;
  readonly zonalShift: boolean;
  readonly crossZone: boolean;
  /** Seconds a client may reuse a connection (ALB; default 3600, aws-facts 6.1). */
  readonly clientKeepAlive?: number;
}

export interface ListenerFact {
  readonly port?: number;
  readonly protocol?: string;
  readonly sslPolicy?: string;
  /** By priority; the default action is last. */
  readonly rules: readonly ListenerRuleFact[];
}

export interface ListenerRuleFact {
  /** Absent for the default action. */
  readonly priority?: number;
  /** Path patterns that lead here; absent when the rule does not look at the path. */
  readonly paths?: readonly string[];
  /** The rule has conditions besides the path. */
  readonly otherConditions: boolean;
  /** Type of the last action: `forward`, `redirect`, `fixed-response`. */
  readonly action: string;
  readonly authenticates: boolean;
  readonly targetGroupIds: readonly string[];
}

export interface TargetGroupFact extends Fact {
  readonly targetType: 'instance' | 'ip' | 'lambda' | 'alb';
  readonly healthCheck: {
    readonly enabled: boolean;
    readonly path?: string;
    readonly protocol?: string;
    /** Seconds. */
    readonly interval?: number;
    /** Seconds. */
    readonly timeout?: number;
    readonly healthyThreshold?: number;
    readonly unhealthyThreshold?: number;
    /** HTTP codes such as `200` or `200-399`. */
    readonly matcher?: string;
  };
  /** Seconds (default 300). */
  readonly deregistrationDelay?: number;
  readonly stickiness: boolean;
  /** Below it a zone leaves the load balancer's DNS name (aws-facts 6.1). */
  readonly dnsFailover: HealthyTargets;
  /** Below it requests go to all targets, unhealthy ones too. */
  readonly unhealthyStateRouting: HealthyTargets;
  readonly loadBalancerIds: readonly string[];
  /** Whoever registers targets in it: services, Auto Scaling groups, functions; empty means that it has no targets. */
  readonly targetIds: readonly string[];
  /** Fixed targets in the template that are none of the assembly's. */
  readonly otherTargets: number;
}

/** `undefined` means off. */
export interface HealthyTargets {
  readonly count?: number;
  readonly percentage?: number;
}

export interface WebAclFact extends Fact {
  readonly defaultAction: 'allow' | 'block';
  /** By priority. */
  readonly rules: readonly { readonly name: string; readonly priority: number; readonly action: string }[];
  readonly loadBalancerIds: readonly string[];
}
