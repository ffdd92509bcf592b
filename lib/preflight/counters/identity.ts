import { policyLength } from '../policy-length';
import { type Counters, onePerRegion } from '../counter';
import { listOf, recordOf } from '../template-reader';

/** Roles, policies, keys, secrets and buckets. */
export const IDENTITY_COUNTERS: Counters = {
  ...onePerRegion({ 'AWS::SecretsManager::Secret': 'secrets', 'AWS::SSM::Parameter': 'parameters' }),
  'AWS::IAM::Role': ({ properties, template, logicalId }, count) => {
    const id = template.idOf(logicalId);
    count.inAccount('roles');
    count.inResource('trustPolicySize', id, policyLength(properties['AssumeRolePolicyDocument']));
    const managed = listOf(properties['ManagedPolicyArns']).length;
    if (managed > 0) count.inResource('managedPoliciesPerRole', id, managed);
    for (const policy of listOf(properties['Policies'])) {
      count.inResource('inlinePolicySize', id, policyLength(recordOf(policy)['PolicyDocument']));
    }
  },
  'AWS::IAM::Policy': ({ properties, template }, count) => {
    const length = policyLength(properties['PolicyDocument']);
    for (const role of listOf(properties['Roles'])) count.inResource('inlinePolicySize', template.identity(role), length);
  },
  'AWS::IAM::ManagedPolicy': ({ properties, template, logicalId }, count) => {
    count.inAccount('managedPolicies');
    count.inResource('managedPolicySize', template.idOf(logicalId), policyLength(properties['PolicyDocument']));
    for (const role of listOf(properties['Roles'])) count.inResource('managedPoliciesPerRole', template.identity(role));
  },
  'AWS::IAM::InstanceProfile': (_found, count) => {
    count.inAccount('instanceProfiles');
  },
  'AWS::KMS::Key': ({ properties, template, logicalId }, count) => {
    count.inRegion('keys');
    count.inResource('keyPolicyBytes', template.idOf(logicalId), policyLength(properties['KeyPolicy']));
  },
  'AWS::S3::Bucket': (_found, count) => {
    count.inAccount('buckets');
  },
  'AWS::S3::BucketPolicy': ({ properties, template }, count) => {
    count.inResource('bucketPolicyBytes', template.identity(properties['Bucket']), policyLength(properties['PolicyDocument']));
  },
};
