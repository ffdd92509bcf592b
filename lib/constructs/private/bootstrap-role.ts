import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledgeInlinePolicy, acknowledgeWildcardResources } from './acknowledge';
import { NETWORK_INTERFACES } from './health-role';

export interface BootstrapRoleProps {
  readonly masterSecret: secretsmanager.ISecret;
  /** Key of the secret. */
  readonly secretKey: kms.IKey;
  readonly logGroup: logs.ILogGroup;
  /** Key of the function's environment. */
  readonly encryptionKey?: kms.IKey;
}

/** The function's role: one secret to read, and what Lambda itself needs. The database is reached by password, so it needs no login by IAM. */
export function bootstrapRole(scope: Construct, props: BootstrapRoleProps): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: 'Bootstrap of the database users of the stamp',
  });
  const allow = (actions: string[], resources: string[], conditions?: iam.Conditions): void => {
    role.addToPolicy(new iam.PolicyStatement({ actions, resources, ...(conditions !== undefined && { conditions }) }));
  };
  const { region, urlSuffix } = Stack.of(scope);
  const streams = props.logGroup.logGroupArn;
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [streams]);
  allow(NETWORK_INTERFACES, ['*']);
  allow(['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']);
  allow(['secretsmanager:GetSecretValue'], [props.masterSecret.secretArn]);
  allow(['kms:Decrypt'], [props.secretKey.keyArn], {
    StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${urlSuffix}` },
  });
  if (props.encryptionKey !== undefined) allow(['kms:Decrypt'], [props.encryptionKey.keyArn]);
  acknowledgeInlinePolicy(role);
  acknowledgeWildcardResources(
    role,
    'Traces and the network interfaces that Lambda makes for the VPC (denied to the code itself) know no resources.',
    '*',
  );
  acknowledgeWildcardResources(role, "Log streams of the function's own log group.", streams);
  return role;
}

/**
 * Lambda needs the interfaces, the code never does (Lambda developer guide, "Giving Lambda functions access to resources in a VPC"). A
 * policy of its own: the function waits for the role's other policy, and this one names the function.
 */
export function denyInterfacesToCode(scope: Construct, role: iam.IRole, handler: lambda.IFunction): iam.Policy {
  const policy = new iam.Policy(scope, 'NoInterfaces', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        effect: iam.Effect.DENY,
        actions: NETWORK_INTERFACES,
        resources: ['*'],
        conditions: { ArnEquals: { 'lambda:SourceFunctionArn': handler.functionArn } },
      }),
    ],
  });
  acknowledgeInlinePolicy(policy);
  return policy;
}
