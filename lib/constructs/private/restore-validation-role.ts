import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { AuroraMember } from '../aurora-member';
import { acknowledgeInlinePolicy, acknowledgeWildcardResources } from './acknowledge';
import { NETWORK_INTERFACES } from './health-role';
import { INSTANCE_PREFIX, RESTORE_TEST_PREFIX } from './restore-validation-definition';

/** ARNs of whatever a restore test may have made here: clusters or tables. */
export function restoredResources(scope: Construct, aurora: boolean): string {
  const resourceName = `${RESTORE_TEST_PREFIX}*`;
  if (aurora) return rdsArn(scope, 'cluster', resourceName);
  return Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName });
}

/** ARNs of the tables that the function may read: copies made by restore tests, and by restores of operators. */
export function readableTables(scope: Construct, restoredTables: string | undefined): string[] {
  const table = (resourceName: string): string =>
    Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName });
  return [restoredResources(scope, false), ...(restoredTables === undefined ? [] : [table(restoredTables)])];
}

/**
 * The state machine's role. What it may change is named twice: by the guards of the definition, and here by the prefixes that only restore
 * tests and validation use. Live data has other names.
 */
export function validationRole(scope: Construct, handler: lambda.IFunction, aurora: AuroraMember | undefined): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
    description: 'Validation of the restore tests of the stamp',
  });
  const allow = allowing(role);
  allow(['lambda:InvokeFunction'], [handler.functionArn]);
  allow(['backup:DescribeRestoreJob', 'backup:PutRestoreValidationResult'], ['*']);
  if (aurora !== undefined) allowInstances(scope, role, aurora);
  // What Step Functions asks for to write to a log group and to send traces; the L2 adds them to the role.
  acknowledgeInlinePolicy(role);
  acknowledgeWildcardResources(
    role,
    'Restore jobs, log deliveries and traces: these actions know no resources. The definition refuses jobs of other restore testing plans.',
    '*',
  );
  return role;
}

function allowInstances(scope: Construct, role: iam.Role, aurora: AuroraMember): void {
  const clusters = restoredResources(scope, true);
  const instances = rdsArn(scope, 'db', `${INSTANCE_PREFIX}*`);
  // Of a new instance RDS also asks for the groups that it takes: parameters and options by default, the subnets of the cluster.
  const parameters = rdsArn(scope, 'pg', 'default.*');
  const options = rdsArn(scope, 'og', 'default:*');
  const allow = allowing(role);
  allow(['rds:DescribeDBClusters', 'rds:ModifyDBCluster'], [clusters]);
  allow(['rds:CreateDBInstance'], [clusters, instances, parameters, options, rdsArn(scope, 'subgrp', aurora.subnetGroup.ref)]);
  allow(['rds:DeleteDBInstance'], [clusters, instances]);
  allow(['rds:AddTagsToResource', 'rds:DescribeDBInstances'], [instances]);
  // The volume of the restored cluster is encrypted with the stamp's key, and RDS hands an instance a grant for it.
  const { region, urlSuffix } = Stack.of(scope);
  const service = { 'kms:ViaService': `rds.${region}.${urlSuffix}` };
  allow(['kms:DescribeKey'], [aurora.encryptionKey.keyArn], { StringEquals: service });
  allow(['kms:CreateGrant'], [aurora.encryptionKey.keyArn], {
    StringEquals: service,
    Bool: { 'kms:GrantIsForAWSResource': 'true' },
  });
  acknowledgeWildcardResources(
    role,
    'AWS Backup gives restored clusters random names after a prefix of its own, and the instance is named after the restore job: only the prefixes are known. Default parameter and option groups are named after the engine version.',
    clusters,
    instances,
    parameters,
    options,
  );
}

export interface ValidatorRoleProps {
  readonly logGroup: logs.ILogGroup;
  /** Key of the function's environment. */
  readonly encryptionKey?: kms.IKey;
  /** ARNs with a wildcard: tables that the function may read. @default - none */
  readonly tables?: readonly string[];
}

/** The function's role: to read what was restored, and what Lambda itself needs. The database adds the login as the validator. */
export function validatorRole(scope: Construct, props: ValidatorRoleProps): iam.Role {
  const role = new iam.Role(scope, 'FunctionRole', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: 'Reads what restore tests of the stamp brought back',
  });
  const allow = allowing(role);
  const streams = props.logGroup.logGroupArn;
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [streams]);
  allow(NETWORK_INTERFACES, ['*']);
  allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']);
  if (props.encryptionKey !== undefined) allow(['kms:Decrypt'], [props.encryptionKey.keyArn]);
  if (props.tables !== undefined) {
    // Not the stamp's own table: what is looked at is always a copy.
    allow(['dynamodb:Scan'], [...props.tables]);
    acknowledgeWildcardResources(
      role,
      'Tables made by restore tests, which have random names after a prefix that only AWS Backup uses, and by restores, which add their moment to the name of the live table.',
      ...props.tables,
    );
  }
  acknowledgeInlinePolicy(role);
  acknowledgeWildcardResources(
    role,
    'Traces and the network interfaces that Lambda makes for the VPC (denied to the code itself) know no resources.',
    '*',
  );
  acknowledgeWildcardResources(role, "Log streams of the function's own log group.", streams);
  return role;
}

function rdsArn(scope: Construct, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'rds', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}

function allowing(role: iam.Role): (actions: string[], resources: string[], conditions?: iam.Conditions) => void {
  return (actions, resources, conditions) => {
    role.addToPolicy(new iam.PolicyStatement({ actions, resources, ...(conditions !== undefined && { conditions }) }));
  };
}
