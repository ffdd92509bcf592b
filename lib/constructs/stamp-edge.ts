import {
  Duration,
  Lazy,
  RemovalPolicy,
  aws_elasticloadbalancingv2 as elbv2,
  aws_logs as logs,
  aws_route53 as route53,
  aws_route53_targets as targets,
  aws_wafv2 as wafv2,
} from 'aws-cdk-lib';
import type {
  aws_certificatemanager as acm,
  aws_kms as kms,
  aws_s3 as s3,
  aws_secretsmanager as secretsmanager,
  aws_ec2 as ec2,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { HEALTH_PATH, RESERVED_PATH } from '../facts/reserved-paths';
import { createAccessLogBucket } from './private/access-log-bucket';
import { acknowledge } from './private/acknowledge';
import { edgeCertificate } from './private/edge-certificate';
import {
  checkBlockedCidrs,
  checkHealthPath,
  checkPublicSubnets,
  checkRateLimit,
  checkRecordName,
  checkRegion,
} from './private/edge-checks';
import { createLoadBalancer, createLoadBalancerSecurityGroup } from './private/load-balancer';
import { createWebAcl } from './private/web-acl';
import { addWebAclLogging } from './private/web-acl-logging';

/** The OpenID Connect provider that users sign in with. */
export interface StampOidc {
  /** Issuer, with scheme. */
  readonly issuer: string;
  /** Where users are sent to sign in. */
  readonly authorizationEndpoint: string;
  /** Where the load balancer redeems the code. */
  readonly tokenEndpoint: string;
  /** Where the load balancer reads the user's claims. */
  readonly userInfoEndpoint: string;
  /** Client id. */
  readonly clientId: string;
  /** Client secret, in the stamp's own Region. */
  readonly clientSecret: secretsmanager.ISecret;
}

/** Properties of a StampEdge. */
export interface StampEdgeProps {
  /** VPC with public subnets in two zones or more. */
  readonly vpc: ec2.IVpc;

  /** Public zone that holds the record, and the validation records of a created certificate. */
  readonly hostedZone: route53.IHostedZone;

  /** The stamp's own name, `<regionCode>.<group>.<zone>`: full, without a trailing dot. Never the name that a health check guards. */
  readonly recordName: string;

  /**
   * Certificate of the listener, in the stamp's own Region.
   *
   * @default - one is made for `certificateNames`
   */
  readonly certificate?: acm.ICertificate;

  /**
   * Names on the created certificate: the domain name, then the alternative names. All inside the hosted zone.
   *
   * @default - none; required without `certificate`
   */
  readonly certificateNames?: string[];

  /**
   * Those of `certificateNames` that get a validation record: all but the wildcards of names that are listed themselves.
   *
   * @default - found in `certificateNames`; required when these are tokens
   */
  readonly certificateValidationNames?: string[];

  /**
   * Requests that one client address may send in 5 minutes before it gets 429.
   *
   * @default 2000
   */
  readonly rateLimitPer5Min?: number;

  /**
   * Requests that one host name, and so one tenant, may receive in 5 minutes before it gets 429.
   *
   * @default - tenants are not limited
   */
  readonly tenantRateLimitPer5Min?: number;

  /**
   * IPv4 CIDRs that are refused. They may not overlap the ranges of the Route 53 health checkers.
   *
   * @default - none
   */
  readonly blockedCidrs?: string[];

  /**
   * Public IPv4 addresses from which the stamp itself asks the application's health path: those of its NAT gateways
   * (`StampNetwork.natAddresses`). On that one path they pass the web ACL without limits, because a limit there is a failing health check.
   *
   * @default - none: rates and managed rules apply to the stamp's own probes
   */
  readonly ownAddresses?: string[];

  /**
   * Sign-in before the application, on everything but the two health paths. The session cookie belongs to this load balancer:
   * after a failover users pass through the provider again.
   *
   * @default - no sign-in
   */
  readonly oidc?: StampOidc;

  /**
   * How long a client may keep a connection, 60 seconds to 7 days. Until it ends, the client does not ask DNS again, so it is part
   * of the recovery time (aws-facts 6.1).
   *
   * @default Duration.seconds(60)
   */
  readonly clientKeepAlive?: Duration;

  /**
   * How long a connection may be idle, 1 to 4000 seconds.
   *
   * @default Duration.seconds(60)
   */
  readonly idleTimeout?: Duration;

  /**
   * Whether the load balancer is protected from deletion.
   *
   * @default true
   */
  readonly deletionProtection?: boolean;

  /**
   * Whether the record follows the health of the targets. False for `traffic: manual`: then only the switch takes the stamp
   * out of service (design 6).
   *
   * @default true
   */
  readonly automaticTraffic?: boolean;

  /**
   * Whether requests pass while the load balancer cannot reach WAF. The alternative is a 500 for every request, health checks
   * included: one shared Regional dependency would take every stamp of the Region out at once (aws-facts 9.2).
   *
   * @default true
   */
  readonly wafFailOpen?: boolean;

  /**
   * How long access logs are kept.
   *
   * @default Duration.days(365)
   */
  readonly accessLogRetention?: Duration;

  /**
   * How long the web ACL's logs are kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly webAclLogRetention?: logs.RetentionDays;

  /**
   * Key of the web ACL's log group. Its key policy must allow CloudWatch Logs of this Region.
   *
   * @default - encrypted by CloudWatch Logs with a key of its own
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the logs when the edge is removed.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Listener rules in order; the user's own come after them. */
const PRIORITY = { health: 1, reserved: 2, applicationHealth: 3 };

/**
 * How users and health checkers reach a stamp: an internet-facing load balancer with HTTPS only, a web ACL, a certificate and
 * the stamp's own DNS record.
 *
 * `/.stamp/*` belongs to the stamp: `/.stamp/health` is answered by what {@link answerHealthWith} attached, to the Route 53
 * checkers and nobody else, before any sign-in; the rest of it never reaches the application.
 *
 * The minimum TLS version is not a property. Route 53 checks speak TLS 1.0 to 1.2 (aws-facts 2.3), so a listener that insists
 * on 1.3 would look dead to all of them.
 */
export class StampEdge extends Construct {
  /** The load balancer. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  /** Its group: 443 and 80 from everywhere, out only to attached targets (and with OIDC to port 443). */
  public readonly securityGroup: ec2.SecurityGroup;
  /** The HTTPS listener. Own rules start at priority 100. */
  public readonly listener: elbv2.ApplicationListener;
  /** The web ACL in front of the load balancer. */
  public readonly webAcl: wafv2.CfnWebACL;
  /** Value of the `WebACL` dimension of the web ACL's CloudWatch metrics. */
  public readonly webAclMetricName: string;
  /** Where the web ACL logs what it blocked or counted. */
  public readonly webAclLogGroup: logs.LogGroup;
  /** Where the load balancer logs its requests. */
  public readonly accessLogBucket: s3.Bucket;
  /** The listener's certificate. */
  public readonly certificate: acm.ICertificate;
  /** The stamp's own record. */
  public readonly record: route53.ARecord;

  private readonly oidc: StampOidc | undefined;
  /** Known once the application is attached. */
  private healthPath: string | undefined;

  /**
   * @throws StampError `REGION_REQUIRED`, `EDGE_NEEDS_TWO_ZONES`, `CERTIFICATE_REQUIRED`, `CERTIFICATE_GIVEN_TWICE`,
   * `VALIDATION_NAMES_REQUIRED`, `VALIDATION_NAME_UNKNOWN`, `RECORD_OUTSIDE_ZONE`, `RATE_LIMIT_OUT_OF_RANGE`,
   * `BLOCKED_CIDR_COVERS_CHECKERS`, `INVALID_CIDR`
   */
  public constructor(scope: Construct, id: string, props: StampEdgeProps) {
    super(scope, id);
    const rateLimitPer5Min = props.rateLimitPer5Min ?? 2000;
    checkRegion(this);
    checkPublicSubnets(props.vpc.publicSubnets.length);
    checkRecordName(props.recordName, props.hostedZone.zoneName);
    checkBlockedCidrs(props.blockedCidrs ?? []);
    checkRateLimit('rateLimitPer5Min', rateLimitPer5Min);
    if (props.tenantRateLimitPer5Min !== undefined) checkRateLimit('tenantRateLimitPer5Min', props.tenantRateLimitPer5Min);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    this.oidc = props.oidc;

    this.securityGroup = createLoadBalancerSecurityGroup(this, props.vpc);
    this.accessLogBucket = createAccessLogBucket(this, {
      retention: props.accessLogRetention ?? Duration.days(365),
      removalPolicy,
    });
    this.loadBalancer = createLoadBalancer(this, {
      vpc: props.vpc,
      securityGroup: this.securityGroup,
      deletionProtection: props.deletionProtection ?? true,
      clientKeepAlive: props.clientKeepAlive ?? Duration.seconds(60),
      idleTimeout: props.idleTimeout ?? Duration.seconds(60),
      wafFailOpen: props.wafFailOpen ?? true,
    });
    this.loadBalancer.logAccessLogs(this.accessLogBucket);

    this.certificate = edgeCertificate(this, props);
    this.listener = this.loadBalancer.addListener('Https', {
      port: 443,
      protocol: elbv2.ApplicationProtocol.HTTPS,
      certificates: [this.certificate],
      sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS,
      // The security group's own rules say it, with a description.
      open: false,
    });
    acknowledge(
      this.loadBalancer.addRedirect({ sourcePort: 80, targetPort: 443, open: false }),
      'The listener on port 80 only redirects to HTTPS; plain HTTP has no certificate.',
      'NIST.800.53.R5-ELBv2ACMCertificateRequired',
    );
    this.listener.addAction('Reserved', {
      priority: PRIORITY.reserved,
      conditions: [elbv2.ListenerCondition.pathPatterns([RESERVED_PATH, `${RESERVED_PATH}/*`])],
      action: elbv2.ListenerAction.fixedResponse(404, { contentType: 'text/plain', messageBody: 'Not found' }),
    });

    this.webAclMetricName = props.recordName;
    this.webAcl = createWebAcl(this, {
      metricName: this.webAclMetricName,
      ownAddresses: props.ownAddresses ?? [],
      healthPath: Lazy.string({ produce: () => this.healthPath }),
      blockedCidrs: props.blockedCidrs ?? [],
      rateLimitPer5Min,
      tenantRateLimitPer5Min: props.tenantRateLimitPer5Min,
    });
    new wafv2.CfnWebACLAssociation(this, 'WebAclAssociation', {
      webAclArn: this.webAcl.attrArn,
      resourceArn: this.loadBalancer.loadBalancerArn,
    });
    this.webAclLogGroup = addWebAclLogging(this, {
      webAcl: this.webAcl,
      name: props.recordName,
      retention: props.webAclLogRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: props.encryptionKey,
      removalPolicy,
    });

    this.record = new route53.ARecord(this, 'Record', {
      zone: props.hostedZone,
      // With the dot the name is taken as it is; without it a token would get the zone's name appended.
      recordName: `${props.recordName}.`,
      comment: 'The stamp itself, whatever its group answers',
      target: route53.RecordTarget.fromAlias(
        // Left to itself the alias does not evaluate its target at all (aws-facts 1.9).
        new targets.LoadBalancerTarget(this.loadBalancer, { evaluateTargetHealth: props.automaticTraffic ?? true }),
      ),
    });
    this.node.addValidation({ validate: () => this.missingParts() });
  }

  /**
   * Sends everything that is not reserved to the application, after sign-in when there is OIDC, and lets its health path
   * through without sign-in, for the operator's direct probes.
   *
   * @param targetGroup the application's targets
   * @param healthPath the application's health path: literal, no wildcards
   * @throws StampError `EDGE_FORWARDS_ALREADY`, `HEALTH_PATH_NOT_ALLOWED`
   */
  public forwardTo(targetGroup: elbv2.IApplicationTargetGroup, healthPath: string): void {
    checkHealthPath(healthPath);
    if (this.healthPath !== undefined) {
      throw new StampError(
        'EDGE_FORWARDS_ALREADY',
        'forwardTo was called twice',
        'Use listener.addAction with a priority and a condition for a second target group',
      );
    }
    this.healthPath = healthPath;
    const forward = elbv2.ListenerAction.forward([targetGroup]);
    this.listener.addAction('ApplicationHealth', {
      priority: PRIORITY.applicationHealth,
      conditions: [elbv2.ListenerCondition.pathPatterns([healthPath])],
      action: elbv2.ListenerAction.forward([targetGroup]),
    });
    this.listener.addAction('Default', { action: this.oidc === undefined ? forward : signIn(this.oidc, forward) });
  }

  /**
   * Answers `/.stamp/health` with the given targets: the first rule of the listener, before any sign-in.
   *
   * @param targetGroup the health function's target group
   */
  public answerHealthWith(targetGroup: elbv2.IApplicationTargetGroup): void {
    this.listener.addAction('Health', {
      priority: PRIORITY.health,
      conditions: [elbv2.ListenerCondition.pathPatterns([HEALTH_PATH])],
      action: elbv2.ListenerAction.forward([targetGroup]),
    });
  }

  private missingParts(): string[] {
    return this.healthPath !== undefined
      ? []
      : ['StampEdge has no targets: call forwardTo with the target group of the application'];
  }
}

function signIn(oidc: StampOidc, next: elbv2.ListenerAction): elbv2.ListenerAction {
  return elbv2.ListenerAction.authenticateOidc({
    issuer: oidc.issuer,
    authorizationEndpoint: oidc.authorizationEndpoint,
    tokenEndpoint: oidc.tokenEndpoint,
    userInfoEndpoint: oidc.userInfoEndpoint,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret.secretValue,
    onUnauthenticatedRequest: elbv2.UnauthenticatedAction.AUTHENTICATE,
    // The load balancer itself calls the token and user info endpoints.
    allowHttpsOutbound: true,
    next,
  });
}
