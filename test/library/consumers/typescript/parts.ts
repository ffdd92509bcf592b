/** Every part of a stamp in a stack of its own, with what CDK's own constructs offer beside it. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as kit from 'stampkit';

const account = '111111111111';
const region = 'us-east-1';
const image = `${account}.dkr.ecr.${region}.amazonaws.com/shop/web:1.4.2`;
const app = new App({ analyticsReporting: false });

/** A stack for one part, named after it. */
function alone(name: string, add: (stack: Stack) => void): void {
  add(new Stack(app, name, { env: { account, region } }));
}

function vpcOf(stack: Stack): ec2.IVpc {
  return new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: [`${region}a`, `${region}b`, `${region}c`],
    subnetConfiguration: [
      { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
  });
}

function zoneOf(stack: Stack): route53.IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: 'Z0123456789ABCDEFGHIJ',
    zoneName: 'shop.example.com',
  });
}

function listenerOf(stack: Stack, vpc: ec2.IVpc): elbv2.ApplicationListener {
  return new elbv2.ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc }).addListener('Http', { port: 80 });
}

const task = { image, cpu: 512, memoryMiB: 1024, taskFamily: 'shop-web', serviceName: 'web', minTasks: 3, maxTasks: 9 };
const web = { ...task, clusterName: 'shop', port: 8080, healthPath: '/healthz', requestsPerTargetPerMinute: 3000 };

alone('StampKey', (stack) => {
  new kit.StampKey(stack, 'Part', { aliasName: 'alias/shop' });
});
alone('StampNetwork', (stack) => {
  new kit.StampNetwork(stack, 'Part', {
    vpcCidr: '10.20.0.0/20',
    availabilityZones: [`${region}a`, `${region}b`],
    publicSubnetCidrs: ['10.20.0.0/24', '10.20.1.0/24'],
    privateSubnetCidrs: ['10.20.4.0/24', '10.20.5.0/24'],
    isolatedSubnetCidrs: ['10.20.8.0/24', '10.20.9.0/24'],
    egress: kit.StampEgress.ENDPOINTS_ONLY,
  });
});
alone('StampEdge', (stack) => {
  const vpc = vpcOf(stack);
  const edge = new kit.StampEdge(stack, 'Part', {
    vpc,
    hostedZone: zoneOf(stack),
    recordName: 'use1.enterprise.shop.example.com',
    certificateNames: ['*.shop.example.com'],
  });
  edge.forwardTo(new elbv2.ApplicationTargetGroup(stack, 'Target', { vpc, port: 8080 }), '/healthz');
});
alone('FargateCompute', (stack) => {
  const vpc = vpcOf(stack);
  const { targetGroup } = new kit.FargateCompute(stack, 'Part', { ...web, vpc });
  listenerOf(stack, vpc).addTargetGroups('Web', { targetGroups: [targetGroup] });
});
alone('Ec2Compute', (stack) => {
  const vpc = vpcOf(stack);
  const { targetGroup } = new kit.Ec2Compute(stack, 'Part', {
    ...web,
    vpc,
    instanceType: new ec2.InstanceType('m7i.large'),
    minInstances: 3,
    maxInstances: 6,
  });
  listenerOf(stack, vpc).addTargetGroups('Web', { targetGroups: [targetGroup] });
});
alone('StampWorker', (stack) => {
  new kit.StampWorker(stack, 'Part', {
    ...task,
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc: vpcOf(stack) }),
    queue: new sqs.Queue(stack, 'Queue'),
    backlogPerTask: 30,
  });
});
alone('StampQueue', (stack) => {
  new kit.StampQueue(stack, 'Part', {
    queueName: 'orders',
    deadLetterQueueName: 'orders-dead',
    visibilityTimeout: Duration.minutes(2),
    maxMessageAge: Duration.minutes(10),
  });
});
alone('DatabasePointer', (stack) => {
  new kit.DatabasePointer(stack, 'Part', { parameterName: '/shop/database', engine: 'other', writer: 'db.shop.example.com' });
});
alone('AuroraMember', (stack) => {
  const database = new kit.AuroraMember(stack, 'Part', {
    vpc: vpcOf(stack),
    clusterIdentifier: 'shop-use1',
    home: true,
    engine: kit.AuroraEngine.AURORA_POSTGRESQL,
    engineVersion: '16.8',
    databaseName: 'shop',
    pointerName: '/shop/database',
    stampId: 'shop-use1',
    appUser: 'app',
    probeUser: 'probe',
    validatorUser: 'validator',
    minAcu: 1,
    maxAcu: 8,
  });
  const client = new iam.Role(stack, 'Client', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
  database.grantAccess(client, kit.DatabaseUser.APP);
  database.connections.allowDefaultPortFrom(ec2.Peer.ipv4('10.0.0.0/8'), 'Clients');
});
alone('DatabaseBootstrap', (stack) => {
  const vpc = vpcOf(stack);
  const users = { appUser: 'app', probeUser: 'probe', validatorUser: 'validator' };
  const database = new kit.AuroraMember(stack, 'Database', {
    vpc,
    ...users,
    clusterIdentifier: 'shop-use1',
    home: true,
    engine: kit.AuroraEngine.AURORA_MYSQL,
    engineVersion: '8.0.mysql_aurora.3.08.2',
    databaseName: 'shop',
    pointerName: '/shop/database',
    stampId: 'shop-use1',
    minAcu: 1,
    maxAcu: 8,
  });
  const bootstrap = new kit.DatabaseBootstrap(stack, 'Part', { vpc, database, ...users, probeConnectionLimit: 60 });
  new CfnOutput(stack, 'Outcome', { value: bootstrap.outcome });
});
alone('TableMember', (stack) => {
  new kit.TableMember(stack, 'Part', {
    tableName: 'shop-orders',
    tableArn: `arn:aws:dynamodb:${region}:${account}:table/shop-orders`,
    tablePrefix: 'shop-',
    pointerName: '/shop/database',
  });
});
alone('ExternalDatabase', (stack) => {
  new kit.ExternalDatabase(stack, 'Part', {
    protocol: kit.ExternalDatabaseProtocol.POSTGRESQL,
    writer: 'writer.db.shop.example.com',
    reader: 'reader.db.shop.example.com',
    port: 5432,
    databaseName: 'shop',
    pointerName: '/shop/database',
  });
});
alone('StampHealth', (stack) => {
  const vpc = vpcOf(stack);
  new kit.StampHealth(stack, 'Part', {
    vpc,
    functionName: 'shop-health',
    stampId: 'shop-use1',
    loadBalancer: new elbv2.ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc }),
    recordName: 'use1.shop.example.com',
    healthPath: '/healthz',
  });
});
alone('StampBackup', (stack) => {
  new kit.StampBackup(stack, 'Part', {
    vaultName: 'shop-use1',
    stampId: 'shop-use1',
    resourceType: kit.BackupResourceType.DYNAMODB,
    retention: Duration.days(35),
    restoreTest: kit.RestoreTestSchedule.NONE,
  });
});
alone('RestoreTesting', (stack) => {
  new kit.RestoreTesting(stack, 'Part', {
    planName: 'shop_use1',
    schedule: kit.RestoreTestSchedule.WEEKLY,
    vaultArn: `arn:aws:backup:${region}:${account}:backup-vault:shop-use1`,
    resourceType: kit.BackupResourceType.AURORA,
    stampId: 'shop-use1',
    role: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('backup.amazonaws.com') }),
  });
});
alone('RestoreValidation', (stack) => {
  const checks: kit.RestoreChecks = { minimumRows: 100, newestColumn: 'createdAt', newestMaxAge: Duration.hours(30) };
  const validation = new kit.RestoreValidation(stack, 'Part', {
    name: 'shop-use1',
    vpc: vpcOf(stack),
    database: new kit.TableMember(stack, 'Table', {
      tableName: 'shop.table',
      tableArn: `arn:aws:dynamodb:${region}:${account}:table/shop.table`,
      tablePrefix: 'shop.',
      pointerName: '/shop/database',
    }),
    restoreTesting: new kit.RestoreTesting(stack, 'RestoreTesting', {
      planName: 'shop_use1',
      schedule: kit.RestoreTestSchedule.WEEKLY,
      vaultArn: `arn:aws:backup:${region}:${account}:backup-vault:shop-use1`,
      resourceType: kit.BackupResourceType.DYNAMODB,
      stampId: 'shop-use1',
      role: new iam.Role(stack, 'BackupRole', { assumedBy: new iam.ServicePrincipal('backup.amazonaws.com') }),
    }),
    checks,
  });
  validation.stateMachine.metricFailed();
});
alone('StampObservability', (stack) => {
  const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' });
  const errors = new cloudwatch.Alarm(stack, 'Errors', { metric, threshold: 1, evaluationPeriods: 1 });
  new kit.StampObservability(stack, 'Part', { unhealthyAlarmName: 'shop-use1-unhealthy', criticalAlarms: [errors] });
});
alone('AlarmTopic', (stack) => {
  new kit.AlarmTopic(stack, 'Part', { subscriptions: ['mailto:on-call@example.com'] });
});
alone('StampCanary', (stack) => {
  new kit.StampCanary(stack, 'Part', { canaryName: 'shop-use1', urls: ['https://shop.example.com/'] });
});
alone('StampRouting', (stack) => {
  new kit.StampRouting(stack, 'Part', {
    hostedZone: zoneOf(stack),
    recordName: 'pool.shop.example.com',
    policy: kit.RoutingPolicy.WEIGHTED,
    stamps: [
      { stampId: 'pool-use1', region: 'us-east-1', recordName: 'use1.pool.shop.example.com', weight: 100 },
      { stampId: 'pool-euw1', region: 'eu-west-1', recordName: 'euw1.pool.shop.example.com', weight: 100 },
    ],
    switches: [
      { regionCode: 'use2', region: 'us-east-2', bucketName: 'shop-switches-use2' },
      { regionCode: 'usw2', region: 'us-west-2', bucketName: 'shop-switches-usw2' },
    ],
  });
});
alone('SwitchBucket', (stack) => {
  new kit.SwitchBucket(stack, 'Part', { bucketName: 'shop-switches-use1' });
});
alone('ControlTable', (stack) => {
  new kit.ControlTable(stack, 'Part', { tableName: 'shop-control', replicaRegions: ['us-east-2'], witnessRegion: 'us-west-2' });
});
alone('AuroraGlobalCluster', (stack) => {
  new kit.AuroraGlobalCluster(stack, 'Part', {
    globalClusterIdentifier: 'shop-global',
    engine: kit.AuroraEngine.AURORA_MYSQL,
    engineVersion: '8.0.mysql_aurora.3.08.2',
  });
});
alone('GlobalTable', (stack) => {
  new kit.GlobalTable(stack, 'Part', {
    tableName: 'shop-orders',
    replicaRegions: [region, 'us-west-2'],
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    consistency: kit.TableConsistency.EVENTUAL,
  });
});

app.synth();
