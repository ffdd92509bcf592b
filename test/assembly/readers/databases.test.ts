import { describe, expect, test } from 'vitest';
import { factsOfTemplates } from '../../support/template-stacks';

describe('clusters', () => {
  test('members join a global cluster by name from other Regions; the one with credentials is its home', () => {
    const member = (home: boolean) =>
      [
        'AWS::RDS::DBCluster',
        {
          DBClusterIdentifier: 'Main',
          GlobalClusterIdentifier: 'Global-1',
          Engine: 'aurora-mysql',
          ...(home && { MasterUsername: 'admin' }),
        },
      ] as const;
    const { globalClusters, databaseClusters, findings } = factsOfTemplates(
      { name: 'data', resources: { Global: ['AWS::RDS::GlobalCluster', { GlobalClusterIdentifier: 'global-1' }] } },
      { name: 'east', resources: { Cluster: member(true) } },
      { name: 'west', region: 'us-west-2', resources: { Cluster: member(false) } },
    );
    expect(findings).toEqual([]);
    expect(globalClusters).toMatchObject([
      { identifier: 'global-1', memberIds: ['east/Cluster', 'west/Cluster'], homeId: 'east/Cluster', deletionProtection: false },
    ]);
    expect(
      databaseClusters.map(({ identifier, home, globalClusterId, arn }) => [identifier, home, globalClusterId, arn]),
    ).toEqual([
      ['main', true, 'data/Global', 'arn:aws:rds:us-east-1:111111111111:cluster:main'],
      ['main', false, 'data/Global', 'arn:aws:rds:us-west-2:111111111111:cluster:main'],
    ]);
  });

  test('a global cluster made around an existing one has it as its home', () => {
    const { globalClusters } = factsOfTemplates({
      resources: {
        Cluster: ['AWS::RDS::DBCluster', { MasterUsername: 'admin' }],
        Global: ['AWS::RDS::GlobalCluster', { SourceDBClusterIdentifier: { 'Fn::GetAtt': ['Cluster', 'DBClusterArn'] } }],
      },
    });
    expect(globalClusters).toMatchObject([{ memberIds: ['app/Cluster'], homeId: 'app/Cluster' }]);
  });

  test('a global cluster that nobody makes, and one of another account', () => {
    const join = { Cluster: ['AWS::RDS::DBCluster', { GlobalClusterIdentifier: 'global-1' }] } as const;
    const { databaseClusters, findings } = factsOfTemplates(
      {
        name: 'data',
        account: '222222222222',
        resources: { Global: ['AWS::RDS::GlobalCluster', { GlobalClusterIdentifier: 'global-1' }] },
      },
      { name: 'east', resources: join },
    );
    expect(databaseClusters[0]).toMatchObject({ globalClusterIdentifier: 'global-1' });
    expect(databaseClusters[0]).not.toHaveProperty('globalClusterId');
    expect(findings).toMatchObject([
      { code: 'template-reference-dangling', where: { path: ['Cluster', 'Properties', 'GlobalClusterIdentifier'] } },
    ]);
  });

  test('instances, parameters, zones and defaults', () => {
    const { databaseClusters, databaseInstances } = factsOfTemplates({
      resources: {
        A: ['AWS::EC2::Subnet', { AvailabilityZone: 'us-east-1a' }],
        Subnets: ['AWS::RDS::DBSubnetGroup', { DBSubnetGroupName: 'Data', SubnetIds: [{ Ref: 'A' }] }],
        Parameters: ['AWS::RDS::DBClusterParameterGroup', { Parameters: { 'rds.global_db_rpo': 20 } }],
        Cluster: {
          Type: 'AWS::RDS::DBCluster',
          Properties: {
            DBSubnetGroupName: 'data',
            DBClusterParameterGroupName: { Ref: 'Parameters' },
            ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 4 },
          },
        },
        Second: ['AWS::RDS::DBInstance', { DBClusterIdentifier: { Ref: 'Cluster' }, DBInstanceClass: 'db.serverless' }],
        First: [
          'AWS::RDS::DBInstance',
          { DBClusterIdentifier: { Ref: 'Cluster' }, AvailabilityZone: 'us-east-1a', PromotionTier: 0 },
        ],
      },
    });
    expect(databaseClusters).toMatchObject([
      {
        ...{
          parameters: { 'rds.global_db_rpo': '20' },
          serverless: { minCapacity: 0.5, maxCapacity: 4 },
          availabilityZones: ['us-east-1a'],
        },
        ...{ backupRetentionDays: 1, deletionProtection: false, deletionPolicy: 'Snapshot' },
        instances: [
          { id: 'app/First', availabilityZone: 'us-east-1a', promotionTier: 0 },
          { id: 'app/Second', instanceClass: 'db.serverless', promotionTier: 1 },
        ],
      },
    ]);
    expect(databaseInstances).toEqual([]);
  });

  test('instances of a cluster that nobody makes are pointed out', () => {
    const { findings } = factsOfTemplates({ resources: { One: ['AWS::RDS::DBInstance', { DBClusterIdentifier: 'gone' }] } });
    expect(findings.map(({ code }) => code)).toEqual(['template-reference-dangling']);
  });
});

describe('instances outside clusters', () => {
  test('with replicas in other Regions, named by ARN', () => {
    const { databaseInstances } = factsOfTemplates(
      {
        name: 'east',
        resources: {
          Main: [
            'AWS::RDS::DBInstance',
            { DBInstanceIdentifier: 'Main', Engine: 'postgres', MultiAZ: true, BackupRetentionPeriod: 7 },
          ],
        },
      },
      {
        ...{ name: 'west', region: 'us-west-2' },
        resources: {
          Copy: [
            'AWS::RDS::DBInstance',
            { SourceDBInstanceIdentifier: 'arn:aws:rds:us-east-1:111111111111:db:main', AvailabilityZone: 'us-west-2a' },
          ],
        },
      },
    );
    expect(databaseInstances).toMatchObject([
      { id: 'east/Main', identifier: 'main', multiAz: true, backupRetentionDays: 7 },
      { id: 'west/Copy', replicaOf: 'east/Main', multiAz: false, availabilityZone: 'us-west-2a' },
    ]);
  });
});

describe('tables', () => {
  test('a table that is not global has one replica, in the stack’s Region', () => {
    const { tables } = factsOfTemplates({
      region: 'eu-west-1',
      resources: {
        Table: [
          'AWS::DynamoDB::Table',
          { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, Tags: [{ Key: 'a', Value: 'b' }] },
        ],
      },
    });
    expect(tables).toMatchObject([
      {
        ...{ name: '[app.Table]', consistency: 'eventual', billing: 'PROVISIONED', timeToLive: false, deletionPolicy: 'Delete' },
        replicas: [
          { region: 'eu-west-1', pointInTimeRecovery: true, recoveryPeriodDays: 35, deletionProtection: false, tags: { a: 'b' } },
        ],
      },
    ]);
  });

  test('a global table with consistency, witness and recovery per replica', () => {
    const { tables } = factsOfTemplates({
      resources: {
        Table: [
          'AWS::DynamoDB::GlobalTable',
          {
            ...{ TableName: 'orders', MultiRegionConsistency: 'STRONG', GlobalTableWitnesses: [{ Region: 'us-east-2' }] },
            Replicas: [
              {
                Region: 'us-west-2',
                PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
              },
              { Region: { Ref: 'AWS::Region' }, DeletionProtectionEnabled: true },
            ],
          },
        ],
      },
    });
    expect(tables).toMatchObject([
      {
        ...{ name: 'orders', consistency: 'strong', witnessRegion: 'us-east-2' },
        replicas: [
          { region: 'us-east-1', pointInTimeRecovery: false, deletionProtection: true },
          { region: 'us-west-2', pointInTimeRecovery: true, recoveryPeriodDays: 7, deletionProtection: false },
        ],
      },
    ]);
  });
});

describe('pointers and queues', () => {
  test('a pointer finds its cluster by the endpoint, and a table of another stack by name', () => {
    const pointer = (stamp: string, Value: unknown) =>
      ['AWS::SSM::Parameter', { Name: `/stampkit/shop/${stamp}/database`, Value }] as const;
    const { pointers, findings } = factsOfTemplates(
      { name: 'data', resources: { Table: ['AWS::DynamoDB::GlobalTable', { TableName: 'orders', Replicas: [] }] } },
      {
        name: 'b',
        resources: {
          Cluster: ['AWS::RDS::DBCluster', {}],
          A: pointer('a-use1', {
            'Fn::Sub': '{"engine":"aurora-mysql","writer":"${Cluster.Endpoint.Address}","port":3306,"name":"app"}',
          }),
          B: pointer('b-use1', '{"engine":"dynamodb","table":"orders"}'),
          C: pointer('c-use1', '{"engine":"dynamodb","table":"gone"}'),
          Other: ['AWS::SSM::Parameter', { Name: '/app/other', Value: 'x' }],
        },
      },
    );
    expect(pointers).toMatchObject([
      { id: 'b/A', engine: 'aurora-mysql', port: 3306, databaseName: 'app', databaseId: 'b/Cluster' },
      { id: 'b/B', engine: 'dynamodb', table: 'orders', databaseId: 'data/Table' },
      { id: 'b/C', table: 'gone' },
    ]);
    expect(findings.map(({ where }) => where.path)).toEqual([['C', 'Properties', 'Value']]);
  });

  test('queues: defaults, dead letters here and elsewhere', () => {
    const { queues, findings } = factsOfTemplates({
      resources: {
        Work: [
          'AWS::SQS::Queue',
          { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: '3' } },
        ],
        Dead: ['AWS::SQS::Queue', {}],
        Far: [
          'AWS::SQS::Queue',
          {
            QueueName: 'far.fifo',
            FifoQueue: true,
            RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:1:gone', maxReceiveCount: 3 },
          },
        ],
      },
    });
    expect(queues).toMatchObject([
      { id: 'app/Dead', visibilityTimeout: 30, retention: 345_600, fifo: false },
      { id: 'app/Far', fifo: true, deadLetter: { arn: 'arn:aws:sqs:us-east-1:1:gone' } },
      { id: 'app/Work', deadLetter: { queueId: 'app/Dead', maxReceives: 3 } },
    ]);
    expect(findings).toHaveLength(1);
  });
});
