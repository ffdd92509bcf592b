import type { aws_ec2 as ec2 } from 'aws-cdk-lib';

/**
 * Hands every subnet the CIDR that was computed for it. `IpAddresses.cidr` would calculate with the VPC's CIDR, which is a
 * token in a shape (design 11).
 */
export class ExplicitAddresses implements ec2.IIpAddresses {
  /** @param subnetCidrs per subnet group name, one CIDR a zone in the order of the zones */
  public constructor(
    private readonly vpcCidr: string,
    private readonly subnetCidrs: ReadonlyMap<string, readonly string[]>,
  ) {}

  public allocateVpcCidr(): ec2.VpcIpamOptions {
    return { cidrBlock: this.vpcCidr };
  }

  public allocateSubnetsCidr(input: ec2.AllocateCidrRequest): ec2.SubnetIpamOptions {
    const taken = new Map<string, number>();
    return {
      allocatedSubnets: input.requestedSubnets.map(({ configuration: { name } }) => {
        const index = taken.get(name) ?? 0;
        taken.set(name, index + 1);
        const cidr = this.subnetCidrs.get(name)?.[index];
        if (cidr === undefined) throw new Error(`no CIDR for subnet ${index} of group ${name}`);
        return { cidr };
      }),
    };
  }
}
