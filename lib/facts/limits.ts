/**
 * Lengths and characters that AWS accepts in names. Sources: the service's API model (botocore 1.43, CloudFormation
 * reference) unless a section of aws-facts is named; `sure: false` marks what nobody re-read.
 */
export interface NameLimit {
  /** What the name names, in AWS's own words. */
  readonly what: string;
  readonly min: number;
  readonly max: number;
  /** Characters and form, when the service is strict about them. */
  readonly pattern?: RegExp;
  readonly source: string;
  readonly sure: boolean;
}

const LETTERS_DIGITS_HYPHENS = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
const RDS_IDENTIFIER = /^[A-Za-z](?:-?[A-Za-z0-9])*$/;
const WORD_HYPHEN = /^[A-Za-z0-9_-]+$/;

export const NAME_LIMITS = {
  stack: limit('CloudFormation stack', 1, 128, 'aws-facts 8.1', /^[A-Za-z][A-Za-z0-9-]*$/),
  loadBalancer: limit('Application Load Balancer', 1, 32, 'ELBv2 API', LETTERS_DIGITS_HYPHENS),
  targetGroup: limit('target group', 1, 32, 'ELBv2 API', LETTERS_DIGITS_HYPHENS),
  databaseCluster: limit('RDS DB cluster', 1, 63, 'RDS API', RDS_IDENTIFIER),
  databaseInstance: limit('RDS DB instance', 1, 63, 'RDS API', RDS_IDENTIFIER),
  globalCluster: limit('RDS global cluster', 1, 63, 'RDS API (pattern in the reference says 255)', RDS_IDENTIFIER, false),
  table: limit('DynamoDB table', 3, 255, 'DynamoDB API', /^[A-Za-z0-9_.-]+$/),
  bucket: limit('S3 bucket', 3, 63, 'S3 user guide', /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/),
  objectKey: limit('S3 object key', 1, 1024, 'S3 user guide'),
  role: limit('IAM role', 1, 64, 'IAM API', /^[\w+=,.@-]+$/),
  policy: limit('IAM policy', 1, 128, 'IAM API', /^[\w+=,.@-]+$/),
  lambdaFunction: limit('Lambda function', 1, 64, 'Lambda API', WORD_HYPHEN),
  queue: limit('SQS queue', 1, 80, 'SQS API', WORD_HYPHEN),
  topic: limit('SNS topic', 1, 256, 'SNS API', WORD_HYPHEN),
  parameter: limit(
    'SSM parameter',
    1,
    1011,
    'SSM API: 2,048 characters with the ARN before the name, 1,011 for the name',
    /^[\w./-]+$/,
  ),
  secret: limit('Secrets Manager secret', 1, 512, 'Secrets Manager API', /^[A-Za-z0-9/_+=.@-]+$/),
  keyAlias: limit('KMS alias', 7, 256, 'KMS API', /^alias\/[A-Za-z0-9/_-]+$/),
  backupVault: limit('backup vault', 2, 50, 'AWS Backup API', WORD_HYPHEN),
  backupPlan: limit('backup plan', 1, 50, 'AWS Backup API', undefined, false),
  restoreTestingPlan: limit('restore testing plan', 1, 50, 'aws-facts 5.5', /^[A-Za-z0-9_]+$/),
  ecsCluster: limit('ECS cluster', 1, 255, 'ECS API', WORD_HYPHEN),
  ecsService: limit('ECS service', 1, 255, 'ECS API', WORD_HYPHEN),
  taskFamily: limit('ECS task definition family', 1, 255, 'ECS API', WORD_HYPHEN),
  capacityProvider: limit('ECS capacity provider', 1, 255, 'ECS API', /^(?!aws|ecs|fargate)[A-Za-z0-9_-]+$/i),
  autoScalingGroup: limit('Auto Scaling group', 1, 255, 'Auto Scaling API'),
  logGroup: limit('CloudWatch Logs log group', 1, 512, 'CloudWatch Logs API', /^[\w./#-]+$/),
  alarm: limit('CloudWatch alarm', 1, 255, 'CloudWatch API'),
  compositeAlarm: limit('composite alarm', 1, 255, 'CloudWatch API'),
  dashboard: limit('CloudWatch dashboard', 1, 255, 'CloudWatch API', WORD_HYPHEN),
  eventRule: limit('EventBridge rule', 1, 64, 'EventBridge API', /^[\w.-]+$/),
  stateMachine: limit('Step Functions state machine', 1, 80, 'Step Functions API', WORD_HYPHEN),
  webAcl: limit('WAF web ACL', 1, 128, 'WAFv2 API', WORD_HYPHEN),
  canary: limit('CloudWatch Synthetics canary', 1, 255, 'Synthetics API (21 until 2023)', /^[0-9a-z_-]+$/, false),
  setIdentifier: limit('Route 53 SetIdentifier', 1, 128, 'aws-facts 1.8'),
  healthCheckPath: limit('health check resource path', 1, 255, 'aws-facts 2.1'),
  healthCheckSearchString: limit('health check search string', 1, 255, 'aws-facts 2.1'),
  dnsLabel: limit('DNS label', 1, 63, 'RFC 1035', /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/),
  dnsName: limit('DNS name', 1, 253, 'RFC 1035: 255 octets on the wire are 253 characters'),
  certificateCommonName: limit('first name of an ACM certificate', 1, 64, 'X.520 common name, enforced by ACM'),
  postgresqlIdentifier: limit('PostgreSQL identifier', 1, 63, 'PostgreSQL: longer ones are cut silently', /^[a-z_][a-z0-9_]*$/),
  mysqlUser: limit('MySQL user', 1, 32, 'MySQL 8', /^[A-Za-z0-9_]+$/),
  tagKey: limit('tag key', 1, 128, 'tagging reference'),
  tagValue: limit('tag value', 0, 256, 'tagging reference'),
} as const satisfies Record<string, NameLimit>;

export type NameLimitKey = keyof typeof NAME_LIMITS;

/** Why the name is not acceptable, or undefined when it is. */
export function nameProblem(key: NameLimitKey, name: string): string | undefined {
  const { what, min, max, pattern }: NameLimit = NAME_LIMITS[key];
  if (name.length > max) return `the ${what} name "${name}" has ${name.length} characters, ${max} are allowed`;
  if (name.length < min) return `the ${what} name "${name}" has ${name.length} characters, at least ${min} are needed`;
  if (pattern !== undefined && !pattern.test(name)) return `the ${what} name "${name}" must match ${pattern.source}`;
  return undefined;
}

/** Ranges of numbers that AWS accepts; both ends are allowed. */
export const NUMBER_RANGES = {
  /** Seconds. aws-facts 16. */
  stopTimeout: { min: 2, max: 120 },
  /** Seconds; 300 would be AWS's default, the kit drains within one stop timeout (design 6). */
  deregistrationDelay: { min: 0, max: 120 },
  /** Seconds. aws-cdk-lib refuses anything else. */
  clientKeepAlive: { min: 60, max: 604_800 },
  /** Seconds. `rds.global_db_rpo`, aws-facts 4.1. */
  maxReplicationLag: { min: 20, max: 2_147_483_647 },
  /** Weight of a record, aws-facts 1.8. */
  weight: { min: 0, max: 255 },
  /** ACU of Serverless v2; the smallest maximum is 1. */
  minAcu: { min: 0, max: 256 },
  maxAcu: { min: 1, max: 256 },
  /** Readers beside the writer: a cluster holds 16 instances that can be readers, 15 when one is the writer. */
  readers: { min: 0, max: 15 },
  /** Seconds. SQS API. */
  visibilityTimeout: { min: 0, max: 43_200 },
  messageRetention: { min: 60, max: 1_209_600 },
  /** Days. aws-facts 5.4. */
  continuousRetentionDays: { min: 1, max: 35 },
  /** Copy actions per backup rule, aws-facts 5.6. */
  copyActionsPerRule: { min: 0, max: 5 },
  /** Seconds. A Lambda function has 900 (Lambda quotas); the rest is for start, login and answer. */
  restoreValidationTime: { min: 10, max: 840 },
  /** Prefix length of a VPC's CIDR. */
  vpcPrefix: { min: 16, max: 28 },
  /** Requests per 5 minutes of a rate-based rule. WAFv2 API. */
  rateLimitPer5Min: { min: 10, max: 2_000_000_000 },
} as const satisfies Record<string, { readonly min: number; readonly max: number }>;

function limit(what: string, min: number, max: number, source: string, pattern?: RegExp, sure = true): NameLimit {
  return { what, min, max, source, sure, ...(pattern === undefined ? {} : { pattern }) };
}
