import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { AuroraEngine, AuroraMember } from '../../lib/constructs/aurora-member';
import { BackupResourceType, RestoreTestSchedule } from '../../lib/constructs/backup-settings';
import type { RestoreChecks } from '../../lib/constructs/restore-checks';
import { RestoreTesting } from '../../lib/constructs/restore-testing';
import { RestoreValidation, type RestoreValidationProps } from '../../lib/constructs/restore-validation';
import type { StampDatabase } from '../../lib/constructs/stamp-database';
import { TableMember } from '../../lib/constructs/table-member';
import type { StampValues } from '../../lib/topology/types';
import { importedKey, propertiesOf, ZONES } from '../support/database-fixtures';
import type { Definition } from '../support/state-machine';
import { EXAMPLE_VALUES, synthesize } from '../support/synth';

export interface Example {
  readonly table?: true;
  readonly engine?: AuroraEngine;
  readonly instanceType?: string;
  readonly home?: boolean;
  readonly checks?: RestoreChecks;
  readonly props?: Partial<RestoreValidationProps>;
}

/** The validation of an Aurora member's or a table's restore tests, in a VPC that somebody else made. */
export function validation(stack: Stack, example: Example = {}, values: StampValues = EXAMPLE_VALUES) {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ZONES,
    privateSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2', 'subnet-0123456789abcdef3'],
    privateSubnetRouteTableIds: ZONES.map((zone) => `rtb-private-${zone}`),
    isolatedSubnetIds: ZONES.map((zone) => `subnet-${zone}`),
    isolatedSubnetRouteTableIds: ZONES.map((zone) => `rtb-${zone}`),
  });
  const encryptionKey = importedKey(stack);
  const database = example.table === true ? table(stack, values) : member(stack, { vpc, encryptionKey }, example, values);
  const restoreTesting = new RestoreTesting(stack, 'RestoreTesting', {
    planName: values.names.restoreTestingPlan,
    schedule: RestoreTestSchedule.WEEKLY,
    vaultArn: values.backupCopyVaultArns[0]!,
    resourceType: example.table === true ? BackupResourceType.DYNAMODB : BackupResourceType.AURORA,
    stampId: values.names.stampId,
    role: new iam.Role(stack, 'BackupRole', { assumedBy: new iam.ServicePrincipal('backup.amazonaws.com') }),
  });
  const restoreValidation = new RestoreValidation(stack, 'RestoreValidation', {
    restoreTesting,
    database,
    vpc,
    name: values.names.stack,
    ...(example.table !== true && { validatorUser: values.groupNames.validatorUser }),
    ...(example.checks !== undefined && { checks: example.checks }),
    encryptionKey,
    ...example.props,
  });
  return { database, restoreTesting, restoreValidation };
}

function member(
  stack: Stack,
  parts: { readonly vpc: ec2.IVpc; readonly encryptionKey: kms.IKey },
  { engine, instanceType, home = true }: Example,
  values: StampValues,
): StampDatabase {
  const { appUser, probeUser, validatorUser } = values.groupNames;
  return new AuroraMember(stack, 'Database', {
    ...parts,
    clusterIdentifier: values.names.databaseCluster,
    globalClusterIdentifier: values.groupNames.globalCluster,
    home,
    engine: engine ?? AuroraEngine.AURORA_POSTGRESQL,
    engineVersion: engine === AuroraEngine.AURORA_MYSQL ? '8.0.mysql_aurora.3.08.2' : '16.8',
    databaseName: 'app',
    pointerName: values.names.databaseParameter,
    stampId: values.names.stampId,
    appUser,
    probeUser,
    validatorUser,
    ...(instanceType === undefined ? { minAcu: 8, maxAcu: 32 } : { instanceType: new ec2.InstanceType(instanceType) }),
  });
}

function table(stack: Stack, values: StampValues): StampDatabase {
  return new TableMember(stack, 'Database', {
    tableName: values.groupNames.table,
    tableArn: values.tableArn!,
    tablePrefix: values.groupNames.tablePrefix,
    pointerName: values.names.databaseParameter,
  });
}

export function templateOf(example: Example = {}): Template {
  return synthesize((stack) => {
    validation(stack, example);
  });
}

/** What CloudFormation hands to Step Functions: the definition of the template with its substitutions made. */
export function definitionOf(template: Template): Definition {
  const [machine] = propertiesOf(template, 'AWS::StepFunctions::StateMachine');
  const substitutions = machine!['DefinitionSubstitutions'] as Record<string, unknown>;
  const text = Object.entries(substitutions).reduce<string>(
    (definition, [name, value]) => definition.replaceAll(`\${${name}}`, plainText(value)),
    String(machine!['DefinitionString']),
  );
  return JSON.parse(text) as Definition;
}

/** ARNs of the test's account; references become their logical ids. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  if (key === 'Ref') return argument === 'AWS::Partition' ? 'aws' : String(argument);
  if (key === 'Fn::GetAtt') return (argument as string[]).join('.');
  const [separator, parts] = argument as [string, unknown[]];
  return parts.map(plainText).join(separator);
}
