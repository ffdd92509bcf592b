import { definedOf, type ResourceView } from '../resource-view';
import type { Drafts } from './drafts';
import type { Reader } from './reader';

/** `AWS::EC2::*`: networks, and in which zone each subnet is. */
export const NETWORK_READERS: Readonly<Record<string, Reader>> = {
  'AWS::EC2::VPC': (view, drafts) =>
    drafts.networks.push(view.fact({ reference: view.reference(), cidr: view.at('CidrBlock').text() })),
  'AWS::EC2::Subnet': readSubnet,
  'AWS::EC2::NatGateway': (view, drafts) =>
    drafts.natGateways.push(definedOf({ id: view.id, reference: view.reference(), subnet: view.at('SubnetId').text() })),
  'AWS::EC2::Route': readRoute,
  'AWS::EC2::SubnetRouteTableAssociation': (view, drafts) =>
    drafts.routeTableAssociations.push({ table: view.at('RouteTableId').text() ?? '', subnet: view.at('SubnetId').text() ?? '' }),
  'AWS::EC2::VPCEndpoint': (view, drafts) =>
    drafts.endpoints.push({ network: view.at('VpcId').text() ?? '', service: view.at('ServiceName').text() ?? '' }),
};

function readSubnet(view: ResourceView, drafts: Drafts): void {
  drafts.subnets.push(
    definedOf({
      id: view.id,
      reference: view.reference(),
      network: view.at('VpcId').text(),
      cidr: view.at('CidrBlock').text(),
      availabilityZone: view.at('AvailabilityZone').text() ?? view.at('AvailabilityZoneId').text(),
    }),
  );
}

function readRoute(view: ResourceView, drafts: Drafts): void {
  const natGateway = view.at('NatGatewayId').text();
  if (natGateway === undefined || view.at('DestinationCidrBlock').text() !== '0.0.0.0/0') return;
  drafts.routes.push({ table: view.at('RouteTableId').text() ?? '', natGateway });
}
