import type { ControlTablePin, FleetConfig, RegionCode, RegionConfig } from '../config/types';
import { compareText } from '../order';
import { controlStackName, controlTableName, switchBucketName } from './names';
import type { ControlMember, ControlPlane, FleetRegion } from './types';

/** What a Region does for the control table. */
export type ControlTableRole = 'owner' | 'replica' | 'witness';

/**
 * The control plane: switches where the configuration says, the table where the lock says.
 *
 * @throws StampError UNKNOWN_REGION_CODE from `regionOf`
 */
export function controlPlane(
  config: FleetConfig,
  pin: ControlTablePin,
  regionOf: (code: RegionCode) => RegionConfig,
): ControlPlane {
  const member = (code: RegionCode): ControlMember => ({
    code,
    region: regionOf(code).region,
    stackName: controlStackName(config.fleet, code),
    bucketName: switchBucketName(config.fleet, config.account, code),
    ownsTable: code === pin.owner,
  });
  return {
    table: {
      name: controlTableName(config.fleet),
      owner: { code: pin.owner, region: regionOf(pin.owner).region },
      replicaRegions: pin.replicas.map((code) => regionOf(code).region).sort(compareText),
      ...(pin.witness !== undefined && { witness: fleetRegion(regionOf(pin.witness)) }),
    },
    members: [...config.control.regions].sort(compareText).map(member),
    joining: [...config.control.joining].sort(compareText).map(member),
  };
}

/** The part of a Region in the control table; undefined for Regions that the table does not touch. */
export function controlTableRole({ table }: ControlPlane, region: string): ControlTableRole | undefined {
  if (table.owner.region === region) return 'owner';
  if (table.replicaRegions.includes(region)) return 'replica';
  return table.witness?.region === region ? 'witness' : undefined;
}

/** A Region with the full names of its zones. */
export function fleetRegion({ code, region, azs }: RegionConfig): FleetRegion {
  return { code, region, availabilityZones: azs.map((zone) => region + zone) };
}
