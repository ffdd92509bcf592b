import type { Stack } from 'aws-cdk-lib';
import { StampNetwork, type StampNetworkProps } from '../../lib/constructs/stamp-network';
import type { StampValues } from '../../lib/topology/types';
import { ZONES } from './database-fixtures';

/** The network of a stamp, with the addresses of its values; structure can be overridden. */
export function exampleNetwork(stack: Stack, values: StampValues, overrides: Partial<StampNetworkProps> = {}): StampNetwork {
  return new StampNetwork(stack, 'Network', {
    vpcCidr: values.vpcCidr,
    availabilityZones: ZONES,
    publicSubnetCidrs: [...values.publicSubnets],
    privateSubnetCidrs: [...values.privateSubnets],
    isolatedSubnetCidrs: [...values.isolatedSubnets],
    name: values.names.stack,
    ...overrides,
  });
}
