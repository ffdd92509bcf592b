import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { DatabaseInsights } from '../../lib/constructs/aurora-member';
import { DatabaseUser } from '../../lib/constructs/stamp-database';
import { codeOf, expectRetained, found, KEY_ARN, propertiesOf, withActions } from '../support/database-fixtures';
import { isAllowed, policyStatements } from '../support/iam-evaluator';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';
import { cluster, member, MYSQL, PROVISIONED, REPLICA, SINGLE, templateOf } from './aurora-member-example';

describe('the member cluster', () => {
  test('joins the global cluster by its plain name', () => {
    expect(cluster()).toMatchObject({
      DBClusterIdentifier: EXAMPLE_VALUES.names.databaseCluster,
      GlobalClusterIdentifier: EXAMPLE_VALUES.groupNames.globalCluster,
      Engine: 'aurora-postgresql',
      EngineVersion: '16.8',
    });
  });

  test('joins nothing in a group of one stamp', () => {
    expect(cluster(SINGLE)).not.toHaveProperty('GlobalClusterIdentifier');
  });

  test.each([
    ['home', {}],
    ['replica', REPLICA],
  ])('is encrypted with a key of its own Region: %s', (_name, overrides) => {
    expect(cluster(overrides)).toMatchObject({
      StorageEncrypted: true,
      KmsKeyId: KEY_ARN,
    });
  });

  test('makes its own rotated and retained key when none is given', () => {
    const template = templateOf({ encryptionKey: undefined });
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    expectRetained(template, ['AWS::KMS::Key']);
    template.hasResourceProperties('AWS::RDS::DBCluster', { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Key'), 'Arn'] } });
  });

  test('logs in by IAM, on every member', () => {
    expect(cluster(REPLICA)['EnableIAMDatabaseAuthentication']).toBe(true);
    expect(cluster()['EnableIAMDatabaseAuthentication']).toBe(true);
  });

  test('protects itself: deletion protection, tags on snapshots, 35 days of automated backups, the tag of the backup plan', () => {
    expect(cluster()).toMatchObject({
      DeletionProtection: true,
      CopyTagsToSnapshot: true,
      BackupRetentionPeriod: 35,
      Tags: [{ Key: 'stampkit:backup', Value: 'enterprise-use1' }],
    });
  });

  test('lowers guards only when told to', () => {
    expect(cluster({ deletionProtection: false })['DeletionProtection']).toBe(false);
    templateOf({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::RDS::DBCluster', { DeletionPolicy: 'Delete' });
  });

  test.each([
    ['standard', 7, {}],
    ['advanced', 465, { databaseInsights: DatabaseInsights.ADVANCED }],
  ])('sets Database Insights: %s', (mode, days, overrides) => {
    expect(cluster(overrides)).toMatchObject({
      DatabaseInsightsMode: mode,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsRetentionPeriod: days,
    });
  });

  test('retains everything stateful', () => {
    expectRetained(templateOf(), [
      'AWS::RDS::DBCluster',
      'AWS::RDS::DBInstance',
      'AWS::RDS::DBClusterParameterGroup',
      'AWS::RDS::DBParameterGroup',
      'AWS::RDS::DBSubnetGroup',
      'AWS::EC2::SecurityGroup',
      'AWS::SecretsManager::Secret',
      'AWS::Logs::LogGroup',
      'AWS::SSM::Parameter',
    ]);
  });
});

describe('home and replica', () => {
  test('the home member has a master user with a named, generated secret and the database', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: EXAMPLE_VALUES.names.masterSecret,
      KmsKeyId: KEY_ARN,
      GenerateSecretString: Match.objectLike({ GenerateStringKey: 'password' }),
    });
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      DatabaseName: 'app',
      MasterUsername: 'stampadmin',
      MasterUserPassword: {
        'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: Match.anyValue() }, ':SecretString:password::}}']],
      },
      ManageMasterUserPassword: Match.absent(),
    });
  });

  test('a replica has neither master user, nor password, nor database, nor secret', () => {
    const template = templateOf(REPLICA);
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      MasterUsername: Match.absent(),
      MasterUserPassword: Match.absent(),
      ManageMasterUserPassword: Match.absent(),
      DatabaseName: Match.absent(),
    });
  });

  test('nothing but master user and database tells a home member from a replica', () => {
    const { DatabaseName, MasterUsername, MasterUserPassword, ...home } = cluster();
    expect([DatabaseName, MasterUsername, MasterUserPassword].every((value) => value !== undefined)).toBe(true);
    expect(home).toEqual(cluster(REPLICA));
  });
});

describe('parameters', () => {
  test('PostgreSQL enforces TLS, and the home member the lag bound', () => {
    templateOf({ maxReplicationLag: Duration.seconds(30) }).hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Family: 'aurora-postgresql16',
      Parameters: { 'rds.force_ssl': '1', 'rds.global_db_rpo': '30' },
    });
  });

  test('a standby that takes over never blocks its commits for want of a secondary', () => {
    templateOf({ ...REPLICA, maxReplicationLag: Duration.seconds(30) }).hasResourceProperties(
      'AWS::RDS::DBClusterParameterGroup',
      { Family: 'aurora-postgresql16', Parameters: { 'rds.force_ssl': '1', 'rds.global_db_rpo': Match.absent() } },
    );
  });

  test('without a lag bound commits are never blocked', () => {
    templateOf().hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Parameters: { 'rds.global_db_rpo': Match.absent() },
    });
  });

  test('MySQL enforces TLS and writes the logs it exports', () => {
    const template = templateOf(MYSQL);
    template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
      Family: 'aurora-mysql8.0',
      Parameters: Match.objectLike({ require_secure_transport: 'ON', server_audit_logging: '1', slow_query_log: '1' }),
    });
    template.hasResourceProperties('AWS::RDS::DBCluster', {
      Port: 3306,
      EnableCloudwatchLogsExports: ['audit', 'error', 'slowquery'],
    });
  });

  test('TLS cannot be switched off by further parameters', () => {
    templateOf({ clusterParameters: { 'rds.force_ssl': '0', log_min_duration_statement: '500' } }).hasResourceProperties(
      'AWS::RDS::DBClusterParameterGroup',
      { Parameters: { 'rds.force_ssl': '1', log_min_duration_statement: '500' } },
    );
  });

  test.each([
    [20, undefined],
    [2_147_483_647, undefined],
    [19, 'REPLICATION_LAG'],
    [2_147_483_648, 'REPLICATION_LAG'],
  ])('a lag bound of %d s: %s', (seconds, code) => {
    expect(codeOf(() => templateOf({ maxReplicationLag: Duration.seconds(seconds) }))).toBe(code);
  });

  test('fails with a lag bound on MySQL, which has none', () => {
    expect(codeOf(() => templateOf({ ...MYSQL, maxReplicationLag: Duration.seconds(30) }))).toBe('REPLICATION_LAG');
  });

  test.each(['16', '16.8.1', '8.0.mysql_aurora.3.08.2', ''])('fails with the PostgreSQL version "%s"', (engineVersion) => {
    expect(codeOf(() => templateOf({ engineVersion }))).toBe('DATABASE_VERSION');
  });

  test.each(['8.0', '3.08.2', '16.8'])('fails with the MySQL version "%s"', (engineVersion) => {
    expect(codeOf(() => templateOf({ ...MYSQL, engineVersion }))).toBe('DATABASE_VERSION');
  });
});

describe('logs, endpoints, network', () => {
  test('the log group exists first, under the name RDS writes to, encrypted and with a retention', () => {
    const template = templateOf();
    const name = `/aws/rds/cluster/${EXAMPLE_VALUES.names.databaseCluster}/postgresql`;
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: name,
      RetentionInDays: 90,
      KmsKeyId: KEY_ARN,
    });
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    template.hasResource('AWS::RDS::DBCluster', { DependsOn: Match.arrayWith([logGroup]) });
  });

  test('the pointer appears when an instance can answer, so that tasks do not start against an empty cluster', () => {
    const template = templateOf();
    const [pointer] = Object.values(template.findResources('AWS::SSM::Parameter'));
    expect(pointer!['DependsOn']).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::RDS::DBInstance'))));
  });

  test('the pointer holds the member’s own endpoints', () => {
    const template = templateOf();
    const [id] = Object.keys(template.findResources('AWS::RDS::DBCluster'));
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: EXAMPLE_VALUES.names.databaseParameter,
      Value: {
        'Fn::Join': [
          '',
          [
            '{"engine":"aurora-postgresql","writer":"',
            { 'Fn::GetAtt': [id, 'Endpoint.Address'] },
            '","reader":"',
            { 'Fn::GetAtt': [id, 'ReadEndpoint.Address'] },
            '","port":5432,"name":"app"}',
          ],
        ],
      },
    });
  });

  test('nobody can connect until they are let in, and then on the port of the engine only', () => {
    const template = synthesize((stack) => {
      const database = member(stack);
      const client = ec2.SecurityGroup.fromSecurityGroupId(stack, 'Client', 'sg-0123456789abcdef0');
      database.connections.allowDefaultPortFrom(client, 'web tasks');
      database.databaseCluster.connections.allowDefaultPortFrom(client, 'web tasks');
    });
    const ingress = propertiesOf(template, 'AWS::EC2::SecurityGroupIngress');
    expect(ingress.map((rule) => [rule['FromPort'], rule['ToPort'], 'SourceSecurityGroupId' in rule])).toEqual([
      [5432, 5432, true],
    ]);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Database of the stamp',
      SecurityGroupIngress: Match.absent(),
    });
  });

  test('a restore test goes into the same subnets and security group', () => {
    synthesize((stack) => {
      const database = member(stack);
      const metadata = stack.resolve(database.restoreMetadata) as Record<string, unknown>;
      expect(metadata['dbSubnetGroupName']).toEqual({ Ref: expect.stringContaining('SubnetGroup') });
      expect(metadata['vpcSecurityGroupIds']).toEqual({
        'Fn::Join': ['', ['["', { 'Fn::GetAtt': [expect.stringContaining('SecurityGroup'), 'GroupId'] }, '"]']],
      });
    });
  });
});

describe('alarms', () => {
  test('replication lag is watched on every member of a global cluster, whoever is the writer', () => {
    for (const overrides of [{}, REPLICA]) {
      templateOf({ ...overrides, maxReplicationLag: Duration.seconds(25) }).hasResourceProperties('AWS::CloudWatch::Alarm', {
        Metrics: [
          Match.objectLike({
            Expression: `SELECT MAX(AuroraGlobalDBRPOLag) FROM "AWS/RDS" WHERE DBClusterIdentifier = '${EXAMPLE_VALUES.names.databaseCluster}'`,
          }),
        ],
        Threshold: 25_000,
        TreatMissingData: 'notBreaching',
      });
    }
  });

  test('a single member has no lag', () => {
    const metrics = propertiesOf(templateOf(SINGLE), 'AWS::CloudWatch::Alarm').map((alarm) => alarm['MetricName']);
    expect(metrics.sort()).toEqual(['ACUUtilization', 'CPUUtilization']);
  });

  test('provisioned instances watch their local storage', () => {
    templateOf(PROVISIONED).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'FreeLocalStorage',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 2_147_483_648,
    });
  });
});

describe('access, before and after a restore', () => {
  function statements(user: DatabaseUser) {
    return policyStatements(
      synthesize((stack) => {
        const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
        member(stack).grantAccess(role, user);
      }),
    );
  }
  const dbUser = (resourceId: string, user: string): string =>
    `arn:aws:rds-db:us-east-1:111111111111:dbuser:${resourceId}/${user}`;

  test.each([
    [DatabaseUser.APP, 'stamp_app_enterprise'],
    [DatabaseUser.PROBE, 'stamp_probe_enterprise'],
    [DatabaseUser.VALIDATOR, 'stamp_validator_enterprise'],
  ])('%s logs in as %s on the cluster of today and on a restored one', (user, name) => {
    for (const resourceId of ['cluster-TODAY', 'cluster-RESTORED']) {
      expect(isAllowed(statements(user), 'rds-db:connect', dbUser(resourceId, name))).toBe(true);
    }
  });

  test.each(['stamp_app_pool', 'stamp_app_enterprise2', 'stamp_probe_enterprise', 'stampadmin'])(
    'the app cannot log in as %s',
    (name) => {
      expect(isAllowed(statements(DatabaseUser.APP), 'rds-db:connect', dbUser('cluster-RESTORED', name))).toBe(false);
    },
  );

  test('nothing is allowed in another Region, and nothing but the login', () => {
    const app = statements(DatabaseUser.APP);
    const elsewhere = 'arn:aws:rds-db:us-west-2:111111111111:dbuser:cluster-1/stamp_app_enterprise';
    expect(isAllowed(app, 'rds-db:connect', elsewhere)).toBe(false);
    expect(isAllowed(app, 'rds:DeleteDBCluster', 'arn:aws:rds:us-east-1:111111111111:cluster:any')).toBe(false);
  });
});

test.each([
  ['home, serverless', {}],
  ['replica, provisioned', { ...REPLICA, ...PROVISIONED }],
  ['MySQL', MYSQL],
  ['single', SINGLE],
  ['own key', { encryptionKey: undefined }],
])('is the same with plain values and with tokens: %s', (_name, overrides) => {
  synthesizeBothWays((stack, values) => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    member(stack, overrides, values).grantAccess(role, DatabaseUser.APP);
  });
});

test.each([
  ['home, own key', { encryptionKey: undefined }],
  ['replica, provisioned', { ...REPLICA, ...PROVISIONED }],
  ['MySQL', MYSQL],
])('has no unacknowledged finding: %s', (_name, overrides) => {
  const { violations } = synthesizeChecked((stack) => {
    const database = member(stack, overrides);
    withActions(stack, database.alarms);
  });
  expect(found(violations)).toEqual([]);
});

test('the wildcard of the grant is the only finding that it acknowledges on the role', () => {
  const { violations } = synthesizeChecked((stack) => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    const database = member(stack);
    database.grantAccess(role, DatabaseUser.APP);
    withActions(stack, database.alarms);
  });
  expect(found(violations)).toEqual(['NIST.800.53.R5-IAMNoInlinePolicy Test/Role/DefaultPolicy/Resource']);
});
