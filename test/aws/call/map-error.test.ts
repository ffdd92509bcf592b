import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
import { DescribeGlobalClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { mapError } from '../../../lib/aws/call/map-error';
import { PortError } from '../../../lib/ports';
import { AnsweringClients, jsonError, type Reply, s3Error, xmlError } from '../support/answering-clients';
import { failureOf } from '../support/adapter';

const PLACE = { service: 's3', region: 'us-east-1', call: 'PutObject' };

/** The error that the SDK itself makes of an answer. */
const ASK: Readonly<Record<string, (clients: AnsweringClients) => Promise<unknown>>> = {
  dynamodb: (clients) =>
    clients.of(DynamoDBClient, 'us-east-1').send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })),
  s3: (clients) => clients.of(S3Client, 'us-east-1').send(new GetObjectCommand({ Bucket: 'b', Key: 'k' })),
  rds: (clients) => clients.of(RDSClient, 'us-east-1').send(new DescribeGlobalClustersCommand({})),
  sqs: (clients) => clients.of(SQSClient, 'us-east-1').send(new GetQueueUrlCommand({ QueueName: 'q' })),
  ssm: (clients) => clients.of(SSMClient, 'us-east-1').send(new GetParameterCommand({ Name: 'n' })),
  lambda: (clients) => clients.of(LambdaClient, 'us-east-1').send(new InvokeCommand({ FunctionName: 'f' })),
};

async function mapped(service: string, reply: Reply, kind: 'read' | 'change' = 'read'): Promise<unknown> {
  const error = await failureOf(ASK[service]!(new AnsweringClients(() => reply)));
  return mapError(PLACE, error, kind);
}

describe('what the SDK makes of answers', () => {
  test.each<[string, string, Reply]>([
    ['denied', 'dynamodb', jsonError(400, 'AccessDeniedException')],
    ['denied', 's3', s3Error(403, 'AccessDenied')],
    ['denied', 'rds', xmlError(403, 'AccessDenied')],
    ['denied', 'dynamodb', jsonError(400, 'UnrecognizedClientException')],
    ['denied', 'rds', xmlError(403, 'InvalidClientTokenId')],
    ['denied', 's3', s3Error(400, 'ExpiredToken')],
    ['denied', 'sqs', jsonError(400, 'ExpiredTokenException')],
    ['throttled', 'dynamodb', jsonError(400, 'ProvisionedThroughputExceededException')],
    ['throttled', 's3', s3Error(503, 'SlowDown')],
    ['throttled', 'rds', xmlError(400, 'Throttling')],
    ['throttled', 'lambda', jsonError(429, 'TooManyRequestsException')],
    ['conflict', 'dynamodb', jsonError(400, 'ReplicatedWriteConflictException')],
    ['conflict', 'dynamodb', jsonError(400, 'ConditionalCheckFailedException')],
    ['conflict', 's3', s3Error(412, 'PreconditionFailed')],
    ['conflict', 's3', s3Error(409, 'ConditionalRequestConflict')],
    ['conflict', 'rds', xmlError(400, 'DBClusterAlreadyExistsFault')],
    ['not-found', 'dynamodb', jsonError(400, 'ResourceNotFoundException')],
    ['not-found', 's3', s3Error(404, 'NoSuchKey')],
    ['not-found', 's3', s3Error(404, 'NoSuchBucket')],
    ['not-found', 'rds', xmlError(404, 'GlobalClusterNotFoundFault')],
    ['not-found', 'rds', xmlError(404, 'DBClusterNotFoundFault')],
    ['not-found', 'sqs', jsonError(400, 'QueueDoesNotExist')],
    ['not-found', 'ssm', jsonError(400, 'ParameterNotFound')],
    ['not-found', 'lambda', jsonError(404, 'ResourceNotFoundException')],
    ['invalid', 'rds', xmlError(400, 'InvalidGlobalClusterStateFault')],
    ['invalid', 'dynamodb', jsonError(400, 'ValidationException')],
    ['unreachable', 'dynamodb', jsonError(500, 'InternalServerError')],
    ['unreachable', 's3', s3Error(503, 'ServiceUnavailable')],
    ['unreachable', 'rds', { status: 404, body: 'not here' }],
    ['unreachable', 'dynamodb', { status: 404, body: 'not here' }],
    ['unreachable', 'dynamodb', { status: 400, body: 'what?' }],
    ['unreachable', 'dynamodb', { status: 200, body: '<html>Please sign in to the hotel’s network</html>' }],
  ])('%s: %s %o', async (kind, service, reply) => {
    expect(await mapped(service, reply)).toMatchObject({ name: 'PortError', kind, place: PLACE });
  });
});

describe('doubt', () => {
  test.each<[string, Reply, boolean]>([
    ['an error of the service', s3Error(500, 'InternalError'), true],
    ['a broken connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), true],
    [
      'an answer that took too long',
      Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT', name: 'TimeoutError', syscall: 'read' }),
      true,
    ],
    [
      'a connection that nobody took',
      Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT', name: 'TimeoutError', syscall: 'connect' }),
      false,
    ],
    [
      'addresses of which none was reached',
      Object.assign(new AggregateError([{ syscall: 'connect' }, { syscall: 'connect' }]), { code: 'ETIMEDOUT' }),
      false,
    ],
    ['a refused connection', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), false],
    [
      'a connection that was never made',
      Object.assign(
        new Error('the request socket did not establish a connection with the server within the configured timeout of 2000 ms.'),
        {
          name: 'TimeoutError',
        },
      ),
      false,
    ],
    ['a certificate that is not theirs', Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }), false],
    ['a refusal', s3Error(403, 'AccessDenied'), false],
    ['throttling', s3Error(503, 'SlowDown'), false],
  ])('a change may have happened after %s: see the last column', async (_name, reply, maybeApplied) => {
    expect(await mapped('s3', reply, 'change')).toMatchObject({ maybeApplied });
    expect(await mapped('s3', reply, 'read')).toMatchObject({ maybeApplied: false });
  });
});

describe('what people read', () => {
  const denied = async (reply: Reply, service = 's3'): Promise<string> => ((await mapped(service, reply)) as PortError).message;

  test('a denial names the action and the policy, in one line', async () => {
    const message = await denied(s3Error(403, 'AccessDenied', 'User: arn:aws:iam::1:user/jo is not\n authorized'));
    expect(message).toBe(
      's3 PutObject in us-east-1: s3:PutObject is not allowed (AccessDenied: User: arn:aws:iam::1:user/jo is not authorized). ' +
        'Use a role with the policy docs/iam/operator.json',
    );
  });

  test('a read asks for no more than the reader’s policy', () => {
    const error = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    const mappedError = mapError({ service: 's3', region: 'us-east-1', call: 'GetObject' }, error, 'read') as PortError;
    expect(mappedError.message).toContain('docs/iam/reader.json');
  });

  test.each([
    ['ExpiredToken', /expired .*Sign in again/],
    ['InvalidAccessKeyId', /does not take these credentials/],
    ['RequestTimeTooSkewed', /clock of this machine/],
  ])('%s says what to do', async (code, message) => {
    expect(await denied(s3Error(403, code))).toMatch(message);
  });

  test('no credentials at all', () => {
    const error = Object.assign(new Error('Could not load credentials from any providers'), { name: 'CredentialsProviderError' });
    expect(mapError(PLACE, error, 'change')).toMatchObject({
      kind: 'denied',
      maybeApplied: false,
      message: expect.stringContaining('there are no AWS credentials that work') as string,
    });
  });

  test('long answers are cut', async () => {
    expect((await denied(s3Error(403, 'AccessDenied', 'x'.repeat(5_000)))).length).toBeLessThan(500);
  });
});

describe('what is not AWS’s', () => {
  test('a port’s own error stays as it is', () => {
    const error = new PortError('lease-expired', PLACE, 'over');
    expect(mapError(PLACE, error, 'change')).toBe(error);
  });

  test.each([new TypeError('x is undefined'), 'a string'])('a defect stays a defect: %s', (error) => {
    expect(mapError(PLACE, error, 'read')).toBe(error);
  });
});
