import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import { GetBucketPolicyCommand, GetPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, test } from 'vitest';
import { stampNames, switchBucketName } from '../../../lib/topology/names';
import { customRequests } from '../support/emulator';
import { ACCOUNT, CONTROL, STAMPS } from '../support/scene';

/** Services, queues, switches and pointers, as their own APIs tell them. */
export function describeStamps(): void {
  describe('what landed in the stamps', () => {
    test.each(STAMPS)('%s-%s: its service runs the image of its own Region', async (group, code, region) => {
      const names = stampNames({ fleet: 'e2e', group, regionCode: code });
      const ecs = new ECSClient({ region });
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: names.cluster, services: [names.service] }));
      expect(services?.[0]?.status).toBe('ACTIVE');
      const { taskDefinition } = await ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: services![0]!.taskDefinition }),
      );
      expect(taskDefinition?.family).toBe(names.taskFamily);
      expect(taskDefinition?.containerDefinitions?.map(({ image }) => image)).toEqual(
        expect.arrayContaining([expect.stringContaining(`.dkr.ecr.${region}.amazonaws.com/e2e/`)]),
      );
    });

    test.each([
      ['use1', 'us-east-1'],
      ['usw2', 'us-west-2'],
    ])('orders-%s: its queue hands what fails to its own dead-letter queue, over TLS only', async (code, region) => {
      const names = stampNames({ fleet: 'e2e', group: 'orders', regionCode: code });
      const sqs = new SQSClient({ region });
      const attributes = async (QueueName: string): Promise<Record<string, string>> => {
        const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
        const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
        return Attributes as Record<string, string>;
      };
      const work = await attributes(names.queue);
      const dead = await attributes(names.deadLetterQueue);
      expect(JSON.parse(work['RedrivePolicy']!).deadLetterTargetArn).toBe(dead['QueueArn']);
      for (const queue of [work, dead]) {
        expect(JSON.parse(queue['Policy']!).Statement).toContainEqual(
          expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        );
      }
      expect(work['KmsMasterKeyId']).toBeDefined();
    });

    test.each(CONTROL)('the switches in %s may be read by the checkers and by nobody else', async (code, region) => {
      const s3 = new S3Client({ region, forcePathStyle: true });
      const Bucket = switchBucketName('e2e', ACCOUNT, code);
      const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
      expect(PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
      const allowed = JSON.parse(Policy!).Statement.filter(({ Effect }: any) => Effect === 'Allow');
      expect(allowed).toHaveLength(1);
      expect(allowed[0]).toMatchObject({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/switches/*` });
      expect(allowed[0].Condition.IpAddress['aws:SourceIp'].length).toBeGreaterThan(16);
    });

    test('database pointers say engine and place, and a group without a database has none', async () => {
      const pointer = async (group: string, regionCode: string, region: string): Promise<unknown> => {
        const { databaseParameter } = stampNames({ fleet: 'e2e', group, regionCode });
        const { Parameter } = await new SSMClient({ region }).send(new GetParameterCommand({ Name: databaseParameter }));
        return JSON.parse(Parameter!.Value!);
      };
      expect(await pointer('orders', 'usw2', 'us-west-2')).toEqual({
        engine: 'aurora-postgresql',
        writer: expect.stringMatching(/^e2e-orders-usw2\.cluster-[^.]+\.us-west-2\.rds\.amazonaws\.com$/),
        reader: expect.stringMatching(/^e2e-orders-usw2\.cluster-ro-[^.]+\.us-west-2\.rds\.amazonaws\.com$/),
        port: 5432,
        name: 'app',
      });
      expect(await pointer('feed', 'use1', 'us-east-1')).toMatchObject({ engine: 'dynamodb', table: 'e2e-feed.table' });
      await expect(pointer('tools', 'usw2', 'us-west-2')).rejects.toThrow(/not found|ParameterNotFound/i);
    });

    test('the bootstrap of database users ran once, in the home stamp of the Aurora group', () => {
      expect(customRequests()).toEqual([expect.stringMatching(/^Create e2e-orders-use1 \w*DatabaseBootstrap/)]);
    });
  });
}
