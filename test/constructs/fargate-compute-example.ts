import type { Stack } from 'aws-cdk-lib';
import { FargateCompute } from '../../lib/constructs/fargate-compute';
import type { StampComputeProps } from '../../lib/constructs/stamp-compute';
import { StampKey } from '../../lib/constructs/stamp-key';
import type { StampValues } from '../../lib/topology/types';
import { computeProps, importLoadBalancer, importTopic, importVpc } from '../support/compute';
import { once } from '../support/once';
import { synthesizeBothWays } from '../support/synth';

/** Web tasks on Fargate behind an existing load balancer. */
export function build(stack: Stack, values: StampValues, overrides: Partial<StampComputeProps> = {}): FargateCompute {
  const loadBalancer = importLoadBalancer(stack);
  const { key } = new StampKey(stack, 'Key', { aliasName: values.names.keyAlias });
  const compute = new FargateCompute(
    stack,
    'Compute',
    computeProps(stack, importVpc(stack), values, {
      loadBalancerSecurityGroup: loadBalancer.securityGroup,
      encryptionKey: key,
      alarmTopic: importTopic(stack),
      ...overrides,
    }),
  );
  loadBalancer.forwardTo(compute);
  return compute;
}

/** The example stamp's compute, synthesized with plain values and with tokens, which must agree. */
export const example = once(() =>
  synthesizeBothWays((stack, values) => {
    build(stack, values);
  }),
);
