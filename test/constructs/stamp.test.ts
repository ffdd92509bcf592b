import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { isStampError, type StampError } from '../../lib/errors';
import {
  AuroraEngine,
  AuroraMember,
  BackupLock,
  BackupSchedule,
  ComputeKind,
  Ec2Compute,
  ExternalDatabase,
  ExternalDatabaseProtocol,
  FargateCompute,
  RestoreTestSchedule,
  Stamp,
  StampBackup,
  type StampBackupOptions,
  type StampComputeOptions,
  StampEdge,
  StampEgress,
  StampHealth,
  StampNetwork,
  StampObservability,
  type StampProps,
  StampQueue,
  StampWorker,
  type StampWorkerOptions,
  TableMember,
} from '../../lib';
import { APP_CONTEXT } from '../../lib/stacks/app-context';
import { synthesizeChecked } from '../support/nag';

/** `Stamp` as a platform team uses it in an app of its own: with CDK's defaults, or with the flags that stampkit sets itself. */
const APPS: [name: string, context: Readonly<Record<string, unknown>>][] = [
  ['CDK’s defaults', {}],
  ['stampkit’s feature flags', APP_CONTEXT],
];

const COMPUTE: StampComputeOptions = {
  image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.4.2',
  cpu: 512,
  memoryMiB: 1024,
  port: 8080,
  healthPath: '/healthz',
  minTasks: 6,
  maxTasks: 12,
  requestsPerTargetPerMinute: 3000,
};

const EC2: StampComputeOptions = {
  ...COMPUTE,
  kind: ComputeKind.EC2,
  instanceType: new ec2.InstanceType('m7i.large'),
  minInstances: 3,
  maxInstances: 6,
};

const WORKER: StampWorkerOptions = {
  image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/worker:1.4.2',
  cpu: 256,
  memoryMiB: 512,
  minTasks: 3,
  maxTasks: 30,
  backlogPerTask: 300,
  maxLatency: Duration.minutes(1),
  visibilityTimeout: Duration.minutes(5),
};

const BACKUP: StampBackupOptions = {
  schedule: BackupSchedule.DAILY,
  retention: Duration.days(35),
  maxRecoveryPointAge: Duration.hours(30),
};

const AURORA = {
  engine: AuroraEngine.AURORA_POSTGRESQL,
  engineVersion: '16.8',
  databaseName: 'app',
  home: true,
  minAcu: 8,
  maxAcu: 32,
};

const TABLE = { tableArn: 'arn:aws:dynamodb:us-east-1:111111111111:table/shop-enterprise.table' };

const EXTERNAL = {
  protocol: ExternalDatabaseProtocol.POSTGRESQL,
  writer: 'writer.db.example.com',
  reader: 'reader.db.example.com',
  port: 5433,
  databaseName: 'legacy',
};

const NETWORK = {
  vpcCidr: '10.0.0.0/20',
  availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  publicSubnetCidrs: ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
  privateSubnetCidrs: ['10.0.4.0/23', '10.0.6.0/23', '10.0.8.0/23'],
  isolatedSubnetCidrs: ['10.0.10.0/24', '10.0.11.0/24', '10.0.12.0/24'],
};

function newStack(context: Readonly<Record<string, unknown>> = {}, id = 'Shop'): Stack {
  // Validation of templates has tests of its own, and takes most of the time of a synthesis.
  const app = new App({ context: { ...context }, builtinCloudFormationValidation: false });
  return new Stack(app, id, { env: { account: '111111111111', region: 'us-east-1' } });
}

function zoneOf(stack: Stack): route53.IHostedZone {
  const known = stack.node.tryFindChild('HostedZone') as route53.IHostedZone | undefined;
  return (
    known ??
    route53.HostedZone.fromHostedZoneAttributes(stack, 'HostedZone', {
      hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      zoneName: 'shop.example.com',
    })
  );
}

/** The fewest properties: who it is, where, and what runs. */
function minimal(stack: Stack, props: Partial<StampProps> = {}): StampProps {
  return {
    fleet: 'shop',
    group: 'enterprise',
    regionCode: 'use1',
    hostedZone: zoneOf(stack),
    compute: COMPUTE,
    ...(props.vpc === undefined && { network: NETWORK }),
    ...props,
  };
}

function synthesized(props: (stack: Stack) => Partial<StampProps>, context: Readonly<Record<string, unknown>> = {}): Template {
  const stack = newStack(context);
  new Stamp(stack, 'Stamp', minimal(stack, props(stack)));
  return Template.fromStack(stack);
}

/** `a` for the public, `b` for the private, `c` for the isolated subnets. */
function subnetIds(kind: string): string[] {
  return [0, 1, 2].map((index) => `subnet-${kind.repeat(16)}${index}`);
}

function importedVpc(stack: Stack): ec2.IVpc {
  const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
  const tables = (kind: string): string[] => subnetIds(kind).map((id) => id.replace('subnet-', 'rtb-'));
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: zones,
    publicSubnetIds: subnetIds('a'),
    publicSubnetRouteTableIds: tables('a'),
    privateSubnetIds: subnetIds('b'),
    privateSubnetRouteTableIds: tables('b'),
    isolatedSubnetIds: subnetIds('c'),
    isolatedSubnetRouteTableIds: tables('c'),
  });
}

function ownVpc(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', {
    maxAzs: 3,
    subnetConfiguration: [
      { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
  });
}

describe.each(APPS)('in an app with %s', (_name, context) => {
  test('the fewest properties give network, edge, tasks, health and observability, and nothing else', () => {
    const template = synthesized(() => ({}), context);
    for (const [type, count] of [
      ['AWS::EC2::VPC', 1],
      ['AWS::EC2::NatGateway', 3],
      ['AWS::ElasticLoadBalancingV2::LoadBalancer', 1],
      ['AWS::WAFv2::WebACL', 1],
      ['AWS::ECS::Service', 1],
      ['AWS::Synthetics::Canary', 1],
      ['AWS::CloudWatch::CompositeAlarm', 1],
      ['AWS::KMS::Key', 1],
      ['AWS::SNS::Topic', 1],
      ['AWS::SQS::Queue', 0],
      ['AWS::RDS::DBCluster', 0],
      ['AWS::SSM::Parameter', 0],
      ['AWS::Backup::BackupVault', 0],
      ['AWS::AutoScaling::AutoScalingGroup', 0],
    ] as const) {
      expect([type, Object.keys(template.findResources(type)).length]).toEqual([type, count]);
    }
  });

  test('everything at once', () => {
    const template = synthesized(
      (stack) => ({
        aurora: { ...AURORA, maxReplicationLag: Duration.seconds(30) },
        worker: { ...WORKER, retention: Duration.days(14), maxReceives: 3, environment: { DEBUG: '1' } },
        backup: {
          ...BACKUP,
          copyVaultArns: ['arn:aws:backup:us-west-2:111111111111:backup-vault:shop-enterprise-usw2'],
          vaultLock: BackupLock.COMPLIANCE,
          restoreTest: RestoreTestSchedule.DAILY,
        },
        health: { dependencies: [{ name: 'payments', url: 'https://payments.example.com/', shared: true }] },
        edge: {
          rateLimitPer5Min: 500,
          blockedCidrs: ['203.0.113.0/24'],
          oidc: {
            issuer: 'https://login.example.com',
            authorizationEndpoint: 'https://login.example.com/authorize',
            tokenEndpoint: 'https://login.example.com/token',
            userInfoEndpoint: 'https://login.example.com/userinfo',
            clientId: 'shop',
            clientSecret: secretsmanager.Secret.fromSecretNameV2(stack, 'Oidc', 'shop/oidc'),
          },
        },
      }),
      context,
    );
    template.hasResourceProperties('AWS::RDS::DBCluster', { GlobalClusterIdentifier: 'shop-enterprise-global' });
    template.resourceCountIs('AWS::ECS::Service', 2);
    template.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 1_209_600 });
    template.resourceCountIs('AWS::Backup::RestoreTestingPlan', 1);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      DefaultActions: [Match.objectLike({ Type: 'authenticate-oidc' }), Match.objectLike({ Type: 'forward' })],
    });
  });

  test('a VPC of the same stack and one that is imported are used, and none is made', () => {
    const own = synthesized((stack) => ({ vpc: ownVpc(stack), aurora: AURORA, worker: WORKER, backup: BACKUP }), context);
    own.resourceCountIs('AWS::EC2::VPC', 1);
    own.resourceCountIs('AWS::EC2::FlowLog', 0);

    const imported = synthesized((stack) => ({ vpc: importedVpc(stack), aurora: AURORA, worker: WORKER }), context);
    for (const type of ['VPC', 'Subnet', 'NatGateway', 'VPCEndpoint', 'FlowLog'])
      imported.resourceCountIs(`AWS::EC2::${type}`, 0);
    imported.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: subnetIds('a'),
    });
    imported.hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: {
        AwsvpcConfiguration: Match.objectLike({ Subnets: subnetIds('b'), AssignPublicIp: 'DISABLED' }),
      },
    });
    imported.hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: subnetIds('c') });
  });

  test('key, certificate and topic that are brought along are used, and none is made', () => {
    const keyArn = 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555';
    const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-2222-3333-4444-555555555555';
    const topicArn = 'arn:aws:sns:us-east-1:111111111111:pager';
    const template = synthesized(
      (stack) => ({
        encryptionKey: kms.Key.fromKeyArn(stack, 'Key', keyArn),
        edge: { certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn) },
        alarmTopic: sns.Topic.fromTopicArn(stack, 'Topic', topicArn),
        aurora: AURORA,
        worker: WORKER,
        backup: BACKUP,
      }),
      context,
    );
    for (const type of ['AWS::KMS::Key', 'AWS::KMS::Alias', 'AWS::CertificateManager::Certificate', 'AWS::SNS::Topic'])
      template.resourceCountIs(type, 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Certificates: [{ CertificateArn: certificateArn }],
    });
    template.hasResourceProperties('AWS::RDS::DBCluster', { KmsKeyId: keyArn });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: keyArn });
    template.allResourcesProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: [topicArn] });
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.arrayWith([topicArn]) });
  });

  test('a hosted zone of the same stack holds the record and validates the certificate', () => {
    const stack = newStack(context);
    const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'shop.example.com' });
    new Stamp(stack, 'Stamp', { ...minimal(stack), hostedZone: zone });
    const template = Template.fromStack(stack);
    const reference = stack.resolve(zone.hostedZoneId) as unknown;
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'use1.enterprise.shop.example.com.',
      HostedZoneId: reference,
    });
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainValidationOptions: Match.arrayWith([Match.objectLike({ HostedZoneId: reference })]),
    });
  });

  test('names come from fleet, group and Region code, and can be given', () => {
    const template = synthesized(() => ({ aurora: AURORA, worker: WORKER, backup: BACKUP }), context);
    template.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'shop-enterprise-use1' });
    template.hasResourceProperties('AWS::RDS::DBCluster', { DBClusterIdentifier: 'shop-enterprise-use1' });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/stampkit/shop/enterprise-use1/database' });
    template.hasResourceProperties('AWS::Backup::BackupVault', { BackupVaultName: 'shop-enterprise-use1' });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/shop-enterprise-use1' });
    template.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: '*.shop.example.com',
      SubjectAlternativeNames: ['enterprise.shop.example.com', '*.enterprise.shop.example.com'],
    });

    const named = synthesized(
      () => ({
        recordName: 'blue.shop.example.com',
        groupRecordName: 'www.shop.example.com',
        certificateNames: ['*.shop.example.com'],
      }),
      context,
    );
    named.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'blue.shop.example.com.' });
    named.hasResourceProperties('AWS::Synthetics::Canary', {
      RunConfig: Match.objectLike({
        EnvironmentVariables: { CANARY_URLS: 'https://blue.shop.example.com/healthz https://www.shop.example.com/healthz' },
      }),
    });
  });

  test('restore tests are validated with the checks that were asked for, and warn through the stamp’s alarms', () => {
    const checks = { restoreChecks: { minimumRows: 7, query: 'SELECT true' } };
    const template = synthesized(() => ({ aurora: AURORA, backup: { ...BACKUP, ...checks } }), context);
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          STAMP_VALIDATOR_USER: 'stamp_validator_enterprise',
          STAMP_RESTORE_CHECKS: Match.serializedJson({ minimumRows: 7, query: { sql: 'SELECT true' }, timeLimit: 600 }),
        }),
      },
    });
    const failed = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter(
      ({ Properties }) => Properties.MetricName === 'ExecutionsFailed',
    );
    expect(failed.map(({ Properties }) => (Properties.AlarmActions as unknown[]).length)).toEqual([1]);
    const none = { ...BACKUP, restoreTest: RestoreTestSchedule.NONE };
    synthesized(() => ({ aurora: AURORA, backup: none }), context).resourceCountIs('AWS::StepFunctions::StateMachine', 0);
    synthesized(() => ({ aurora: AURORA }), context).resourceCountIs('AWS::StepFunctions::StateMachine', 0);
  });

  test('a table, an external database and no database', () => {
    const table = synthesized(() => ({ table: TABLE, backup: BACKUP }), context);
    table.hasResourceProperties('AWS::SSM::Parameter', {
      Value: Match.serializedJson({ engine: 'dynamodb', table: 'shop-enterprise.table' }),
    });
    table.hasResourceProperties('AWS::Backup::BackupVault', {});
    table.resourceCountIs('AWS::RDS::DBCluster', 0);

    const external = synthesized(() => ({ externalDatabase: EXTERNAL }), context);
    external.hasResourceProperties('AWS::SSM::Parameter', {
      Value: Match.serializedJson({
        engine: 'postgresql',
        writer: 'writer.db.example.com',
        reader: 'reader.db.example.com',
        port: 5433,
        name: 'legacy',
      }),
    });
    // Nobody knows who else uses it: its failure may not take stamps out of service (R5).
    external.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ STAMP_DATABASE_PROBE: 'connection', STAMP_DATABASE_SHARED: 'true' }) },
    });
    external.resourceCountIs('AWS::Backup::BackupVault', 0);

    const none = synthesized(() => ({}), context);
    none.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ STAMP_DATABASE_PROBE: 'none' }) },
    });
  });

  test('Aurora MySQL on provisioned instances, without a global cluster', () => {
    const template = synthesized(
      () => ({
        aurora: {
          engine: AuroraEngine.AURORA_MYSQL,
          engineVersion: '8.0.mysql_aurora.3.08.2',
          databaseName: 'app',
          home: true,
          joinGlobalCluster: false,
          instanceType: new ec2.InstanceType('r8g.large'),
          readers: 2,
        },
      }),
      context,
    );
    template.hasResourceProperties('AWS::RDS::DBCluster', { Engine: 'aurora-mysql', GlobalClusterIdentifier: Match.absent() });
    template.resourceCountIs('AWS::RDS::DBInstance', 3);
    template.allResourcesProperties('AWS::RDS::DBInstance', { DBInstanceClass: 'db.r8g.large' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ STAMP_DATABASE_PROBE: 'mysql' }) },
    });
  });

  test('tasks and worker on instances', () => {
    const template = synthesized(() => ({ compute: EC2, worker: WORKER }), context);
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MinSize: '3', MaxSize: '6' });
    template.resourceCountIs('AWS::ECS::Service', 2);
    template.allResourcesProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: Match.anyValue(), Weight: 1 }],
      LaunchType: Match.absent(),
    });
  });

  test('without a canary', () => {
    synthesized(() => ({ canary: false }), context).resourceCountIs('AWS::Synthetics::Canary', 0);
  });

  test('two groups fit into one stack: no construct and no physical name of one is in the way of the other', () => {
    const stack = newStack(context);
    const everything = { aurora: AURORA, worker: WORKER, backup: BACKUP };
    new Stamp(stack, 'Enterprise', minimal(stack, everything));
    new Stamp(stack, 'Pool', minimal(stack, { ...everything, group: 'pool', compute: EC2 }));
    const names = physicalNames(Template.fromStack(stack));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.length).toBeGreaterThan(30);
  });
});

describe('what a stamp shows', () => {
  test('every part is there, with the L2s of CDK', () => {
    const stack = newStack();
    const stamp = new Stamp(stack, 'Stamp', minimal(stack, { aurora: AURORA, worker: WORKER, backup: BACKUP }));
    expect(stamp.network).toBeInstanceOf(StampNetwork);
    expect(stamp.vpc).toBe(stamp.network?.vpc);
    expect(stamp.edge).toBeInstanceOf(StampEdge);
    expect(stamp.compute).toBeInstanceOf(FargateCompute);
    expect(stamp.queue).toBeInstanceOf(StampQueue);
    expect(stamp.worker).toBeInstanceOf(StampWorker);
    expect(stamp.database).toBeInstanceOf(AuroraMember);
    expect(stamp.health).toBeInstanceOf(StampHealth);
    expect(stamp.backup).toBeInstanceOf(StampBackup);
    expect(stamp.observability).toBeInstanceOf(StampObservability);
    expect(stamp.encryptionKey).toBeInstanceOf(kms.Key);
    expect(stamp.recordName).toBe('use1.enterprise.shop.example.com');
    expect(stamp.names.stack).toBe('shop-enterprise-use1');
    expect(stamp.node.children.map(({ node }) => node.id)).toEqual(
      expect.arrayContaining([
        'Network',
        'Key',
        'Edge',
        'Compute',
        'Worker',
        'Queue',
        'Database',
        'Health',
        'Backup',
        'Observability',
      ]),
    );
  });

  test('what was not asked for is undefined, not empty', () => {
    const stack = newStack();
    const stamp = new Stamp(stack, 'Stamp', minimal(stack, { vpc: importedVpc(stack), compute: EC2 }));
    expect(stamp.compute).toBeInstanceOf(Ec2Compute);
    for (const part of ['network', 'queue', 'worker', 'database', 'backup'] as const) expect(stamp[part]).toBeUndefined();
  });

  test.each([
    ['table', { table: TABLE }, TableMember],
    ['externalDatabase', { externalDatabase: EXTERNAL }, ExternalDatabase],
  ])('%s', (_name, props, expected) => {
    const stack = newStack();
    expect(new Stamp(stack, 'Stamp', minimal(stack, props)).database).toBeInstanceOf(expected);
  });

  test('the L2s can be built upon: an own permission, an own listener rule, an own alarm action', () => {
    const stack = newStack();
    const stamp = new Stamp(stack, 'Stamp', minimal(stack, { worker: WORKER }));
    const uploads = kms.Key.fromKeyArn(stack, 'Uploads', 'arn:aws:kms:us-east-1:111111111111:key/uploads');
    uploads.grantDecrypt(stamp.compute.taskDefinition.taskRole);
    stamp.queue?.queue.grantSendMessages(stamp.health.function);
    expect(stamp.observability.unhealthyAlarm.alarmArn).toBeDefined();
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'kms:Decrypt', Resource: 'arn:aws:kms:us-east-1:111111111111:key/uploads' }),
        ]),
      },
    });
  });
});

describe('guards', () => {
  const GUARDED = { aurora: AURORA, worker: WORKER, backup: BACKUP };
  const STATEFUL = ['AWS::RDS::DBCluster', 'AWS::SQS::Queue', 'AWS::KMS::Key', 'AWS::Backup::BackupVault', 'AWS::S3::Bucket'];

  test('what holds data is retained and protected by default', () => {
    const template = synthesized(() => GUARDED);
    for (const type of STATEFUL) {
      template.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
    template.hasResourceProperties('AWS::RDS::DBCluster', { DeletionProtection: true });
  });

  test('removalPolicy and deletionProtection reach every part', () => {
    const template = synthesized(() => ({ ...GUARDED, removalPolicy: RemovalPolicy.DESTROY, deletionProtection: false }));
    const kept = Object.entries(template.toJSON()['Resources'] as Record<string, { DeletionPolicy?: string }>)
      .filter(([, { DeletionPolicy }]) => DeletionPolicy !== undefined && DeletionPolicy !== 'Delete')
      .map(([id]) => id);
    expect(kept).toEqual([]);
    template.hasResourceProperties('AWS::RDS::DBCluster', { DeletionProtection: false });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]),
    });
  });
});

describe('fails early, with what to do', () => {
  function errorOf(props: (stack: Stack) => Partial<StampProps>): StampError {
    const stack = newStack();
    try {
      new Stamp(stack, 'Stamp', minimal(stack, props(stack)));
    } catch (error) {
      if (isStampError(error)) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  }

  test.each<[code: string, message: string, props: (stack: Stack) => Partial<StampProps>]>([
    ['STAMP_NETWORK', 'vpc', (stack) => ({ vpc: importedVpc(stack), network: NETWORK })],
    ['STAMP_DATABASE', '2 of aurora, table and externalDatabase', () => ({ aurora: AURORA, table: TABLE })],
    [
      'STAMP_DATABASE',
      '3 of aurora, table and externalDatabase',
      () => ({ aurora: AURORA, table: TABLE, externalDatabase: EXTERNAL }),
    ],
    ['STAMP_BACKUP', 'no database of its own', () => ({ backup: BACKUP })],
    ['STAMP_BACKUP', 'no database of its own', () => ({ backup: BACKUP, externalDatabase: EXTERNAL })],
    ['STAMP_EC2_CAPACITY', 'instanceType', () => ({ compute: { ...COMPUTE, kind: ComputeKind.EC2 } })],
    ['STAMP_EC2_CAPACITY', 'minInstances', () => ({ compute: { ...EC2, minInstances: undefined } })],
    ['STAMP_EC2_CAPACITY', 'maxInstances', () => ({ compute: { ...EC2, maxInstances: undefined } })],
  ])('fails with %s: %s', (code, message, props) => {
    const error = errorOf(props);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    // Other languages keep the message only: it carries code and fix.
    expect(error.message).toBe(`${code}: ${error.message.slice(code.length + 2, -error.fix.length - 2)}. ${error.fix}`);
    expect(error.fix).toMatch(/^(Give|Leave) .+\.$/);
  });

  test('fails with STAMP_NETWORK when there is neither vpc nor network', () => {
    const stack = newStack();
    const { network: _network, ...props } = minimal(stack);
    expect(() => new Stamp(stack, 'Stamp', props)).toThrow(
      /^STAMP_NETWORK: .*Give vpc for an existing network, network for a new one\.$/,
    );
  });

  test('fails in a stack that does not know its Region', () => {
    const stack = new Stack(new App(), 'Anywhere');
    expect(() => new Stamp(stack, 'Stamp', minimal(stack, { vpc: importedVpc(stack) }))).toThrow(
      /REGION_REQUIRED: .*env: \{ region \}/,
    );
  });
});

test('passes cdk-nag and the CloudFormation validation beside an imported network', { timeout: 120_000 }, () => {
  const { violations } = synthesizeChecked((stack) => {
    new Stamp(
      stack,
      'Stamp',
      minimal(stack, {
        vpc: importedVpc(stack),
        vpcEgress: StampEgress.ENDPOINTS_ONLY,
        aurora: AURORA,
        worker: WORKER,
        backup: BACKUP,
      }),
    );
  });
  expect(violations).toEqual([]);
});

/** Where resources say the name that exists once in an account and Region. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::Backup::RestoreTestingPlan': 'RestoreTestingPlanName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::ECS::CapacityProvider': 'Name',
  'AWS::ECS::Cluster': 'ClusterName',
  'AWS::ECS::Service': 'ServiceName',
  'AWS::ECS::TaskDefinition': 'Family',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::Route53::RecordSet': 'Name',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Synthetics::Canary': 'Name',
  'AWS::WAFv2::WebACL': 'Name',
};

function physicalNames(template: Template): string[] {
  return Object.entries(NAME_PROPERTY).flatMap(([type, property]) =>
    Object.values(template.findResources(type))
      .map((resource) => resource['Properties'][property] as unknown)
      .filter((name) => name !== undefined)
      .map((name) => `${type} ${JSON.stringify(name)}`),
  );
}
