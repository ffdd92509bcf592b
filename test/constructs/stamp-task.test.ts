import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { StampArchitecture } from '../../lib/constructs/stamp-task';
import { EXAMPLE_VALUES, synthesize } from '../support/synth';
import { build, example } from './fargate-compute-example';

describe('the task of a service', () => {
  test('runs the image under an explicit family, with the contract in its environment', () => {
    example().hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'shop-enterprise-use1-web',
      Cpu: '512',
      Memory: '1024',
      NetworkMode: 'awsvpc',
      RequiresCompatibilities: ['FARGATE'],
      RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' },
      ContainerDefinitions: [
        Match.objectLike({
          Name: 'web',
          Image: EXAMPLE_VALUES.image,
          PortMappings: [{ ContainerPort: 8080, Protocol: 'tcp' }],
          Environment: [
            { Name: 'STAMP_ID', Value: 'enterprise-use1' },
            { Name: 'STAMP_GROUP', Value: 'enterprise' },
          ],
          Secrets: [
            Match.objectLike({ Name: 'API_KEY' }),
            {
              Name: 'STAMP_DATABASE',
              ValueFrom: 'arn:aws:ssm:us-east-1:111111111111:parameter/stampkit/shop/enterprise-use1/database',
            },
          ],
        }),
      ],
    });
  });

  test('has an init process, time to drain, a read-only file system and a /tmp', () => {
    example().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          StopTimeout: 90,
          Privileged: false,
          ReadonlyRootFilesystem: true,
          LinuxParameters: Match.objectLike({
            InitProcessEnabled: true,
            Tmpfs: [{ ContainerPath: '/tmp', Size: 64, MountOptions: ['nosuid', 'nodev'] }],
          }),
        }),
      ],
    });
  });

  test('may write everywhere when asked to', () => {
    const template = synthesize((stack) => {
      build(stack, EXAMPLE_VALUES, {
        readonlyRootFilesystem: false,
        architecture: StampArchitecture.ARM64,
        command: ['serve'],
      });
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RuntimePlatform: { CpuArchitecture: 'ARM64' },
      ContainerDefinitions: [
        Match.objectLike({
          ReadonlyRootFilesystem: false,
          Command: ['serve'],
          LinuxParameters: Match.objectLike({ Tmpfs: Match.absent() }),
        }),
      ],
    });
  });

  test('logs without ever blocking, encrypted, kept when the stack goes', () => {
    example().hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: Match.objectLike({ mode: 'non-blocking', 'max-buffer-size': '26214400b' }),
          },
        }),
      ],
    });
    example().hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 90, KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
  });

  test('starts with the least an execution role needs', () => {
    const [policy] = Object.entries(example().findResources('AWS::IAM::Policy')).filter(([id]) => id.includes('ExecutionRole'));
    const statements = policy![1].Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'ssm:DescribeParameters',
      'ssm:GetParameter',
      'ssm:GetParameterHistory',
      'ssm:GetParameters',
    ]);
    expect(statements.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual([
      'ecr:GetAuthorizationToken',
    ]);
  });

  test('pulls only from the named repositories when told which', () => {
    const repository = 'arn:aws:ecr:us-east-1:222222222222:repository/shop/web';
    const template = synthesize((stack) => {
      build(stack, EXAMPLE_VALUES, { imageRepositoryArns: [repository] });
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Resource: repository })]) },
    });
  });

  test('can be given to tasks of this account and Region only', () => {
    const roles = example().findResources('AWS::IAM::Role', {
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            Match.objectLike({
              Principal: { Service: 'ecs-tasks.amazonaws.com' },
              Condition: {
                StringEquals: { 'aws:SourceAccount': '111111111111' },
                ArnLike: { 'aws:SourceArn': 'arn:aws:ecs:us-east-1:111111111111:*' },
              },
            }),
          ],
        },
      },
    });
    expect(Object.keys(roles)).toHaveLength(2);
  });
});
