import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { StampHealthProps } from '../stamp-health-props';
import { StampEgress } from '../stamp-network';
import { acknowledgeInlinePolicy, acknowledgeWildcardResources } from './acknowledge';

/** What Lambda itself does with the role to put the function into the VPC. */
export const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** The function's role: what its probes need, statement by statement. The database adds the login (`StampDatabase.grantAccess`). */
export function healthRole(scope: Construct, props: StampHealthProps, logGroup: logs.ILogGroup): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: 'Health function of the stamp',
  });
  const streams = logGroup.logGroupArn;
  role.addToPolicy(new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [streams] }));
  role.addToPolicy(new iam.PolicyStatement({ actions: NETWORK_INTERFACES, resources: ['*'] }));
  // Lambda needs the interfaces, the code never does (Lambda developer guide, "Giving Lambda functions access to resources in a VPC").
  role.addToPolicy(
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: NETWORK_INTERFACES,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn(scope, props.functionName) } },
    }),
  );
  role.addToPolicy(new iam.PolicyStatement({ actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], resources: ['*'] }));
  if (props.databaseParameter !== undefined) {
    role.addToPolicy(
      new iam.PolicyStatement({ actions: ['ssm:GetParameter'], resources: [props.databaseParameter.parameterArn] }),
    );
  }
  if (props.egress === StampEgress.ENDPOINTS_ONLY) {
    role.addToPolicy(new iam.PolicyStatement({ actions: ['elasticloadbalancing:DescribeTargetHealth'], resources: ['*'] }));
  }
  if (props.encryptionKey !== undefined) {
    role.addToPolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [props.encryptionKey.keyArn] }));
  }
  acknowledgeInlinePolicy(role);
  acknowledgeWildcardResources(
    role,
    'Traces, the network interfaces that Lambda makes for the VPC (denied to the code itself) and DescribeTargetHealth know no resources.',
    '*',
  );
  acknowledgeWildcardResources(role, "Log streams of the function's own log group.", streams);
  return role;
}

/** By name: a reference to the function would be a circle. */
function functionArn(scope: Construct, functionName: string): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
