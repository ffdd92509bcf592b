import { Duration, aws_s3 as s3 } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface AccessLogBucketProps {
  readonly retention: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** A private bucket for the load balancer's access logs, in the stamp's own Region. */
export function createAccessLogBucket(scope: Construct, props: AccessLogBucketProps): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'AccessLogs', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: true,
    lifecycleRules: [
      {
        id: 'expire',
        expiration: props.retention,
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
    ],
    removalPolicy: props.removalPolicy,
  });
  acknowledge(
    bucket,
    'Elastic Load Balancing delivers access logs to buckets with S3-managed encryption only.',
    'NIST.800.53.R5-S3DefaultEncryptionKMS',
  );
  acknowledge(
    bucket,
    'The bucket receives access logs itself: logging its own accesses would need another such bucket.',
    'AwsSolutions-S1',
    'NIST.800.53.R5-S3BucketLoggingEnabled',
  );
  acknowledge(
    bucket,
    'Access logs of a stamp stay in its Region: they are evidence, no data that a recovery needs, and their loss with the Region is accepted.',
    'NIST.800.53.R5-S3BucketReplicationEnabled',
  );
  return bucket;
}
