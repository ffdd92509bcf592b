import { describe, expect, test } from 'vitest';
import { factsOfTemplates } from '../../support/template-stacks';

const SUBNETS = {
  A: ['AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1a', VpcId: 'vpc-1' }],
  B: ['AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1b', VpcId: 'vpc-1' }],
} as const;
const NETWORK = { AwsvpcConfiguration: { Subnets: [{ Ref: 'A' }, { Ref: 'B' }] } };

describe('ECS services', () => {
  test('without scaling, as many tasks as the template says, else one', () => {
    const { services } = factsOfTemplates({
      resources: {
        ...SUBNETS,
        Ten: ['AWS::ECS::Service', { DesiredCount: 10, LaunchType: 'FARGATE', NetworkConfiguration: NETWORK }],
        Unsaid: ['AWS::ECS::Service', { LaunchType: 'FARGATE' }],
      },
    });
    expect(services).toMatchObject([
      {
        ...{
          role: 'worker',
          launchType: 'FARGATE',
          desiredCount: 10,
          minTasks: 10,
          maxTasks: 10,
          availabilityZones: ['us-east-1a', 'us-east-1b'],
        },
        deployment: { minimumHealthyPercent: 100, maximumPercent: 200, circuitBreaker: false, rollback: false, alarms: [] },
      },
      { minTasks: 1, maxTasks: 1, availabilityZones: [] },
    ]);
  });

  test('with scaling, its bounds, however target and policy name the service', () => {
    const { services } = factsOfTemplates({
      resources: {
        Cluster: ['AWS::ECS::Cluster', { ClusterName: 'main' }],
        Service: ['AWS::ECS::Service', { ServiceName: 'web', Cluster: { 'Fn::GetAtt': ['Cluster', 'Arn'] }, DesiredCount: 3 }],
        Target: [
          'AWS::ApplicationAutoScaling::ScalableTarget',
          { ResourceId: 'service/main/web', ScalableDimension: 'ecs:service:DesiredCount', MinCapacity: 6, MaxCapacity: '24' },
        ],
        Cpu: [
          'AWS::ApplicationAutoScaling::ScalingPolicy',
          {
            ...{ PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling', ScalingTargetId: { Ref: 'Target' } },
            TargetTrackingScalingPolicyConfiguration: {
              TargetValue: 60,
              PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
            },
          },
        ],
        Steps: [
          'AWS::ApplicationAutoScaling::ScalingPolicy',
          { PolicyName: 'steps', PolicyType: 'StepScaling', ResourceId: 'service/main/web' },
        ],
        Tables: [
          'AWS::ApplicationAutoScaling::ScalableTarget',
          { ResourceId: 'table/x', ScalableDimension: 'dynamodb:table:ReadCapacityUnits', MinCapacity: 1, MaxCapacity: 2 },
        ],
      },
    });
    expect(services).toMatchObject([
      {
        minTasks: 6,
        maxTasks: 24,
        desiredCount: 3,
        scaling: [
          { name: 'cpu', metric: 'ECSServiceAverageCPUUtilization', target: 60 },
          { name: 'steps', type: 'StepScaling' },
        ],
      },
    ]);
  });

  test('bounds that cannot be resolved stay open', () => {
    const { services, findings } = factsOfTemplates({
      sections: { Parameters: { Count: { Type: 'Number' } } },
      resources: { Service: ['AWS::ECS::Service', { DesiredCount: { Ref: 'Count' } }] },
    });
    expect(services[0]).toMatchObject({ unresolved: ['DesiredCount'] });
    expect(services[0]).not.toHaveProperty('minTasks');
    expect(findings.map(({ code }) => code)).toEqual(['template-value-unresolved']);
  });

  test('tasks: where images and secrets come from', () => {
    const { services } = factsOfTemplates({
      region: 'eu-west-1',
      resources: {
        Task: [
          'AWS::ECS::TaskDefinition',
          {
            ...{ Family: 'web', Cpu: '512', Memory: '1024' },
            ContainerDefinitions: [
              {
                ...{
                  Name: 'web',
                  Image: { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.us-east-1.${AWS::URLSuffix}/web:1' },
                  PortMappings: [{ ContainerPort: 80 }],
                },
                Environment: [
                  { Name: 'A', Value: '1' },
                  { Name: 'B', Value: { 'Fn::ImportValue': 'nowhere' } },
                ],
                Secrets: [
                  { Name: 'KEY', ValueFrom: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:key' },
                  { Name: 'PARAMETER', ValueFrom: '/app/key' },
                ],
              },
              { Name: 'sidecar', Image: 'public.ecr.aws/x:1', Essential: false, StopTimeout: 5 },
            ],
          },
        ],
        Service: ['AWS::ECS::Service', { TaskDefinition: { Ref: 'Task' } }],
      },
    });
    expect(services[0]?.task).toEqual({
      ...{ id: 'app/Task', family: 'web', cpu: 512, memory: 1024 },
      containers: [
        {
          ...{
            name: 'web',
            image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/web:1',
            imageRegion: 'us-east-1',
            essential: true,
            stopTimeout: 30,
            ports: [80],
          },
          environment: { A: '1' },
          secrets: [
            { name: 'KEY', valueFrom: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:key', region: 'us-east-1' },
            { name: 'PARAMETER', valueFrom: '/app/key' },
          ],
        },
        {
          name: 'sidecar',
          image: 'public.ecr.aws/x:1',
          essential: false,
          stopTimeout: 5,
          ports: [],
          environment: {},
          secrets: [],
        },
      ],
    });
  });

  test('what a service names and nobody makes is pointed out', () => {
    const { findings } = factsOfTemplates({
      resources: {
        Service: [
          'AWS::ECS::Service',
          {
            TaskDefinition: 'web:12',
            LoadBalancers: [{ TargetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a/b' }],
          },
        ],
      },
    });
    expect(findings.map(({ message }) => /refers to (the \w+ \w+)/.exec(message)?.[1])).toEqual([
      'the target group',
      'the task definition',
    ]);
  });
});

describe('Auto Scaling groups', () => {
  test('behind a target group, without ECS', () => {
    const { autoScalingGroups, targetGroups, stamps } = factsOfTemplates({
      resources: {
        ...SUBNETS,
        Template: ['AWS::EC2::LaunchTemplate', { LaunchTemplateData: { InstanceType: 'm7g.large' } }],
        Group: ['AWS::ElasticLoadBalancingV2::TargetGroup', {}],
        Instances: [
          'AWS::AutoScaling::AutoScalingGroup',
          {
            ...{
              MinSize: '3',
              MaxSize: '6',
              DesiredCapacity: '4',
              HealthCheckType: 'ELB',
              TargetGroupARNs: [{ Ref: 'Group' }],
              VPCZoneIdentifier: [{ Ref: 'A' }, { Ref: 'B' }],
            },
            LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' },
          },
        ],
        Policy: [
          'AWS::AutoScaling::ScalingPolicy',
          {
            ...{ AutoScalingGroupName: { Ref: 'Instances' }, PolicyType: 'TargetTrackingScaling' },
            TargetTrackingConfiguration: {
              TargetValue: 50,
              PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
            },
          },
        ],
      },
    });
    expect(autoScalingGroups).toMatchObject([
      {
        ...{
          min: 3,
          max: 6,
          desired: 4,
          healthCheckType: 'ELB',
          instanceType: 'm7g.large',
          availabilityZones: ['us-east-1a', 'us-east-1b'],
        },
        ...{
          targetGroupIds: ['app/Group'],
          capacityProviders: [],
          scaling: [{ metric: 'ASGAverageCPUUtilization', target: 50 }],
        },
      },
    ]);
    expect(targetGroups[0]?.targetIds).toEqual(['app/Instances']);
    expect(stamps).toMatchObject([{ id: '111111111111/us-east-1', generated: false, autoScalingGroupIds: ['app/Instances'] }]);
  });

  test('carry the services of a cluster’s default strategy', () => {
    const { services, autoScalingGroups } = factsOfTemplates({
      resources: {
        Cluster: ['AWS::ECS::Cluster', {}],
        Instances: [
          'AWS::AutoScaling::AutoScalingGroup',
          { MinSize: '2', MaxSize: '2', AvailabilityZones: ['us-east-1a', 'us-east-1c'] },
        ],
        Provider: ['AWS::ECS::CapacityProvider', { AutoScalingGroupProvider: { AutoScalingGroupArn: { Ref: 'Instances' } } }],
        Strategy: [
          'AWS::ECS::ClusterCapacityProviderAssociations',
          {
            Cluster: { Ref: 'Cluster' },
            CapacityProviders: [{ Ref: 'Provider' }],
            DefaultCapacityProviderStrategy: [{ CapacityProvider: { Ref: 'Provider' } }],
          },
        ],
        Service: ['AWS::ECS::Service', { Cluster: { Ref: 'Cluster' }, DesiredCount: 2 }],
      },
    });
    expect(services).toMatchObject([
      { launchType: 'EC2', autoScalingGroupIds: ['app/Instances'], availabilityZones: ['us-east-1a', 'us-east-1c'] },
    ]);
    expect(autoScalingGroups[0]?.capacityProviders).toEqual(['[app.Provider]']);
  });
});
