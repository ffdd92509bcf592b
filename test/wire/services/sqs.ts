import { createHash } from 'node:crypto';
import { type Call, type Handlers, type Place, text, type WireWorld } from '../world';
import { WireError } from '../wire-error';

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
  /** Nobody sees it before this moment. */
  visibleAt: number;
}

/** Milliseconds that a received message stays invisible. */
const VISIBILITY = 30_000;

/** Queues by their URL's path, `account/name`, and their Region. */
export class QueueState {
  public readonly queues = new Map<string, Message[]>();
  private counter = 0;

  public constructor(private readonly world: WireWorld) {}

  public key({ account, region }: Place, name: string): string {
    return `${account}/${region}/${name}`;
  }

  public add(place: Place, name: string): void {
    this.queues.set(this.key(place, name), []);
  }

  public send(key: string, body: string, attributes: Readonly<Record<string, unknown>> = {}): string {
    this.counter += 1;
    const id = `00000000-0000-4000-8000-${String(this.counter).padStart(12, '0')}`;
    this.queues.get(key)?.push({ id, body, attributes, sentAt: this.world.now, visibleAt: 0 });
    return id;
  }

  public bodies(place: Place, name: string): string[] {
    return (this.queues.get(this.key(place, name)) ?? []).map((each) => each.body).sort();
  }
}

/** SQS: standard queues, as far as draining goes. */
export function sqs(state: QueueState, world: WireWorld): Handlers {
  const open = (call: Call, url = text(call.input, 'QueueUrl')): { readonly key: string; readonly messages: Message[] } => {
    const key = state.key(call, url.split('/').at(-1) ?? url);
    const messages = state.queues.get(key);
    if (messages === undefined) throw new WireError('QueueDoesNotExist', 'The specified queue does not exist.');
    return { key, messages };
  };
  return {
    GetQueueUrl: (call) => {
      const name = text(call.input, 'QueueName');
      open(call, name);
      return { QueueUrl: `${call.endpoint}/${call.account}/${name}` };
    },
    GetQueueAttributes: (call) => {
      const { key, messages } = open(call);
      const waiting = messages.filter((each) => each.visibleAt <= world.now).length;
      return {
        Attributes: {
          ApproximateNumberOfMessages: String(waiting),
          ApproximateNumberOfMessagesNotVisible: String(messages.length - waiting),
          ApproximateNumberOfMessagesDelayed: '0',
          QueueArn: `arn:aws:sqs:${call.region}:${call.account}:${key.split('/').at(-1) ?? ''}`,
        },
      };
    },
    ReceiveMessage: (call) => {
      const { messages } = open(call);
      const wanted = (call.input.MaxNumberOfMessages as number | undefined) ?? 1;
      const received = messages.filter((each) => each.visibleAt <= world.now).slice(0, wanted);
      for (const message of received) message.visibleAt = world.now + VISIBILITY;
      if (received.length === 0) return {};
      return {
        Messages: received.map((each) => ({
          MessageId: each.id,
          ReceiptHandle: each.id,
          Body: each.body,
          MD5OfBody: md5(each.body),
          Attributes: { SentTimestamp: String(each.sentAt), ApproximateReceiveCount: '1' },
          ...(Object.keys(each.attributes).length > 0 && { MessageAttributes: each.attributes }),
        })),
      };
    },
    SendMessageBatch: (call) => {
      const { key } = open(call);
      const entries = call.input.Entries as readonly {
        readonly Id: string;
        readonly MessageBody: string;
        readonly MessageAttributes?: Readonly<Record<string, unknown>>;
      }[];
      return {
        Successful: entries.map((each) => ({
          Id: each.Id,
          MessageId: state.send(key, each.MessageBody, each.MessageAttributes),
          MD5OfMessageBody: md5(each.MessageBody),
        })),
        Failed: [],
      };
    },
    DeleteMessageBatch: (call) => {
      const { messages } = open(call);
      const entries = call.input.Entries as readonly { readonly Id: string; readonly ReceiptHandle: string }[];
      for (const { ReceiptHandle } of entries) {
        const at = messages.findIndex((each) => each.id === ReceiptHandle);
        if (at !== -1) messages.splice(at, 1);
      }
      return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    StartMessageMoveTask: (call) => {
      const source = text(call.input, 'SourceArn').split(':').at(-1) ?? '';
      const { messages } = open(call, source);
      const target = (call.input.DestinationArn as string | undefined)?.split(':').at(-1) ?? source.replace(/-dead$/, '');
      const to = open(call, target);
      to.messages.push(...messages.splice(0).map((each) => ({ ...each, visibleAt: 0 })));
      return { TaskHandle: Buffer.from(source).toString('base64') };
    },
    ListMessageMoveTasks: () => ({ Results: [] }),
  };
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
