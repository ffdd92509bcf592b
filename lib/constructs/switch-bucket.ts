import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CHECKER_RANGES } from '../facts/checker-ranges';

/** Where the switches live in the bucket; `switchKey` builds the same prefix. */
const SWITCHES = 'switches/*';

/** Properties of {@link SwitchBucket}. */
export interface SwitchBucketProps {
  /**
   * Physical name. Health checks read `<bucketName>.s3.<region>.amazonaws.com`, so it is known before the bucket exists, and has no
   * dots, because the wildcard certificate of S3 covers one label.
   */
  readonly bucketName: string;

  /**
   * Sources that may read switches anonymously: CIDRs of the Route 53 health checkers.
   *
   * @default - the ranges that `GetCheckerIpRanges` printed when this version was released (aws-facts 15)
   */
  readonly checkerCidrs?: string[];

  /**
   * Where S3 delivers the access logs. An imported bucket has to let `logging.s3.amazonaws.com` write below `switches/` already.
   *
   * @default - a log bucket of its own in the same stack
   */
  readonly accessLogsBucket?: s3.IBucket;

  /**
   * How long access logs and replaced versions of switches are kept.
   *
   * @default Duration.days(90)
   */
  readonly historyRetention?: Duration;

  /**
   * What happens to the bucket when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The bucket that holds the switches of all stamps in one control Region (design 7). A switch is an object `switches/<stamp>` that
 * Route 53's checkers read anonymously: nothing runs, so nothing throttles, and evacuating a stamp is one `PutObject`.
 *
 * Block Public Access stays fully on: a policy that is limited to fixed CIDRs by `aws:SourceIp` is not public to S3 (aws-facts 15).
 * Objects are encrypted with SSE-S3, because SSE-KMS objects cannot be read anonymously; an upload that asks for another encryption
 * is denied, it would be an evacuation that no checker sees. Unconditional uploads and every deletion are denied too: the fencing
 * of the switches needs compare-and-set, and a deleted switch would put an evacuated stamp back in service.
 */
export class SwitchBucket extends Construct {
  /** The bucket. */
  public readonly bucket: s3.Bucket;
  /** Where its access logs go. */
  public readonly accessLogsBucket: s3.IBucket;

  public constructor(scope: Construct, id: string, props: SwitchBucketProps) {
    super(scope, id);
    // In an app without this feature flag CDK would let S3 deliver logs through an ACL, and these buckets take none.
    this.node.setContext('@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy', true);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;
    const historyRetention = props.historyRetention ?? Duration.days(90);
    this.accessLogsBucket = props.accessLogsBucket ?? this.createLogBucket(historyRetention, removalPolicy);
    this.bucket = new s3.Bucket(this, 'Resource', {
      bucketName: props.bucketName,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsBucket: this.accessLogsBucket,
      serverAccessLogsPrefix: 'switches/',
      lifecycleRules: [
        {
          id: 'old-versions',
          // Every change is journaled as well; the versions are the evidence next to the object.
          noncurrentVersionExpiration: historyRetention,
          noncurrentVersionsToRetain: 10,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy,
    });
    this.allowCheckers(props.checkerCidrs ?? [...CHECKER_RANGES]);
    this.guardSwitches();
    Validations.of(this.bucket).acknowledge(
      {
        id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
        reason:
          "the other control Regions hold their own switches, written by the operator one by one: a replicated switch would make one Region's answer depend on another Region",
      },
      {
        id: 'NIST.800.53.R5-S3DefaultEncryptionKMS',
        reason: 'Route 53 checkers read anonymously, and objects under SSE-KMS cannot be read anonymously; SSE-S3 encrypts them',
      },
    );
  }

  /**
   * Lets an operator read and change switches: `PutObject` (S3 takes it only with `If-Match` or `If-None-Match`), `GetObject` with
   * older versions, and `ListBucket`, without which an absent switch would look like a denied one. It has no condition on the prefix: a
   * request for an object names none.
   */
  public grantSwitch(grantee: iam.IGrantable): iam.Grant {
    const objects = iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
      resourceArns: [this.bucket.arnForObjects(SWITCHES)],
      resource: this.bucket,
    });
    const listing = iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: ['s3:ListBucket', 's3:ListBucketVersions'],
      resourceArns: [this.bucket.bucketArn],
      resource: this.bucket,
    });
    return objects.combine(listing);
  }

  private allowCheckers(cidrs: string[]): void {
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'CheckersReadSwitches',
        principals: [new iam.StarPrincipal()],
        actions: ['s3:GetObject'],
        resources: [this.bucket.arnForObjects(SWITCHES)],
        conditions: { IpAddress: { 'aws:SourceIp': cidrs } },
      }),
    );
  }

  private guardSwitches(): void {
    const deny = (sid: string, actions: string[], conditions?: Record<string, unknown>): void => {
      this.bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          sid,
          effect: iam.Effect.DENY,
          principals: [new iam.StarPrincipal()],
          actions,
          resources: [this.bucket.arnForObjects(SWITCHES)],
          conditions,
        }),
      );
    };
    // Both keys absent: neither conditional header was sent. Multipart uploads carry none and are denied with the rest.
    deny('OnlyConditionalWrites', ['s3:PutObject'], { Null: { 's3:if-match': 'true', 's3:if-none-match': 'true' } });
    deny('NoKmsEncryption', ['s3:PutObject'], { StringLike: { 's3:x-amz-server-side-encryption': 'aws:kms*' } });
    deny('NoCustomerKeys', ['s3:PutObject'], { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } });
    // S3's own lifecycle is not subject to bucket policies: old versions still expire.
    deny('SwitchesAreNeverDeleted', ['s3:DeleteObject', 's3:DeleteObjectVersion']);
  }

  private createLogBucket(retention: Duration, removalPolicy: RemovalPolicy): s3.Bucket {
    const logs = new s3.Bucket(this, 'AccessLogs', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ id: 'old-logs', expiration: retention, noncurrentVersionExpiration: Duration.days(1) }],
      removalPolicy,
    });
    Validations.of(logs).acknowledge(
      { id: 'AwsSolutions-S1', reason: 'this is the bucket of the access logs; logging it into itself would never end' },
      {
        id: 'NIST.800.53.R5-S3BucketLoggingEnabled',
        reason: 'this is the bucket of the access logs; logging it into itself would never end',
      },
      {
        id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
        reason: "access logs of one Region's switches are evidence, not state: nothing is recovered from them",
      },
      { id: 'NIST.800.53.R5-S3DefaultEncryptionKMS', reason: 'S3 delivers access logs only to buckets encrypted with SSE-S3' },
    );
    return logs;
  }
}
