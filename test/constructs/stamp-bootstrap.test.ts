import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { exampleStacks, stackNamed } from '../support/synthesized-fleet';

const bootstraps = (name: string): Record<string, Record<string, unknown>> =>
  stackNamed(exampleStacks(), name).template.findResources('Custom::StampDatabaseBootstrap');

describe('the users of an Aurora database', () => {
  test('are created by the home stamp', () => {
    stackNamed(exampleStacks(), 'shop-enterprise-use1').template.hasResourceProperties('Custom::StampDatabaseBootstrap', {
      Database: 'app',
      AppUser: 'stamp_app_enterprise',
      ProbeUser: 'stamp_probe_enterprise',
      ValidatorUser: 'stamp_validator_enterprise',
    });
  });

  test.each(['shop-enterprise-usw2', 'shop-pool-use1', 'shop-internal-euw1'])(
    '%s creates none: a replica gets them by replication, the others have no database users',
    (name) => {
      expect(bootstraps(name)).toEqual({});
    },
  );

  test('exist before anything learns where the database is, so no task starts that could not log in', () => {
    const { template } = stackNamed(exampleStacks(), 'shop-enterprise-use1');
    const [id] = Object.keys(bootstraps('shop-enterprise-use1'));
    template.hasResource('AWS::SSM::Parameter', {
      DependsOn: Match.arrayWith([id]),
      Properties: { Name: Match.stringLikeRegexp('/database$') },
    });
  });

  test('leave the health checks two connections for each run of their function, and more where a peer has more zones', () => {
    const { template } = stackNamed(exampleStacks(), 'shop-enterprise-use1');
    const [bootstrap] = Object.values(bootstraps('shop-enterprise-use1'));
    const functions = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { FunctionName: Match.anyValue() } }),
    );
    const runs = Math.max(
      ...functions.map((found) => Number((found['Properties'] as Record<string, unknown>)['ReservedConcurrentExecutions'])),
    );
    expect(runs).toBeGreaterThan(10);
    expect(Number((bootstrap?.['Properties'] as Record<string, unknown>)['ProbeConnectionLimit'])).toBeGreaterThanOrEqual(
      2 * runs,
    );
  });
});
