import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { Clients } from '../../../lib/aws/call/clients';

const CLASSES = [CloudFormationClient, DynamoDBClient, LambdaClient, RDSClient, Route53Client, SQSClient, SSMClient, STSClient];

describe('clients of the SDK', () => {
  test.each(CLASSES.map((Client) => [Client.name, Client] as const))(
    '%s: Region given, and no attempt of its own',
    async (_name, Client) => {
      const clients = new Clients({ environment: {} });
      const client = clients.of<{ config: { region: () => Promise<string>; maxAttempts: () => Promise<number> } }>(
        Client,
        'eu-west-1',
      );
      expect(await client.config.region()).toBe('eu-west-1');
      expect(await client.config.maxAttempts()).toBe(1);
      clients.destroy();
    },
  );

  test('one for each class, Region and account', () => {
    const clients = new Clients({ environment: {} });
    const first = clients.of(SSMClient, 'us-east-1', '111111111111');
    expect(clients.of(SSMClient, 'us-east-1', '111111111111')).toBe(first);
    expect(clients.of(SSMClient, 'us-east-2', '111111111111')).not.toBe(first);
    expect(clients.of(SSMClient, 'us-east-1', '222222222222')).not.toBe(first);
    expect(clients.of(SSMClient, 'us-east-1')).not.toBe(first);
    expect(clients.of(SQSClient, 'us-east-1', '111111111111')).not.toBe(first);
  });

  test.each([
    [{}, false],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' }, true],
    [{ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:5000' }, true],
    [{ AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:5000' }, false],
  ])('S3 addresses buckets by path behind an endpoint of one’s own: %o', (environment, byPath) => {
    expect(new Clients({ environment }).of(S3Client, 'us-east-1').config.forcePathStyle).toBe(byPath);
  });
});
