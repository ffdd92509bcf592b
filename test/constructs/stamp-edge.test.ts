import type { Stack } from 'aws-cdk-lib';
import {
  Duration,
  RemovalPolicy,
  Token,
  aws_certificatemanager as acm,
  aws_ec2 as ec2,
  aws_logs as logs,
  aws_secretsmanager as secretsmanager,
} from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { StampOidc } from '../../lib/constructs/stamp-edge';
import type { StampEdge } from '../../lib/constructs/stamp-edge';
import type { StampValues } from '../../lib/topology/types';
import { importedKey, KEY_ARN } from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { exampleNetwork } from '../support/network';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';
import { addBareEdge, addExampleEdge, applicationTargets, edgeTemplate, existingVpc } from './stamp-edge-example';

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
      const edge = addBareEdge(stack, vpc);
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
        encryptionKey: importedKey(stack),
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
    const key = importedKey(stack);
    const network = exampleNetwork(stack, values, { encryptionKey: key });
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
