import type { Fact } from './fact';

export interface NetworkFact extends Fact {
  /** Absent when an address manager gives it. */
  readonly cidr?: string;
  /** Zones of its subnets, sorted. */
  readonly availabilityZones: readonly string[];
  readonly subnets: readonly SubnetFact[];
  readonly natGateways: readonly { readonly id: string; readonly availabilityZone?: string }[];
  /** Services reached without a NAT gateway, such as `com.amazonaws.us-east-1.ecr.api`. */
  readonly endpoints: readonly string[];
}

export interface SubnetFact {
  readonly id: string;
  readonly cidr?: string;
  readonly availabilityZone?: string;
  /** Zone of the NAT gateway that its default route leads to: another zone's loss then takes its way out. */
  readonly natZone?: string;
}
