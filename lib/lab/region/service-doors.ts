import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isPortError } from '../../ports';
import { bodyOf } from '../net/rpc';
import type { AttributeValue, Item } from './item';
import type { SwitchObjects } from './switches';
import type { RegionTables } from './tables';
import type { WorkQueue } from './work-queue';

export interface Services {
  readonly switches: SwitchObjects;
  readonly tables: RegionTables;
  /** By name. */
  readonly queues: ReadonlyMap<string, WorkQueue>;
}

/**
 * The doors of S3, SQS and DynamoDB of a Region, as far as a stamp and a health checker use them: plain HTTP, the JSON protocols of AWS, no signatures.
 * One endpoint serves all of them; `X-Amz-Target` tells them apart.
 */
export function serviceDoors(services: Services): RequestListener {
  return (incoming, outgoing) => {
    void answer(services, incoming, outgoing).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      const [status, type] =
        isPortError(error) && error.kind === 'conflict' ? [400, 'ReplicatedWriteConflictException'] : [503, 'ServiceUnavailable'];
      json(outgoing, status, { __type: type, message });
    });
  };
}

async function answer(services: Services, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const target = incoming.headers['x-amz-target'];
  if (typeof target === 'string') {
    const text = await bodyOf(incoming);
    const [service = '', operation = ''] = target.split('.');
    const parameters = JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>;
    if (service === 'AmazonSQS') sqs(services, operation, parameters, outgoing);
    else await dynamoDb(services, operation, parameters, outgoing);
    return;
  }
  const path = decodeURIComponent((incoming.url ?? '/').split('?')[0] ?? '/');
  if (path.startsWith('/ping-table/')) {
    const name = path.slice('/ping-table/'.length);
    await services.tables.get(name, { pk: { S: 'ping' }, sk: { S: 'ping' } });
    outgoing.writeHead(200).end();
    return;
  }
  // Anonymous reads of switches. What is not there is forbidden to know of, as in a bucket without list permission.
  const object = services.switches.get(path.slice(1));
  if (object === undefined) outgoing.writeHead(403).end();
  else outgoing.writeHead(200, { 'content-type': 'application/json', etag: object.etag }).end(object.body);
}

function sqs({ queues }: Services, operation: string, parameters: Record<string, unknown>, outgoing: ServerResponse): void {
  const name = String(parameters['QueueUrl']).split('/').at(-1) ?? '';
  const queue = queues.get(name);
  if (queue === undefined) {
    json(outgoing, 400, { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: `there is no queue ${name}` });
    return;
  }
  const receipt = String(parameters['ReceiptHandle']);
  switch (operation) {
    case 'SendMessage':
      json(outgoing, 200, { MessageId: queue.send(String(parameters['MessageBody'])) });
      return;
    case 'ReceiveMessage': {
      const messages = queue.receive(Number(parameters['MaxNumberOfMessages'] ?? 1));
      json(outgoing, 200, {
        Messages: messages.map(({ id, body, receipt: handle, receives }) => ({
          MessageId: id,
          Body: body,
          ReceiptHandle: handle,
          Attributes: { ApproximateReceiveCount: String(receives) },
        })),
      });
      return;
    }
    case 'DeleteMessage':
      queue.delete(receipt);
      json(outgoing, 200, {});
      return;
    case 'ChangeMessageVisibility':
      queue.changeVisibility(receipt, Number(parameters['VisibilityTimeout']));
      json(outgoing, 200, {});
      return;
    default:
      json(outgoing, 400, { __type: 'UnknownOperationException', message: operation });
  }
}

async function dynamoDb(
  { tables }: Services,
  operation: string,
  parameters: Record<string, unknown>,
  outgoing: ServerResponse,
): Promise<void> {
  const name = String(parameters['TableName']);
  if (!tables.has(name)) {
    json(outgoing, 400, { __type: 'ResourceNotFoundException', message: `there is no table ${name}` });
    return;
  }
  switch (operation) {
    case 'GetItem': {
      const item = await tables.get(name, parameters['Key'] as Item);
      json(outgoing, 200, item === undefined ? {} : { Item: item });
      return;
    }
    case 'PutItem': {
      const result = await tables.put(name, {
        item: parameters['Item'] as Item,
        ...(typeof parameters['ConditionExpression'] === 'string' && { condition: parameters['ConditionExpression'] }),
        names: (parameters['ExpressionAttributeNames'] ?? {}) as Record<string, string>,
        values: (parameters['ExpressionAttributeValues'] ?? {}) as Record<string, AttributeValue>,
      });
      if (result === 'written') json(outgoing, 200, {});
      else json(outgoing, 400, { __type: 'ConditionalCheckFailedException', message: 'The conditional request failed' });
      return;
    }
    case 'Scan': {
      const items = await tables.all(name);
      const limit = Number(parameters['Limit'] ?? items.length);
      json(outgoing, 200, { Items: items.slice(-limit), Count: Math.min(limit, items.length) });
      return;
    }
    default:
      json(outgoing, 400, { __type: 'UnknownOperationException', message: operation });
  }
}

function json(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
