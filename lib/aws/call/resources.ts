/** What the ARNs of a policy are made of. */
export interface PolicyScope {
  /** AWS partition: `aws`. */
  readonly partition: string;
  /** Fleet name, the beginning of every physical name. */
  readonly fleet: string;
  /** Account of the fleet, which is part of the switch buckets' names; `*` for any. */
  readonly account: string;
  /** Name of the role of the policy's own kind in the other accounts of the fleet. */
  readonly role: string;
}

/** A kind of thing that permissions are limited to. */
export interface PolicyResource {
  readonly arn: (scope: PolicyScope) => string;
  /** Why each wildcard of the ARN is there. */
  readonly wildcards: string;
  /** IAM condition that every statement on it carries. */
  readonly condition?: (scope: PolicyScope) => PolicyCondition;
}

/** Operator, key, value. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string>>>>;

const REGION = 'the Region: a fleet gets Regions, and an operator has to reach the ones that are alive';
const ACCOUNT = 'the account: groups may live in several, and the policy is attached in each of them';

/** Live data has no such tag: it can neither be deleted nor stripped of its protection. */
const madeByRestore = (): PolicyCondition => ({ Null: { 'aws:ResourceTag/stampkit:restore': 'false' } });

const viaService = (service: string): PolicyResource => ({
  arn: ({ partition }) => `arn:${partition}:kms:*:*:key/*`,
  wildcards: `the key: its id is random. The conditions leave keys with an alias of the fleet, used through ${service}`,
  condition: ({ fleet }) => ({
    StringLike: { 'kms:ViaService': `${service}.*.amazonaws.com` },
    'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/${fleet}-*` },
  }),
});

/** Everything that the table of actions names. */
export const RESOURCES = {
  'switch-bucket': {
    arn: ({ partition, fleet, account }) => `arn:${partition}:s3:::${fleet}-switches-${account}-*`,
    // No condition on a prefix: reading an object has none, and a switch that was never thrown would look like one that is denied.
    wildcards: 'the Region code at the end of the name: one bucket for each control Region, with nothing but switches',
  },
  'switch-object': {
    arn: ({ partition, fleet, account }) => `arn:${partition}:s3:::${fleet}-switches-${account}-*/switches/*`,
    wildcards: 'the Region code of the bucket, and the stamp: one object for each',
  },
  'control-table': {
    arn: ({ partition, fleet, account }) => `arn:${partition}:dynamodb:*:${account}:table/${fleet}-control`,
    wildcards: REGION,
  },
  'key-of-dynamodb': viaService('dynamodb'),
  'key-of-sqs': viaService('sqs'),
  'health-function': {
    arn: ({ partition, fleet }) => `arn:${partition}:lambda:*:*:function:${fleet}-*-health`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name`,
  },
  'validation-function': {
    arn: ({ partition, fleet }) => `arn:${partition}:lambda:*:*:function:${fleet}-*-validation`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name`,
  },
  'database-pointer': {
    arn: ({ partition, fleet }) => `arn:${partition}:ssm:*:*:parameter/stampkit/${fleet}/*/database`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name`,
  },
  stack: {
    arn: ({ partition, fleet }) => `arn:${partition}:cloudformation:*:*:stack/${fleet}-*/*`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp or group in the name; the random id at the end`,
  },
  'work-queue': {
    arn: ({ partition, fleet }) => `arn:${partition}:sqs:*:*:${fleet}-*-work*`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name; the end, because the dead-letter queue adds -dead`,
  },
  'hosted-zone': {
    arn: ({ partition }) => `arn:${partition}:route53:::hostedzone/*`,
    wildcards: 'the zone: its id is random. Read only; name your zone here to narrow it',
  },
  'role-elsewhere': {
    arn: ({ partition, role }) => `arn:${partition}:iam::*:role/${role}`,
    wildcards: ACCOUNT,
  },
  'global-cluster': {
    arn: ({ partition, fleet }) => `arn:${partition}:rds::*:global-cluster:${fleet}-*`,
    wildcards: `${ACCOUNT}; the group in the name`,
  },
  'database-cluster': {
    arn: ({ partition, fleet }) => `arn:${partition}:rds:*:*:cluster:${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name`,
  },
  'database-instance': {
    arn: ({ partition, fleet }) => `arn:${partition}:rds:*:*:db:${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the cluster in the name`,
  },
  'restored-cluster': {
    arn: ({ partition, fleet }) => `arn:${partition}:rds:*:*:cluster:${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name. The condition leaves what has the tag of a restore`,
    condition: madeByRestore,
  },
  'restored-instance': {
    arn: ({ partition, fleet }) => `arn:${partition}:rds:*:*:db:${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the cluster in the name. The condition leaves what has the tag of a restore`,
    condition: madeByRestore,
  },
  'subnet-group': {
    arn: ({ partition }) => `arn:${partition}:rds:*:*:subgrp:*`,
    wildcards: `${REGION}; ${ACCOUNT}; the name: CloudFormation makes it up`,
  },
  'cluster-parameter-group': {
    arn: ({ partition }) => `arn:${partition}:rds:*:*:cluster-pg:*`,
    wildcards: `${REGION}; ${ACCOUNT}; the name: CloudFormation makes it up`,
  },
  'parameter-group': {
    arn: ({ partition }) => `arn:${partition}:rds:*:*:pg:*`,
    wildcards: `${REGION}; ${ACCOUNT}; the name: CloudFormation makes it up, or RDS, after the engine version`,
  },
  'option-group': {
    arn: ({ partition }) => `arn:${partition}:rds:*:*:og:default:*`,
    wildcards: `${REGION}; ${ACCOUNT}; the name: RDS makes it up, after the engine version`,
  },
  'cluster-snapshot': {
    arn: ({ partition }) => `arn:${partition}:rds:*:*:cluster-snapshot:*`,
    wildcards: `${REGION}; ${ACCOUNT}; the name: AWS Backup and Aurora make it up`,
  },
  'key-of-rds': viaService('rds'),
  'group-table': {
    arn: ({ partition, fleet }) => `arn:${partition}:dynamodb:*:*:table/${fleet}-*.table*`,
    wildcards: `${REGION}; ${ACCOUNT}; the group in the name; the end, because a restore adds its own`,
  },
  'restored-table': {
    arn: ({ partition, fleet }) => `arn:${partition}:dynamodb:*:*:table/${fleet}-*.table-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the group in the name; the restore at its end, which no live table has from the start`,
  },
  'table-backup': {
    arn: ({ partition, fleet }) => `arn:${partition}:dynamodb:*:*:table/${fleet}-*.table*/backup/*`,
    wildcards: `${REGION}; ${ACCOUNT}; the group in the name; the id of the backup`,
  },
  'ecs-cluster': {
    arn: ({ partition, fleet }) => `arn:${partition}:ecs:*:*:cluster/${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name`,
  },
  'ecs-service': {
    arn: ({ partition, fleet }) => `arn:${partition}:ecs:*:*:service/${fleet}-*/${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in both names`,
  },
  'scalable-target': {
    arn: ({ partition }) => `arn:${partition}:application-autoscaling:*:*:scalable-target/*`,
    wildcards: `${REGION}; ${ACCOUNT}; the id of the target. The condition leaves services of ECS`,
    condition: () => ({ StringEquals: { 'application-autoscaling:service-namespace': 'ecs' } }),
  },
  'auto-scaling-group': {
    arn: ({ partition, fleet }) => `arn:${partition}:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; its id, and the end of a name that CloudFormation makes up`,
  },
  'backup-vault': {
    arn: ({ partition, fleet }) => `arn:${partition}:backup:*:*:backup-vault:${fleet}-*`,
    wildcards: `${REGION}; ${ACCOUNT}; the stamp in the name`,
  },
  'recovery-point': {
    arn: ({ partition }) => `arn:${partition}:backup:*:*:recovery-point:*`,
    wildcards: `${REGION}; ${ACCOUNT}; the id, which is random`,
  },
  'restore-testing-plan': {
    arn: ({ partition }) => `arn:${partition}:backup:*:*:restore-testing-plan:*`,
    wildcards: `${REGION}; ${ACCOUNT}; the end of its ARN, which is random`,
  },
  'role-of-backup': {
    arn: ({ partition, fleet }) => `arn:${partition}:iam::*:role/${fleet}-*`,
    wildcards: `${ACCOUNT}; the end of a name that CloudFormation makes up. The condition lets only AWS Backup have it`,
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } }),
  },
  'role-of-rds-monitoring': {
    arn: ({ partition, fleet }) => `arn:${partition}:iam::*:role/${fleet}-*`,
    wildcards: `${ACCOUNT}; the end of a name that CloudFormation makes up. The condition lets only RDS have it, for enhanced monitoring`,
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'monitoring.rds.amazonaws.com' } }),
  },
  'role-of-dynamodb-replication': {
    arn: ({ partition }) =>
      `arn:${partition}:iam::*:role/aws-service-role/replication.dynamodb.amazonaws.com/AWSServiceRoleForDynamoDBReplication`,
    wildcards: ACCOUNT,
  },
  everything: {
    arn: () => '*',
    wildcards: 'AWS limits these actions to no resource',
  },
} as const satisfies Record<string, PolicyResource>;

export type ResourceKey = keyof typeof RESOURCES;
