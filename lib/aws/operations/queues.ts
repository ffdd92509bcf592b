import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { type CallPlace, type Guard, isPortError, PortError, type Queues, type StampRef } from '../../ports';
import type { AwsAccess } from '../call/access';
import { arnOf } from '../call/arn';

/** The most that SQS hands out and takes at once. */
const PORTION = 10;
/** Seconds that a received message is hidden from the workers: longer than the calls that move it take. */
const HIDDEN_SECONDS = 60;
/** Seconds to wait for a message: a short poll asks a part of the servers only, and may miss what is there. */
const LONG_POLL_SECONDS = 2;
/** Bytes of one batch: the smallest limit that SQS has had. */
const BATCH_BYTES = 262_144;
/** How far back the age of the oldest message is looked for, in milliseconds: SQS reports it once a minute, late at times. */
const AGE_WINDOW_MS = 600_000;

/** The work queues of stamps. */
export function createQueues(access: Pick<AwsAccess, 'caller' | 'clients' | 'clock'>): Queues {
  const { caller, clients, clock } = access;
  const urls = new Map<string, string>();
  const client = (stamp: StampRef): SQSClient => clients.of(SQSClient, stamp.region, stamp.account);
  const at = (stamp: StampRef, call: string): CallPlace => ({ service: 'sqs', region: stamp.region, call });

  const urlOf = async (stamp: StampRef, queue: string): Promise<string> => {
    const key = `${stamp.region} ${queue}`;
    const known = urls.get(key);
    if (known !== undefined) return known;
    const place = at(stamp, 'GetQueueUrl');
    const command = new GetQueueUrlCommand({ QueueName: queue });
    const { QueueUrl } = await caller.read(place, (abortSignal) => client(stamp).send(command, { abortSignal }));
    if (QueueUrl === undefined) throw new PortError('not-found', place, `${queue} has no URL`);
    urls.set(key, QueueUrl);
    return QueueUrl;
  };

  const depth = async (stamp: StampRef, queue: string): Promise<{ visible: number; inFlight: number }> => {
    const command = new GetQueueAttributesCommand({
      QueueUrl: await urlOf(stamp, queue),
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesDelayed',
        'ApproximateNumberOfMessagesNotVisible',
      ],
    });
    const { Attributes = {} } = await caller.read(at(stamp, 'GetQueueAttributes'), (abortSignal) =>
      client(stamp).send(command, { abortSignal }),
    );
    const number = (name: keyof typeof Attributes): number => Number(Attributes[name] ?? 0);
    return {
      // A delayed message waits too, it only may not be taken yet.
      visible: number('ApproximateNumberOfMessages') + number('ApproximateNumberOfMessagesDelayed'),
      inFlight: number('ApproximateNumberOfMessagesNotVisible'),
    };
  };

  const oldest = async (stamp: StampRef): Promise<number> => {
    const now = clock.now();
    const command = new GetMetricDataCommand({
      StartTime: new Date(now - AGE_WINDOW_MS),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [
        {
          Id: 'age',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateAgeOfOldestMessage',
              Dimensions: [{ Name: 'QueueName', Value: stamp.names.queue }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        },
      ],
    });
    const place = { service: 'cloudwatch', region: stamp.region, call: 'GetMetricData' };
    const metrics = clients.of(CloudWatchClient, stamp.region, stamp.account);
    const { MetricDataResults } = await caller.read(place, (abortSignal) => metrics.send(command, { abortSignal }));
    return MetricDataResults?.[0]?.Values?.[0] ?? 0;
  };

  return {
    read: async (stamp) => {
      const [queue, dead] = await Promise.all([depth(stamp, stamp.names.queue), depth(stamp, stamp.names.deadLetterQueue)]);
      const empty = queue.visible + queue.inFlight === 0;
      return { ...queue, deadLetters: dead.visible + dead.inFlight, oldestSeconds: empty ? 0 : await oldest(stamp) };
    },

    redrive: async ({ stamp, guard }) => {
      const SourceArn = arnOf('sqs', stamp.region, stamp.account, stamp.names.deadLetterQueue);
      const listing = new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 });
      const { Results } = await caller.read(at(stamp, 'ListMessageMoveTasks'), (abortSignal) =>
        client(stamp).send(listing, { abortSignal }),
      );
      const place = at(stamp, 'StartMessageMoveTask');
      if (Results?.some(({ Status }) => Status === 'RUNNING') === true)
        throw new PortError('conflict', place, `the dead letters of ${stamp.id} are being moved already`);
      // Without a destination every message goes back to the queue it came from.
      const command = new StartMessageMoveTaskCommand({ SourceArn });
      try {
        await caller.change(place, guard, (abortSignal) => client(stamp).send(command, { abortSignal }));
      } catch (error) {
        if (isPortError(error) && error.kind === 'invalid' && /active|already|running/i.test(error.message))
          throw new PortError('conflict', place, `the dead letters of ${stamp.id} are being moved already`);
        throw error;
      }
    },

    forward: async ({ from, to, guard }) => {
      if (from.id === to.id) throw new PortError('invalid', at(from, 'SendMessageBatch'), 'both are one queue');
      const [source, target] = await Promise.all([urlOf(from, from.names.queue), urlOf(to, to.names.queue)]);
      const receive = new ReceiveMessageCommand({
        QueueUrl: source,
        MaxNumberOfMessages: PORTION,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds: LONG_POLL_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['AWSTraceHeader'],
      });
      const { Messages = [] } = await caller.change(at(from, 'ReceiveMessage'), guard, (abortSignal) =>
        client(from).send(receive, { abortSignal }),
      );
      let moved = 0;
      for (const batch of batches(Messages)) moved += await moveBatch(from, source, to, target, batch, guard);
      return { moved };
    },
  };

  /** Sent first and deleted then: what happens in between comes twice, and never not at all. */
  async function moveBatch(
    from: StampRef,
    source: string,
    to: StampRef,
    target: string,
    batch: readonly Message[],
    guard: Guard,
  ): Promise<number> {
    const sending = at(to, 'SendMessageBatch');
    const send = new SendMessageBatchCommand({ QueueUrl: target, Entries: batch.map(entryOf) });
    const { Successful = [], Failed = [] } = await caller.change(sending, guard, (abortSignal) =>
      client(to).send(send, { abortSignal }),
    );
    const taken = Successful.flatMap(({ Id }) => {
      const handle = batch[Number(Id)]?.ReceiptHandle;
      return Id === undefined || handle === undefined ? [] : [{ Id, ReceiptHandle: handle }];
    });
    if (taken.length === 0) {
      const { Code = 'refused', Message: text = '' } = Failed[0] ?? {};
      throw new PortError('invalid', sending, `the queue of ${to.id} takes no message (${Code}: ${text})`);
    }
    const remove = new DeleteMessageBatchCommand({ QueueUrl: source, Entries: taken });
    await caller.change(at(from, 'DeleteMessageBatch'), guard, (abortSignal) => client(from).send(remove, { abortSignal }));
    return taken.length;
  }
}

/** A message as it came, under its place in the batch. */
function entryOf({ Body, MessageAttributes, Attributes }: Message, place: number): SendMessageBatchRequestEntry {
  const trace = Attributes?.AWSTraceHeader;
  return {
    Id: String(place),
    MessageBody: Body ?? '',
    ...(MessageAttributes !== undefined && { MessageAttributes }),
    ...(trace !== undefined && { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } } }),
  };
}

/** As many messages together as one batch may weigh; one that is heavier goes alone. */
function batches(messages: readonly Message[]): Message[][] {
  const all: Message[][] = [];
  let weight = Infinity;
  for (const message of messages) {
    const bytes = weightOf(message);
    if (weight + bytes > BATCH_BYTES) {
      all.push([]);
      weight = 0;
    }
    all.at(-1)?.push(message);
    weight += bytes;
  }
  return all;
}

function weightOf({ Body = '', MessageAttributes = {} }: Message): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    Buffer.byteLength(Body),
  );
}
