import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { StampError } from '../errors';

/** Properties of {@link StampKey}. */
export interface StampKeyProps {
  /** Name of the key's alias, with its prefix: `alias/shop-enterprise-use1`. */
  readonly aliasName: string;
  /** Description of the key. @default 'Encrypts the data, queues, logs and alarms of one stamp' */
  readonly description?: string;
  /**
   * What happens to key and alias when they leave the stack. Without the key, everything it encrypted is lost.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The customer-managed key of one stamp: rotated every year, kept when the stack goes, found by its alias.
 *
 * The account administers it (identity policies decide who in the account may use it). Three kinds of service use it without
 * an identity of the account, each limited by the encryption context that the service sends, so that only this account's
 * resources of this Region qualify:
 * - CloudWatch Logs, for log groups;
 * - CloudWatch alarms, EventBridge and AWS Backup, to publish to encrypted topics;
 * - SNS and EventBridge, to send to encrypted queues.
 *
 * The actions are those that the services' guides ask for, families included: which member of a family a service calls is its own affair.
 * The context is used, not `aws:SourceAccount`, because EventBridge does not send that one for encrypted topics.
 */
export class StampKey extends Construct {
  /** The key. */
  public readonly key: kms.Key;
  /** The alias of the key. */
  public readonly alias: kms.CfnAlias;

  /** @throws StampError `KEY_ALIAS_PREFIX` when the alias lacks its prefix or is in the range that AWS keeps for itself. */
  public constructor(scope: Construct, id: string, props: StampKeyProps) {
    super(scope, id);
    checkAliasName(props.aliasName);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

    this.key = new kms.Key(this, 'Key', {
      description: props.description ?? 'Encrypts the data, queues, logs and alarms of one stamp',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.allowServices();

    // L1: the L2 alias would put its prefix before a name it cannot read, such as a stamp value.
    this.alias = new kms.CfnAlias(this, 'Alias', { aliasName: props.aliasName, targetKeyId: this.key.keyArn });
    this.alias.applyRemovalPolicy(removalPolicy);
  }

  private allowServices(): void {
    const stack = Stack.of(this);
    this.allow(
      'LogGroups',
      [`logs.${stack.region}.amazonaws.com`],
      ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: 'log-group:*' }) },
    );
    this.allow(
      'PublishToTopics',
      ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'backup.amazonaws.com'],
      ['kms:Decrypt', 'kms:GenerateDataKey*'],
      { 'kms:EncryptionContext:aws:sns:topicArn': stack.formatArn({ service: 'sns', resource: '*' }) },
    );
    this.allow('SendToQueues', ['sns.amazonaws.com', 'events.amazonaws.com'], ['kms:Decrypt', 'kms:GenerateDataKey*'], {
      'kms:EncryptionContext:aws:sqs:arn': stack.formatArn({ service: 'sqs', resource: '*' }),
    });
  }

  private allow(sid: string, services: string[], actions: string[], context: Record<string, string>): void {
    this.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid,
        principals: services.map((service) => new iam.ServicePrincipal(service)),
        actions,
        resources: ['*'],
        conditions: { ArnLike: context },
      }),
    );
  }
}

function checkAliasName(aliasName: string): void {
  if (Token.isUnresolved(aliasName)) return;
  if (!/^alias\/[A-Za-z0-9/_-]{1,250}$/.test(aliasName) || aliasName.startsWith('alias/aws/')) {
    throw new StampError(
      'KEY_ALIAS_PREFIX',
      `'${aliasName}' is not a name for a key alias`,
      "Start it with 'alias/' (not 'alias/aws/'), followed by letters, digits, '/', '_' or '-'.",
    );
  }
}
