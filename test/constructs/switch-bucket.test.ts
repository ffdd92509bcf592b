import { App, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, AccountRootPrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { SwitchBucket, type SwitchBucketProps } from '../../lib/constructs/switch-bucket';
import { isAllowed, type S3Request } from '../support/bucket-policy';
import { synthesizeChecked } from '../support/nag';
import { synthesize, synthesizeBothWays } from '../support/synth';

const NAME = 'shop-switches-111111111111-use2';

function synthesized(props: Partial<SwitchBucketProps> = {}): Template {
  return synthesize((stack) => {
    new SwitchBucket(stack, 'Switches', { bucketName: NAME, ...props });
  });
}

describe('the bucket', () => {
  const template = synthesized();

  test('blocks public access fully, takes no ACLs, keeps versions, and encrypts so that checkers can read', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: NAME,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        AccessControl: Match.absent(),
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        LoggingConfiguration: { DestinationBucketName: Match.anyValue(), LogFilePrefix: 'switches/' },
      },
    });
  });

  test('never expires a switch that is current, only replaced versions', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: NAME,
      LifecycleConfiguration: {
        Rules: [
          Match.objectEquals({
            Id: 'old-versions',
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
            NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 10 },
          }),
        ],
      },
    });
  });

  test('retention and removal can be chosen', () => {
    synthesized({ historyRetention: Duration.days(30), removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
      Properties: {
        BucketName: NAME,
        LifecycleConfiguration: {
          Rules: [Match.objectLike({ NoncurrentVersionExpiration: Match.objectLike({ NoncurrentDays: 30 }) })],
        },
      },
    });
  });

  test('can log into an existing bucket', () => {
    const own = synthesize((stack) => {
      Validations.of(stack).acknowledge({
        id: '@aws-cdk/aws-s3:accessLogsPolicyNotAdded',
        reason: 'the log bucket allows it already',
      });
      new SwitchBucket(stack, 'Switches', {
        bucketName: NAME,
        accessLogsBucket: Bucket.fromBucketName(stack, 'Logs', 'central-logs'),
      });
    });
    own.resourceCountIs('AWS::S3::Bucket', 1);
    own.hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: { DestinationBucketName: 'central-logs' } });
  });

  test('is the same in an app without any feature flag', () => {
    const stack = new Stack(new App({ analyticsReporting: false, builtinCloudFormationValidation: false }), 'Test', {
      env: { account: '111111111111', region: 'us-east-1' },
    });
    new SwitchBucket(stack, 'Switches', { bucketName: NAME });
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: object };
    expect(Resources).toEqual(template.toJSON()['Resources']);
  });

  test('passes cdk-nag and the CloudFormation validation', { timeout: 120_000 }, () => {
    const { violations } = synthesizeChecked((stack) => {
      new SwitchBucket(stack, 'Switches', { bucketName: NAME });
    });
    expect(violations).toEqual([]);
  });

  test('passes stamp values on without reading them', () => {
    synthesizeBothWays((stack, values) => {
      new SwitchBucket(stack, 'Switches', { bucketName: values.names.stack });
    });
  });
});

describe('its policy', () => {
  let statements: Parameters<typeof isAllowed>[0];

  beforeAll(() => {
    const [policy] = Object.values(
      synthesized().findResources('AWS::S3::BucketPolicy', {
        Properties: { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'CheckersReadSwitches' })]) } },
      }),
    );
    statements = policy!['Properties'].PolicyDocument.Statement;
  });

  const KEY = 'switches/pool-use1';
  const CHECKER = '15.177.2.7';
  const read: S3Request = { action: 's3:GetObject', key: KEY, sourceIp: CHECKER };
  const write: S3Request = { action: 's3:PutObject', key: KEY, allowedByIdentity: true };

  test.each([
    ['first global block', '15.177.2.0'],
    ['last global block', '15.177.63.255'],
    ['a Regional range', '54.183.255.191'],
  ])('lets a checker of the %s read a switch', (_name, sourceIp) => {
    expect(isAllowed(statements, { ...read, sourceIp })).toBe(true);
  });

  test.each([
    ['reads from another address', { ...read, sourceIp: '203.0.113.9' }],
    ['reads right behind a checker range', { ...read, sourceIp: '15.177.4.0' }],
    ['reads without TLS', { ...read, plainHttp: true }],
    ['reads something that is no switch', { ...read, key: 'journal/1' }],
    ['reads an older version', { ...read, action: 's3:GetObjectVersion' }],
    ['lists', { ...read, action: 's3:ListBucket', key: '' }],
    ['writes', { ...read, action: 's3:PutObject', keys: { 's3:if-none-match': '*' } }],
  ])('denies an anonymous caller who %s', (_name, request) => {
    expect(isAllowed(statements, request)).toBe(false);
  });

  test.each([
    ['creates a switch', { 's3:if-none-match': '*' }],
    ['changes the switch it has read', { 's3:if-match': '"etag"' }],
    ['names SSE-S3', { 's3:if-match': '"etag"', 's3:x-amz-server-side-encryption': 'AES256' }],
  ])('lets an operator write who %s', (_name, keys) => {
    expect(isAllowed(statements, { ...write, keys })).toBe(true);
  });

  test.each([
    ['overwrites blindly', write],
    ['writes without TLS', { ...write, plainHttp: true, keys: { 's3:if-match': '"etag"' } }],
    [
      'encrypts with KMS, which no checker can read',
      { ...write, keys: { 's3:if-match': 'x', 's3:x-amz-server-side-encryption': 'aws:kms' } },
    ],
    ['encrypts twice with KMS', { ...write, keys: { 's3:if-match': 'x', 's3:x-amz-server-side-encryption': 'aws:kms:dsse' } }],
    [
      'encrypts with a key of its own',
      { ...write, keys: { 's3:if-match': 'x', 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' } },
    ],
    ['deletes a switch, which would put the stamp back in service', { ...write, action: 's3:DeleteObject' }],
    ['deletes a version', { ...write, action: 's3:DeleteObjectVersion' }],
  ])('denies even an administrator who %s', (_name, request) => {
    expect(isAllowed(statements, request)).toBe(false);
  });

  test('checkers of one’s own choice', () => {
    const own = synthesized({ checkerCidrs: ['192.0.2.0/24'] });
    own.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Allow', Condition: { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } } }),
        ]),
      },
    });
  });
});

test('an operator gets exactly what it needs to read and write switches, and cannot delete', () => {
  const template = synthesize((stack) => {
    const role = new Role(stack, 'Operator', { assumedBy: new AccountRootPrincipal() });
    new SwitchBucket(stack, 'Switches', { bucketName: NAME }).grantSwitch(role);
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Effect: 'Allow', Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'] }),
        // A condition on s3:prefix would answer 403 for a switch that was never thrown: a GET carries no prefix.
        Match.objectLike({ Effect: 'Allow', Action: ['s3:ListBucket', 's3:ListBucketVersions'], Condition: Match.absent() }),
      ],
    },
  });
});
