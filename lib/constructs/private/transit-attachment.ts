import { Tags, aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface TransitAttachmentProps {
  readonly vpc: ec2.Vpc;
  readonly name: string;
  readonly transitGatewayId: string;
  readonly transitCidrs: readonly string[];
}

/** Joins the VPC to a transit gateway through its private subnets, one per zone, and routes the hub's CIDRs there. */
export function addTransitAttachment(scope: Construct, props: TransitAttachmentProps): ec2.CfnTransitGatewayAttachment {
  const attachment = new ec2.CfnTransitGatewayAttachment(scope, 'TransitGatewayAttachment', {
    transitGatewayId: props.transitGatewayId,
    vpcId: props.vpc.vpcId,
    subnetIds: props.vpc.privateSubnets.map((subnet) => subnet.subnetId),
    // Appliance mode is for a VPC that holds a stateful firewall; here it would only pin flows to a zone that may be lost.
    options: { DnsSupport: 'enable', Ipv6Support: 'disable', ApplianceModeSupport: 'disable' },
  });
  Tags.of(attachment).add('Name', props.name);
  props.vpc.privateSubnets.forEach((subnet, zone) => {
    props.transitCidrs.forEach((destinationCidrBlock, index) => {
      const route = new ec2.CfnRoute(scope, `TransitRoute${zone + 1}To${index + 1}`, {
        routeTableId: subnet.routeTable.routeTableId,
        destinationCidrBlock,
        transitGatewayId: props.transitGatewayId,
      });
      // A route to a gateway that the VPC is not yet attached to is refused.
      route.addResourceDependency(attachment);
    });
  });
  return attachment;
}
