/**
 * Works off the stamp's queue. A message may come twice, late, or be poison: its number is the idempotency key, what cannot be done now goes back
 * to the queue, and what can never be done ends in the dead-letter queue because nobody deletes it.
 */
import { awsJson } from './aws-json';
import { makeStore } from './make-store';
import { readSettings } from './settings';
import { ReadOnlyError } from './store';

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

const settings = readSettings(process.env);
const store = makeStore(settings);
const queueUrl = settings.queueUrl;
let stopping = false;

/** Milliseconds between two looks at an empty queue. */
const IDLE = 200;
/** Milliseconds to leave the queue alone while this stamp may not write. */
const READ_ONLY_PAUSE = 1000;
/** Seconds before a message that failed may be tried again. */
const TRY_AGAIN = 5;

async function ask<T>(operation: string, parameters: Readonly<Record<string, unknown>>): Promise<T> {
  const url = queueUrl ?? '';
  return awsJson(new URL(url).origin, `AmazonSQS.${operation}`, { QueueUrl: url, ...parameters }, 2000);
}

async function work({ Body, ReceiptHandle }: Message): Promise<void> {
  try {
    const { number } = JSON.parse(Body) as { number?: unknown };
    if (typeof number !== 'number') throw new Error('a message has a number');
    await store?.ship(number);
    await ask('DeleteMessage', { ReceiptHandle });
  } catch (error) {
    const readOnly = error instanceof ReadOnlyError;
    // Given back at once: the stamp that may write, or this one later, does it.
    await ask('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: readOnly ? 0 : TRY_AGAIN }).catch(() => undefined);
  }
}

async function main(): Promise<void> {
  while (!stopping) {
    let pause = IDLE;
    try {
      // A standby leaves messages where they are: taking and giving back would count as tries, and end them as dead letters.
      if (await store?.writable()) {
        const { Messages = [] } = await ask<{ Messages?: readonly Message[] }>('ReceiveMessage', { MaxNumberOfMessages: 5 });
        if (Messages.length > 0) pause = 0;
        for (const message of Messages) await work(message);
      } else pause = READ_ONLY_PAUSE;
    } catch {
      // Queue or database do not answer: messages wait.
      pause = IDLE * 5;
    }
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await store?.close();
}

process.once('SIGTERM', () => {
  stopping = true;
});
if (queueUrl !== undefined) void main().then(() => process.exit(0));
