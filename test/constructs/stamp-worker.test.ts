import { Duration, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { describe, expect, test } from 'vitest';
import { StampKey } from '../../lib/constructs/stamp-key';
import { StampQueue } from '../../lib/constructs/stamp-queue';
import { StampWorker, type StampWorkerProps } from '../../lib/constructs/stamp-worker';
import type { StampValues } from '../../lib/topology/types';
import { expectStartAfterPrerequisites, importTopic, importVpc } from '../support/compute';
import { synthesizeChecked } from '../support/nag';
import { once } from '../support/once';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

const VISIBILITY = Duration.seconds(300);

function build(stack: Stack, values: StampValues, overrides: Partial<StampWorkerProps> = {}): StampWorker {
  const { key } = new StampKey(stack, 'Key', { aliasName: values.names.keyAlias });
  const alarmTopic = importTopic(stack);
  const { queue } = new StampQueue(stack, 'Queue', {
    queueName: values.names.queue,
    deadLetterQueueName: values.names.deadLetterQueue,
    visibilityTimeout: VISIBILITY,
    maxMessageAge: Duration.seconds(60),
    encryptionKey: key,
    alarmTopic,
  });
  return new StampWorker(stack, 'Worker', {
    // An existing cluster: a worker works without the kit's own compute.
    cluster: ecs.Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: values.names.cluster, vpc: importVpc(stack) }),
    queue,
    visibilityTimeout: VISIBILITY,
    image: values.workerImage!,
    taskFamily: values.names.workerTaskFamily,
    serviceName: values.names.workerService,
    cpu: 256,
    memoryMiB: 512,
    minTasks: values.capacity.workerMinTasks!,
    maxTasks: values.capacity.workerMaxTasks!,
    backlogPerTask: values.capacity.workerBacklogPerTask!,
    encryptionKey: key,
    alarmTopic,
    ...overrides,
  });
}

const example = once(() =>
  synthesizeBothWays((stack, values) => {
    build(stack, values);
  }),
);

interface ScalingMetric {
  readonly Id: string;
  readonly Expression?: string;
  readonly ReturnData: boolean;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions: unknown };
    readonly Stat: string;
  };
}

function backlogMetrics(): ScalingMetric[] {
  const [policy] = Object.values(example().findResources('AWS::ApplicationAutoScaling::ScalingPolicy'));
  return policy!.Properties.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics as ScalingMetric[];
}

describe('StampWorker', () => {
  test('is a service of its own that nobody can connect to', () => {
    example().hasResourceProperties('AWS::ECS::Service', {
      ServiceName: 'shop-enterprise-use1-worker',
      Cluster: 'shop-enterprise-use1',
      LaunchType: 'FARGATE',
      DesiredCount: Match.absent(),
      LoadBalancers: Match.absent(),
      AvailabilityZoneRebalancing: 'ENABLED',
      EnableExecuteCommand: false,
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
    });
    example().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Worker tasks: nothing connects to them',
      SecurityGroupIngress: Match.absent(),
    });
    example().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('runs its own task, with the longest time to finish', () => {
    example().hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'shop-enterprise-use1-worker',
      ContainerDefinitions: [
        Match.objectLike({ Name: 'worker', Image: EXAMPLE_VALUES.workerImage, StopTimeout: 120, PortMappings: Match.absent() }),
      ],
    });
  });

  test('starts after its role may pull the image and its subnets have their way out, or the circuit breaker ends the first deployment', () => {
    const template = synthesize((stack) => {
      const vpc = new ec2.Vpc(stack, 'OwnVpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] });
      build(stack, EXAMPLE_VALUES, { cluster: new ecs.Cluster(stack, 'OwnCluster', { vpc }) });
    });
    expectStartAfterPrerequisites(template);
  });

  test('scales between its bounds on the backlog per running task', () => {
    example().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', { MinCapacity: 3, MaxCapacity: 40 });
    example().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyName: 'backlog-per-task',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        TargetValue: 300,
        ScaleInCooldown: 120,
        ScaleOutCooldown: 60,
      }),
    });
    const [visible, running, backlog] = backlogMetrics();
    expect(visible!.MetricStat!.Metric).toMatchObject({ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible' });
    expect(running!.MetricStat!.Metric).toMatchObject({ Namespace: 'ECS/ContainerInsights', MetricName: 'RunningTaskCount' });
    expect([visible, running, backlog].map((metric) => metric!.ReturnData)).toEqual([false, false, true]);
  });

  test('never divides by zero: without a running task, or without data about them, the backlog counts for one', () => {
    expect(backlogMetrics()[2]!.Expression).toBe('visible / IF(FILL(running, 0) > 0, FILL(running, 0), 1)');
  });

  test('may consume its queue and protect its tasks from scale-in, and no more', () => {
    const [policy] = Object.entries(example().findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('TaskRole'));
    const statements = policy![1].Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'ecs:GetTaskProtection',
      'ecs:UpdateTaskProtection',
      'kms:Decrypt',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ]);
    expect(statements.some(({ Resource }) => Resource === '*')).toBe(false);
    expect(statements.map(({ Resource }) => Resource)).toContain(
      'arn:aws:ecs:us-east-1:111111111111:task/shop-enterprise-use1/*',
    );
  });

  test('reports fewer tasks than its floor', () => {
    example().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'RunningTaskCount',
      Threshold: 3,
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  test('runs on the EC2 capacity of the stamp when given its strategy', () => {
    const template = synthesizeBothWays((stack, values) => {
      build(stack, values, { capacityProviderStrategies: [{ capacityProvider: 'cp-stamp', weight: 1 }] });
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { RequiresCompatibilities: ['EC2'] });
    template.hasResourceProperties('AWS::ECS::Service', {
      LaunchType: Match.absent(),
      CapacityProviderStrategy: [{ CapacityProvider: 'cp-stamp', Weight: 1 }],
      PlacementStrategies: Match.arrayWith([{ Type: 'spread', Field: 'attribute:ecs.availability-zone' }]),
    });
  });

  test.each<Partial<StampWorkerProps>>([
    { minTasks: 0, maxTasks: 1 },
    { averageProcessing: Duration.millis(119_999), visibilityTimeout: Duration.seconds(120) },
    { averageProcessing: Duration.millis(200), visibilityTimeout: undefined },
    { visibilityTimeout: undefined },
    { stopTimeout: Duration.seconds(2) },
    { backlogPerTask: 0.5 },
  ])('accepts %j', (overrides) => {
    synthesize((stack) => {
      build(stack, EXAMPLE_VALUES, overrides);
    }).resourceCountIs('AWS::ECS::Service', 1);
  });

  test.each<[string, Partial<StampWorkerProps>]>([
    ['TASK_COUNTS', { minTasks: 0, maxTasks: 0 }],
    ['TASK_COUNTS', { minTasks: -1, maxTasks: 3 }],
    ['STOP_TIMEOUT_RANGE', { stopTimeout: Duration.seconds(121) }],
    ['PROCESSING_TIME', { averageProcessing: Duration.seconds(60), visibilityTimeout: Duration.seconds(60) }],
    ['PROCESSING_TIME', { averageProcessing: Duration.seconds(30), stopTimeout: Duration.seconds(30) }],
    ['FARGATE_SIZE', { cpu: 256, memoryMiB: 4096 }],
    ['BACKLOG_PER_TASK', { backlogPerTask: 0 }],
    ['DUPLICATE_ENVIRONMENT', { environment: { A: '1' }, secrets: { A: undefined as never } }],
  ])('fails with %s for %j', (code, overrides) => {
    expect(() =>
      synthesize((stack) => {
        build(stack, EXAMPLE_VALUES, overrides);
      }),
    ).toThrow(code);
  });

  test('passes the synth checks', () => {
    const { violations } = synthesizeChecked((stack) => {
      build(stack, EXAMPLE_VALUES);
    });
    expect(violations).toEqual([]);
  });
});
