import { describe, expect, test } from 'vitest';
import { CHECKER_RANGES } from '../../../lib/facts/checker-ranges';
import { evacuatedToken, inServiceToken } from '../../../lib/topology/names';
import { factsOfTemplates } from '../../support/template-stacks';

const READ = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: { 'Fn::Sub': '${Bucket.Arn}/switches/*' },
  Condition: { IpAddress: { 'aws:SourceIp': CHECKER_RANGES } },
};
const BLOCKED = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };

function watched(statements: readonly unknown[], check: Record<string, unknown> = {}, bucket: Record<string, unknown> = {}) {
  return factsOfTemplates({
    resources: {
      Bucket: ['AWS::S3::Bucket', { BucketName: 'my-flags', PublicAccessBlockConfiguration: BLOCKED, ...bucket }],
      Policy: ['AWS::S3::BucketPolicy', { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: statements } }],
      Check: [
        'AWS::Route53::HealthCheck',
        {
          HealthCheckConfig: {
            Type: 'HTTPS_STR_MATCH',
            FullyQualifiedDomainName: { 'Fn::GetAtt': ['Bucket', 'RegionalDomainName'] },
            ResourcePath: '/switches/pool-use1',
            SearchString: evacuatedToken('pool-use1'),
            ...check,
          },
        },
      ],
    },
  });
}

const readers = (...statements: unknown[]) => {
  const target = watched(statements).healthChecks[0]?.watches;
  return target?.kind === 'switch' ? target.readers : undefined;
};

describe('which checkers may read a switch', () => {
  test.each([
    ['all ranges', [READ], 'all'],
    ['a policy for one prefix of keys', [{ ...READ, Resource: 'arn:aws:s3:::my-flags/switches/pool-*' }], 'all'],
    ['no policy', [], 'none'],
    ['half of the ranges', [{ ...READ, Condition: { IpAddress: { 'aws:SourceIp': CHECKER_RANGES.slice(0, 10) } } }], 'some'],
    [
      'a part of one range',
      [{ ...READ, Condition: { IpAddress: { 'aws:SourceIp': [...CHECKER_RANGES.slice(1), '15.177.2.0/24'] } } }],
      'some',
    ],
    ['another key', [{ ...READ, Resource: 'arn:aws:s3:::my-flags/switches/pool-use2' }], 'none'],
    ['another bucket', [{ ...READ, Resource: 'arn:aws:s3:::others/switches/*' }], 'none'],
    ['the account’s own principals', [{ ...READ, Principal: { AWS: '111111111111' } }], 'none'],
    ['writing instead of reading', [{ ...READ, Action: 's3:PutObject' }], 'none'],
    ['any action', [{ ...READ, Action: 's3:*' }], 'all'],
    ['a condition that is not understood', [{ ...READ, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }], 'none'],
    [
      'TLS only',
      [READ, { ...READ, Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      'all',
    ],
    ['a deny for everybody', [READ, { ...READ, Effect: 'Deny', Condition: undefined }], 'none'],
    [
      'a deny outside some ranges',
      [READ, { ...READ, Effect: 'Deny', Condition: { NotIpAddress: { 'aws:SourceIp': CHECKER_RANGES.slice(0, 4) } } }],
      'some',
    ],
    [
      'a deny with a condition that is not understood',
      [READ, { ...READ, Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
      'none',
    ],
    ['a deny of writes', [READ, { ...READ, Effect: 'Deny', Action: 's3:PutObject', Condition: undefined }], 'all'],
    ['open to the world under Block Public Access', [{ ...READ, Condition: undefined }], 'none'],
  ])('%s', (_name, statements, expected) => {
    expect(readers(...statements)).toBe(expected);
  });

  test('open to the world without Block Public Access is readable', () => {
    const { healthChecks, switchBuckets } = watched(
      [{ ...READ, Condition: undefined }],
      {},
      { PublicAccessBlockConfiguration: { ...BLOCKED, RestrictPublicBuckets: false } },
    );
    expect(healthChecks[0]?.watches).toMatchObject({ readers: 'all' });
    expect(switchBuckets).toMatchObject([
      { publicAccessBlocked: false, generated: false, anonymousReads: [{ keys: 'switches/*', ranges: [] }] },
    ]);
  });
});

describe('what a check makes of the switch', () => {
  test.each([
    ['evacuated', evacuatedToken('pool-use1')],
    ['in-service', inServiceToken('pool-use1')],
    ['other', evacuatedToken('pool-use10')],
    ['none', undefined],
  ])('%s', (token, text) => {
    expect(watched([READ], { SearchString: text }).healthChecks[0]?.watches).toMatchObject({
      kind: 'switch',
      bucketId: 'app/Bucket',
      region: 'us-east-1',
      key: 'switches/pool-use1',
      stampId: 'pool-use1',
      token,
    });
  });

  test('a bucket that no stack makes is pointed out', () => {
    const { findings } = watched([READ], { FullyQualifiedDomainName: 'gone.s3.us-east-2.amazonaws.com' });
    expect(findings).toMatchObject([
      { code: 'template-reference-dangling', message: expect.stringContaining('gone.s3.us-east-2') as unknown },
    ]);
  });
});
