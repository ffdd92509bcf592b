import type { Stack } from 'aws-cdk-lib';
import { App, CfnResource, Stack as CdkStack, Token, aws_ec2 as ec2, aws_logs as logs } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { StampNetworkProps } from '../../lib/constructs/stamp-network';
import { StampEgress, StampNetwork } from '../../lib/constructs/stamp-network';
import type { StampValues } from '../../lib/topology/types';
import { importedKey, KEY_ARN } from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { exampleNetwork } from '../support/network';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

/** A layout of so many zones inside 10.0.0.0/20. */
function layout(zones: number): StampNetworkProps {
  const numbers = Array.from({ length: zones }, (_, index) => index);
  return {
    vpcCidr: '10.0.0.0/20',
    availabilityZones: numbers.map((number) => `us-east-1${'abcdef'.charAt(number)}`),
    publicSubnetCidrs: numbers.map((number) => `10.0.${number}.0/26`),
    privateSubnetCidrs: numbers.map((number) => `10.0.${number}.128/25`),
    isolatedSubnetCidrs: numbers.map((number) => `10.0.${number}.64/26`),
  };
}

function networkTemplate(props: Partial<StampNetworkProps> = {}, zones = 3): Template {
  return synthesize((stack) => {
    new StampNetwork(stack, 'Network', { ...layout(zones), ...props });
  });
}

function subnets(template: Template): { cidr: string; zone: string; public: unknown; name: unknown }[] {
  return Object.values(template.findResources('AWS::EC2::Subnet')).map(({ Properties: subnet }) => ({
    cidr: subnet.CidrBlock,
    zone: subnet.AvailabilityZone,
    public: subnet.MapPublicIpOnLaunch,
    name: subnet.Tags.find((tag: any) => tag.Key === 'Name').Value,
  }));
}

/** Short names of the interface endpoints, sorted. */
function interfaceServices(template: Template): string[] {
  return Object.values(template.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } }))
    .map(({ Properties: endpoint }) => (endpoint.ServiceName as string).replace('com.amazonaws.us-east-1.', ''))
    .sort();
}

describe('subnets', () => {
  test('every zone gets one public, one private and one isolated subnet with the CIDRs given', () => {
    expect(subnets(networkTemplate({ name: 'shop-pool-use1' }, 2))).toEqual([
      { cidr: '10.0.0.0/26', zone: 'us-east-1a', public: false, name: 'shop-pool-use1/public-us-east-1a' },
      { cidr: '10.0.1.0/26', zone: 'us-east-1b', public: false, name: 'shop-pool-use1/public-us-east-1b' },
      { cidr: '10.0.0.128/25', zone: 'us-east-1a', public: false, name: 'shop-pool-use1/private-us-east-1a' },
      { cidr: '10.0.1.128/25', zone: 'us-east-1b', public: false, name: 'shop-pool-use1/private-us-east-1b' },
      { cidr: '10.0.0.64/26', zone: 'us-east-1a', public: false, name: 'shop-pool-use1/isolated-us-east-1a' },
      { cidr: '10.0.1.64/26', zone: 'us-east-1b', public: false, name: 'shop-pool-use1/isolated-us-east-1b' },
    ]);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    '%i zone(s): as many NAT gateways with Elastic IPs, each private subnet leaving through its own',
    (zones) => {
      const template = networkTemplate({}, zones);
      template.resourceCountIs('AWS::EC2::Subnet', 3 * zones);
      template.resourceCountIs('AWS::EC2::NatGateway', zones);
      template.resourceCountIs('AWS::EC2::EIP', zones);
      const gateways = Object.values(template.findResources('AWS::EC2::Route'))
        .map(({ Properties }) => Properties.NatGatewayId?.Ref as string | undefined)
        .filter((id) => id !== undefined);
      expect(new Set(gateways).size).toBe(zones);
      expect(gateways).toHaveLength(zones);
    },
  );

  test('the addresses of the NAT gateways are known, one each', () => {
    let natAddresses: unknown;
    const template = synthesize((stack) => {
      natAddresses = stack.resolve(new StampNetwork(stack, 'Network', { ...layout(2), name: 'shop-pool-use1' }).natAddresses);
    });
    expect(natAddresses).toEqual(
      [1, 2].map((number) => ({ 'Fn::GetAtt': [expect.stringMatching(`^NetworkNatAddress${number}`), 'PublicIp'] })),
    );
    const used = Object.values(template.findResources('AWS::EC2::NatGateway')).map(({ Properties }) => Properties.AllocationId);
    expect(used).toEqual(
      [1, 2].map((number) => ({ 'Fn::GetAtt': [expect.stringMatching(`^NetworkNatAddress${number}`), 'AllocationId'] })),
    );
    template.hasResourceProperties('AWS::EC2::EIP', {
      Domain: 'vpc',
      Tags: [{ Key: 'Name', Value: 'shop-pool-use1/nat-us-east-1b' }],
    });
  });

  test('isolated subnets have no route out', () => {
    const template = networkTemplate();
    const tables = Object.values(template.findResources('AWS::EC2::Route')).map(
      ({ Properties }) => Properties.RouteTableId.Ref as string,
    );
    expect(tables).toHaveLength(6);
    expect(tables.filter((table) => table.includes('isolated'))).toEqual([]);
  });

  test('the VPC has its CIDR, DNS and name', () => {
    networkTemplate({ name: 'shop-pool-use1' }).hasResourceProperties('AWS::EC2::VPC', {
      CidrBlock: '10.0.0.0/20',
      EnableDnsHostnames: true,
      EnableDnsSupport: true,
      Tags: [{ Key: 'Name', Value: 'shop-pool-use1' }],
    });
  });

  test("without a name everything is called after the stack, not after the construct's path", () => {
    const template = networkTemplate();
    expect(JSON.stringify(template.toJSON().Resources)).not.toContain('Test/');
    template.hasResourceProperties('AWS::EC2::VPC', { Tags: [{ Key: 'Name', Value: { Ref: 'AWS::StackName' } }] });
  });

  test('explicit zones need no context look-up, even in a concrete environment', () => {
    const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
    const stack = new CdkStack(app, 'Concrete', { env: { account: '111111111111', region: 'us-east-1' } });
    new StampNetwork(stack, 'Network', layout(3));
    expect(app.synth().manifest.missing).toBeUndefined();
    expect(Object.getOwnPropertyDescriptor(stack, 'availabilityZones')).toBeUndefined();
  });

  test('leaves the zones of the stack as they were', () => {
    const stack = new CdkStack(new App(), 'Agnostic');
    Object.defineProperty(stack, 'availabilityZones', { configurable: true, value: ['us-east-1e'] });
    new StampNetwork(stack, 'Network', layout(2));
    expect(stack.availabilityZones).toEqual(['us-east-1e']);
  });
});

describe('endpoints', () => {
  const RECOVERY = ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'sqs', 'ssm'];

  test('with NAT: what starting a task and judging the database call, without policies', () => {
    const template = networkTemplate();
    expect(interfaceServices(template)).toEqual(RECOVERY);
    for (const { Properties } of Object.values(template.findResources('AWS::EC2::VPCEndpoint'))) {
      expect(Properties.PolicyDocument).toBeUndefined();
    }
  });

  test('without NAT: everything the parts call, and no way out', () => {
    const template = networkTemplate({ egress: StampEgress.ENDPOINTS_ONLY });
    expect(interfaceServices(template)).toEqual(
      [
        ...RECOVERY,
        'ecs',
        'ecs-agent',
        'ecs-telemetry',
        'elasticloadbalancing',
        'kms',
        'monitoring',
        'ssmmessages',
        'sts',
        'xray',
      ].sort(),
    );
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::EIP', 0);
    const routes = Object.values(template.findResources('AWS::EC2::Route')).map(
      ({ Properties }) => Properties.RouteTableId.Ref as string,
    );
    expect(routes.every((table) => table.includes('public'))).toBe(true);
  });

  test('without NAT: policies let the own account through, image layers, and answers of custom resources', () => {
    const template = networkTemplate({ egress: StampEgress.ENDPOINTS_ONLY });
    const ownAccount = Match.objectLike({
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111' } },
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.us-east-1.secretsmanager',
      PolicyDocument: { Statement: [ownAccount] },
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Gateway',
      PolicyDocument: {
        Statement: [
          ownAccount,
          Match.objectLike({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*' }),
          Match.objectLike({
            Action: 's3:PutObject',
            Resource: 'arn:aws:s3:::cloudformation-custom-resource-response-useast1/*',
          }),
        ],
      },
    });
    // ECS takes no endpoint policy.
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.us-east-1.ecs-agent',
      PolicyDocument: Match.absent(),
    });
  });

  test.each([StampEgress.NAT, StampEgress.ENDPOINTS_ONLY])(
    'gateways for S3 and DynamoDB on private and isolated routes (%s)',
    (egress) => {
      const gateways = Object.values(
        networkTemplate({ egress }).findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Gateway' } }),
      ).map(({ Properties }) => Properties);
      expect(gateways.map(({ ServiceName }) => JSON.stringify(ServiceName).replace(/^.*\.(\w+)".*$/, '$1')).sort()).toEqual([
        'dynamodb',
        's3',
      ]);
      for (const { RouteTableIds } of gateways) {
        expect(RouteTableIds).toHaveLength(6);
        expect(JSON.stringify(RouteTableIds)).not.toContain('public');
      }
    },
  );

  test('without NAT: what waits for the way out of the private subnets waits for every endpoint', () => {
    const template = synthesize((stack) => {
      const { vpc } = new StampNetwork(stack, 'Network', { ...layout(2), egress: StampEgress.ENDPOINTS_ONLY });
      const task = new CfnResource(stack, 'Task', { type: 'Test::Task::Task' });
      task.node.addDependency(
        vpc.selectSubnets({ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }).internetConnectivityEstablished,
      );
    });
    const [task] = Object.values(template.findResources('Test::Task::Task'));
    expect(task!['DependsOn']).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::EC2::VPCEndpoint'))));
  });

  test('interface endpoints sit in every private subnet and take 443 from the VPC only', () => {
    const template = networkTemplate();
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Interface endpoints: HTTPS from the VPC of the stamp',
      SecurityGroupIngress: [
        { CidrIp: '10.0.0.0/20', IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: 'HTTPS from the VPC' },
      ],
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
    template.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcId: Match.anyValue() });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.us-east-1.ssm',
      PrivateDnsEnabled: true,
      SubnetIds: [1, 2, 3].map((number) => ({ Ref: Match.stringLikeRegexp(`privateSubnet${number}`) })),
      SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('EndpointSecurityGroup'), 'GroupId'] }],
    });
  });

  test('additional endpoints join, one that is there already is not made twice', () => {
    const template = networkTemplate({
      additionalEndpoints: [ec2.InterfaceVpcEndpointAwsService.SNS, ec2.InterfaceVpcEndpointAwsService.SQS],
    });
    expect(interfaceServices(template)).toEqual([...RECOVERY, 'sns'].sort());
  });
});

describe('flow logs', () => {
  test('all traffic, to a retained log group with the key', () => {
    const template = synthesize((stack) => {
      new StampNetwork(stack, 'Network', {
        ...layout(2),
        encryptionKey: importedKey(stack),
        flowLogRetention: logs.RetentionDays.ONE_YEAR,
      });
    });
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogDestinationType: 'cloud-watch-logs',
    });
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { KmsKeyId: KEY_ARN, RetentionInDays: 365 },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': '111111111111' } }),
          }),
        ],
      },
    });
  });

  test('three months unless told otherwise', () => {
    networkTemplate().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });
});

describe('transit gateway', () => {
  const transit = { transitGatewayId: 'tgw-1', transitCidrs: ['10.0.0.0/8', '172.16.0.0/12'] };

  test('attached through the private subnets, each of them routed, after the attachment', () => {
    const template = networkTemplate(transit);
    template.hasResourceProperties('AWS::EC2::TransitGatewayAttachment', {
      TransitGatewayId: 'tgw-1',
      SubnetIds: [1, 2, 3].map((number) => ({ Ref: Match.stringLikeRegexp(`privateSubnet${number}`) })),
      Options: { DnsSupport: 'enable', Ipv6Support: 'disable', ApplianceModeSupport: 'disable' },
    });
    const [attachment] = Object.keys(template.findResources('AWS::EC2::TransitGatewayAttachment'));
    const routes = Object.values(template.findResources('AWS::EC2::Route', { Properties: { TransitGatewayId: 'tgw-1' } }));
    expect(routes).toHaveLength(6);
    for (const route of routes) {
      expect(route.DependsOn).toContain(attachment);
      expect(route.Properties.RouteTableId.Ref).toContain('private');
    }
  });

  test('may take the default route when nothing else has it', () => {
    expect(() =>
      networkTemplate({ egress: StampEgress.ENDPOINTS_ONLY, transitGatewayId: 'tgw-1', transitCidrs: ['0.0.0.0/0'] }),
    ).not.toThrow();
  });

  test('absent by default', () => {
    networkTemplate().resourceCountIs('AWS::EC2::TransitGatewayAttachment', 0);
  });

  test.each<[string, Partial<StampNetworkProps>, RegExp]>([
    ['CIDRs without a gateway', { transitCidrs: ['10.0.0.0/8'] }, /TRANSIT_GATEWAY_MISSING: .*10\.0\.0\.0\/8/],
    ['a gateway without CIDRs', { transitGatewayId: 'tgw-1' }, /TRANSIT_CIDRS_MISSING/],
    ['the default route beside NAT', { transitGatewayId: 'tgw-1', transitCidrs: ['0.0.0.0/0'] }, /TRANSIT_DEFAULT_ROUTE/],
    [
      "the VPC's own addresses",
      { transitGatewayId: 'tgw-1', transitCidrs: ['10.0.8.0/24'] },
      /TRANSIT_CIDR_INSIDE_VPC: .*10\.0\.8\.0\/24/,
    ],
    ['what is no CIDR', { transitGatewayId: 'tgw-1', transitCidrs: ['hub'] }, /INVALID_CIDR: 'hub'/],
  ])('fails for %s', (_what, props, message) => {
    expect(() => networkTemplate(props)).toThrow(message);
  });
});

describe('fails for', () => {
  test.each<[string, Partial<StampNetworkProps>, RegExp]>([
    ['no zones', { availabilityZones: [] }, /NETWORK_WITHOUT_ZONES/],
    ['zones to be looked up', { availabilityZones: Token.asList({ 'Fn::GetAZs': '' }) }, /NETWORK_WITHOUT_ZONES/],
    ['a zone listed twice', { availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1a'] }, /ZONE_LISTED_TWICE: .*us-east-1a/],
    ['too few public subnets', { publicSubnetCidrs: ['10.0.0.0/26'] }, /SUBNETS_DO_NOT_MATCH_ZONES: 1 public .* 3/],
    [
      'too many isolated subnets',
      { isolatedSubnetCidrs: layout(4).isolatedSubnetCidrs },
      /SUBNETS_DO_NOT_MATCH_ZONES: 4 isolated .* 3/,
    ],
    ['no private subnets', { privateSubnetCidrs: [] }, /SUBNETS_DO_NOT_MATCH_ZONES: 0 private/],
    ['a subnet outside the VPC', { vpcCidr: '10.0.0.0/23' }, /SUBNET_OUTSIDE_VPC: .*10\.0\.2\.0\/26/],
    [
      'overlapping subnets',
      { isolatedSubnetCidrs: ['10.0.0.0/27', '10.0.1.64/26', '10.0.2.64/26'] },
      /SUBNETS_OVERLAP: .*10\.0\.0\.0\/27/,
    ],
    ['host bits', { publicSubnetCidrs: ['10.0.0.1/26', '10.0.1.0/26', '10.0.2.0/26'] }, /INVALID_CIDR: '10\.0\.0\.1\/26'/],
    ['an octet of 256', { publicSubnetCidrs: ['10.0.256.0/26', '10.0.1.0/26', '10.0.2.0/26'] }, /INVALID_CIDR/],
    ['a prefix of 33', { publicSubnetCidrs: ['10.0.0.0/33', '10.0.1.0/26', '10.0.2.0/26'] }, /INVALID_CIDR/],
    ['a VPC of /15', { vpcCidr: '10.0.0.0/15' }, /CIDR_SIZE_NOT_ALLOWED: 10\.0\.0\.0\/15/],
    ['a subnet of /29', { publicSubnetCidrs: ['10.0.0.0/29', '10.0.1.0/26', '10.0.2.0/26'] }, /CIDR_SIZE_NOT_ALLOWED/],
    ['IPv6', { publicSubnetCidrs: ['2001:db8::/64', '10.0.1.0/26', '10.0.2.0/26'] }, /INVALID_CIDR/],
  ])('%s', (_what, props, message) => {
    expect(() => networkTemplate(props)).toThrow(message);
  });
});

describe.each([StampEgress.NAT, StampEgress.ENDPOINTS_ONLY])('stamp values with egress %s', (egress) => {
  function build(stack: Stack, values: StampValues): void {
    exampleNetwork(stack, values, {
      egress,
      ...(values.transitGatewayId !== undefined && {
        transitGatewayId: values.transitGatewayId,
        transitCidrs: ['172.16.0.0/12'],
      }),
      encryptionKey: importedKey(stack),
    });
  }

  test('are passed on only: the same template with values and with tokens', () => {
    synthesizeBothWays(build);
  });

  test('every finding of the rule packs is met or acknowledged', () => {
    const { violations } = synthesizeChecked((stack) => {
      build(stack, EXAMPLE_VALUES);
    });
    expect(violations).toEqual([]);
  }, 120_000);
});
