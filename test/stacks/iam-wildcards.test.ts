import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { once } from '../support/once';
import { exampleStacks, variantStacks } from '../support/synthesized-fleet';
import { type Grant, type PolicyStack, grantsOf, managedPolicies, negatedStatements, wildcardGrants } from '../support/wildcards';

/** A wildcard that somebody looked at. */
interface AllowedWildcard {
  /** The role, or the resource with a policy of its own. */
  readonly on: string;
  readonly actions: readonly string[];
  readonly resource: string | RegExp;
  /** What the condition has to say. */
  readonly only?: string;
  /** Set where everybody is the principal. */
  readonly anyone?: true;
  readonly reason: string;
}

const TABLE_READS = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:GetItem',
  'dynamodb:Query',
  'dynamodb:Scan',
];
const TABLE_WRITES = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const TRACES = ['xray:PutSpans', 'xray:PutSpansForIndexing', 'xray:PutTraceSegments'];
const TABLES_OF_THE_GROUP = [
  'arn:aws:dynamodb:<region>:<account>:table/<group>.*',
  'arn:aws:dynamodb:<region>:<account>:table/<group>.table/index/*',
];

const RESTORED_CLUSTERS = 'arn:aws:rds:<region>:<account>:cluster:awsbackup-restore-test*';
const VALIDATION_INSTANCES = 'arn:aws:rds:<region>:<account>:db:stampkit-validation-*';
const DEFAULT_GROUPS = ['arn:aws:rds:<region>:<account>:pg:default.*', 'arn:aws:rds:<region>:<account>:og:default:*'];

/** What one role of the application may do: the same for web tasks and worker. */
const applicationRole = (on: string): AllowedWildcard[] => [
  { on, actions: TRACES, resource: '*', reason: 'X-Ray actions know no resources' },
  {
    on,
    actions: ['rds-db:connect'],
    resource: 'arn:aws:rds-db:<region>:<account>:dbuser:*/stamp_app_<group>',
    reason: 'one database user, on whatever cluster a restore makes: it has a new resource id',
  },
  ...TABLES_OF_THE_GROUP.map((resource) => ({
    on,
    actions: ['dynamodb:DescribeTable', ...TABLE_READS, ...TABLE_WRITES],
    resource,
    reason: 'items of the group’s tables: a restore makes one with a new name',
  })),
];

/** ECR's log-in knows no resources; secrets are named, and Secrets Manager adds six characters to a name. */
const executionRole = (on: string): AllowedWildcard[] => [
  { on, actions: ['ecr:GetAuthorizationToken'], resource: '*', reason: 'the log-in to ECR knows no resources' },
  {
    on,
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
    resource: /^arn:aws:secretsmanager:<region>:<account>:secret:[\w/-]+-\?{6}$/,
    reason: 'exactly the secrets that the group names, in this Region; Secrets Manager adds six characters to a name',
  },
];

/** What every key of the kit lets services do, each within the context that the service sends. */
const keyPolicy = (on: string): AllowedWildcard[] => [
  { on, actions: ['kms:*'], resource: '*', reason: 'the account administers the key, or nobody could' },
  {
    on,
    actions: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    resource: '*',
    only: '"kms:EncryptionContext:aws:logs:arn":"arn:aws:logs:<region>:<account>:log-group:*"',
    reason: 'CloudWatch Logs, for log groups of this account and Region; the families its guide asks for',
  },
  {
    on,
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resource: '*',
    only: '"kms:EncryptionContext:aws:sns:topicArn":"arn:aws:sns:<region>:<account>:*"',
    reason: 'alarms, EventBridge and AWS Backup publish to encrypted topics',
  },
  {
    on,
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    resource: '*',
    only: '"kms:EncryptionContext:aws:sqs:arn":"arn:aws:sqs:<region>:<account>:*"',
    reason: 'SNS and EventBridge send to encrypted queues',
  },
];

const ALLOWED: readonly AllowedWildcard[] = [
  ...applicationRole('StampComputeTaskRole'),
  ...applicationRole('StampWorkerTaskRole'),
  ...executionRole('StampComputeExecutionRole'),
  ...executionRole('StampWorkerExecutionRole'),
  {
    on: 'StampWorkerTaskRole',
    actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
    resource: 'arn:aws:ecs:<region>:<account>:task/<StampComputeCluster>/*',
    reason: 'a task protects itself while it works on a message, and learns its id when it starts',
  },
  {
    on: 'StampComputeInstanceRole',
    actions: ['ecs:Poll', 'ecs:StartTelemetrySession'],
    resource: '*',
    only: '"ecs:cluster":{"Fn::GetAtt":["StampComputeCluster',
    reason: 'container instances get their ids when they start; the condition keeps them to this cluster',
  },
  {
    on: 'StampComputeInstanceRole',
    actions: ['ecs:DiscoverPollEndpoint'],
    resource: '*',
    reason: 'finding the endpoint to poll knows no resources',
  },
  {
    on: 'StampHealthRole',
    actions: INTERFACES,
    resource: '*',
    reason: 'Lambda itself makes its interfaces in the VPC; the code is denied the same actions',
  },
  {
    on: 'StampHealthRole',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments', 'elasticloadbalancing:DescribeTargetHealth'],
    resource: '*',
    reason: 'actions that know no resources',
  },
  {
    on: 'StampHealthRole',
    actions: ['rds-db:connect'],
    resource: 'arn:aws:rds-db:<region>:<account>:dbuser:*/stamp_probe_<group>',
    reason: 'the probe’s own user, on whatever cluster a restore makes',
  },
  ...TABLES_OF_THE_GROUP.map((resource) => ({
    on: 'StampHealthRole',
    actions: ['dynamodb:DescribeTable', 'dynamodb:GetItem'],
    resource,
    reason: 'the probe reads one item of whatever table the pointer names',
  })),
  {
    on: 'StampDatabaseBootstrapRole',
    actions: INTERFACES,
    resource: '*',
    reason: 'Lambda itself makes its interfaces in the VPC; the code is denied the same actions',
  },
  {
    on: 'StampDatabaseBootstrapRole',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resource: '*',
    reason: 'actions that know no resources',
  },
  {
    on: 'StampRestoreValidationRole',
    actions: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ],
    resource: '*',
    reason: 'Step Functions asks for them to log and to trace, and they know no resources',
  },
  {
    on: 'StampRestoreValidationRole',
    actions: ['backup:DescribeRestoreJob', 'backup:PutRestoreValidationResult'],
    resource: '*',
    reason: 'restore jobs are no resources of IAM; the definition refuses those of other plans',
  },
  {
    on: 'StampRestoreValidationRole',
    actions: ['rds:CreateDBInstance', 'rds:DeleteDBInstance', 'rds:DescribeDBClusters', 'rds:ModifyDBCluster'],
    resource: RESTORED_CLUSTERS,
    reason: 'clusters made by restore tests have random names after AWS Backup’s own prefix',
  },
  {
    on: 'StampRestoreValidationRole',
    actions: ['rds:AddTagsToResource', 'rds:CreateDBInstance', 'rds:DeleteDBInstance', 'rds:DescribeDBInstances'],
    resource: VALIDATION_INSTANCES,
    reason: 'the instance is named after the restore job',
  },
  ...DEFAULT_GROUPS.map((resource) => ({
    on: 'StampRestoreValidationRole',
    actions: ['rds:CreateDBInstance'],
    resource,
    reason: 'a new instance takes the default groups of its engine version',
  })),
  {
    on: 'StampRestoreValidationFunctionRole',
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resource: '*',
    reason: 'Lambda itself makes its interfaces in the VPC; the code is denied the same actions',
  },
  {
    on: 'StampRestoreValidationFunctionRole',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resource: '*',
    reason: 'actions that know no resources',
  },
  {
    on: 'StampRestoreValidationFunctionRole',
    actions: ['rds-db:connect'],
    resource: 'arn:aws:rds-db:<region>:<account>:dbuser:*/stamp_validator_<group>',
    reason: 'the validator’s own user, on the cluster that a restore test made',
  },
  {
    on: 'StampRestoreValidationFunctionRole',
    actions: ['dynamodb:Scan'],
    resource: 'arn:aws:dynamodb:<region>:<account>:table/awsbackup-restore-test*',
    reason: 'tables made by restore tests, and not the live one',
  },
  {
    on: 'StampRestoreValidationFunctionRole',
    actions: ['dynamodb:Scan'],
    resource: 'arn:aws:dynamodb:<region>:<account>:table/<group>.table-*',
    reason: 'tables made by restores of operators, whose names go on where that of the live one ends',
  },
  {
    on: 'StampObservabilityCanaryRole',
    actions: ['s3:ListAllMyBuckets', 'xray:PutTraceSegments'],
    resource: '*',
    reason: 'Synthetics asks for both, and they know no resources',
  },
  {
    on: 'StampObservabilityCanaryRole',
    actions: ['cloudwatch:PutMetricData'],
    resource: '*',
    only: '"cloudwatch:namespace":"CloudWatchSynthetics"',
    reason: 'metrics know no resources; the condition keeps it to the namespace of Synthetics',
  },
  {
    on: 'StampObservabilityCanaryRole',
    actions: ['s3:PutObject'],
    resource: '<StampObservabilityCanaryArtifacts.Arn>/*',
    reason: 'Synthetics chooses the keys of its artifacts',
  },
  {
    on: 'StampObservabilityCanaryRole',
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: 'arn:aws:logs:<region>:<account>:log-group:/aws/lambda/cwsyn-<stamp>-*',
    reason: 'Synthetics adds a suffix to the canary’s name',
  },

  // Policies of resources. The resource of a key policy is always `*`: the key itself.
  ...keyPolicy('StampKey'),
  // The key of a routing stack, for its topic of alarms.
  ...keyPolicy('Key'),
  {
    on: 'StampKey',
    actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    resource: '*',
    only: '"kms:ViaService":"secretsmanager.<region>.amazonaws.com"',
    reason: 'Secrets Manager, on behalf of the account, for the master secret',
  },
  {
    on: 'StampBackupVault',
    actions: ['backup:CopyIntoBackupVault'],
    resource: '*',
    reason: 'the resource of a vault policy is the vault; peers of the same account copy into it',
  },
  {
    on: 'StampEdgeAccessLogsPolicy',
    actions: ['s3:PutObject'],
    resource: '<StampEdgeAccessLogs.Arn>/AWSLogs/<account>/*',
    reason: 'Elastic Load Balancing writes its logs below this account’s prefix',
  },
  {
    on: 'SwitchesPolicy',
    actions: ['s3:GetObject'],
    resource: '<Switches.Arn>/switches/*',
    anyone: true,
    only: '{"IpAddress":{"aws:SourceIp":["15.177.',
    reason: 'Route 53’s checkers carry no identity: they are let in by their published ranges',
  },
  {
    on: 'SwitchesAccessLogsPolicy',
    actions: ['s3:PutObject'],
    resource: '<SwitchesAccessLogs.Arn>/switches/*',
    only: '"aws:SourceArn":{"Fn::GetAtt":["Switches',
    reason: 'S3 writes the access logs of the switch bucket',
  },
  ...['S3', 'DynamoDb', 'EcrApi', 'EcrDocker', 'Logs', 'Ssm', 'SecretsManager', 'Sqs', 'Kms', 'Sts', 'Monitoring'].map(
    (endpoint): AllowedWildcard => ({
      on: `StampNetwork${endpoint}`,
      actions: ['*'],
      resource: '*',
      anyone: true,
      only: '"aws:PrincipalAccount":"<account>"',
      reason: 'an endpoint policy grants nothing: it lets only identities of the own account through a closed network',
    }),
  ),
  {
    on: 'StampNetworkS3',
    actions: ['s3:GetObject'],
    resource: 'arn:aws:s3:::prod-<region>-starport-layer-bucket/*',
    anyone: true,
    reason: 'ECR hands out image layers from a bucket of its own',
  },
  {
    on: 'StampNetworkS3',
    actions: ['s3:PutObject'],
    resource: /^arn:aws:s3:::cloudformation-custom-resource-response-[a-z]+\d\/\*$/,
    anyone: true,
    reason: 'custom resources answer into CloudFormation’s own bucket, by URLs that it signed',
  },
];

const MANAGED_POLICIES = [
  'StampComputeInstanceRole AmazonSSMManagedInstanceCore',
  'StampDatabaseMonitoringRole service-role/AmazonRDSEnhancedMonitoringRole',
  'StampBackupRole service-role/AWSBackupServiceRolePolicyForBackup',
  'StampBackupRole service-role/AWSBackupServiceRolePolicyForRestores',
];

const stacks = once((): PolicyStack[] => [...exampleStacks(), ...variantStacks()]);

function allows(allowed: AllowedWildcard, grant: Grant): boolean {
  return (
    allowed.on === grant.holder &&
    allowed.actions.includes(grant.action) &&
    (typeof allowed.resource === 'string' ? allowed.resource === grant.resource : allowed.resource.test(grant.resource)) &&
    (allowed.anyone ?? false) === grant.anyone &&
    grant.condition.includes(allowed.only ?? '')
  );
}

/** One line per grant that is not on the list, the same one of several stamps once. */
function unknown(grants: readonly Grant[]): string[] {
  const lines = grants
    .filter((grant) => !ALLOWED.some((allowed) => allows(allowed, grant)))
    .map(({ holder, action, resource, anyone, condition }) =>
      `${holder} ${action} ${resource}${anyone ? ' anyone' : ''} ${condition}`.trim(),
    );
  return [...new Set(lines)];
}

describe('wildcards in the policies of both fleets', () => {
  test('are all on the list', () => {
    expect(unknown(stacks().flatMap(wildcardGrants))).toEqual([]);
  });

  test('and nothing is on the list that is not there any more', () => {
    const grants = stacks().flatMap(wildcardGrants);
    const stale = ALLOWED.flatMap((allowed) =>
      allowed.actions
        .filter((action) => !grants.some((grant) => grant.action === action && allows(allowed, grant)))
        .map((action) => `${allowed.on} ${action} ${String(allowed.resource)}`),
    );
    expect(stale).toEqual([]);
  });

  test('no statement grants everything but a list', () => {
    expect(stacks().flatMap(negatedStatements)).toEqual([]);
  });

  test('no role may do everything, or every action of a service', () => {
    const broad = stacks()
      .flatMap(grantsOf)
      .filter(({ kind, action }) => kind === 'identity' && /[*?]/.test(action));
    expect(broad).toEqual([]);
  });

  test('R2: no role touches IAM, Route 53 or CloudFormation: recovery needs no global control plane', () => {
    const global = stacks()
      .flatMap(grantsOf)
      .filter(({ kind, action }) => kind === 'identity' && /^(iam|route53|cloudformation|organizations):/i.test(action));
    expect(global).toEqual([]);
  });

  test('R8: no role of the application may delete or change what holds the data', () => {
    const destructive = stacks()
      .flatMap(grantsOf)
      .filter(
        ({ kind, action }) =>
          kind === 'identity' &&
          /^(rds|dynamodb|kms|backup|s3|sqs|secretsmanager|ssm):(Delete|Create|Modify|Update|Put|Purge|Schedule|Disable)/.test(
            action,
          ),
      )
      .filter(({ action }) => ![...TABLE_WRITES, 'sqs:DeleteMessage', 's3:PutObject'].includes(action))
      .filter(({ holder }) => holder !== 'StampRestoreValidationRole');
    expect(destructive).toEqual([]);
  });

  test('R8: restore validation changes and removes copies, and nothing that lives', () => {
    const changes = stacks()
      .flatMap(grantsOf)
      .filter(
        ({ holder, action }) =>
          holder.startsWith('StampRestoreValidation') && /^(rds|dynamodb|backup|kms):(?!Describe|Scan)/.test(action),
      )
      .map(({ action, resource, condition }) => `${action} ${resource} ${condition.includes('GrantIsForAWSResource')}`);
    const instance = [RESTORED_CLUSTERS, VALIDATION_INSTANCES];
    expect([...new Set(changes)].sort()).toEqual(
      [
        'backup:PutRestoreValidationResult * false',
        'kms:CreateGrant <StampKey.Arn> true',
        'kms:Decrypt <StampKey.Arn> false',
        `rds:AddTagsToResource ${VALIDATION_INSTANCES} false`,
        ...[...instance, ...DEFAULT_GROUPS].map((resource) => `rds:CreateDBInstance ${resource} false`),
        'rds:CreateDBInstance arn:aws:rds:<region>:<account>:subgrp:<StampDatabaseSubnetGroup> false',
        ...instance.map((resource) => `rds:DeleteDBInstance ${resource} false`),
        `rds:ModifyDBCluster ${RESTORED_CLUSTERS} false`,
      ].sort(),
    );
  });

  test('AWS managed policies are all on the list', () => {
    expect([...new Set(stacks().flatMap(managedPolicies))].sort()).toEqual([...MANAGED_POLICIES].sort());
  });
});

describe('the inventory finds what is not on the list', () => {
  const templates = (build: (stack: Stack, role: iam.Role) => void): PolicyStack => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'shop-pool-use1', {
      env: { account: '111111111111', region: 'us-east-1' },
    });
    build(stack, new iam.Role(stack, 'StampHealthRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }));
    return { name: 'shop-pool-use1', account: '111111111111', region: 'us-east-1', template: Template.fromStack(stack) };
  };
  const statement = (overrides: iam.PolicyStatementProps): iam.PolicyStatement =>
    new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/key'], ...overrides });

  test('a list without wildcards is none of its business', () => {
    expect(wildcardGrants(templates((_stack, role) => void role.addToPolicy(statement({}))))).toEqual([]);
  });

  test.each<[what: string, build: (stack: Stack, role: iam.Role) => void, action: string]>([
    ['a new action of a known role', (_stack, role) => void role.addToPolicy(statement({ resources: ['*'] })), 's3:GetObject'],
    ['a wildcard action', (_stack, role) => void role.addToPolicy(statement({ actions: ['s3:Get*'] })), 's3:Get*'],
    [
      'a known action on more than it had',
      (_stack, role) => void role.addToPolicy(statement({ actions: ['rds-db:connect'], resources: ['*'] })),
      'rds-db:connect',
    ],
    [
      'an inline policy',
      (stack) => {
        new iam.Role(stack, 'Other', {
          assumedBy: new iam.AccountRootPrincipal(),
          inlinePolicies: { all: new iam.PolicyDocument({ statements: [statement({ resources: ['*'] })] }) },
        });
      },
      's3:GetObject',
    ],
    [
      'a managed policy of the stack',
      (stack, role) => {
        new iam.ManagedPolicy(stack, 'Managed', { roles: [role], statements: [statement({ resources: ['*'] })] });
      },
      's3:GetObject',
    ],
    [
      'a bucket that everybody may read',
      (stack) => {
        const bucket = new s3.Bucket(stack, 'SwitchesPolicy', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY });
        bucket.grantPublicAccess();
      },
      's3:GetObject',
    ],
    [
      'a role that everybody may assume',
      (stack) => {
        new iam.Role(stack, 'Other', { assumedBy: new iam.AnyPrincipal() });
      },
      'sts:AssumeRole',
    ],
  ])('fails on %s', (_what, build, action) => {
    expect(unknown(wildcardGrants(templates(build))).map((line) => line.split(' ')[1])).toEqual([action]);
  });

  test('fails on a lost condition', () => {
    const poll = statement({ actions: ['ecs:Poll'], resources: ['*'] });
    const stack = templates((scope) => {
      new iam.Role(scope, 'StampComputeInstanceRole', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }).addToPolicy(
        poll,
      );
    });
    expect(unknown(wildcardGrants(stack))).toEqual(['StampComputeInstanceRole ecs:Poll *']);
  });

  test('fails on everything but a list', () => {
    const stack = templates((_stack, role) => {
      role.addToPolicy(new iam.PolicyStatement({ notActions: ['iam:*'], resources: ['arn:aws:s3:::bucket'] }));
    });
    expect(negatedStatements(stack)).toEqual(['StampHealthRole']);
  });

  test('names an AWS managed policy', () => {
    const stack = templates((_stack, role) => {
      role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'));
    });
    expect(managedPolicies(stack)).toEqual(['StampHealthRole AdministratorAccess']);
  });
});
