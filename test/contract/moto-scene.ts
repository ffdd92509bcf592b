import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateDBClusterCommand, CreateDBInstanceCommand, CreateGlobalClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsPorts } from '../../lib/aws/operation-ports';
import { dataPorts } from '../../lib/aws/operations/data-ports';
import { templateBounds } from '../../lib/operations/group-view';
import type { Fleet, StampSpec, TenantGroup } from '../../lib/topology/types';
import { FLEET as FIXTURE } from '../operations/support';
import type { Scene } from './scene';

/** Account as which moto answers. */
const ACCOUNT = '123456789012';

/** The fleet of the other targets, in moto's account. */
const FLEET = JSON.parse(JSON.stringify(FIXTURE).replaceAll(FIXTURE.account, ACCOUNT)) as Fleet;

interface ClientSettings {
  readonly region: string;
  readonly forcePathStyle: boolean;
}

function client<C>(Client: new (settings: ClientSettings) => C, region: string): C {
  return new Client({ region, forcePathStyle: true });
}

const KEYS = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: 'sk', KeyType: 'RANGE' as const },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' as const },
    { AttributeName: 'sk', AttributeType: 'S' as const },
  ],
  BillingMode: 'PAY_PER_REQUEST' as const,
};

/** The real adapters over moto, which is empty when this begins; what a deployment would have made comes through the SDK. */
export async function motoScene(): Promise<Scene> {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (endpoint === undefined) throw new Error('AWS_ENDPOINT_URL is not set: these tests are run by npm run test:e2e');
  const empty = async (): Promise<void> => {
    await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
  };
  await empty();
  const { control } = FLEET;
  for (const region of control.table.replicaRegions)
    await client(DynamoDBClient, region).send(new CreateTableCommand({ TableName: control.table.name, ...KEYS }));
  for (const { region, bucketName } of control.members) {
    const location = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'us-west-2' } };
    await client(S3Client, region).send(new CreateBucketCommand({ Bucket: bucketName, ...location }));
  }
  const groups = FLEET.groups.filter((group) => ['enterprise', 'ledger', 'pool'].includes(group.name));
  await Promise.all(groups.map(deployGroup));
  const ports = awsPorts({
    fleet: FLEET,
    reporter: { event: () => undefined },
    data: (access) => dataPorts(access, FLEET),
    journalFolder: mkdtempSync(join(tmpdir(), 'stampkit-contract-')),
  });
  const cannot = (): never => {
    throw new Error('moto cannot be told to');
  };
  return {
    target: 'moto',
    fleet: FLEET,
    ports,
    now: () => Date.now(),
    later: cannot,
    down: cannot,
    up: cannot,
    exhaust: cannot,
    failRestores: cannot,
    setVersion: cannot,
    queue: async (stamp, { visible, dead }) => {
      const { shape, values } = FLEET.groups.flatMap((group) => group.stamps).find((each) => each.id === stamp)!;
      const sqs = client(SQSClient, shape.region);
      const send = async (name: string, count: number): Promise<void> => {
        for (let at = 0; at < count; at += 1) {
          const QueueUrl = `${endpoint}/${ACCOUNT}/${name}`;
          await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `message ${at}` }));
        }
      };
      await send(values.names.queue, visible);
      await send(values.names.deadLetterQueue, dead);
    },
    // Whoever deploys next finds nothing of this.
    close: empty,
  };
}

async function deployGroup(group: TenantGroup): Promise<void> {
  const home = group.stamps.find((stamp) => stamp.home)!;
  if (group.database.engine === 'aurora-postgresql') await deployAurora(group, home);
  if (group.database.engine === 'dynamodb') await deployTable(group, home);
  await Promise.all(group.stamps.map((stamp) => deployStamp(group, stamp)));
  if (group.name !== 'enterprise') return;
  const cloudFormation = client(CloudFormationClient, home.shape.region);
  const TemplateBody = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  await cloudFormation.send(new CreateStackCommand({ StackName: group.names.dataStack, TemplateBody }));
  await cloudFormation.send(new CreateStackCommand({ StackName: 'shop-gone-data', TemplateBody }));
  await cloudFormation.send(new DeleteStackCommand({ StackName: 'shop-gone-data' }));
}

async function deployAurora(group: TenantGroup, home: StampSpec): Promise<void> {
  if (group.database.engine !== 'aurora-postgresql') return;
  const { version } = group.database;
  const GlobalClusterIdentifier = group.names.globalCluster;
  const Engine = 'aurora-postgresql';
  await client(RDSClient, home.shape.region).send(
    new CreateGlobalClusterCommand({ GlobalClusterIdentifier, Engine, EngineVersion: version }),
  );
  for (const stamp of [home, ...group.stamps.filter((each) => each !== home)]) {
    const rds = client(RDSClient, stamp.shape.region);
    const DBClusterIdentifier = stamp.values.names.databaseCluster;
    const user = stamp === home ? { MasterUsername: 'stamp', MasterUserPassword: 'nobody-knows-it' } : {};
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier,
        GlobalClusterIdentifier,
        Engine,
        EngineVersion: version,
        Port: 5432,
        ...user,
      }),
    );
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `${DBClusterIdentifier}-1`,
        DBClusterIdentifier,
        Engine,
        DBInstanceClass: 'db.r7g.large',
      }),
    );
  }
}

async function deployTable(group: TenantGroup, home: StampSpec): Promise<void> {
  const dynamodb = client(DynamoDBClient, home.shape.region);
  const TableName = group.names.table;
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const };
  await dynamodb.send(new CreateTableCommand({ TableName, ...KEYS, StreamSpecification }));
  for (const stamp of group.stamps.filter((each) => each !== home)) {
    const ReplicaUpdates = [{ Create: { RegionName: stamp.shape.region } }];
    await dynamodb.send(new UpdateTableCommand({ TableName, ReplicaUpdates }));
  }
}

async function deployStamp(group: TenantGroup, stamp: StampSpec): Promise<void> {
  const { region } = stamp.shape;
  const { names } = stamp.values;
  const ecs = client(ECSClient, region);
  const { web, worker } = templateBounds(stamp);
  await ecs.send(new CreateClusterCommand({ clusterName: names.cluster }));
  for (const [service, bounds] of [
    [names.service, web],
    [names.workerService, worker],
  ] as const) {
    if (bounds === undefined) continue;
    await ecs.send(
      new RegisterTaskDefinitionCommand({ family: service, containerDefinitions: [{ name: 'web', image: 'web', memory: 128 }] }),
    );
    await ecs.send(
      new CreateServiceCommand({
        cluster: names.cluster,
        serviceName: service,
        taskDefinition: service,
        desiredCount: bounds.min,
      }),
    );
    await client(ApplicationAutoScalingClient, region).send(
      new RegisterScalableTargetCommand({
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceId: `service/${names.cluster}/${service}`,
        MinCapacity: bounds.min,
        MaxCapacity: bounds.max,
      }),
    );
  }
  for (const QueueName of [names.queue, names.deadLetterQueue])
    await client(SQSClient, region).send(new CreateQueueCommand({ QueueName }));
  const document =
    group.database.engine === 'dynamodb'
      ? { engine: 'dynamodb', table: group.names.table }
      : { engine: 'aurora-postgresql', writer: `${names.databaseCluster}.cluster-abc123.${region}.rds.amazonaws.com` };
  await client(SSMClient, region).send(
    new PutParameterCommand({ Name: names.databaseParameter, Type: 'String', Value: JSON.stringify(document) }),
  );
}
