import * as iam from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { ExternalDatabase, ExternalDatabaseProtocol } from '../../lib/constructs/external-database';
import { DatabaseUser } from '../../lib/constructs/stamp-database';
import type { StampValues } from '../../lib/topology/types';
import { expectRetained, found } from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

function external(
  stack: Stack,
  values: StampValues = EXAMPLE_VALUES,
  protocol = ExternalDatabaseProtocol.POSTGRESQL,
): ExternalDatabase {
  return new ExternalDatabase(stack, 'Database', {
    protocol,
    writer: values.databaseWriter!,
    reader: values.databaseReader!,
    port: values.databasePort!,
    databaseName: values.databaseName!,
    pointerName: values.names.databaseParameter,
  });
}

test.each([
  [ExternalDatabaseProtocol.POSTGRESQL, 'postgresql'],
  [ExternalDatabaseProtocol.MYSQL, 'mysql'],
  [ExternalDatabaseProtocol.OTHER, 'other'],
])('passes its endpoints on through the pointer: %s', (protocol, engine) => {
  const template = synthesize((stack) => {
    expect(external(stack, EXAMPLE_VALUES, protocol).engine).toBe(engine);
  });
  template.hasResourceProperties('AWS::SSM::Parameter', {
    Name: '/stampkit/shop/enterprise-use1/database',
    Value: `{"engine":"${engine}","writer":"writer.db.example.com","reader":"reader.db.example.com","port":5432,"name":"app"}`,
  });
  expectRetained(template, ['AWS::SSM::Parameter']);
});

test('owns nothing but the pointer, and grants nothing', () => {
  const template = synthesize((stack) => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    const database = external(stack);
    database.grantAccess(role, DatabaseUser.APP);
    expect(database.alarms).toEqual([]);
  });
  template.resourceCountIs('AWS::IAM::Policy', 0);
  expect(Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map(({ Type }) => Type)).toEqual([
    'AWS::IAM::Role',
    'AWS::SSM::Parameter',
  ]);
});

test('is the same with plain values and with tokens', () => {
  synthesizeBothWays((stack, values) => {
    external(stack, values);
  });
});

test('has no unacknowledged finding', () => {
  const { violations } = synthesizeChecked((stack) => {
    external(stack);
  });
  expect(found(violations)).toEqual([]);
});
