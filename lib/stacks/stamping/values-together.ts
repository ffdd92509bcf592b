import { checkAcu } from '../../constructs/private/aurora-instances';
import { checkTaskCounts } from '../../constructs/private/compute-checks';
import { checkInstanceCounts } from '../../constructs/private/container-instances';
import { checkRecordName } from '../../constructs/private/edge-checks';
import { checkNetwork } from '../../constructs/private/network-checks';
import { checkNames } from '../../constructs/private/routing-rules';
import { isStampError, StampError } from '../../errors';
import { nameProblem } from '../../facts/limits';
import type { StampSpec, TenantGroup } from '../../topology/types';

type Stamp = Pick<StampSpec, 'shape' | 'values'>;

/** Throws a StampError. */
type Check<T> = (of: T) => void;

/**
 * What values have to be to each other. The constructs check it when they know the values, and of a shape they do not: the same checks run
 * here, for each stamp. What a value has to be by itself is in `STAMP_VALUE_RULES`.
 */
const STAMP_CHECKS: readonly Check<Stamp>[] = [
  ({ shape: { network, availabilityZones }, values }) => {
    checkNetwork(
      {
        vpcCidr: values.vpcCidr,
        availabilityZones,
        publicSubnetCidrs: values.publicSubnets,
        privateSubnetCidrs: values.privateSubnets,
        isolatedSubnetCidrs: values.isolatedSubnets,
        ...(network.transitGateway && values.transitGatewayId !== undefined && { transitGatewayId: values.transitGatewayId }),
        transitCidrs: network.transitGateway ? network.transitCidrs : [],
      },
      network.egress === 'nat',
    );
  },
  ({ values }) => {
    checkRecordName(values.recordName, values.zoneName);
  },
  ({ values: { certificateNames } }) => {
    checkCertificate(certificateNames);
  },
  ({ values: { capacity } }) => {
    checkTaskCounts(capacity.minTasks, capacity.maxTasks, 1);
  },
  ({ shape, values: { capacity } }) => {
    if (shape.worker !== undefined) checkTaskCounts(capacity.workerMinTasks ?? 0, capacity.workerMaxTasks ?? 0, 0);
  },
  ({ shape, values: { capacity } }) => {
    if (shape.compute.kind === 'ec2') checkInstanceCounts(capacity.minInstances ?? 0, capacity.maxInstances ?? 0);
  },
  ({ values: { capacity } }) => {
    if (capacity.minAcu !== undefined) checkAcu(capacity.minAcu, capacity.maxAcu);
  },
];

/** Everything that is wrong between the values of one stamp. */
export function problemsOfStamp(stamp: Stamp): StampError[] {
  return STAMP_CHECKS.flatMap((check) => problemsOf(check, stamp));
}

/** Everything that is wrong between the names of one group. */
export function problemsOfRouting(
  group: Pick<TenantGroup, 'zone' | 'recordName' | 'tenantRecordNames' | 'stamps'>,
): StampError[] {
  return problemsOf(checkNames, {
    zoneName: group.zone.name,
    recordName: group.recordName,
    tenantRecordNames: group.tenantRecordNames,
    stamps: group.stamps.map(({ id, values }) => ({ stampId: id, recordName: values.recordName })),
  });
}

function checkCertificate([subject = '']: readonly string[]): void {
  const problem = nameProblem('certificateCommonName', subject);
  if (problem !== undefined)
    throw new StampError('CERTIFICATE_NAME', problem, 'Put a shorter name first: the others may be longer');
}

function problemsOf<T>(check: Check<T>, of: T): StampError[] {
  try {
    check(of);
    return [];
  } catch (error) {
    if (isStampError(error)) return [error];
    throw error;
  }
}
