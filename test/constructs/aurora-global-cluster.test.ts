import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { AuroraGlobalCluster, type AuroraGlobalClusterProps } from '../../lib/constructs/aurora-global-cluster';
import { AuroraEngine } from '../../lib/constructs/aurora-member';
import { expectRetained, found } from '../support/database-fixtures';
import { synthesizeChecked } from '../support/nag';
import { synthesize } from '../support/synth';

const PROPS: AuroraGlobalClusterProps = {
  globalClusterIdentifier: 'shop-enterprise-global',
  engine: AuroraEngine.AURORA_POSTGRESQL,
  engineVersion: '16.8',
};

function templateOf(overrides: Partial<AuroraGlobalClusterProps> = {}): Template {
  return synthesize((stack) => {
    new AuroraGlobalCluster(stack, 'GlobalCluster', { ...PROPS, ...overrides });
  });
}

test.each([
  [AuroraEngine.AURORA_POSTGRESQL, '16.8'],
  [AuroraEngine.AURORA_MYSQL, '8.0.mysql_aurora.3.08.2'],
])('is empty, named, encrypted and protected: %s', (engine, engineVersion) => {
  templateOf({ engine, engineVersion }).hasResourceProperties('AWS::RDS::GlobalCluster', {
    GlobalClusterIdentifier: 'shop-enterprise-global',
    Engine: engine,
    EngineVersion: engineVersion,
    StorageEncrypted: true,
    DeletionProtection: true,
    SourceDBClusterIdentifier: Match.absent(),
  });
});

test('outlives its stack', () => {
  expectRetained(templateOf(), ['AWS::RDS::GlobalCluster']);
});

test('lowers its guards only when told to', () => {
  const template = templateOf({ deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY });
  template.hasResourceProperties('AWS::RDS::GlobalCluster', { DeletionProtection: false });
  template.hasResource('AWS::RDS::GlobalCluster', { DeletionPolicy: 'Delete' });
});

test('has no unacknowledged finding', () => {
  const { violations } = synthesizeChecked((stack) => {
    new AuroraGlobalCluster(stack, 'GlobalCluster', PROPS);
  });
  expect(found(violations)).toEqual([]);
});
