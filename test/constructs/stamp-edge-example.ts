import type { Stack } from 'aws-cdk-lib';
import { aws_ec2 as ec2, aws_elasticloadbalancingv2 as elbv2, aws_route53 as route53 } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import type { StampEdgeProps } from '../../lib/constructs/stamp-edge';
import { StampEdge } from '../../lib/constructs/stamp-edge';
import type { StampValues } from '../../lib/topology/types';
import { EXAMPLE_VALUES, synthesize } from '../support/synth';

/** A VPC that somebody else made, with as many public subnets as asked for. */
export function existingVpc(stack: Stack, zones = 2): ec2.IVpc {
  const letters = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, zones);
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: letters.map((letter) => `us-east-1${letter}`),
    publicSubnetIds: letters.map((letter) => `subnet-${letter}`),
    publicSubnetRouteTableIds: letters.map((letter) => `rtb-${letter}`),
  });
}

export function exampleZone(stack: Stack, values: StampValues = EXAMPLE_VALUES): route53.IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: values.hostedZoneId,
    zoneName: values.zoneName,
  });
}

export function applicationTargets(stack: Stack, vpc: ec2.IVpc): elbv2.ApplicationTargetGroup {
  return new elbv2.ApplicationTargetGroup(stack, 'Application', { vpc, port: 8080, targetType: elbv2.TargetType.IP });
}

export function healthTargets(stack: Stack): elbv2.ApplicationTargetGroup {
  return new elbv2.ApplicationTargetGroup(stack, 'Function', { targetType: elbv2.TargetType.LAMBDA });
}

/** An edge that nothing is attached to. */
export function addBareEdge(stack: Stack, vpc: ec2.IVpc): StampEdge {
  return new StampEdge(stack, 'Edge', {
    vpc,
    hostedZone: exampleZone(stack),
    recordName: EXAMPLE_VALUES.recordName,
    certificateNames: ['*.shop.example.com'],
  });
}

/** The template of an edge with both target groups attached. */
export function edgeTemplate(props: Partial<StampEdgeProps> = {}): Template {
  return synthesize((stack) => {
    addExampleEdge(stack, props);
  });
}

/** An edge with both target groups attached, health first or last. */
export function addExampleEdge(
  stack: Stack,
  props: Partial<StampEdgeProps> = {},
  values: StampValues = EXAMPLE_VALUES,
): StampEdge {
  const vpc = props.vpc ?? existingVpc(stack);
  const edge = new StampEdge(stack, 'Edge', {
    vpc,
    hostedZone: exampleZone(stack, values),
    recordName: values.recordName,
    ...(props.certificate === undefined && {
      certificateNames: [...values.certificateNames],
      certificateValidationNames: values.certificateNames.slice(0, 2),
    }),
    ...props,
  });
  edge.forwardTo(applicationTargets(stack, vpc), '/healthz');
  edge.answerHealthWith(healthTargets(stack));
  return edge;
}
