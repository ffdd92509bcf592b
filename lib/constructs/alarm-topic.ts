import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { StampError } from '../errors';

/** Properties of {@link AlarmTopic}. */
export interface AlarmTopicProps {
  /**
   * Who is told: `mailto:` addresses, which have to confirm by mail, and `https://` URLs. Literal: each becomes a construct id.
   *
   * @default - nobody until somebody subscribes
   */
  readonly subscriptions?: string[];
  /**
   * Key of the topic; its policy must let CloudWatch alarms use it, as StampKey's does.
   *
   * @default - not encrypted: the AWS managed key of SNS cannot be used by alarms
   */
  readonly encryptionKey?: kms.IKey;
}

/** Where alarms of this account and Region are published to, over TLS only, and who is subscribed. */
export class AlarmTopic extends Construct {
  /** The topic. */
  public readonly topic: sns.Topic;

  /** @throws StampError `ALARM_SUBSCRIPTION` for an address that is neither `mailto:` nor `https://` */
  public constructor(scope: Construct, id: string, props: AlarmTopicProps = {}) {
    super(scope, id);
    this.topic = new sns.Topic(this, 'Resource', {
      displayName: 'stampkit alarms',
      enforceSSL: true,
      ...(props.encryptionKey !== undefined && { masterKey: props.encryptionKey }),
    });
    this.allowAlarms();
    for (const address of props.subscriptions ?? []) this.topic.addSubscription(subscription(address));
  }

  /** Any policy of a topic replaces the one SNS gives it, which lets the account's alarms publish: so ours has to say it. */
  private allowAlarms(): void {
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': alarms } },
      }),
    );
  }
}

function subscription(address: string): sns.ITopicSubscription {
  if (address.startsWith('mailto:')) return new EmailSubscription(address.slice('mailto:'.length));
  if (address.startsWith('https://')) return new UrlSubscription(address);
  throw new StampError(
    'ALARM_SUBSCRIPTION',
    `alarms cannot be sent to "${address}"`,
    'Write mailto:NAME@DOMAIN or an https:// URL.',
  );
}
