import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as synthetics from 'aws-cdk-lib/aws-synthetics';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeInlinePolicy, acknowledgeWildcardResources } from './private/acknowledge';

/** Properties of {@link StampCanary}. */
export interface StampCanaryProps {
  /** Physical name: lower-case letters, digits, hyphens and underscores, at most 255 characters. */
  readonly canaryName: string;
  /** URLs that are fetched in turn; each must answer 2xx or 3xx. Absolute, `https://`. */
  readonly urls: string[];
  /**
   * How often the canary runs. One run a minute costs about 12 times the default.
   *
   * @default Duration.minutes(5)
   */
  readonly interval?: Duration;
  /**
   * Key that encrypts the artifacts and the environment.
   *
   * @default - keys that AWS manages
   */
  readonly encryptionKey?: kms.IKey;
  /**
   * What happens to the artifact bucket when the stamp is removed.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A user from outside: fetches the stamp's own name and the group's name, and so measures what users feel.
 *
 * The canaries of a group run in every stamp's Region and alarm there: an alert path that does not need us-east-1, where
 * the metrics of Route 53 checks live (aws-facts 2.8).
 */
export class StampCanary extends Construct {
  /** The canary. */
  public readonly canary: synthetics.Canary;
  /** Where runs leave their logs and reports. */
  public readonly artifactBucket: s3.Bucket;
  /** Raised after two failed runs in a row, or when the canary does not run at all. */
  public readonly failureAlarm: cloudwatch.Alarm;

  public constructor(scope: Construct, id: string, props: StampCanaryProps) {
    super(scope, id);
    const interval = props.interval ?? Duration.minutes(5);

    this.artifactBucket = new s3.Bucket(this, 'Artifacts', {
      encryption: props.encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey, bucketKeyEnabled: true }),
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ expiration: Duration.days(31), noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    const role = this.createRole(props);
    this.canary = new synthetics.Canary(this, 'Canary', {
      canaryName: props.canaryName,
      role,
      runtime: synthetics.Runtime.SYNTHETICS_NODEJS_PUPPETEER_13_0,
      test: synthetics.Test.custom({ code: synthetics.Code.fromInline(CANARY_SCRIPT), handler: 'index.handler' }),
      schedule: synthetics.Schedule.rate(interval),
      timeout: Duration.seconds(60),
      environmentVariables: { CANARY_URLS: props.urls.join(' ') },
      artifactsBucketLocation: { bucket: this.artifactBucket },
      activeTracing: true,
      provisionedResourceCleanup: true,
      ...(props.encryptionKey !== undefined && { environmentEncryption: props.encryptionKey }),
    });

    this.failureAlarm = new cloudwatch.Alarm(this, 'FailureAlarm', {
      alarmDescription:
        'The canary could not use the stamp or its group from outside, twice in a row. Its runs, with screenshots of each step, are in CloudWatch Synthetics.',
      metric: this.canary.metricSuccessPercent({ period: interval, statistic: 'Average' }),
      threshold: 100,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });

    acknowledge(
      this.artifactBucket,
      'Screenshots and HTTP logs of a synthetic user, written by one role and kept 31 days: access logs would cost more than they tell.',
      'AwsSolutions-S1',
      'NIST.800.53.R5-S3BucketLoggingEnabled',
    );
    acknowledge(
      this.artifactBucket,
      'Canary artifacts are diagnostics of this Region that lose their worth in days; a recovery never reads them.',
      'NIST.800.53.R5-S3BucketReplicationEnabled',
    );
  }

  /** What Synthetics documents as the execution role's needs, narrowed to this canary's bucket, log groups and metrics. */
  private createRole(props: StampCanaryProps): iam.Role {
    const objects = this.artifactBucket.arnForObjects('*');
    const logGroups = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/lambda/cwsyn-${props.canaryName}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [objects] }));
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetBucketLocation'], resources: [this.artifactBucket.bucketArn] }));
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets', 'xray:PutTraceSegments'], resources: ['*'] }));
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': 'CloudWatchSynthetics' } },
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroups],
      }),
    );
    if (props.encryptionKey !== undefined) {
      role.addToPolicy(
        new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [props.encryptionKey.keyArn] }),
      );
    }
    acknowledgeInlinePolicy(role);
    acknowledgeWildcardResources(
      role,
      'Synthetics chooses object keys and the suffix of its log groups; ListAllMyBuckets and PutTraceSegments know no resources, and PutMetricData is limited to the namespace CloudWatchSynthetics.',
      objects,
      logGroups,
      '*',
    );
    return role;
  }
}

/**
 * One step a URL, so that the report says which one failed. The namespace changed with runtime 13.1; both are tried, so that
 * a runtime upgrade needs no new script. The requests name themselves, because nothing else does it for them and the common
 * rule set of WAF (NoUserAgent_HEADER) blocks requests without a name.
 */
const CANARY_SCRIPT = `
let synthetics;
try { synthetics = require('@aws/synthetics-puppeteer'); } catch { synthetics = require('Synthetics'); }
synthetics = synthetics.synthetics || synthetics;

exports.handler = async () => {
  const urls = process.env.CANARY_URLS.split(' ').filter((url) => url.length > 0);
  for (const [index, text] of urls.entries()) {
    const url = new URL(text);
    await synthetics.executeHttpStep(
      'step-' + (index + 1) + ' ' + url.hostname,
      {
        protocol: url.protocol, hostname: url.hostname, port: 443, path: url.pathname, method: 'GET',
        headers: { 'User-Agent': 'stampkit-canary' },
      },
      (response) => new Promise((resolve, reject) => {
        if (response.statusCode < 200 || response.statusCode >= 400) reject(new Error(url.href + ' answered ' + response.statusCode));
        response.on('data', () => undefined);
        response.on('end', resolve);
        response.on('error', reject);
      }),
      { includeRequestHeaders: false, includeResponseHeaders: false, continueOnHttpStepFailure: true },
    );
  }
};
`;
