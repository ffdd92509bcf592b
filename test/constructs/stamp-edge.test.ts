import type { Stack } from 'aws-cdk-lib';
import {
  Duration,
  RemovalPolicy,
  Token,
  aws_certificatemanager as acm,
  aws_ec2 as ec2,
  aws_kms as kms,
  aws_logs as logs,
  aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import { App, Stack as CdkStack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { StampEdgeProps, StampOidc } from '../../lib/constructs/stamp-edge';
import { StampEdge } from '../../lib/constructs/stamp-edge';
import { StampNetwork } from '../../lib/constructs/stamp-network';
import type { StampValues } from '../../lib/topology/types';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';
import { addExampleEdge, applicationTargets, exampleZone, existingVpc, healthTargets } from './stamp-edge-example';

const KEY_ARN = 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555';

function edgeTemplate(props: Partial<StampEdgeProps> = {}): Template {
  return synthesize((stack) => {
    addExampleEdge(stack, props);
  });
}

function provider(stack: Stack): StampOidc {
  return {
    issuer: 'https://idp.example.com',
    authorizationEndpoint: 'https://idp.example.com/authorize',
    tokenEndpoint: 'https://idp.example.com/token',
    userInfoEndpoint: 'https://idp.example.com/userinfo',
    clientId: 'stamp',
    clientSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'ClientSecret', 'shop/oidc'),
  };
}

function attributes(template: Template): Record<string, unknown> {
  const properties = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'))[0]!.Properties;
  return Object.fromEntries(properties.LoadBalancerAttributes.map(({ Key, Value }: any) => [Key, Value]));
}

/** The HTTPS listener's rules: priority, paths and kinds of action, in order. */
function listenerRules(template: Template): [number, string[], string[]][] {
  return Object.values(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule'))
    .map(({ Properties: rule }): [number, string[], string[]] => [
      rule.Priority,
      rule.Conditions.flatMap((condition: any) => condition.PathPatternConfig.Values),
      rule.Actions.map((action: any) => action.Type),
    ])
    .sort(([a], [b]) => a - b);
}

describe('load balancer', () => {
  test('every attribute of design 6', () => {
    const template = edgeTemplate();
    expect(attributes(template)).toMatchObject({
      'deletion_protection.enabled': 'true',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'defensive',
      'client_keep_alive.seconds': '60',
      'idle_timeout.timeout_seconds': '60',
      'zonal_shift.config.enabled': 'true',
      'load_balancing.cross_zone.enabled': 'true',
      'waf.fail_open.enabled': 'true',
      'access_logs.s3.enabled': 'true',
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      Type: 'application',
      IpAddressType: 'ipv4',
      Subnets: ['subnet-a', 'subnet-b'],
    });
  });

  test('what may be set otherwise', () => {
    const set = attributes(
      edgeTemplate({
        deletionProtection: false,
        clientKeepAlive: Duration.seconds(90),
        idleTimeout: Duration.seconds(30),
        wafFailOpen: false,
      }),
    );
    expect(set).toMatchObject({
      'deletion_protection.enabled': 'false',
      'client_keep_alive.seconds': '90',
      'idle_timeout.timeout_seconds': '30',
      'waf.fail_open.enabled': 'false',
    });
  });

  test('443 and 80 from everywhere, and out to nothing by itself', () => {
    edgeTemplate().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Load balancer of the stamp: HTTPS and the redirect to it from everywhere',
      SecurityGroupIngress: [
        Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }),
        Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 80, ToPort: 80 }),
      ],
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  test('an attached target is let out to, and nothing else', () => {
    const template = synthesize((stack) => {
      const edge = addExampleEdge(stack);
      const group = new ec2.SecurityGroup(stack, 'Tasks', { vpc: existingVpcOf(edge), description: 'tasks' });
      edge.listener.connections.allowTo(group, ec2.Port.tcp(8080), 'Load balancer to target');
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 8080, ToPort: 8080 });
  });
});

function existingVpcOf(edge: StampEdge): ec2.IVpc {
  const { vpc } = edge.loadBalancer;
  if (vpc === undefined) throw new Error('the load balancer knows its VPC');
  return vpc;
}

describe('listeners', () => {
  test('HTTPS keeps TLS 1.2, which the Route 53 checkers need, and speaks 1.3', () => {
    edgeTemplate().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
  });

  test('port 80 redirects', () => {
    edgeTemplate().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 80,
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: Match.objectLike({ Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' }) },
      ],
    });
  });

  test.each(['without', 'with'])('health first, then what is reserved, then the application, %s sign-in', (kind) => {
    const template = synthesize((stack) => {
      addExampleEdge(stack, kind === 'with' ? { oidc: provider(stack) } : {});
    });
    expect(listenerRules(template)).toEqual([
      [1, ['/.stamp/health'], ['forward']],
      [2, ['/.stamp', '/.stamp/*'], ['fixed-response']],
      [3, ['/healthz'], ['forward']],
    ]);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 1,
      Actions: [{ Type: 'forward', TargetGroupArn: { Ref: Match.stringLikeRegexp('^Function') } }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 2,
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: Match.objectLike({ StatusCode: '404' }) }],
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Priority: 3,
      Actions: [{ Type: 'forward', TargetGroupArn: { Ref: Match.stringLikeRegexp('^Application') } }],
    });
  });

  test('sign-in guards the default action, and lets the load balancer out to the provider', () => {
    const template = synthesize((stack) => {
      addExampleEdge(stack, { oidc: provider(stack) });
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      DefaultActions: [
        {
          Order: 1,
          Type: 'authenticate-oidc',
          AuthenticateOidcConfig: Match.objectLike({
            Issuer: 'https://idp.example.com',
            ClientId: 'stamp',
            ClientSecret: Match.stringLikeRegexp('^\\{\\{resolve:secretsmanager:'),
            OnUnauthenticatedRequest: 'authenticate',
          }),
        },
        { Order: 2, Type: 'forward', TargetGroupArn: { Ref: Match.stringLikeRegexp('^Application') } },
      ],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })],
    });
  });

  test('without health function the path is a 404 like all that is reserved', () => {
    const template = synthesize((stack) => {
      const vpc = existingVpc(stack);
      const edge = new StampEdge(stack, 'Edge', {
        vpc,
        hostedZone: exampleZone(stack),
        recordName: EXAMPLE_VALUES.recordName,
        certificateNames: ['*.shop.example.com'],
      });
      edge.forwardTo(applicationTargets(stack, vpc), '/healthz');
    });
    expect(listenerRules(template).map(([priority]) => priority)).toEqual([2, 3]);
  });
});

describe('certificate', () => {
  test('one record validates a name and its wildcard', () => {
    const template = edgeTemplate({ certificateValidationNames: undefined });
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: '*.shop.example.com',
      SubjectAlternativeNames: ['enterprise.shop.example.com', '*.enterprise.shop.example.com'],
      ValidationMethod: 'DNS',
      DomainValidationOptions: [
        { DomainName: '*.shop.example.com', HostedZoneId: 'Z0123456789ABCDEFGHIJ' },
        { DomainName: 'enterprise.shop.example.com', HostedZoneId: 'Z0123456789ABCDEFGHIJ' },
      ],
    });
  });

  test('one that exists is used', () => {
    const arn = 'arn:aws:acm:us-east-1:111111111111:certificate/1';
    const template = synthesize((stack) => {
      addExampleEdge(stack, { certificate: acm.Certificate.fromCertificateArn(stack, 'Existing', arn) });
    });
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Certificates: [{ CertificateArn: arn }],
    });
  });
});

describe('record', () => {
  test.each([
    ['follows the targets by default', undefined, true],
    ['follows the targets', true, true],
    ['ignores them for manual traffic', false, false],
  ])('alias to the load balancer that %s', (_what, automaticTraffic, expected) => {
    edgeTemplate(automaticTraffic === undefined ? {} : { automaticTraffic }).hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'use1.enterprise.shop.example.com.',
      Type: 'A',
      HostedZoneId: 'Z0123456789ABCDEFGHIJ',
      SetIdentifier: Match.absent(),
      AliasTarget: Match.objectLike({ EvaluateTargetHealth: expected }),
    });
  });
});

describe('logs', () => {
  test('the access log bucket is private, encrypted, TLS only, expiring and retained', () => {
    const template = edgeTemplate();
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 365, Status: 'Enabled' })] },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('the log group of the web ACL takes the key, the retention and the removal policy', () => {
    const template = synthesize((stack) => {
      addExampleEdge(stack, {
        encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN),
        webAclLogRetention: logs.RetentionDays.ONE_MONTH,
        accessLogRetention: Duration.days(90),
        removalPolicy: RemovalPolicy.DESTROY,
      });
    });
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Delete',
      Properties: { KmsKeyId: KEY_ARN, RetentionInDays: 30 },
    });
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
      Properties: { LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90 })] } },
    });
  });
});

describe('stamp values', () => {
  function wholeEdge(stack: Stack, values: StampValues): void {
    const key = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
    const network = new StampNetwork(stack, 'Network', {
      vpcCidr: values.vpcCidr,
      availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
      publicSubnetCidrs: [...values.publicSubnets],
      privateSubnetCidrs: [...values.privateSubnets],
      isolatedSubnetCidrs: [...values.isolatedSubnets],
      name: values.names.stack,
      encryptionKey: key,
    });
    addExampleEdge(
      stack,
      {
        vpc: network.vpc,
        ownAddresses: network.natAddresses,
        encryptionKey: key,
        oidc: provider(stack),
        blockedCidrs: ['198.51.100.0/24'],
        tenantRateLimitPer5Min: 5000,
      },
      values,
    );
  }

  test('are passed on only: the same template with values and with tokens', () => {
    synthesizeBothWays(wholeEdge);
  });

  test('every finding of the rule packs is met or acknowledged', () => {
    const { violations } = synthesizeChecked((stack) => {
      wholeEdge(stack, EXAMPLE_VALUES);
    });
    expect(violations).toEqual([]);
  }, 120_000);

  test('fails for several certificate names as tokens when nobody says which are validated', () => {
    expect(() =>
      edgeTemplate({
        certificateNames: [Token.asString({ Ref: 'A' }), Token.asString({ Ref: 'B' })],
        certificateValidationNames: undefined,
      }),
    ).toThrow(/VALIDATION_NAMES_REQUIRED: .*certificateValidationNames/);
  });
});

describe('fails', () => {
  test.each<[string, Partial<StampEdgeProps>, RegExp]>([
    ['without certificate', { certificateNames: [] }, /CERTIFICATE_REQUIRED/],
    [
      'for a validated name that is not on the certificate',
      { certificateValidationNames: ['b.shop.example.com'] },
      /VALIDATION_NAME_UNKNOWN/,
    ],
    [
      'for a record in another zone',
      { recordName: 'use1.enterprise.example.org' },
      /RECORD_OUTSIDE_ZONE: .*use1\.enterprise\.example\.org/,
    ],
    ['for a record that only ends like the zone', { recordName: 'workshop.example.com' }, /RECORD_OUTSIDE_ZONE/],
    ['for a rate below what WAF takes', { rateLimitPer5Min: 9 }, /RATE_LIMIT_OUT_OF_RANGE: rateLimitPer5Min 9/],
    ['for a fraction of a request', { rateLimitPer5Min: 10.5 }, /RATE_LIMIT_OUT_OF_RANGE/],
    ['for a tenant rate above what WAF takes', { tenantRateLimitPer5Min: 2_000_000_001 }, /tenantRateLimitPer5Min 2000000001/],
    [
      'for a blocked CIDR around a checker range',
      { blockedCidrs: ['54.228.0.0/16'] },
      /BLOCKED_CIDR_COVERS_CHECKERS: .*54\.228\.0\.0\/16 .*54\.228\.16\.0\/26/,
    ],
    ['for a blocked CIDR inside a checker range', { blockedCidrs: ['15.177.3.9/32'] }, /BLOCKED_CIDR_COVERS_CHECKERS/],
    ['for a blocked CIDR with host bits', { blockedCidrs: ['198.51.100.1/24'] }, /INVALID_CIDR/],
    ['for a blocked IPv6 CIDR', { blockedCidrs: ['2001:db8::/32'] }, /INVALID_CIDR/],
  ])('%s', (_what, props, message) => {
    expect(() => edgeTemplate(props)).toThrow(message);
  });

  test('not for a blocked CIDR beside a checker range, nor for the smallest rate', () => {
    expect(() => edgeTemplate({ blockedCidrs: ['54.228.16.64/26'], rateLimitPer5Min: 10 })).not.toThrow();
  });

  test('for certificate and names together', () => {
    expect(() =>
      synthesize((stack) => {
        addExampleEdge(stack, {
          certificate: acm.Certificate.fromCertificateArn(stack, 'Existing', 'arn:aws:acm:us-east-1:111111111111:certificate/1'),
          certificateNames: ['*.shop.example.com'],
        });
      }),
    ).toThrow(/CERTIFICATE_GIVEN_TWICE/);
  });

  test('in a VPC with a single public subnet: AWS makes no such load balancer', () => {
    expect(() =>
      synthesize((stack) => {
        addExampleEdge(stack, { vpc: existingVpc(stack, 1) });
      }),
    ).toThrow(/EDGE_NEEDS_TWO_ZONES/);
  });

  test('in a stack without a concrete Region', () => {
    const stack = new CdkStack(new App(), 'Agnostic');
    expect(() => addExampleEdge(stack)).toThrow(/REGION_REQUIRED/);
  });

  test.each(['healthz', '/health*', '/health?', '/.stamp', '/.stamp/health', '/health?deep=1', ''])(
    "for the application's health path '%s'",
    (path) => {
      expect(() =>
        synthesize((stack) => {
          const vpc = existingVpc(stack);
          const edge = new StampEdge(stack, 'Edge', {
            vpc,
            hostedZone: exampleZone(stack),
            recordName: EXAMPLE_VALUES.recordName,
            certificateNames: ['*.shop.example.com'],
          });
          edge.forwardTo(applicationTargets(stack, vpc), path);
        }),
      ).toThrow(/HEALTH_PATH_NOT_ALLOWED/);
    },
  );

  test('when the application is attached twice', () => {
    expect(() =>
      synthesize((stack) => {
        addExampleEdge(stack).forwardTo(healthTargets(new CdkStack(stack, 'Other')), '/');
      }),
    ).toThrow(/EDGE_FORWARDS_ALREADY/);
  });

  test('synth when the application is not attached', () => {
    expect(() =>
      synthesize((stack) => {
        new StampEdge(stack, 'Edge', {
          vpc: existingVpc(stack),
          hostedZone: exampleZone(stack),
          recordName: EXAMPLE_VALUES.recordName,
          certificateNames: ['*.shop.example.com'],
        });
      }),
    ).toThrow(/call forwardTo/);
  });
});
