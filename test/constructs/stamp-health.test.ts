import {
  Duration,
  aws_ec2 as ec2,
  aws_elasticloadbalancingv2 as elbv2,
  aws_iam as iam,
  aws_kms as kms,
  aws_sns as sns,
  aws_ssm as ssm,
  type Stack,
} from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { HEALTH_PATH, LIVE_PATH } from '../../lib/facts/reserved-paths';
import { readSettings } from '../../lib/functions/stamp-health/settings';
import { StampDatabaseProbe, StampHealth, StandbyServes, type StampHealthProps } from '../../lib/constructs/stamp-health';
import { StampEgress } from '../../lib/constructs/stamp-network';
import type { StampValues } from '../../lib/topology/types';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

interface Surroundings {
  readonly vpc: ec2.IVpc;
  readonly key: kms.IKey;
  readonly databaseSecurityGroup: ec2.ISecurityGroup;
  readonly targetGroup: elbv2.IApplicationTargetGroup;
  readonly props: StampHealthProps;
}

/** Everything around the part is imported, so that templates hold the part and nothing else. */
function surroundings(stack: Stack, values: StampValues): Surroundings {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    privateSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
    privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  const key = kms.Key.fromKeyArn(
    stack,
    'StampKey',
    'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555',
  );
  const loadBalancer = elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'LoadBalancer', {
    loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/stamp/0123456789abcdef',
    securityGroupId: 'sg-alb',
    loadBalancerDnsName: 'stamp-1.us-east-1.elb.amazonaws.com',
  });
  return {
    vpc,
    key,
    databaseSecurityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'DatabaseGroup', 'sg-0123456789abcdef0', {
      mutable: false,
    }),
    targetGroup: elbv2.ApplicationTargetGroup.fromTargetGroupAttributes(stack, 'ComputeTargets', {
      targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/web/0123456789abcdef',
    }),
    props: {
      vpc,
      functionName: values.names.healthFunction,
      stampId: values.names.stampId,
      loadBalancer,
      recordName: values.recordName,
      healthPath: '/healthz',
      reservedConcurrency: values.capacity.healthConcurrency,
      encryptionKey: key,
    },
  };
}

function postgresql(stack: Stack, values: StampValues, { databaseSecurityGroup }: Surroundings): Partial<StampHealthProps> {
  return {
    databaseProbe: StampDatabaseProbe.POSTGRESQL,
    databaseParameter: ssm.StringParameter.fromStringParameterAttributes(stack, 'Pointer', {
      parameterName: values.names.databaseParameter,
      simpleName: false,
    }),
    databaseUser: values.groupNames.probeUser,
    databaseSecurityGroup,
    standbyServes: StandbyServes.NONE,
    writerGrace: Duration.seconds(120),
    warnLag: Duration.seconds(30),
    dependencies: [{ name: 'payments-api', url: 'https://payments.example.com/health', shared: true }],
  };
}

function build(extra: (stack: Stack, around: Surroundings) => Partial<StampHealthProps> = () => ({})): Template {
  return synthesize((stack) => {
    const around = surroundings(stack, EXAMPLE_VALUES);
    new StampHealth(stack, 'Health', { ...around.props, ...extra(stack, around) });
  });
}

/** What the deployed function would read. */
function environmentOf(template: Template): Record<string, string> {
  const [handler] = Object.values(template.findResources('AWS::Lambda::Function'));
  return handler!['Properties'].Environment.Variables;
}

describe('one shape, many stamps', () => {
  test('passes stamp values on: with a database behind NAT', () => {
    synthesizeBothWays((stack, values) => {
      const around = surroundings(stack, values);
      new StampHealth(stack, 'Health', { ...around.props, ...postgresql(stack, values, around) });
    });
  });

  test('passes stamp values on: endpoints only, external database on a port that is a stamp value', () => {
    synthesizeBothWays((stack, values) => {
      const around = surroundings(stack, values);
      new StampHealth(stack, 'Health', {
        ...around.props,
        ...postgresql(stack, values, around),
        egress: StampEgress.ENDPOINTS_ONLY,
        computeTargetGroup: around.targetGroup,
        databaseProbe: StampDatabaseProbe.CONNECTION,
        databaseSecurityGroup: undefined,
        databasePort: values.databasePort!,
      });
    });
  });

  test('logical ids are contracts', () => {
    const template = build((stack, around) => postgresql(stack, EXAMPLE_VALUES, around)).toJSON();
    expect(
      Object.keys(template['Resources'])
        .map((id) => id.replace(/[0-9A-F]{8}$/, ''))
        .sort(),
    ).toEqual(
      [
        'HealthDatabaseEgress',
        'HealthDatabaseIngress',
        'HealthErrorsAlarm',
        'HealthFunction',
        'HealthFunctionInvoke2UTWxhlfyqbT5FTn5jvgbLgjFfJwzswGk55DU1HY',
        'HealthLogGroup',
        'HealthRole',
        'HealthRoleDefaultPolicy',
        'HealthSecurityGroup',
        'HealthTargetGroup',
        'HealthThrottlesAlarm',
      ].sort(),
    );
  });
});

describe('the function', () => {
  test('runs named, bounded, traced and encrypted in the private subnets', () => {
    build().hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'shop-enterprise-use1-health',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      ReservedConcurrentExecutions: 20,
      Timeout: 5,
      TracingConfig: { Mode: 'Active' },
      KmsKeyArn: Match.stringLikeRegexp('key/'),
      VpcConfig: { SubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'] },
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('HealthLogGroup') } },
    });
    build().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90, KmsKeyId: Match.anyValue() });
  });

  test('its environment is what the function reads', () => {
    const template = build((stack, around) => postgresql(stack, EXAMPLE_VALUES, around));
    expect(readSettings({ ...environmentOf(template), AWS_REGION: 'us-east-1' })).toEqual({
      stampId: 'enterprise-use1',
      region: 'us-east-1',
      standbyServes: 'none',
      writerGraceSeconds: 120,
      replicaGraceSeconds: 0,
      warnLagSeconds: 30,
      compute: {
        kind: 'loop',
        loadBalancerDnsName: 'stamp-1.us-east-1.elb.amazonaws.com',
        recordName: 'use1.enterprise.shop.example.com',
        healthPath: '/healthz',
      },
      database: {
        kind: 'postgresql',
        parameter: '/stampkit/shop/enterprise-use1/database',
        user: 'stamp_probe_enterprise',
        shared: false,
      },
      dependencies: [{ name: 'payments-api', url: 'https://payments.example.com/health', shared: true }],
    });
  });

  test('its environment is what the function reads: nothing but compute, endpoints only', () => {
    const template = build((_stack, { targetGroup }) => ({
      egress: StampEgress.ENDPOINTS_ONLY,
      computeTargetGroup: targetGroup,
    }));
    expect(readSettings({ ...environmentOf(template), AWS_REGION: 'us-east-1' })).toMatchObject({
      standbyServes: 'reads',
      writerGraceSeconds: 90,
      compute: { kind: 'targets', targetGroupArn: expect.stringContaining('targetgroup/web/') },
      database: { kind: 'none' },
      dependencies: [],
    });
  });

  test.each([
    [StampDatabaseProbe.POSTGRESQL, true],
    [StampDatabaseProbe.MYSQL, true],
    [StampDatabaseProbe.DYNAMODB, false],
  ])('%s: the RDS roots are trusted where a database is logged in to: %s', (databaseProbe, trusted) => {
    const template = build((stack, around) => ({ ...postgresql(stack, EXAMPLE_VALUES, around), databaseProbe }));
    expect(environmentOf(template)['NODE_EXTRA_CA_CERTS']).toBe(trusted ? '/var/runtime/ca-cert.pem' : undefined);
  });
});

describe('the load balancer reaches it', () => {
  test('through a target group whose checks are on and shallow', () => {
    build().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'lambda',
      HealthCheckEnabled: true,
      HealthCheckPath: '/.stamp/live',
      HealthCheckIntervalSeconds: 35,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 5,
      Matcher: { HttpCode: '200' },
    });
  });

  test('with a permission for load balancers and nobody else', () => {
    build().resourceCountIs('AWS::Lambda::Permission', 1);
    build().hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: 'elasticloadbalancing.amazonaws.com',
    });
  });

  test('on the paths that function, target group and edge agree on', () => {
    expect(LIVE_PATH).toBe('/.stamp/live');
    expect(HEALTH_PATH).toBe('/.stamp/health');
  });
});

describe('the network', () => {
  test('out by HTTPS only, and nothing in', () => {
    const template = build();
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' })],
      SecurityGroupIngress: Match.absent(),
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 0);
  });

  test.each([
    [StampDatabaseProbe.POSTGRESQL, undefined, 5432],
    [StampDatabaseProbe.MYSQL, undefined, 3306],
    [StampDatabaseProbe.POSTGRESQL, 6432, 6432],
  ])('%s on port %s: a rule on both sides for %i', (databaseProbe, databasePort, port) => {
    const template = build((stack, around) => ({
      ...postgresql(stack, EXAMPLE_VALUES, around),
      databaseProbe,
      ...(databasePort !== undefined && { databasePort }),
    }));
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      FromPort: port,
      ToPort: port,
      DestinationSecurityGroupId: 'sg-0123456789abcdef0',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: port,
      ToPort: port,
      GroupId: 'sg-0123456789abcdef0',
    });
  });

  test('ports of dependencies are opened, each once', () => {
    const dependencies = ['http://a.example.com', 'http://b.example.com', 'https://c.example.com:8443'].map((url, index) => ({
      name: `${index}`,
      url,
      shared: true,
    }));
    build(() => ({ dependencies })).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [443, 80, 8443].map((port) => Match.objectLike({ FromPort: port })),
    });
  });
});

describe('permissions', () => {
  function statements(
    template: Template,
  ): { Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown }[] {
    return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      (policy) => policy['Properties'].PolicyDocument.Statement,
    );
  }

  test('with a database: its pointer by name, the key, and no API of the load balancer', () => {
    const all = statements(build((stack, around) => postgresql(stack, EXAMPLE_VALUES, around)));
    expect(
      all
        .filter(({ Resource }) => Resource === '*')
        .flatMap(({ Action }) => Action)
        .filter((action) => !/^(ec2|xray):/.test(action)),
    ).toEqual([]);
    expect(all.find(({ Action }) => Action === 'ssm:GetParameter')?.Resource).toBe(
      'arn:aws:ssm:us-east-1:111111111111:parameter/stampkit/shop/enterprise-use1/database',
    );
    expect(all.find(({ Action }) => Action === 'kms:Decrypt')).toBeDefined();
  });

  test('the code may not use what Lambda needs to join the VPC', () => {
    const [deny] = statements(build()).filter(({ Effect }) => Effect === 'Deny');
    expect(deny?.Action).toContain('ec2:CreateNetworkInterface');
    expect(JSON.stringify(deny?.Condition)).toContain('function:shop-enterprise-use1-health');
  });

  test('endpoints only: may ask for the health of targets', () => {
    const all = statements(
      build((_stack, { targetGroup }) => ({ egress: StampEgress.ENDPOINTS_ONLY, computeTargetGroup: targetGroup })),
    );
    expect(all.flatMap(({ Action }) => Action)).toContain('elasticloadbalancing:DescribeTargetHealth');
  });

  test('an operator may invoke this function and no other', () => {
    const template = synthesize((stack) => {
      const { props } = surroundings(stack, EXAMPLE_VALUES);
      const operator = new iam.Role(stack, 'Operator', { assumedBy: new iam.AccountRootPrincipal() });
      new StampHealth(stack, 'Health', props).grantOperatorInvoke(operator);
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('HealthFunction'), 'Arn'] },
          },
        ],
      },
    });
  });
});

test('passes the rule packs and the built-in validation', () => {
  const { violations } = synthesizeChecked((stack) => {
    const around = surroundings(stack, EXAMPLE_VALUES);
    const alarmTopic = sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111111111111:alarms');
    new StampHealth(stack, 'Health', { ...around.props, ...postgresql(stack, EXAMPLE_VALUES, around), alarmTopic });
  });
  expect(violations.filter(({ path }) => path.includes('Health'))).toEqual([]);
});

test('alarms when the health path itself breaks', () => {
  for (const metric of ['Errors', 'Throttles']) {
    build().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: metric, Namespace: 'AWS/Lambda', Threshold: 0 });
  }
});

describe('fails early', () => {
  test.each<[string, Partial<StampHealthProps>, string]>([
    ['a health path without a slash', { healthPath: 'healthz' }, 'HEALTH_PATH'],
    ['endpoints only without a target group', { egress: StampEgress.ENDPOINTS_ONLY }, 'HEALTH_TARGET_GROUP'],
    ['a database without a pointer', { databaseProbe: StampDatabaseProbe.DYNAMODB }, 'HEALTH_DATABASE'],
    [
      'a dependency without a scheme',
      { dependencies: [{ name: 'x', url: 'payments/health', shared: true }] },
      'HEALTH_DEPENDENCY',
    ],
    ['a dependency that is no HTTP', { dependencies: [{ name: 'x', url: 'ftp://payments', shared: true }] }, 'HEALTH_DEPENDENCY'],
    ['no concurrency', { reservedConcurrency: 0 }, 'HEALTH_CONCURRENCY'],
  ])('fails for %s', (_name, extra, code) => {
    expect(() => build(() => extra)).toThrow(code);
  });

  test.each<[string, (props: Partial<StampHealthProps>) => Partial<StampHealthProps>]>([
    ['a pointer without a kind of probe', ({ databaseProbe: _, ...rest }) => rest],
    ['a login without a user', ({ databaseUser: _, ...rest }) => rest],
    ['a connection without a port', (props) => ({ ...props, databaseProbe: StampDatabaseProbe.CONNECTION })],
  ])('fails for %s', (_name, change) => {
    expect(() => build((stack, around) => change(postgresql(stack, EXAMPLE_VALUES, around)))).toThrow('HEALTH_DATABASE');
  });
});
