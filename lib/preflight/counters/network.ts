import { type Counters, onePerRegion } from '../counter';
import { type Found, listOf, textOf } from '../template-reader';
import type { StackCount } from '../counter';

/** VPCs and what is in them. */
export const NETWORK_COUNTERS: Counters = {
  ...onePerRegion({
    'AWS::EC2::VPC': 'vpcs',
    'AWS::EC2::InternetGateway': 'internetGateways',
    'AWS::EC2::EIP': 'elasticIps',
  }),
  'AWS::EC2::Subnet': ({ properties, template }, count) => {
    count.inResource('subnetsPerVpc', template.identity(properties['VpcId']));
  },
  'AWS::EC2::RouteTable': ({ properties, template }, count) => {
    count.inResource('routeTablesPerVpc', template.identity(properties['VpcId']));
  },
  'AWS::EC2::Route': ({ properties, template }, count) => {
    count.inResource('routesPerRouteTable', template.identity(properties['RouteTableId']));
  },
  'AWS::EC2::NatGateway': ({ properties, template }, count) => {
    const subnet = template.resource(properties['SubnetId']);
    count.inResource('natGatewaysPerZone', textOf(subnet?.Properties?.['AvailabilityZone']));
    count.inRegion('networkInterfaces');
  },
  'AWS::EC2::VPCEndpoint': ({ properties, template }, count) => {
    // Gateway is what CloudFormation takes when nothing is said.
    if ((properties['VpcEndpointType'] ?? 'Gateway') === 'Gateway') {
      count.inRegion('gatewayEndpoints');
      return;
    }
    count.inResource('interfaceEndpointsPerVpc', template.identity(properties['VpcId']));
    count.inRegion('networkInterfaces', listOf(properties['SubnetIds']).length);
  },
  'AWS::EC2::SecurityGroup': (found, count) => {
    count.inRegion('securityGroups');
    const id = found.template.idOf(found.logicalId);
    for (const [property, direction] of DIRECTIONS) {
      const rules = listOf(found.properties[property]).length;
      if (rules > 0) count.inResource('rulesPerSecurityGroup', `${id} ${direction}`, rules);
    }
  },
  'AWS::EC2::SecurityGroupIngress': (found, count) => {
    countRule(found, count, 'inbound');
  },
  'AWS::EC2::SecurityGroupEgress': (found, count) => {
    countRule(found, count, 'outbound');
  },
  'AWS::EC2::TransitGatewayAttachment': ({ properties, template }, count) => {
    count.inResource('transitGatewayAttachments', template.identity(properties['TransitGatewayId']));
  },
};

/** Each direction has the quota for itself. */
const DIRECTIONS = [
  ['SecurityGroupIngress', 'inbound'],
  ['SecurityGroupEgress', 'outbound'],
] as const;

function countRule({ properties, template }: Found, count: StackCount, direction: 'inbound' | 'outbound'): void {
  count.inResource('rulesPerSecurityGroup', `${template.identity(properties['GroupId'])} ${direction}`);
}
