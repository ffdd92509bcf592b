import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { describe, expect, test } from 'vitest';
import { AuroraEngine, AuroraMember } from '../../lib/constructs/aurora-member';
import { DatabaseBootstrap, type DatabaseBootstrapProps } from '../../lib/constructs/database-bootstrap';
import { readSettings } from '../../lib/functions/database-bootstrap/settings';
import type { StampValues } from '../../lib/topology/types';
import {
  codeOf,
  expectRetained,
  found,
  importedKey,
  KEY_ARN,
  propertiesOf,
  withActions,
  ZONES,
} from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

const PRIVATE_SUBNETS = ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'];

interface Change {
  readonly home?: boolean;
  readonly engine?: AuroraEngine;
  readonly props?: Partial<DatabaseBootstrapProps>;
}

function bootstrap(stack: Stack, { home = true, engine, props }: Change = {}, values: StampValues = EXAMPLE_VALUES) {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ZONES,
    privateSubnetIds: PRIVATE_SUBNETS,
    privateSubnetRouteTableIds: ZONES.map((zone) => `rtb-private-${zone}`),
    isolatedSubnetIds: ZONES.map((zone) => `subnet-${zone}`),
    isolatedSubnetRouteTableIds: ZONES.map((zone) => `rtb-${zone}`),
  });
  const encryptionKey = importedKey(stack);
  const { appUser, probeUser, validatorUser } = values.groupNames;
  const mysql = engine === AuroraEngine.AURORA_MYSQL;
  const database = new AuroraMember(stack, 'Database', {
    vpc,
    clusterIdentifier: values.names.databaseCluster,
    globalClusterIdentifier: values.groupNames.globalCluster,
    home,
    engine: engine ?? AuroraEngine.AURORA_POSTGRESQL,
    engineVersion: mysql ? '8.0.mysql_aurora.3.08.2' : '16.8',
    databaseName: 'app',
    pointerName: values.names.databaseParameter,
    stampId: values.names.stampId,
    appUser,
    probeUser,
    validatorUser,
    minAcu: 8,
    maxAcu: 32,
    encryptionKey,
  });
  return {
    database,
    bootstrap: new DatabaseBootstrap(stack, 'DatabaseBootstrap', {
      vpc,
      database,
      appUser,
      probeUser,
      validatorUser,
      encryptionKey,
      ...props,
    }),
  };
}

const templateOf = (change: Change = {}): Template =>
  synthesize((stack) => {
    bootstrap(stack, change);
  });

const CUSTOM = 'Custom::StampDatabaseBootstrap';

function functionOf(template: Template): Record<string, any> {
  return propertiesOf(template, 'AWS::Lambda::Function')[0]!;
}

function idsOf(template: Template, type: string): string[] {
  return Object.keys(template.findResources(type));
}

describe('when it runs', () => {
  test('on creation, and again when an input changes: users, database, cluster, version', () => {
    const template = templateOf();
    const [cluster] = idsOf(template, 'AWS::RDS::DBCluster');
    const [handler] = idsOf(template, 'AWS::Lambda::Function');
    expect(propertiesOf(template, CUSTOM)).toEqual([
      {
        ServiceToken: { 'Fn::GetAtt': [handler, 'Arn'] },
        ServiceTimeout: '720',
        Version: '1',
        Cluster: { 'Fn::GetAtt': [cluster, 'DBClusterResourceId'] },
        Database: 'app',
        AppUser: 'stamp_app_enterprise',
        ProbeUser: 'stamp_probe_enterprise',
        ValidatorUser: 'stamp_validator_enterprise',
        ProbeConnectionLimit: '100',
      },
    ]);
  });

  test('after instances, network and rights, and before anybody learns where the database is', () => {
    const template = templateOf();
    const [[id, resource]] = Object.entries(template.findResources(CUSTOM)) as [[string, Record<string, any>]];
    const waitsFor = ['AWS::RDS::DBInstance', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'];
    for (const type of waitsFor) expect(resource['DependsOn']).toEqual(expect.arrayContaining(idsOf(template, type)));
    const [pointer] = Object.values(template.findResources('AWS::SSM::Parameter'));
    expect(pointer!['DependsOn']).toContain(id);
  });

  test('one at a time', () => {
    expect(functionOf(templateOf())['ReservedConcurrentExecutions']).toBe(1);
  });

  test.each([{}, { props: { probeConnectionLimit: 60 } }])('fails for a member that is not the home member', (change) => {
    expect(codeOf(() => templateOf({ ...change, home: false }))).toBe('DATABASE_BOOTSTRAP_HOME');
  });
});

describe('the function', () => {
  test.each([
    [AuroraEngine.AURORA_POSTGRESQL, 5432],
    [AuroraEngine.AURORA_MYSQL, 3306],
  ])('gets settings that it accepts: %s', (engine, port) => {
    const template = templateOf({ engine, props: { probeConnectionLimit: 60 } });
    const variables = functionOf(template)['Environment'].Variables as Record<string, unknown>;
    const environment = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
    expect(readSettings({ ...environment, AWS_REGION: 'us-east-1' })).toMatchObject({
      engine,
      port,
      request: {
        database: 'app',
        users: { app: 'stamp_app_enterprise', probe: 'stamp_probe_enterprise', validator: 'stamp_validator_enterprise' },
        probeConnectionLimit: 60,
      },
    });
    expect(variables['NODE_EXTRA_CA_CERTS']).toBe('/var/runtime/ca-cert.pem');
  });

  test('no password is in the template', () => {
    expect(JSON.stringify(functionOf(templateOf()))).not.toContain('resolve:secretsmanager');
  });

  test('lives in the private subnets, reaches the database and HTTPS, and is reached by nobody', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: PRIVATE_SUBNETS },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Database bootstrap of the stamp',
      SecurityGroupEgress: [Match.objectLike({ FromPort: 443, ToPort: 443 })],
      SecurityGroupIngress: Match.absent(),
    });
    for (const type of ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress']) {
      expect(propertiesOf(template, type).map((rule) => [rule['FromPort'], rule['ToPort']])).toEqual([[5432, 5432]]);
    }
  });

  test('logs are encrypted and kept', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: Match.absent(),
      KmsKeyId: KEY_ARN,
      RetentionInDays: 90,
    });
    expectRetained(template, ['AWS::Logs::LogGroup']);
    const removable = templateOf({ props: { removalPolicy: RemovalPolicy.DESTROY } });
    const policies = Object.values(removable.findResources('AWS::Logs::LogGroup'))
      .filter((group) => group['Properties'].LogGroupName === undefined)
      .map((group) => group['DeletionPolicy'] as unknown);
    expect(policies).toEqual(['Delete']);
  });
});

describe('rights', () => {
  test('one secret to read, and its key by way of Secrets Manager only', () => {
    const template = templateOf();
    const [secret] = idsOf(template, 'AWS::SecretsManager::Secret');
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: secret } },
          {
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: KEY_ARN,
            Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } },
          },
        ]),
      },
    });
  });

  test('no login by IAM, no other service, and network interfaces for Lambda alone', () => {
    const template = templateOf();
    const actions = propertiesOf(template, 'AWS::IAM::Policy').flatMap(({ PolicyDocument: { Statement } }) =>
      (Statement as any[]).filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action as string | string[]),
    );
    expect([...new Set(actions.map((action) => action.split(':')[0]))].sort()).toEqual([
      'ec2',
      'kms',
      'logs',
      'secretsmanager',
      'xray',
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Action: Match.arrayWith(['ec2:CreateNetworkInterface']),
            Condition: { ArnEquals: { 'lambda:SourceFunctionArn': Match.anyValue() } },
          }),
        ],
      },
    });
  });
});

test.each([
  ['PostgreSQL', {}],
  ['MySQL', { engine: AuroraEngine.AURORA_MYSQL }],
  ['without a key', { props: { encryptionKey: undefined } }],
] as [string, Change][])('is the same with plain values and with tokens: %s', (_name, change) => {
  synthesizeBothWays((stack, values) => {
    bootstrap(stack, change, values);
  });
});

test('has no unacknowledged finding', () => {
  const { violations } = synthesizeChecked((stack) => {
    withActions(stack, bootstrap(stack).database.alarms);
  });
  expect(found(violations)).toEqual([]);
});
