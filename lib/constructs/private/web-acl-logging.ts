import { ArnFormat, Aws, Fn, Stack, aws_logs as logs, aws_wafv2 as wafv2 } from 'aws-cdk-lib';
import type { aws_kms as kms, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface WebAclLoggingProps {
  readonly webAcl: wafv2.CfnWebACL;
  /** Middle part of the log group's name. */
  readonly name: string;
  readonly retention: logs.RetentionDays;
  readonly encryptionKey: kms.IKey | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Logs what the web ACL blocked or counted; what it let through is in the load balancer's access log.
 *
 * WAF only writes to log groups called `aws-waf-logs-...`, so this one needs a physical name. It ends with the id of the
 * stack, so that a log group that a destroyed stamp left behind does not stop the next one from being created.
 */
export function addWebAclLogging(scope: Construct, props: WebAclLoggingProps): logs.LogGroup {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  const logGroup = new logs.LogGroup(scope, 'WebAclLogGroup', {
    logGroupName: `aws-waf-logs-${props.name}-${stackUuid}`,
    retention: props.retention,
    removalPolicy: props.removalPolicy,
    ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
  });
  new wafv2.CfnLoggingConfiguration(scope, 'WebAclLogging', {
    resourceArn: props.webAcl.attrArn,
    // The log group's own Arn attribute ends with ':*', which WAF refuses.
    logDestinationConfigs: [
      Stack.of(scope).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: logGroup.logGroupName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
    // Upper-case keys: CDK passes JSON properties on as they are.
    redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'cookie' } }],
    loggingFilter: {
      DefaultBehavior: 'DROP',
      Filters: [
        {
          Behavior: 'KEEP',
          Requirement: 'MEETS_ANY',
          Conditions: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map((action) => ({ ActionCondition: { Action: action } })),
        },
      ],
    },
  });
  return logGroup;
}
