import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { describe, expect, test } from 'vitest';
import { codeOf, propertiesOf } from '../support/database-fixtures';
import { synthesize } from '../support/synth';
import { cluster, member, type Overrides, PROVISIONED, REPLICA, templateOf } from './aurora-member-example';

describe('instances', () => {
  function instances(overrides: Overrides = {}): Record<string, any>[] {
    return propertiesOf(templateOf(overrides), 'AWS::RDS::DBInstance');
  }

  test.each([
    ['home', {}],
    ['replica', REPLICA],
  ])('two at least, in two zones, private, monitored: %s', (_name, overrides) => {
    expect(instances(overrides)).toEqual(
      ['us-east-1a', 'us-east-1b'].map((zone, tier) =>
        expect.objectContaining({
          AvailabilityZone: zone,
          PromotionTier: tier,
          DBInstanceClass: 'db.serverless',
          PubliclyAccessible: false,
          AutoMinorVersionUpgrade: false,
          MonitoringInterval: 60,
        }),
      ),
    );
  });

  test('readers go round the zones, and serverless ones keep the size of the writer', () => {
    const all = instances({ readers: 3 });
    expect(all.map((instance) => instance['AvailabilityZone'])).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1a']);
    expect(all.map((instance) => instance['PromotionTier'])).toEqual([0, 1, 1, 1]);
  });

  test('provisioned readers take over in their order', () => {
    const all = instances({ ...PROVISIONED, readers: 3 });
    expect(all.map((instance) => instance['PromotionTier'])).toEqual([0, 1, 2, 3]);
    expect(all.map((instance) => instance['DBInstanceClass'])).toEqual(Array(4).fill('db.r7g.large'));
    expect(cluster(PROVISIONED)).not.toHaveProperty('ServerlessV2ScalingConfiguration');
  });

  test('an instance type may be spelled as RDS does', () => {
    expect(instances({ ...PROVISIONED, instanceType: new ec2.InstanceType('db.r7g.large') })[0]!['DBInstanceClass']).toBe(
      'db.r7g.large',
    );
  });

  test('serverless capacity is the same on every member', () => {
    expect(cluster(REPLICA)['ServerlessV2ScalingConfiguration']).toEqual({ MinCapacity: 8, MaxCapacity: 32 });
  });

  test.each([
    ['both capacities', { instanceType: new ec2.InstanceType('r7g.large') }, 'DATABASE_CAPACITY'],
    ['no capacity', { minAcu: undefined, maxAcu: undefined }, 'DATABASE_CAPACITY'],
    ['half a capacity', { maxAcu: undefined }, 'DATABASE_CAPACITY'],
    ['a capacity upside down', { minAcu: 8, maxAcu: 4 }, 'DATABASE_CAPACITY'],
    ['a member that may sleep', { minAcu: 0, maxAcu: 4 }, 'DATABASE_CAPACITY'],
    ['a step of less than half an ACU', { minAcu: 0.75, maxAcu: 4 }, 'DATABASE_CAPACITY'],
    ['more than 256 ACU', { minAcu: 8, maxAcu: 256.5 }, 'DATABASE_CAPACITY'],
    ['no reader', { readers: 0 }, 'DATABASE_READERS'],
    ['16 readers', { readers: 16 }, 'DATABASE_READERS'],
  ])('fails with %s', (_name, overrides, code) => {
    expect(codeOf(() => templateOf(overrides))).toBe(code);
  });

  test.each([
    [0.5, 1],
    [256, 256],
  ])('accepts the bounds %d to %d ACU', (minAcu, maxAcu) => {
    expect(codeOf(() => templateOf({ minAcu, maxAcu }))).toBeUndefined();
  });

  test('fails in one zone, where RDS accepts no subnet group', () => {
    expect(
      codeOf(() =>
        synthesize((stack) => {
          const vpc = ec2.Vpc.fromVpcAttributes(stack, 'OneZone', {
            vpcId: 'vpc-2',
            availabilityZones: ['us-east-1a'],
            isolatedSubnetIds: ['subnet-a'],
            isolatedSubnetRouteTableIds: ['rtb-a'],
          });
          member(stack, { vpc });
        }),
      ),
    ).toBe('DATABASE_ZONES');
  });
});
