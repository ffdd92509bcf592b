import type { ScalingPolicyFact } from '../facts/services';
import { definedOf, type ResourceView } from '../resource-view';
import type { ValueView } from '../value-view';
import { environmentOf, type Drafts } from './drafts';
import type { Reader } from './reader';

/** Scaling of services, and Auto Scaling groups of instances. */
export const SCALING_READERS: Readonly<Record<string, Reader>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': readScalableTarget,
  'AWS::ApplicationAutoScaling::ScalingPolicy': readServicePolicy,
  'AWS::AutoScaling::AutoScalingGroup': readAutoScalingGroup,
  'AWS::AutoScaling::ScalingPolicy': readGroupPolicy,
  'AWS::EC2::LaunchTemplate': (view, drafts) =>
    drafts.launchTemplates.push(
      definedOf({
        references: [view.reference(), view.at('LaunchTemplateName').text() ?? view.reference()],
        instanceType: view.at('LaunchTemplateData', 'InstanceType').text(),
      }),
    ),
};

function readScalableTarget(view: ResourceView, drafts: Drafts): void {
  drafts.scalableTargets.push(
    definedOf({
      resourceId: view.at('ResourceId').text() ?? '',
      environment: environmentOf(view.origin),
      reference: view.reference(),
      dimension: view.at('ScalableDimension').text() ?? '',
      min: view.at('MinCapacity').number(),
      max: view.at('MaxCapacity').number(),
    }),
  );
}

function readServicePolicy(view: ResourceView, drafts: Drafts): void {
  drafts.scalingPolicies.push(
    definedOf({
      environment: environmentOf(view.origin),
      target: view.at('ScalingTargetId').text(),
      resourceId: view.at('ResourceId').text(),
      policy: policyOf(view, view.at('TargetTrackingScalingPolicyConfiguration')),
    }),
  );
}

function readGroupPolicy(view: ResourceView, drafts: Drafts): void {
  drafts.scalingPolicies.push(
    definedOf({
      environment: environmentOf(view.origin),
      autoScalingGroup: view.at('AutoScalingGroupName').text(),
      policy: policyOf(view, view.at('TargetTrackingConfiguration')),
    }),
  );
}

function policyOf(view: ResourceView, tracking: ValueView): ScalingPolicyFact {
  const custom = tracking.at('CustomizedMetricSpecification').exists;
  return definedOf({
    name: view.at('PolicyName').text() ?? view.logicalId,
    type: (view.at('PolicyType').text() ?? 'StepScaling') as ScalingPolicyFact['type'],
    metric: custom ? 'custom' : tracking.at('PredefinedMetricSpecification', 'PredefinedMetricType').text(),
    target: tracking.at('TargetValue').number(),
    scaleOutCooldown: tracking.at('ScaleOutCooldown').number(),
    scaleInCooldown: tracking.at('ScaleInCooldown').number(),
  });
}

function readAutoScalingGroup(view: ResourceView, drafts: Drafts): void {
  drafts.autoScalingGroups.push(
    view.fact({
      references: [view.reference(), view.attribute('AutoScalingGroupARN')],
      name: view.name(),
      min: view.at('MinSize').number(),
      max: view.at('MaxSize').number(),
      desired: view.at('DesiredCapacity').number(),
      availabilityZones: view.at('AvailabilityZones').texts(),
      subnets: view.at('VPCZoneIdentifier').texts(),
      targetGroupIds: view.at('TargetGroupARNs').texts(),
      healthCheckType: view.at('HealthCheckType').text() ?? 'EC2',
      launchTemplate:
        view.at('LaunchTemplate', 'LaunchTemplateId').text() ?? view.at('LaunchTemplate', 'LaunchTemplateName').text(),
      capacityProviders: [],
      scaling: [],
    }),
  );
}
