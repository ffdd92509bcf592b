import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { describe, expect, test } from 'vitest';
import { Ec2Compute, type Ec2ComputeProps } from '../../lib/constructs/ec2-compute';
import { StampArchitecture } from '../../lib/constructs/stamp-task';
import type { StampValues } from '../../lib/topology/types';
import { computeProps, importLoadBalancer, importTopic, importVpc } from '../support/compute';
import { synthesizeChecked } from '../support/nag';
import { once } from '../support/once';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

function build(stack: Stack, values: StampValues, overrides: Partial<Ec2ComputeProps> = {}): Ec2Compute {
  const loadBalancer = importLoadBalancer(stack);
  const compute = new Ec2Compute(stack, 'Compute', {
    ...computeProps(stack, importVpc(stack), values, {
      loadBalancerSecurityGroup: loadBalancer.securityGroup,
      alarmTopic: importTopic(stack),
    }),
    instanceType: new ec2.InstanceType('m7i.large'),
    minInstances: values.capacity.minInstances!,
    maxInstances: values.capacity.maxInstances!,
    ...overrides,
  });
  loadBalancer.forwardTo(compute);
  return compute;
}

const example = once(() =>
  synthesizeBothWays((stack, values) => {
    build(stack, values);
  }),
);

describe('Ec2Compute', () => {
  test('runs the same task on its capacity provider, spread over zones', () => {
    example().hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'shop-enterprise-use1-web',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['EC2'],
      RuntimePlatform: Match.absent(),
      ContainerDefinitions: [Match.objectLike({ StopTimeout: 90, ReadonlyRootFilesystem: true })],
    });
    example().hasResourceProperties('AWS::ECS::Service', {
      LaunchType: Match.absent(),
      DesiredCount: Match.absent(),
      AvailabilityZoneRebalancing: 'ENABLED',
      CapacityProviderStrategy: [{ CapacityProvider: { Ref: Match.stringLikeRegexp('CapacityProvider') }, Weight: 1 }],
      PlacementStrategies: [
        { Type: 'spread', Field: 'attribute:ecs.availability-zone' },
        { Type: 'binpack', Field: 'MEMORY' },
      ],
    });
  });

  test('lets ECS size the group and drain instances, without a protection that would keep the stack from being removed', () => {
    example().hasResourceProperties('AWS::ECS::CapacityProvider', {
      AutoScalingGroupProvider: {
        ManagedScaling: { Status: 'ENABLED', TargetCapacity: 100, InstanceWarmupPeriod: 120 },
        ManagedTerminationProtection: 'DISABLED',
        ManagedDraining: 'ENABLED',
      },
    });
    example().hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { NewInstancesProtectedFromScaleIn: Match.absent() });
  });

  test('keeps the cluster linked to its capacity provider for as long as the service exists', () => {
    example().hasResource('AWS::ECS::Service', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ComputeCluster64')]) });
  });

  test.each(['aws-shop', 'ecs-shop', 'fargate-shop'])(
    'names the capacity provider so that ECS accepts it in a fleet called %s',
    (fleet) => {
      synthesize((stack) => {
        build(stack, EXAMPLE_VALUES, { clusterName: fleet });
      }).hasResourceProperties('AWS::ECS::CapacityProvider', { Name: `cp-${fleet}` });
    },
  );

  test('takes its bounds from the stamp, balances zones and survives a shift away from one', () => {
    example().hasResource('AWS::AutoScaling::AutoScalingGroup', {
      Properties: {
        MinSize: '3',
        MaxSize: '6',
        DesiredCapacity: Match.absent(),
        HealthCheckType: 'EC2',
        HealthCheckGracePeriod: 120,
        DefaultInstanceWarmup: 120,
        MetricsCollection: [{ Granularity: '1Minute' }],
        AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' },
        AvailabilityZoneImpairmentPolicy: { ZonalShiftEnabled: true, ImpairedZoneHealthCheckBehavior: 'IgnoreUnhealthy' },
        NotificationConfigurations: [Match.objectLike({ TopicARN: 'arn:aws:sns:us-east-1:111111111111:alarms' })],
      },
      UpdatePolicy: { AutoScalingRollingUpdate: Match.objectLike({ MaxBatchSize: 1, MinInstancesInService: 3 }) },
    });
  });

  test('launches private instances with IMDSv2 and an encrypted volume, closed to the tasks', () => {
    example().hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        InstanceType: 'm7i.large',
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
        NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: false })],
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: Match.objectLike({ Encrypted: true, VolumeType: 'gp3', VolumeSize: 50 }) },
        ],
        UserData: { 'Fn::Base64': { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('ECS_AWSVPC_BLOCK_IMDS=true')])] } },
      },
    });
    const groups = Object.values(example().findResources('AWS::EC2::SecurityGroup'));
    expect(groups.every((group) => group.Properties.SecurityGroupIngress === undefined)).toBe(true);
  });

  test.each([
    [StampArchitecture.X86_64, 'm7i.large', '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id'],
    [StampArchitecture.ARM64, 'm8g.large', '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id'],
  ])('takes the ECS image for %s from AWS at deployment', (architecture, type, parameter) => {
    const template = synthesize((stack) => {
      build(stack, EXAMPLE_VALUES, { architecture, instanceType: new ec2.InstanceType(type) });
    });
    template.hasParameter('*', { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: parameter });
  });

  test('gives instances the ECS agent and Session Manager, and no more', () => {
    example().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'ec2.amazonaws.com' } })] },
      ManagedPolicyArns: [Match.anyValue()],
    });
    const [policy] = Object.entries(example().findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('InstanceRole'));
    const statements = policy![1].Properties.PolicyDocument.Statement as {
      Action: string | string[];
      Resource: unknown;
      Condition?: unknown;
    }[];
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'ecs:DeregisterContainerInstance',
      'ecs:DiscoverPollEndpoint',
      'ecs:Poll',
      'ecs:RegisterContainerInstance',
      'ecs:StartTelemetrySession',
      'ecs:SubmitAttachmentStateChanges',
      'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ]);
    const unlimited = statements.filter(({ Resource, Condition }) => Resource === '*' && Condition === undefined);
    expect(unlimited.map(({ Action }) => Action)).toEqual(['ecs:DiscoverPollEndpoint']);
  });

  test('exposes group and strategy for the other services of the stamp', () => {
    synthesize((stack) => {
      const compute = build(stack, EXAMPLE_VALUES);
      expect(compute.capacityProviderStrategies).toEqual([
        { capacityProvider: compute.capacityProvider.capacityProviderName, weight: 1 },
      ]);
      expect(compute.autoScalingGroup.node.path).toBe('Test/Compute/AutoScalingGroup');
    });
  });

  test.each([
    [0, 1],
    [3, 3],
    [4, 3],
    [1.5, 3],
  ])('fails with INSTANCE_COUNTS for %d to %d instances', (minInstances, maxInstances) => {
    expect(() =>
      synthesize((stack) => {
        build(stack, EXAMPLE_VALUES, { minInstances, maxInstances });
      }),
    ).toThrow('INSTANCE_COUNTS');
  });

  test.each([
    [undefined, 'm8g.large'],
    [StampArchitecture.ARM64, 'm7i.large'],
  ])('fails with INSTANCE_ARCHITECTURE for tasks of %s on %s', (architecture, type) => {
    expect(() =>
      synthesize((stack) => {
        build(stack, EXAMPLE_VALUES, { architecture, instanceType: new ec2.InstanceType(type) });
      }),
    ).toThrow('INSTANCE_ARCHITECTURE');
  });

  test.each([true, false])('passes the synth checks (with a topic: %s)', (withTopic) => {
    const { violations } = synthesizeChecked((stack) => {
      build(stack, EXAMPLE_VALUES, withTopic ? {} : { alarmTopic: undefined });
    });
    const expected = withTopic ? [] : ['NIST.800.53.R5-CloudWatchAlarmAction'];
    expect([...new Set(violations.map(({ rule }) => rule))]).toEqual(expected);
  });
});
