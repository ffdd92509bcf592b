import { Duration, type Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { DatabaseUser } from '../../lib/constructs/stamp-database';
import { TableMember, type TableMemberProps } from '../../lib/constructs/table-member';
import { groupNames } from '../../lib/topology/names';
import type { StampValues } from '../../lib/topology/types';
import { expectRetained, found, propertiesOf, withActions } from '../support/database-fixtures';
import { isAllowed, policyStatements, type EvaluatedStatement } from '../support/iam-evaluator';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

const TABLE = EXAMPLE_VALUES.groupNames.table;

function table(stack: Stack, overrides: Partial<TableMemberProps> = {}, values: StampValues = EXAMPLE_VALUES): TableMember {
  return new TableMember(stack, 'Database', {
    tableName: values.groupNames.table,
    tableArn: values.tableArn!,
    tablePrefix: values.groupNames.tablePrefix,
    pointerName: values.names.databaseParameter,
    ...overrides,
  });
}

function taskRole(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
}

function granted(user: DatabaseUser, overrides: Partial<TableMemberProps> = {}): Template {
  return synthesize((stack) => {
    table(stack, overrides).grantAccess(taskRole(stack), user);
  });
}

describe('access, before and after a restore', () => {
  const statements = (user: DatabaseUser): EvaluatedStatement[] => policyStatements(granted(user));
  const arn = (name: string, region = 'us-east-1'): string => `arn:aws:dynamodb:${region}:111111111111:table/${name}`;
  const restored = `${EXAMPLE_VALUES.groupNames.tablePrefix}table-restored-20261121`;

  test.each([TABLE, `${TABLE}/index/by-tenant`, restored, `${restored}/index/by-tenant`])(
    'the app reads and writes %s',
    (name) => {
      const app = statements(DatabaseUser.APP);
      for (const action of ['GetItem', 'Query', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']) {
        expect([action, isAllowed(app, `dynamodb:${action}`, arn(name))]).toEqual([action, true]);
      }
    },
  );

  test.each([
    ['another group', arn(groupNames('shop', 'pool').table)],
    ['a group whose name starts alike', arn(groupNames('shop', 'enterprise-eu').table)],
    ['another fleet', arn(groupNames('store', 'enterprise').table)],
    ['another Region', arn(TABLE, 'us-west-2')],
    ['a restore test', arn('awsbackup-restore-test-1')],
  ])('the table of %s is closed', (_name, resource) => {
    expect(isAllowed(statements(DatabaseUser.APP), 'dynamodb:GetItem', resource)).toBe(false);
  });

  test('validation reads and never writes; the probe reads single items', () => {
    const validator = statements(DatabaseUser.VALIDATOR);
    const probe = statements(DatabaseUser.PROBE);
    expect(isAllowed(validator, 'dynamodb:Scan', arn(restored))).toBe(true);
    expect(isAllowed(validator, 'dynamodb:PutItem', arn(restored))).toBe(false);
    expect(isAllowed(probe, 'dynamodb:GetItem', arn(TABLE))).toBe(true);
    expect(isAllowed(probe, 'dynamodb:Scan', arn(TABLE))).toBe(false);
  });

  test.each(Object.values(DatabaseUser))('%s can neither create, change nor delete tables', (user) => {
    for (const action of ['CreateTable', 'UpdateTable', 'DeleteTable', 'RestoreTableToPointInTime', 'DeleteBackup']) {
      expect(isAllowed(statements(user), `dynamodb:${action}`, arn(TABLE))).toBe(false);
    }
  });
});

describe('a customer-managed key', () => {
  const tableKeyArn = EXAMPLE_VALUES.tableKeyArn!;

  test.each([
    [
      DatabaseUser.APP,
      ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    ],
    [DatabaseUser.VALIDATOR, ['kms:Decrypt', 'kms:DescribeKey']],
  ])('opens for %s, through DynamoDB only', (user, actions) => {
    granted(user, { tableKeyArn }).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: actions,
            Resource: tableKeyArn,
            Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } },
          },
        ]),
      },
    });
  });

  test('an AWS managed key needs no permission', () => {
    expect(JSON.stringify(granted(DatabaseUser.APP).toJSON())).not.toContain('kms:');
  });
});

describe('pointer and alarms', () => {
  test('the pointer names the table, and outlives the stack', () => {
    const template = synthesize((stack) => {
      table(stack);
    });
    template.hasResourceProperties('AWS::SSM::Parameter', { Value: `{"engine":"dynamodb","table":"${TABLE}"}` });
    expectRetained(template, ['AWS::SSM::Parameter']);
  });

  test('throttles and errors of DynamoDB raise alarms, whichever operation they hit', () => {
    const template = synthesize((stack) => {
      table(stack);
    });
    const queries = propertiesOf(template, 'AWS::CloudWatch::Alarm').map((alarm) => alarm['Metrics'][0].Expression as string);
    expect(queries).toEqual([
      `SELECT SUM(ThrottledRequests) FROM "AWS/DynamoDB" WHERE TableName = '${TABLE}'`,
      `SELECT SUM(SystemErrors) FROM "AWS/DynamoDB" WHERE TableName = '${TABLE}'`,
    ]);
  });

  test('replication to every peer is watched', () => {
    const template = synthesize((stack) => {
      table(stack, { peerRegions: ['us-west-2', 'eu-west-1'], replicationLatencyAlarm: Duration.seconds(45) });
    });
    for (const region of ['us-west-2', 'eu-west-1']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'ReplicationLatency',
        Dimensions: Match.arrayWith([{ Name: 'ReceivingRegion', Value: region }]),
        Threshold: 45_000,
        TreatMissingData: 'notBreaching',
      });
    }
  });
});

test.each([
  ['AWS managed key', false],
  ['customer-managed key', true],
])('is the same with plain values and with tokens: %s', (_name, customerManaged) => {
  synthesizeBothWays((stack, values) => {
    const overrides = customerManaged ? { tableKeyArn: values.tableKeyArn!, peerRegions: ['us-west-2'] } : {};
    table(stack, overrides, values).grantAccess(taskRole(stack), DatabaseUser.APP);
  });
});

test('has no unacknowledged finding but the inline policy, which belongs to the role', () => {
  const { violations } = synthesizeChecked((stack) => {
    const member = table(stack, { peerRegions: ['us-west-2'], tableKeyArn: EXAMPLE_VALUES.tableKeyArn! });
    member.grantAccess(taskRole(stack), DatabaseUser.APP);
    withActions(stack, member.alarms);
  });
  expect(found(violations)).toEqual(['NIST.800.53.R5-IAMNoInlinePolicy Test/Role/DefaultPolicy/Resource']);
});
