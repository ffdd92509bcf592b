import { Token } from 'aws-cdk-lib';
import { cidrContains, cidrsOverlap } from '../../cidr';
import { StampError } from '../../errors';
import { NUMBER_RANGES } from '../../facts/limits';
import { requireCidr } from './require-cidr';

/** What is checked of a network's props; everything that is a token is left alone. */
export interface NetworkLayout {
  readonly vpcCidr: string;
  readonly availabilityZones: readonly string[];
  readonly publicSubnetCidrs: readonly string[];
  readonly privateSubnetCidrs: readonly string[];
  readonly isolatedSubnetCidrs: readonly string[];
  readonly transitGatewayId?: string;
  readonly transitCidrs?: readonly string[];
}

const ANYWHERE = '0.0.0.0/0';

/** @throws StampError for a layout that AWS would refuse, or that would quietly do nothing */
export function checkNetwork(layout: NetworkLayout, natGateways: boolean): void {
  checkZones(layout);
  checkSubnets(layout);
  checkTransit(layout, natGateways);
}

function checkZones({ availabilityZones: zones, ...layout }: NetworkLayout): void {
  if (Token.isUnresolved(zones) || zones.length === 0) {
    throw new StampError(
      'NETWORK_WITHOUT_ZONES',
      'a network needs its availability zones by name',
      "List them, such as ['us-east-1a', 'us-east-1b', 'us-east-1c']: looking them up may reorder them",
    );
  }
  const repeated = zones.find((zone, index) => !Token.isUnresolved(zone) && zones.indexOf(zone) !== index);
  if (repeated !== undefined) {
    throw new StampError('ZONE_LISTED_TWICE', `availability zone '${repeated}' is listed twice`, 'List every zone once');
  }
  for (const kind of ['public', 'private', 'isolated'] as const) {
    const cidrs = layout[`${kind}SubnetCidrs`];
    if (cidrs.length !== zones.length) {
      throw new StampError(
        'SUBNETS_DO_NOT_MATCH_ZONES',
        `${cidrs.length} ${kind} subnet CIDRs for ${zones.length} availability zones`,
        'Give one CIDR per zone, in the order of the zones',
      );
    }
  }
}

/** @throws StampError `CIDR_SIZE_NOT_ALLOWED`: AWS takes /16 to /28, for a VPC and for a subnet */
function checkSize(cidr: string): void {
  const { prefix } = requireCidr(cidr);
  const { min, max } = NUMBER_RANGES.vpcPrefix;
  if (prefix >= min && prefix <= max) return;
  throw new StampError(
    'CIDR_SIZE_NOT_ALLOWED',
    `${cidr} is a /${prefix}`,
    `VPCs and subnets take prefix lengths from ${min} to ${max}`,
  );
}

function checkSubnets(layout: NetworkLayout): void {
  if (!Token.isUnresolved(layout.vpcCidr)) checkSize(layout.vpcCidr);
  const subnets = [...layout.publicSubnetCidrs, ...layout.privateSubnetCidrs, ...layout.isolatedSubnetCidrs].filter(
    (cidr) => !Token.isUnresolved(cidr),
  );
  for (const [index, cidr] of subnets.entries()) {
    checkSize(cidr);
    const range = requireCidr(cidr);
    const other = subnets.slice(0, index).find((earlier) => cidrsOverlap(requireCidr(earlier), range));
    if (other !== undefined) {
      throw new StampError('SUBNETS_OVERLAP', `subnet ${cidr} overlaps ${other}`, 'Give every subnet addresses of its own');
    }
    if (!Token.isUnresolved(layout.vpcCidr) && !cidrContains(requireCidr(layout.vpcCidr), range)) {
      throw new StampError(
        'SUBNET_OUTSIDE_VPC',
        `subnet ${cidr} is not inside the VPC's ${layout.vpcCidr}`,
        "Take the subnets' CIDRs from the VPC's",
      );
    }
  }
}

function checkTransit({ transitGatewayId, transitCidrs = [], vpcCidr }: NetworkLayout, natGateways: boolean): void {
  if (transitGatewayId === undefined && transitCidrs.length > 0) {
    throw new StampError(
      'TRANSIT_GATEWAY_MISSING',
      `transitCidrs (${transitCidrs.join(', ')}) without a transit gateway`,
      'Give transitGatewayId, or leave transitCidrs out',
    );
  }
  if (transitGatewayId !== undefined && transitCidrs.length === 0) {
    throw new StampError(
      'TRANSIT_CIDRS_MISSING',
      'a transit gateway attachment that no route uses',
      'List in transitCidrs what is reached through the transit gateway',
    );
  }
  for (const cidr of transitCidrs.filter((item) => !Token.isUnresolved(item))) {
    const range = requireCidr(cidr);
    if (cidr === ANYWHERE && natGateways) {
      throw new StampError(
        'TRANSIT_DEFAULT_ROUTE',
        `${ANYWHERE} cannot go to the transit gateway and to the NAT gateways`,
        'Use egress ENDPOINTS_ONLY to leave through the transit gateway, or name the CIDRs of the hub',
      );
    }
    if (!Token.isUnresolved(vpcCidr) && cidrContains(requireCidr(vpcCidr), range)) {
      throw new StampError(
        'TRANSIT_CIDR_INSIDE_VPC',
        `transit CIDR ${cidr} lies inside the VPC's ${vpcCidr}`,
        'List only CIDRs that are outside the stamp',
      );
    }
  }
}
