/** What the ARNs of a policy are made of. */
export interface PolicyScope {
  /** AWS partition: `aws`. */
  readonly partition: string;
  /** Fleet name, the beginning of every physical name. */
  readonly fleet: string;
  /** Account of the fleet, which is part of the switch buckets' names; `*` for any. */
  readonly account: string;
  /** Name of the role that operators assume in accounts that are not their own. */
  readonly operatorRole: string;
}

/** A kind of thing that permissions are limited to. */
export interface PolicyResource {
  readonly arn: (scope: PolicyScope) => string;
  /** Why each wildcard of the ARN is there. */
  readonly wildcards: string;
  /** IAM condition that every statement on it carries. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const REGION = 'the Region: a fleet gets Regions, and an operator has to reach the ones that are alive';
const ACCOUNT = 'the account: groups may live in several, and the policy is attached in each of them';

const viaService = (service: string): PolicyResource => ({
  arn: ({ partition }) => `arn:${partition}:kms:*:*:key/*`,
  wildcards: `the key: its id is random. The condition lets it be used only through ${service}`,
  condition: { StringLike: { 'kms:ViaService': `${service}.*.amazonaws.com` } },
});

/** Everything that the table of actions names. */
export const RESOURCES = {
  'switch-bucket': {
    arn: ({ partition, fleet, account }) => `arn:${partition}:s3:::${fleet}-switches-${account}-*`,
    wildcards: 'the Region code at the end of the name: one bucket for each control Region',
    condition: { StringLike: { 's3:prefix': 'switches/*' } },
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
  'operator-role': {
    arn: ({ partition, operatorRole }) => `arn:${partition}:iam::*:role/${operatorRole}`,
    wildcards: ACCOUNT,
  },
  everything: {
    arn: () => '*',
    wildcards: 'AWS limits these actions to no resource',
  },
} as const satisfies Record<string, PolicyResource>;

export type ResourceKey = keyof typeof RESOURCES;
