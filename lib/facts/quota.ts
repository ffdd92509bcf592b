/** What one number of a quota is counted over. */
export type QuotaScope =
  /** The whole account; Service Quotas answers for it in us-east-1. */
  | 'account'
  /** One Region of an account. */
  | 'region'
  /** One Availability Zone of an account. */
  | 'availability-zone'
  /** One hosted zone. */
  | 'zone'
  /** One DNS name and type. */
  | 'name'
  /** One CloudFormation stack. */
  | 'stack'
  /** One resource of another kind, such as a load balancer or a role. */
  | 'resource';

/** How far the default can be trusted. */
export type QuotaConfidence =
  /** Official text, or many independent sources. */
  | 'high'
  /** One good source. */
  | 'medium'
  /** Recalled, or different from account to account: a fleet above it is warned, not stopped, until the real value is known. */
  | 'low';

/** A limit of AWS, with its default and where that comes from. */
export interface Quota {
  /** AWS's own words. */
  readonly name: string;
  /** Service code and quota code of the Service Quotas API; the quota code is missing where no source names it. */
  readonly serviceCode: string;
  readonly quotaCode?: string;
  readonly defaultValue: number;
  /** False for hard limits. */
  readonly adjustable: boolean;
  readonly scope: QuotaScope;
  /** Section of aws-facts. */
  readonly source: string;
  readonly confidence: QuotaConfidence;
  /** What AWS keeps back of the quota: so much less can be used. @default 0 */
  readonly keptBack?: number;
  /** The most that AWS is known to raise it to. @default - no ceiling is known */
  readonly ceiling?: number;
  /** What helps, where asking AWS for more does not. @default - moving something out of the stack, or splitting the group */
  readonly wayOut?: string;
}
