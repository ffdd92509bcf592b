import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { StampKey } from '../../lib/constructs/stamp-key';
import { StampQueue, type StampQueueProps } from '../../lib/constructs/stamp-queue';
import type { StampValues } from '../../lib/topology/types';
import { importTopic } from '../support/compute';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

function queueProps(values: StampValues = EXAMPLE_VALUES): StampQueueProps {
  return {
    queueName: values.names.queue,
    deadLetterQueueName: values.names.deadLetterQueue,
    visibilityTimeout: Duration.seconds(180),
    maxMessageAge: Duration.seconds(60),
  };
}

function queueTemplate(overrides: Partial<StampQueueProps> = {}): Template {
  return synthesizeBothWays((stack, values) => {
    const { key } = new StampKey(stack, 'Key', { aliasName: values.names.keyAlias });
    new StampQueue(stack, 'Queue', { ...queueProps(values), encryptionKey: key, alarmTopic: importTopic(stack), ...overrides });
  });
}

const WORK = 'shop-enterprise-use1-work';
const DEAD = 'shop-enterprise-use1-work-dead';

describe('StampQueue', () => {
  test('sends a message to the dead-letter queue after too many receives', () => {
    queueTemplate({ maxReceives: 3 }).hasResourceProperties('AWS::SQS::Queue', {
      QueueName: WORK,
      VisibilityTimeout: 180,
      MessageRetentionPeriod: 345600,
      ReceiveMessageWaitTimeSeconds: 20,
      RedrivePolicy: {
        maxReceiveCount: 3,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetterQueue'), 'Arn'] },
      },
    });
  });

  test('keeps dead letters for 14 days, from its own queue only', () => {
    queueTemplate().hasResourceProperties('AWS::SQS::Queue', {
      QueueName: DEAD,
      MessageRetentionPeriod: 1209600,
      RedriveAllowPolicy: {
        redrivePermission: 'byQueue',
        sourceQueueArns: [`arn:aws:sqs:us-east-1:111111111111:${WORK}`],
      },
    });
  });

  test('encrypts both queues with the stamp key and keeps them when the stack goes', () => {
    const template = queueTemplate();
    const queues = template.findResources('AWS::SQS::Queue', {
      Properties: { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(Object.keys(queues)).toHaveLength(2);
  });

  test('encrypts with keys of SQS when it has none of its own', () => {
    const template = synthesize((stack) => new StampQueue(stack, 'Queue', queueProps()));
    expect(Object.keys(template.findResources('AWS::SQS::Queue', { Properties: { SqsManagedSseEnabled: true } }))).toHaveLength(
      2,
    );
  });

  test('refuses both queues to clients without TLS', () => {
    const policies = queueTemplate().findResources('AWS::SQS::QueuePolicy', {
      Properties: {
        PolicyDocument: {
          Statement: [
            Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ],
        },
      },
    });
    expect(Object.keys(policies)).toHaveLength(2);
  });

  test.each([
    ['ApproximateAgeOfOldestMessage', 60, '[0-9A-F]{8}$'],
    ['ApproximateNumberOfMessagesVisible', 50_000, '[0-9A-F]{8}$'],
    ['ApproximateNumberOfMessagesNotVisible', 100_000, '[0-9A-F]{8}$'],
    ['ApproximateNumberOfMessagesVisible', 0, 'DeadLetterQueue'],
  ])('rings when %s passes %d on the queue %s', (metric, threshold, queue) => {
    queueTemplate().hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: metric,
      Threshold: threshold,
      Statistic: 'Maximum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: ['arn:aws:sns:us-east-1:111111111111:alarms'],
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^Queue${queue}`), 'QueueName'] } }],
    });
  });

  test('exposes its alarms', () => {
    synthesize((stack) => {
      expect(new StampQueue(stack, 'Queue', queueProps()).alarms).toHaveLength(4);
    });
  });

  describe('grants', () => {
    function grantedActions(grant: (queue: StampQueue, role: iam.Role) => void): string[] {
      const template = synthesize((stack: Stack) => {
        const { key } = new StampKey(stack, 'Key', { aliasName: 'alias/shop' });
        const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
        grant(new StampQueue(stack, 'Queue', { ...queueProps(), encryptionKey: key }), role);
      });
      const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
      const granted = policy!.Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
      expect(granted.every(({ Resource }) => typeof Resource === 'object')).toBe(true);
      return granted.flatMap(({ Action }) => Action).sort();
    }

    test('sending, and no receiving', () => {
      expect(grantedActions((queue, role) => queue.grantSend(role))).toEqual([
        'kms:Decrypt',
        'kms:GenerateDataKey',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:SendMessage',
      ]);
    });

    test('consuming, and no sending', () => {
      expect(grantedActions((queue, role) => queue.grantConsume(role))).toEqual([
        'kms:Decrypt',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
      ]);
    });
  });

  test.each([
    { retention: Duration.minutes(2) },
    { retention: Duration.days(14) },
    { visibilityTimeout: Duration.hours(12) },
    { maxReceives: 1 },
    { maxReceives: 1000 },
    { removalPolicy: RemovalPolicy.DESTROY },
  ])('accepts %j', (overrides) => {
    synthesize((stack) => new StampQueue(stack, 'Queue', { ...queueProps(), ...overrides })).resourceCountIs(
      'AWS::SQS::Queue',
      2,
    );
  });

  test.each([
    ['QUEUE_TIMES', { retention: Duration.seconds(59) }],
    ['QUEUE_TIMES', { retention: Duration.days(15) }],
    ['QUEUE_TIMES', { visibilityTimeout: Duration.seconds(43_201) }],
    ['QUEUE_TIMES', { retention: Duration.seconds(60) }],
    ['QUEUE_MAX_RECEIVES', { maxReceives: 0 }],
    ['QUEUE_MAX_RECEIVES', { maxReceives: 1001 }],
    ['QUEUE_MAX_RECEIVES', { maxReceives: 1.5 }],
  ])('fails with %s for %j', (code, overrides) => {
    expect(() => synthesize((stack) => new StampQueue(stack, 'Queue', { ...queueProps(), ...overrides }))).toThrow(code);
  });

  test('passes the synth checks', () => {
    const { violations } = synthesizeChecked((stack) => {
      const { key } = new StampKey(stack, 'Key', { aliasName: 'alias/shop' });
      new StampQueue(stack, 'Queue', { ...queueProps(), encryptionKey: key, alarmTopic: importTopic(stack) });
    });
    expect(violations).toEqual([]);
  });
});
