import { App } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { DatabaseConfig, GroupConfig } from '../../lib/config/types';
import { StampStack } from '../../lib/stacks/stamp-stack';
import { buildFleet } from '../../lib/topology/build-fleet';
import {
  BACKUP,
  DYNAMODB,
  activeActive,
  activePassive,
  builtFleet,
  compute,
  firstLock,
  fleetConfig,
  group,
  plainGroup,
  single,
  stampOf,
} from '../topology/fixtures';
import { exampleFleet as loadedExample } from '../support/loaded-fleets';
import { expectSameBothWays, stampOfGroup, stampTemplate } from '../support/stamp-stack';

type Json = Record<string, any>;

const PROVISIONED_MYSQL: DatabaseConfig = {
  engine: 'aurora-mysql',
  version: '8.0.mysql_aurora.3.08.0',
  name: 'app',
  provisioned: { instance: 'db.r7g.large', readers: 1 },
};
const STRONG: DatabaseConfig = { ...DYNAMODB, engine: 'dynamodb', consistency: 'strong', witness: 'use2' } as DatabaseConfig;
const KEYED: DatabaseConfig = {
  ...DYNAMODB,
  keyArns: {
    use1: 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555',
    usw2: 'arn:aws:kms:us-west-2:111111111111:key/11111111-2222-3333-4444-555555555555',
    euw1: 'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555',
  },
} as DatabaseConfig;
const EXTERNAL: DatabaseConfig = {
  engine: 'external',
  protocol: 'postgresql',
  name: 'legacy',
  endpoints: {
    use1: { writer: 'w.db.example.com', reader: 'r.db.example.com', port: 5433 },
    usw2: { writer: 'w2.db.example.com', reader: 'r2.db.example.com', port: 5433 },
  },
};
const OIDC = {
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/authorize',
  tokenEndpoint: 'https://login.example.com/token',
  userInfoEndpoint: 'https://login.example.com/userinfo',
  clientId: 'shop',
  clientSecretName: 'shop/oidc',
};

const VARIANTS: [name: string, id: string, group: GroupConfig][] = [
  ['Aurora PostgreSQL, serverless, home', 'enterprise-use1', group('enterprise')],
  ['Aurora PostgreSQL, serverless, replica', 'enterprise-usw2', group('enterprise')],
  ['Aurora MySQL, provisioned, replica', 'enterprise-usw2', group('enterprise', { database: PROVISIONED_MYSQL })],
  [
    'Aurora in one Region, without a global cluster',
    'solo-euw1',
    group('solo', { placement: single(), backup: { ...BACKUP, copyTo: [], copyReason: 'test' } }),
  ],
  ['DynamoDB, eventual, latency', 'pool-euw1', group('pool', { placement: activeActive(), database: DYNAMODB })],
  ['DynamoDB, strong with witness', 'pool-use1', group('pool', { placement: activeActive(['use1', 'usw2']), database: STRONG })],
  ['DynamoDB with own keys', 'pool-usw2', group('pool', { placement: activeActive(), database: KEYED })],
  ['an external database', 'enterprise-use1', plainGroup('enterprise', { database: EXTERNAL })],
  [
    'no database, no worker, EC2',
    'internal-euw1',
    plainGroup('internal', {
      placement: single(),
      compute: compute({ kind: 'ec2', instanceType: 'm7i.large', tasksPerInstance: 2 }),
    }),
  ],
  [
    'EC2 on Graviton with a worker',
    'enterprise-use1',
    group('enterprise', {
      compute: compute({ kind: 'ec2', architecture: 'arm64', instanceType: 'm7g.large', tasksPerInstance: 2 }),
    }),
  ],
  [
    'endpoints only',
    'enterprise-use1',
    group('enterprise', {
      network: { egress: 'endpoints-only', transitGateways: {}, transitCidrs: [] },
      health: { dependencies: [] },
    }),
  ],
  [
    'a transit gateway',
    'enterprise-use1',
    group('enterprise', {
      network: {
        egress: 'nat',
        transitGateways: { use1: 'tgw-0123456789abcdef0', usw2: 'tgw-0123456789abcdef1' },
        transitCidrs: ['172.16.0.0/12'],
      },
    }),
  ],
  [
    'sign-in, secrets, environment, commands, manual traffic',
    'enterprise-use1',
    group('enterprise', {
      compute: compute({
        environment: { LOG_LEVEL: 'info' },
        secrets: { API_KEY: 'shop/api-key' },
        command: ['serve'],
        readonlyRootFilesystem: false,
        tmpSize: 256,
      }),
      edge: {
        rateLimitPer5Min: 3000,
        tenantRateLimitPer5Min: 10_000,
        blockedCidrs: ['203.0.113.0/24'],
        clientKeepAlive: 120,
        oidc: OIDC,
      },
      failover: { traffic: 'manual', promotion: 'manual', standbyServes: 'none', writerGrace: 120 },
    }),
  ],
  [
    'guards lowered',
    'enterprise-use1',
    group('enterprise', {
      guards: {
        deletionProtection: { enabled: false, reason: 'test' },
        terminationProtection: { enabled: false, reason: 'test' },
      },
    }),
  ],
];

describe('a stamp from tokens equals the stamp from plain values', () => {
  test.each(VARIANTS)('%s', (_name, id, of) => {
    expectSameBothWays(stampOfGroup(of, id));
  });
});

const fleet = builtFleet();
const home = stampTemplate(stampOf(fleet, 'enterprise-use1'));
const replica = stampTemplate(stampOf(fleet, 'enterprise-usw2'));
const pool = stampTemplate(stampOf(fleet, 'pool-euw1'));
const internal = stampTemplate(stampOf(fleet, 'internal-euw1'));

/** Resources whose replacement would lose data, names that others use, or both. */
const STATEFUL = [
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
  'AWS::KMS::Key',
  'AWS::KMS::Alias',
  'AWS::Backup::BackupVault',
  'AWS::SSM::Parameter',
];

function logicalIds(template: Template, types: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(types.map((type) => [type, Object.keys(template.findResources(type)).sort()]));
}

function only(template: Template, type: string): Json {
  const resources = Object.values(template.findResources(type));
  expect(resources).toHaveLength(1);
  return resources[0]!;
}

describe('every stamp of the example fleet from tokens equals the one from plain values', () => {
  const stamps = loadedExample().fleet.groups.flatMap((of) => of.stamps);
  test.each(stamps.map((spec) => [spec.id, spec] as const))('%s', (_id, spec) => {
    expectSameBothWays(spec);
  });
});

describe('contracts of a stamp stack', () => {
  test('logical ids of everything stateful: a changed one replaces the resource', () => {
    expect(logicalIds(home, STATEFUL)).toMatchInlineSnapshot(`
      {
        "AWS::Backup::BackupVault": [
          "StampBackupVault0A91C7DB",
        ],
        "AWS::KMS::Alias": [
          "StampKeyAlias2E92251F",
        ],
        "AWS::KMS::Key": [
          "StampKey41239E32",
        ],
        "AWS::RDS::DBCluster": [
          "StampDatabaseClusterC23CB261",
        ],
        "AWS::RDS::DBInstance": [
          "StampDatabaseInstance1EE233803",
          "StampDatabaseInstance2C9755494",
        ],
        "AWS::SQS::Queue": [
          "StampQueueA954BB00",
          "StampQueueDeadLetterQueue9FBF0EEE",
        ],
        "AWS::SSM::Parameter": [
          "StampDatabasePointerA272E03F",
        ],
        "AWS::SecretsManager::Secret": [
          "StampDatabaseMasterSecretD7A29F25",
        ],
      }
    `);
  });

  test('physical names that others know', () => {
    expect(only(home, 'AWS::RDS::DBCluster')['Properties']).toMatchObject({
      DBClusterIdentifier: 'shop-enterprise-use1',
      GlobalClusterIdentifier: 'shop-enterprise-global',
    });
    home.hasResourceProperties('AWS::SSM::Parameter', { Name: '/stampkit/shop/enterprise-use1/database' });
    home.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'shop-enterprise-use1-work' });
    home.hasResourceProperties('AWS::SQS::Queue', { QueueName: 'shop-enterprise-use1-work-dead' });
    home.hasResourceProperties('AWS::Backup::BackupVault', { BackupVaultName: 'shop-enterprise-use1' });
    home.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/shop-enterprise-use1' });
    home.hasResourceProperties('AWS::ECS::Cluster', { ClusterName: 'shop-enterprise-use1' });
    home.hasResourceProperties('AWS::ECS::Service', { ServiceName: 'shop-enterprise-use1-web' });
    home.hasResourceProperties('AWS::ECS::Service', { ServiceName: 'shop-enterprise-use1-worker' });
    home.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'shop-enterprise-use1-health' });
    home.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmName: 'shop-enterprise-use1-unhealthy' });
    home.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'use1.enterprise.shop.example.com.', Type: 'A' });
  });

  test('the stack is named, tagged and protected by what topology says', () => {
    const spec = stampOf(fleet, 'enterprise-use1');
    const stack = new StampStack(new App(), 'shop-enterprise-use1', spec);
    expect(stack.stackName).toBe('shop-enterprise-use1');
    expect(stack.terminationProtection).toBe(true);
    expect(stack.tags.tagValues()).toEqual({ Product: 'shop' });
    expect([stack.account, stack.region]).toEqual(['111111111111', 'us-east-1']);
  });
});

describe('the parts belong together', () => {
  test('tasks get the application contract', () => {
    for (const family of ['shop-enterprise-use1-web', 'shop-enterprise-use1-worker']) {
      home.hasResourceProperties('AWS::ECS::TaskDefinition', {
        Family: family,
        ContainerDefinitions: [
          Match.objectLike({
            Environment: Match.arrayWith([
              { Name: 'STAMP_ID', Value: 'enterprise-use1' },
              { Name: 'STAMP_GROUP', Value: 'enterprise' },
              { Name: 'STAMP_REGION', Value: 'us-east-1' },
              { Name: 'STAMP_STANDBY_SERVES', Value: 'reads' },
              { Name: 'STAMP_QUEUE_URL', Value: { Ref: Match.stringLikeRegexp('^StampQueue') } },
            ]),
            Secrets: Match.arrayWith([Match.objectLike({ Name: 'STAMP_DATABASE' })]),
          }),
        ],
      });
    }
  });

  test('standbyServes: none tells tasks and health function alike, and changes nothing else', () => {
    const silent = group('enterprise', {
      failover: { traffic: 'automatic', promotion: 'manual', standbyServes: 'none', writerGrace: 90 },
    });
    const template = stampTemplate(stampOfGroup(silent, 'enterprise-usw2'));
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: 'shop-enterprise-usw2-web',
      ContainerDefinitions: [
        Match.objectLike({ Environment: Match.arrayWith([{ Name: 'STAMP_STANDBY_SERVES', Value: 'none' }]) }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ STAMP_STANDBY_SERVES: 'none' }) },
    });
  });

  test('web tasks, worker and the functions for health, bootstrap and restore validation reach the database, and nobody else does', () => {
    const [cluster] = only(home, 'AWS::RDS::DBCluster')['Properties'].VpcSecurityGroupIds as Json[];
    const rules = Object.values(home.findResources('AWS::EC2::SecurityGroupIngress'))
      .map((rule) => rule['Properties'] as Json)
      .filter((rule) => JSON.stringify(rule['GroupId']) === JSON.stringify(cluster));
    expect(rules.map((rule) => rule['Description']).sort()).toEqual([
      'Database bootstrap of the stamp',
      'Health function of the stamp',
      'Restore validation of the stamp',
      'Web tasks of the stamp',
      'Worker tasks of the stamp',
    ]);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        FromPort: 5432,
        ToPort: 5432,
        SourceSecurityGroupId: { 'Fn::GetAtt': [expect.any(String), 'GroupId'] },
      });
    }
  });

  test('the health function knows its stamp, its database user and the shared dependency', () => {
    home.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'shop-enterprise-use1-health',
      ReservedConcurrentExecutions: stampOf(fleet, 'enterprise-use1').values.capacity.healthConcurrency,
      Environment: {
        Variables: Match.objectLike({
          STAMP_ID: 'enterprise-use1',
          STAMP_DATABASE_PROBE: 'postgresql',
          STAMP_DATABASE_USER: 'stamp_probe_enterprise',
          STAMP_WRITER_GRACE_SECONDS: '90',
          STAMP_RECORD_NAME: 'use1.enterprise.shop.example.com',
        }),
      },
    });
  });

  test('everything that is stored is encrypted with the stamp’s own key', () => {
    const key = { 'Fn::GetAtt': [Object.keys(home.findResources('AWS::KMS::Key'))[0], 'Arn'] };
    home.resourceCountIs('AWS::KMS::Key', 1);
    home.hasResourceProperties('AWS::RDS::DBCluster', { KmsKeyId: key, StorageEncrypted: true });
    home.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
    home.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: key });
    home.hasResourceProperties('AWS::Backup::BackupVault', { EncryptionKeyArn: key });
    home.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
  });

  test('the same target groups hang on the listener in the right order: health before sign-in, tasks by default', () => {
    const rules = Object.values(home.findResources('AWS::ElasticLoadBalancingV2::ListenerRule')).map(
      (rule) => rule['Properties'] as Json,
    );
    const first = rules.sort((a, b) => a['Priority'] - b['Priority'])[0]!;
    expect(first).toMatchObject({
      Priority: 1,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/.stamp/health'] } }],
    });
  });

  test('every alarm reports somewhere', () => {
    for (const template of [home, replica, pool, internal]) {
      const alarms = Object.values({
        ...template.findResources('AWS::CloudWatch::Alarm'),
        ...template.findResources('AWS::CloudWatch::CompositeAlarm'),
      });
      const silent = alarms.filter((alarm) => (alarm['Properties'].AlarmActions ?? []).length === 0);
      // Alarms that scaling policies create for themselves are not in the template.
      expect(silent).toEqual([]);
    }
  });
});

describe('R8: removing a stamp', () => {
  test('keeps what a retained database goes on using: VPC, isolated subnets, subnet group, security group and key', () => {
    const kept = Object.entries(home.toJSON()['Resources'] as Json)
      .filter(([, resource]) => resource.DeletionPolicy === 'RetainExceptOnCreate')
      .map(([logicalId]) => logicalId);
    const [subnetGroup] = Object.values(home.findResources('AWS::RDS::DBSubnetGroup'));
    const subnets = (subnetGroup!['Properties'].SubnetIds as Json[]).map((subnet) => subnet['Ref'] as string);
    expect(kept).toEqual(expect.arrayContaining([...subnets, ...Object.keys(home.findResources('AWS::EC2::VPC'))]));
    expect(kept).toEqual(expect.arrayContaining(Object.keys(home.findResources('AWS::RDS::DBSubnetGroup'))));
  });

  test('keeps no network where there is no database in it', () => {
    for (const template of [pool, internal]) {
      template.allResources('AWS::EC2::VPC', Match.not(Match.objectLike({ DeletionPolicy: Match.anyValue() })));
    }
  });
});

describe('what differs between stamps', () => {
  test('the home member has the master secret, the replica has none', () => {
    home.resourceCountIs('AWS::SecretsManager::Secret', 1);
    replica.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(only(replica, 'AWS::RDS::DBCluster')['Properties']).not.toHaveProperty('MasterUsername');
  });

  test('both members copy their backups to each other’s vault', () => {
    const copies = (template: Template): string[] =>
      (only(template, 'AWS::Backup::BackupPlan')['Properties'].BackupPlan.BackupPlanRule as Json[])
        .flatMap((rule) => (rule['CopyActions'] ?? []) as Json[])
        .map((copy) => copy['DestinationBackupVaultArn'] as string);
    expect(copies(home)).toEqual(['arn:aws:backup:us-west-2:111111111111:backup-vault:shop-enterprise-usw2']);
    expect(copies(replica)).toEqual(['arn:aws:backup:us-east-1:111111111111:backup-vault:shop-enterprise-use1']);
  });

  test('a table stamp has access to the table and no network side of a database', () => {
    pool.resourceCountIs('AWS::RDS::DBCluster', 0);
    pool.hasResourceProperties('AWS::SSM::Parameter', {
      Value: Match.serializedJson({ engine: 'dynamodb', table: 'shop-pool.table' }),
    });
    pool.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ STAMP_DATABASE_PROBE: 'dynamodb' }) },
    });
  });

  test('a stamp without database and worker has no pointer, queue, vault or worker', () => {
    for (const type of ['AWS::SSM::Parameter', 'AWS::SQS::Queue', 'AWS::Backup::BackupVault', 'AWS::RDS::DBCluster'])
      internal.resourceCountIs(type, 0);
    internal.resourceCountIs('AWS::ECS::Service', 1);
    internal.resourceCountIs('AWS::ECS::CapacityProvider', 1);
    internal.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ STAMP_DATABASE_PROBE: 'none' }) },
    });
  });
});

describe('R1: swapping primary and standby', () => {
  const beforeConfig = fleetConfig({ groups: [group('enterprise', { placement: activePassive('use1', 'usw2', 50) })] });
  const before = builtFleet(beforeConfig);
  // The lock pins the home Region: a swap of preferred roles is not a move of the data.
  const swappedConfig = fleetConfig({ groups: [group('enterprise', { placement: activePassive('usw2', 'use1', 50) })] });
  const after = buildFleet(swappedConfig, firstLock(beforeConfig)).fleet;

  test.each(['enterprise-use1', 'enterprise-usw2'])('changes nothing but capacity in %s', (id) => {
    const changed = changedResources(stampTemplate(stampOf(before, id)), stampTemplate(stampOf(after, id)));
    expect(changed.length).toBeGreaterThan(0);
    expect([...new Set(changed.map(({ type }) => type))].sort()).toEqual([
      'AWS::ApplicationAutoScaling::ScalableTarget',
      'AWS::CloudWatch::Alarm',
    ]);
    for (const { type, a, b } of changed.filter((change) => change.type === 'AWS::CloudWatch::Alarm')) {
      // The alarm on the floor of tasks follows the floor.
      expect({ ...a, Threshold: 0 }, type).toEqual({ ...b, Threshold: 0 });
    }
  });
});

function changedResources(a: Template, b: Template): { logicalId: string; type: string; a: Json; b: Json }[] {
  const [left, right] = [a.toJSON()['Resources'] as Json, b.toJSON()['Resources'] as Json];
  expect(Object.keys(left).sort()).toEqual(Object.keys(right).sort());
  return Object.keys(left)
    .filter((logicalId) => JSON.stringify(left[logicalId]) !== JSON.stringify(right[logicalId]))
    .map((logicalId) => ({
      logicalId,
      type: left[logicalId].Type as string,
      a: left[logicalId].Properties as Json,
      b: right[logicalId].Properties as Json,
    }));
}

describe('alarms reach somebody', () => {
  test('the fleet’s addresses are subscribed to every stamp’s topic', () => {
    for (const template of [home, replica, pool, internal]) {
      template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'oncall@example.com' });
    }
  });
});
