import { Stack, type RemovalPolicy, aws_ec2 as ec2, aws_iam as iam, aws_logs as logs } from 'aws-cdk-lib';
import type { aws_kms as kms } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledgeInlinePolicy } from './acknowledge';

export interface FlowLogsProps {
  readonly vpc: ec2.Vpc;
  readonly name: string;
  readonly retention: logs.RetentionDays;
  readonly encryptionKey: kms.IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** Flow logs of all traffic, accepted and rejected, to a log group that by default outlives the stack: it is evidence. */
export function addFlowLogs(scope: Construct, props: FlowLogsProps): logs.LogGroup {
  const logGroup = new logs.LogGroup(scope, 'FlowLogGroup', {
    retention: props.retention,
    removalPolicy: props.removalPolicy,
    ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
  });
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, 'FlowLogRole', {
    description: 'Writes the flow logs of the VPC of the stamp',
    // Without the two conditions anybody's flow log could be made to use this role (confused deputy).
    assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' }) },
      },
    }),
  });
  new ec2.FlowLog(scope, 'FlowLog', {
    resourceType: ec2.FlowLogResourceType.fromVpc(props.vpc),
    trafficType: ec2.FlowLogTrafficType.ALL,
    destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup, role),
    flowLogName: props.name,
  });
  acknowledgeInlinePolicy(role);
  return logGroup;
}
