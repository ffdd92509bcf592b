import { ArnFormat, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { StampError } from '../errors';
import { NUMBER_RANGES } from '../facts/limits';
import { addAlarm } from './private/add-alarm';

/** SQS keeps a message 14 days at most; the dead-letter queue uses all of it. */
const DEAD_LETTER_RETENTION = Duration.seconds(NUMBER_RANGES.messageRetention.max);
/** Messages in flight a standard queue can hold: 120,000; then receives fail with OverLimit (aws-facts 6.4). */
const IN_FLIGHT_ALARM = 100_000;

/** Properties of {@link StampQueue}. */
export interface StampQueueProps {
  /** Physical name: producers, operators and a stamp that is built again find the queue by it. */
  readonly queueName: string;
  /** Physical name of the dead-letter queue. */
  readonly deadLetterQueueName: string;
  /** How long a received message stays hidden; longer than the slowest processing. At most 12 hours. */
  readonly visibilityTimeout: Duration;
  /**
   * How long the queue keeps a message, 1 minute to 14 days. Messages of a Region that is down wait here for its return
   * (aws-facts 6.4), so choose it longer than any outage you want to ride out.
   * @default Duration.days(4)
   */
  readonly retention?: Duration;
  /**
   * Receives after which a message goes to the dead-letter queue, 1 to 1,000.
   * @default 5
   */
  readonly maxReceives?: number;
  /** Age of the oldest message that raises the alarm: the longest acceptable time from sending to done. */
  readonly maxMessageAge: Duration;
  /**
   * Visible messages that raise the depth alarm.
   * @default 50000
   */
  readonly maxDepth?: number;
  /** Encrypts the messages of both queues. @default - SQS's own encryption (SSE-SQS) */
  readonly encryptionKey?: kms.IKey;
  /** Where the alarms report. @default - the alarms have no actions; add them to `alarms` */
  readonly alarmTopic?: sns.ITopic;
  /** Both queues hold work that exists nowhere else. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}

/** A work queue and its dead-letter queue: encrypted, TLS only, kept when the stack goes, watched for age and depth. */
export class StampQueue extends Construct {
  /** The queue. */
  public readonly queue: sqs.Queue;
  /** Where messages go that could not be processed. */
  public readonly deadLetterQueue: sqs.Queue;
  /** Age, depth and in-flight of the queue, and any message in the dead-letter queue. */
  public readonly alarms: cloudwatch.Alarm[];
  private readonly encryptionKey?: kms.IKey;

  /** @throws StampError `QUEUE_TIMES` or `QUEUE_MAX_RECEIVES` for values that SQS rejects or that make an alarm useless. */
  public constructor(scope: Construct, id: string, props: StampQueueProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey;
    const retention = props.retention ?? Duration.days(4);
    const maxReceives = props.maxReceives ?? 5;
    checkTimes(props.visibilityTimeout, retention, props.maxMessageAge);
    checkMaxReceives(maxReceives);

    const common = {
      encryption: props.encryptionKey === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
      enforceSSL: true,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    };
    this.deadLetterQueue = new sqs.Queue(this, 'DeadLetterQueue', {
      ...common,
      queueName: props.deadLetterQueueName,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    this.queue = new sqs.Queue(this, 'Queue', {
      ...common,
      queueName: props.queueName,
      visibilityTimeout: props.visibilityTimeout,
      retentionPeriod: retention,
      // Long polling; short polling answers OverLimit at the in-flight cap (aws-facts 6.4).
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: maxReceives },
    });
    this.admitOnlyTheQueue(props.queueName);
    this.alarms = this.addAlarms(props);
  }

  /** Allows to send to the queue, the key included. */
  public grantSend(grantee: iam.IGrantable): iam.Grant {
    this.encryptionKey?.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
    return this.queue.grant(grantee, 'sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl');
  }

  /** Allows to receive, extend and delete messages of the queue, the key included. */
  public grantConsume(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantConsumeMessages(grantee);
  }

  /** By name and not by reference: the two queues point at each other, which CloudFormation cannot order. */
  private admitOnlyTheQueue(queueName: string): void {
    const sourceArn = Stack.of(this).formatArn({
      service: 'sqs',
      resource: queueName,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    const resource = this.deadLetterQueue.node.defaultChild as sqs.CfnQueue;
    resource.redriveAllowPolicy = { redrivePermission: 'byQueue', sourceQueueArns: [sourceArn] };
  }

  private addAlarms(props: StampQueueProps): cloudwatch.Alarm[] {
    const period = Duration.minutes(1);
    const statistic = 'Maximum';
    const oneMinute = { period, statistic };
    return [
      addAlarm(this, 'MessageAge', props.alarmTopic, {
        metric: this.queue.metricApproximateAgeOfOldestMessage(oneMinute),
        threshold: props.maxMessageAge.toSeconds(),
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 3,
        alarmDescription: 'The oldest message waits longer than the work may take: the worker does not keep up.',
      }),
      addAlarm(this, 'Depth', props.alarmTopic, {
        metric: this.queue.metricApproximateNumberOfMessagesVisible(oneMinute),
        threshold: props.maxDepth ?? 50_000,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 5,
        alarmDescription: 'The queue holds more waiting messages than expected.',
      }),
      addAlarm(this, 'InFlight', props.alarmTopic, {
        metric: this.queue.metricApproximateNumberOfMessagesNotVisible(oneMinute),
        threshold: IN_FLIGHT_ALARM,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        alarmDescription: 'Messages in flight are close to the 120,000 at which SQS stops handing out messages.',
      }),
      addAlarm(this, 'DeadLetters', props.alarmTopic, {
        metric: this.deadLetterQueue.metricApproximateNumberOfMessagesVisible(oneMinute),
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        alarmDescription: 'A message was given up: read the dead-letter queue, mend the cause, redrive.',
      }),
    ];
  }
}

function checkTimes(visibilityTimeout: Duration, retention: Duration, maxMessageAge: Duration): void {
  if (visibilityTimeout.isUnresolved() || retention.isUnresolved() || maxMessageAge.isUnresolved()) return;
  if (visibilityTimeout.toSeconds() > NUMBER_RANGES.visibilityTimeout.max) {
    throw new StampError(
      'QUEUE_TIMES',
      `a visibility timeout of ${visibilityTimeout.toSeconds()} s is longer than the 12 hours SQS allows`,
      'Use at most 12 hours; extend the timeout of single messages while they are processed.',
    );
  }
  const { min, max } = NUMBER_RANGES.messageRetention;
  if (retention.toSeconds() < min || retention.toSeconds() > max) {
    throw new StampError(
      'QUEUE_TIMES',
      `a retention of ${retention.toSeconds()} s is outside the 60 s to 14 days SQS allows`,
      'Choose a retention between 1 minute and 14 days.',
    );
  }
  if (maxMessageAge.toSeconds() >= retention.toSeconds()) {
    throw new StampError(
      'QUEUE_TIMES',
      `messages expire after ${retention.toSeconds()} s, before the age alarm at ${maxMessageAge.toSeconds()} s can ring`,
      'Keep messages longer than the acceptable age.',
    );
  }
}

function checkMaxReceives(maxReceives: number): void {
  if (Token.isUnresolved(maxReceives)) return;
  if (!Number.isInteger(maxReceives) || maxReceives < 1 || maxReceives > 1000) {
    throw new StampError(
      'QUEUE_MAX_RECEIVES',
      `${maxReceives} receives before the dead-letter queue is outside 1 to 1,000`,
      'Use a whole number from 1 to 1,000; 3 to 5 forgives transient errors.',
    );
  }
}
