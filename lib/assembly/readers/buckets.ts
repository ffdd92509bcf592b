import type { ResourceView } from '../resource-view';
import type { Drafts } from './drafts';
import { policyStatements } from './policy-statements';
import type { Reader } from './reader';

/** `AWS::S3::*`: buckets whose objects health checks may read. */
export const BUCKET_READERS: Readonly<Record<string, Reader>> = {
  'AWS::S3::Bucket': readBucket,
  'AWS::S3::BucketPolicy': (view, drafts) =>
    drafts.bucketPolicies.push({
      bucket: view.at('Bucket').text() ?? '',
      statements: policyStatements(view.at('PolicyDocument')),
    }),
};

const PUBLIC_ACCESS_BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

function readBucket(view: ResourceView, drafts: Drafts): void {
  const block = view.at('PublicAccessBlockConfiguration');
  drafts.buckets.push(
    view.fact({
      bucketName: view.name(),
      hosts: [view.attribute('RegionalDomainName'), view.attribute('DomainName')],
      versioned: view.at('VersioningConfiguration', 'Status').text() === 'Enabled',
      // New buckets block everything unless the template says otherwise.
      publicAccessBlocked: !block.exists || PUBLIC_ACCESS_BLOCKS.every((setting) => block.at(setting).flag() === true),
    }),
  );
}
