import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createQueues } from '../../../lib/aws/operations/queues';
import { type Bench, bench, failureOf, guardOf, USE1, USE2 } from '../support/adapter';
import { jsonError, type Reply, type SentRequest, targetOf } from '../support/answering-clients';

interface FakeMessage {
  readonly MessageId: string;
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MessageAttributes?: object;
  readonly Attributes?: object;
}

const json = (request: SentRequest): Record<string, any> =>
  JSON.parse(request.body === '' ? '{}' : request.body) as Record<string, any>;
const nameOf = (request: SentRequest): string =>
  String(json(request)['QueueUrl'] ?? '')
    .split('/')
    .at(-1)!;

/** SQS and the metric of the oldest message's age, as far as the adapter asks. */
class FakeSqs {
  public readonly depths: Record<string, [visible: number, delayed: number, inFlight: number]> = {};
  public messages: FakeMessage[] = [];
  public readonly replies = new Map<string, Reply>();
  public readonly setup: Bench = bench((request) => this.reply(request));
  public readonly queues = createQueues(this.setup);

  public calls(name: string): SentRequest[] {
    return this.setup.clients.sent.filter((request) => targetOf(request) === name);
  }

  private reply(request: SentRequest): Reply {
    const call = targetOf(request);
    const given = this.replies.get(call);
    if (given !== undefined) return given;
    switch (call) {
      case 'GetQueueUrl':
        return {
          body: { QueueUrl: `https://sqs.${request.region}.amazonaws.com/222222222222/${String(json(request)['QueueName'])}` },
        };
      case 'GetQueueAttributes': {
        const [visible, delayed, inFlight] = this.depths[nameOf(request)] ?? [0, 0, 0];
        return {
          body: {
            Attributes: {
              ApproximateNumberOfMessages: String(visible),
              ApproximateNumberOfMessagesDelayed: String(delayed),
              ApproximateNumberOfMessagesNotVisible: String(inFlight),
            },
          },
        };
      }
      case 'ReceiveMessage':
        return { body: { Messages: this.messages.map((each) => ({ ...each, MD5OfBody: md5(each.Body) })) } };
      case 'SendMessageBatch':
        return {
          body: {
            Successful: json(request)['Entries'].map(({ Id, MessageBody }: { Id: string; MessageBody: string }) => ({
              Id,
              MessageId: 'm',
              MD5OfMessageBody: md5(MessageBody),
            })),
          },
        };
      default:
        return { body: {} };
    }
  }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const message = (id: string, over: Partial<FakeMessage> = {}): FakeMessage => ({
  MessageId: id,
  Body: `body-${id}`,
  ReceiptHandle: `handle-${id}`,
  ...over,
});

describe('depths', () => {
  test('what waits, what is worked on and what was given up', async () => {
    const sqs = new FakeSqs();
    sqs.depths['shop-pool-use2-work'] = [5, 2, 3];
    sqs.depths['shop-pool-use2-work-dead'] = [4, 0, 1];
    sqs.replies.set('GetMetricData', { body: { MetricDataResults: [{ Id: 'age', Values: [340, 200] }] } });
    const reading = await sqs.queues.read(USE2);
    expect(sqs.calls('GetQueueAttributes').map(nameOf).sort()).toEqual(['shop-pool-use2-work', 'shop-pool-use2-work-dead']);
    expect(reading).toEqual({ visible: 7, inFlight: 3, deadLetters: 5, oldestSeconds: 340 });
    expect(json(sqs.calls('GetMetricData')[0]!)['MetricDataQueries'][0].MetricStat.Metric).toEqual({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: 'shop-pool-use2-work' }],
    });
  });

  test('an empty queue has no age, and the metrics are not asked', async () => {
    const sqs = new FakeSqs();
    expect(await sqs.queues.read(USE2)).toEqual({ visible: 0, inFlight: 0, deadLetters: 0, oldestSeconds: 0 });
    expect(sqs.calls('GetMetricData')).toEqual([]);
  });

  test('the URL of a queue is asked once', async () => {
    const sqs = new FakeSqs();
    await sqs.queues.read(USE2);
    await sqs.queues.read(USE2);
    expect(sqs.calls('GetQueueUrl')).toHaveLength(2);
    expect(sqs.setup.clients.last).toMatchObject({ region: 'us-east-2', account: '222222222222' });
  });

  test('fails when the queue is not there', async () => {
    const sqs = new FakeSqs();
    sqs.replies.set('GetQueueUrl', jsonError(400, 'QueueDoesNotExist'));
    expect(await failureOf(sqs.queues.read(USE2))).toMatchObject({ kind: 'not-found' });
  });
});

describe('dead letters', () => {
  const ARN = 'arn:aws:sqs:us-east-2:222222222222:shop-pool-use2-work-dead';

  test('go back where they came from', async () => {
    const sqs = new FakeSqs();
    await sqs.queues.redrive({ stamp: USE2, guard: guardOf() });
    expect(json(sqs.calls('StartMessageMoveTask')[0]!)).toEqual({ SourceArn: ARN });
  });

  test('fails while they are being moved: nothing is started twice', async () => {
    const sqs = new FakeSqs();
    sqs.replies.set('ListMessageMoveTasks', { body: { Results: [{ Status: 'RUNNING' }] } });
    expect(await failureOf(sqs.queues.redrive({ stamp: USE2, guard: guardOf() }))).toMatchObject({ kind: 'conflict' });
    expect(sqs.calls('StartMessageMoveTask')).toEqual([]);
  });

  test('fails the same way when somebody starts between our look and our call', async () => {
    const sqs = new FakeSqs();
    sqs.replies.set('StartMessageMoveTask', jsonError(400, 'UnsupportedOperation', 'There is already a task running'));
    expect(await failureOf(sqs.queues.redrive({ stamp: USE2, guard: guardOf() }))).toMatchObject({ kind: 'conflict' });
  });

  test('a finished move is no obstacle', async () => {
    const sqs = new FakeSqs();
    sqs.replies.set('ListMessageMoveTasks', { body: { Results: [{ Status: 'COMPLETED' }] } });
    await sqs.queues.redrive({ stamp: USE2, guard: guardOf() });
    expect(sqs.calls('StartMessageMoveTask')).toHaveLength(1);
  });

  test('fails without starting anything once the lease is over', async () => {
    const sqs = new FakeSqs();
    const work = sqs.queues.redrive({ stamp: USE2, guard: guardOf({ validUntil: 0 }) });
    expect(await failureOf(work)).toMatchObject({ kind: 'lease-expired' });
    expect(sqs.calls('StartMessageMoveTask')).toEqual([]);
  });
});

describe('messages that go to another Region', () => {
  test('are sent first and deleted then, with their attributes and trace', async () => {
    const sqs = new FakeSqs();
    const attributes = { kind: { DataType: 'String', StringValue: 'order' } };
    sqs.messages = [message('1', { MessageAttributes: attributes, Attributes: { AWSTraceHeader: 'Root=1' } }), message('2')];
    expect(await sqs.queues.forward({ from: USE1, to: USE2, guard: guardOf() })).toEqual({ moved: 2 });
    const order = sqs.setup.clients.sent.map(targetOf).filter((call) => call !== 'GetQueueUrl');
    expect(order).toEqual(['ReceiveMessage', 'SendMessageBatch', 'DeleteMessageBatch']);
    expect(sqs.calls('SendMessageBatch')[0]).toMatchObject({ region: 'us-east-2' });
    expect(json(sqs.calls('SendMessageBatch')[0]!)['Entries']).toEqual([
      {
        Id: '0',
        MessageBody: 'body-1',
        MessageAttributes: attributes,
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
      },
      { Id: '1', MessageBody: 'body-2' },
    ]);
    expect(sqs.calls('DeleteMessageBatch')[0]).toMatchObject({ region: 'us-east-1' });
    expect(json(sqs.calls('DeleteMessageBatch')[0]!)['Entries']).toEqual([
      { Id: '0', ReceiptHandle: 'handle-1' },
      { Id: '1', ReceiptHandle: 'handle-2' },
    ]);
  });

  test('an empty queue ends it', async () => {
    const sqs = new FakeSqs();
    expect(await sqs.queues.forward({ from: USE1, to: USE2, guard: guardOf() })).toEqual({ moved: 0 });
    expect(sqs.calls('SendMessageBatch')).toEqual([]);
  });

  test('only what the other queue took is deleted', async () => {
    const sqs = new FakeSqs();
    sqs.messages = [message('1'), message('2')];
    sqs.replies.set('SendMessageBatch', {
      body: {
        Successful: [{ Id: '1', MessageId: 'm', MD5OfMessageBody: md5('body-2') }],
        Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
      },
    });
    expect(await sqs.queues.forward({ from: USE1, to: USE2, guard: guardOf() })).toEqual({ moved: 1 });
    expect(json(sqs.calls('DeleteMessageBatch')[0]!)['Entries']).toEqual([{ Id: '1', ReceiptHandle: 'handle-2' }]);
  });

  test('fails when the other queue takes nothing, and deletes nothing', async () => {
    const sqs = new FakeSqs();
    sqs.messages = [message('1')];
    sqs.replies.set('SendMessageBatch', { body: { Failed: [{ Id: '0', Code: 'KmsAccessDenied', SenderFault: true }] } });
    const error = await failureOf(sqs.queues.forward({ from: USE1, to: USE2, guard: guardOf() }));
    expect(error).toMatchObject({ kind: 'invalid', message: expect.stringContaining('KmsAccessDenied') as string });
    expect(sqs.calls('DeleteMessageBatch')).toEqual([]);
  });

  test('heavy ones go in batches that SQS takes', async () => {
    const sqs = new FakeSqs();
    sqs.messages = [message('1', { Body: 'x'.repeat(200_000) }), message('2', { Body: 'y'.repeat(100_000) }), message('3')];
    expect(await sqs.queues.forward({ from: USE1, to: USE2, guard: guardOf() })).toEqual({ moved: 3 });
    expect(sqs.calls('SendMessageBatch').map((request) => json(request)['Entries'].length)).toEqual([1, 2]);
  });

  test('fails for one queue to itself, before anything is received', async () => {
    const sqs = new FakeSqs();
    expect(await failureOf(sqs.queues.forward({ from: USE1, to: USE1, guard: guardOf() }))).toMatchObject({ kind: 'invalid' });
    expect(sqs.setup.clients.sent).toEqual([]);
  });

  test('fails without receiving anything once the lease is over: a received message is hidden', async () => {
    const sqs = new FakeSqs();
    const work = sqs.queues.forward({ from: USE1, to: USE2, guard: guardOf({ validUntil: 0 }) });
    expect(await failureOf(work)).toMatchObject({ kind: 'lease-expired' });
    expect(sqs.calls('ReceiveMessage')).toEqual([]);
  });
});
