import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { expect } from 'vitest';
import { isStampError } from '../../lib/errors';
import type { CheckViolation } from './nag';

export const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

/** A stamp's VPC as somebody else made it: isolated subnets in the given zones. */
export function importedVpc(stack: Stack, zones: string[] = ZONES): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: zones,
    isolatedSubnetIds: zones.map((zone) => `subnet-${zone}`),
    isolatedSubnetRouteTableIds: zones.map((zone) => `rtb-${zone}`),
  });
}

export const KEY_ARN = 'arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555';

export function importedKey(stack: Stack): kms.IKey {
  return kms.Key.fromKeyArn(stack, 'StampKey', KEY_ARN);
}

/** What observability does in a stamp: without it every alarm is a finding of its own. */
export function withActions(stack: Stack, alarms: readonly cloudwatch.Alarm[]): void {
  const topic = sns.Topic.fromTopicArn(stack, 'Alarms', 'arn:aws:sns:us-east-1:111111111111:alarms');
  for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(topic));
}

export function propertiesOf(template: Template, type: string): Record<string, any>[] {
  return Object.values(template.findResources(type)).map((resource) => resource['Properties'] as Record<string, any>);
}

/** Rules and paths only, to read a failing test. */
export function found(violations: readonly CheckViolation[]): string[] {
  return violations.map(({ rule, path }) => `${rule} ${path}`);
}

/** The code of the StampError that `run` throws. */
export function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (isStampError(error)) return error.code;
    throw error;
  }
  return undefined;
}

/** Every resource of the types outlives its stack, except a create that failed (R8). */
export function expectRetained(template: Template, types: readonly string[]): void {
  for (const type of types) {
    const resources = Object.values(template.findResources(type));
    expect(resources.length, type).toBeGreaterThan(0);
    for (const resource of resources) {
      expect([type, resource['DeletionPolicy'], resource['UpdateReplacePolicy']]).toEqual([
        type,
        'RetainExceptOnCreate',
        'Retain',
      ]);
    }
  }
}
