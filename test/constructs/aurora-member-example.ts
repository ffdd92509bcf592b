import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { AuroraEngine, AuroraMember, type AuroraMemberProps } from '../../lib/constructs/aurora-member';
import type { StampValues } from '../../lib/topology/types';
import { importedKey, importedVpc, propertiesOf } from '../support/database-fixtures';
import { EXAMPLE_VALUES, synthesize } from '../support/synth';

/** Props that may be wrong on purpose. */
export type Overrides = Partial<Record<keyof AuroraMemberProps, unknown>>;

export const MYSQL: Overrides = { engine: AuroraEngine.AURORA_MYSQL, engineVersion: '8.0.mysql_aurora.3.08.2' };
export const PROVISIONED: Overrides = { minAcu: undefined, maxAcu: undefined, instanceType: new ec2.InstanceType('r7g.large') };
export const REPLICA: Overrides = { home: false };
export const SINGLE: Overrides = { globalClusterIdentifier: undefined };

/** A home member of a global cluster in a VPC that somebody else made. */
export function member(stack: Stack, overrides: Overrides = {}, values: StampValues = EXAMPLE_VALUES): AuroraMember {
  return new AuroraMember(stack, 'Database', {
    vpc: importedVpc(stack),
    clusterIdentifier: values.names.databaseCluster,
    globalClusterIdentifier: values.groupNames.globalCluster,
    home: true,
    engine: AuroraEngine.AURORA_POSTGRESQL,
    engineVersion: '16.8',
    databaseName: 'app',
    pointerName: values.names.databaseParameter,
    stampId: values.names.stampId,
    appUser: values.groupNames.appUser,
    probeUser: values.groupNames.probeUser,
    validatorUser: values.groupNames.validatorUser,
    masterSecretName: values.names.masterSecret,
    minAcu: values.capacity.minAcu,
    maxAcu: values.capacity.maxAcu,
    encryptionKey: importedKey(stack),
    ...overrides,
  } as AuroraMemberProps);
}

/** The template of {@link member}. */
export function templateOf(overrides: Overrides = {}): Template {
  return synthesize((stack) => {
    member(stack, overrides);
  });
}

/** Properties of the cluster of {@link member}. */
export function cluster(overrides: Overrides = {}): Record<string, any> {
  return propertiesOf(templateOf(overrides), 'AWS::RDS::DBCluster')[0]!;
}
