import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { DatabasePointer } from '../../lib/constructs/database-pointer';
import { expectRetained, found, propertiesOf } from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { EXAMPLE_VALUES, synthesize, synthesizeBothWays } from '../support/synth';

const NAME = EXAMPLE_VALUES.names.databaseParameter;

describe('the document', () => {
  test('is JSON with the keys of the application contract, the port as a number', () => {
    const template = synthesize((stack) => {
      new DatabasePointer(stack, 'Pointer', {
        parameterName: NAME,
        engine: 'postgresql',
        writer: 'writer.example.com',
        reader: 'reader.example.com',
        port: 5432,
        databaseName: 'a "quoted" name',
      });
    });
    const [parameter] = propertiesOf(template, 'AWS::SSM::Parameter');
    expect(parameter).toMatchObject({ Name: NAME, Type: 'String' });
    expect(JSON.parse(parameter!['Value'] as string)).toEqual({
      engine: 'postgresql',
      writer: 'writer.example.com',
      reader: 'reader.example.com',
      port: 5432,
      name: 'a "quoted" name',
    });
  });

  test('of a table names the table and no endpoints', () => {
    const template = synthesize((stack) => {
      new DatabasePointer(stack, 'Pointer', { parameterName: NAME, engine: 'dynamodb', tableName: 'shop-pool-table' });
    });
    template.hasResourceProperties('AWS::SSM::Parameter', { Value: '{"engine":"dynamodb","table":"shop-pool-table"}' });
  });
});

describe('what a restore swapped stays swapped', () => {
  test('the parameter outlives its stack, and only on purpose it does not', () => {
    const pointer = (removalPolicy?: RemovalPolicy) =>
      synthesize((stack) => {
        new DatabasePointer(stack, 'Pointer', {
          parameterName: NAME,
          engine: 'dynamodb',
          ...(removalPolicy !== undefined && { removalPolicy }),
        });
      });
    expectRetained(pointer(), ['AWS::SSM::Parameter']);
    pointer(RemovalPolicy.DESTROY).hasResource('AWS::SSM::Parameter', { DeletionPolicy: 'Delete' });
  });

  test('tags of the app are kept off it: a changed tag would make CloudFormation write the value again', () => {
    const template = synthesize((stack) => {
      new DatabasePointer(stack, 'Pointer', { parameterName: NAME, engine: 'dynamodb' });
      Tags.of(stack).add('release', '42', { includeResourceTypes: ['AWS::SSM::Parameter'] });
    });
    template.hasResourceProperties('AWS::SSM::Parameter', { Tags: Match.absent() });
  });
});

test('readers may read this parameter only', () => {
  const template = synthesize((stack) => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
    new DatabasePointer(stack, 'Pointer', { parameterName: NAME, engine: 'dynamodb' }).grantRead(role);
  });
  const [statement] = propertiesOf(template, 'AWS::IAM::Policy')[0]!['PolicyDocument'].Statement;
  expect(statement.Action).toContain('ssm:GetParameter');
  expect(JSON.stringify(statement.Resource)).not.toContain('*');
});

test('is the same with plain values and with tokens', () => {
  synthesizeBothWays((stack, values) => {
    const pointer = new DatabasePointer(stack, 'Pointer', {
      parameterName: values.names.databaseParameter,
      engine: 'other',
      writer: values.databaseWriter!,
      reader: values.databaseReader!,
      port: values.databasePort!,
      databaseName: values.databaseName!,
      tableName: values.groupNames.table,
    });
    pointer.grantRead(new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') }));
  });
});

test('has no unacknowledged finding', () => {
  const { violations } = synthesizeChecked((stack) => {
    new DatabasePointer(stack, 'Pointer', { parameterName: NAME, engine: 'dynamodb', tableName: 'shop-pool-table' });
  });
  expect(found(violations)).toEqual([]);
});
