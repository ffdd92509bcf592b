import type { DrillFault, DrillOperation } from '../../config/drill/types';
import { StampError } from '../../errors';
import type { OperationRequest } from '../../operations/request';
import type { FaultRequest } from '../../ports';
import type { Fleet } from '../../topology/types';

/** AWS Region of a Region as a file writes it: by code or by name. */
export function awsRegion(fleet: Fleet, written: string): string {
  for (const group of fleet.groups) {
    for (const stamp of group.stamps) if (stamp.regionCode === written) return stamp.shape.region;
  }
  return fleet.control.members.find(({ code }) => code === written)?.region ?? written;
}

/** The fault of a file as the port takes it. `operator-crash` is none of the target's: the operator of the drill dies by itself. */
export function faultRequest(fleet: Fleet, group: string, fault: DrillFault): FaultRequest {
  const region = (written: string): string => awsRegion(fleet, written);
  switch (fault.kind) {
    case 'region-loss':
      return { ...fault, region: region(fault.region) };
    case 'az-loss': {
      const stamp = fleet.groups.flatMap(({ stamps }) => stamps).find(({ id }) => id === fault.stamp);
      return { ...fault, zone: `${stamp?.shape.region ?? ''}${fault.zone}` };
    }
    case 'writer-loss':
      return { ...fault, group };
    case 'region-partition': {
      const [one = '', other = ''] = fault.between;
      return { kind: 'region-partition', between: [region(one), region(other)] };
    }
    case 'checker-partition': {
      const { locations } = fault;
      return { kind: fault.kind, region: region(fault.region), ...(locations !== undefined && { locations }) };
    }
    case 'client-partition':
      return { ...fault, region: region(fault.region) };
    case 'slow-replication':
      return { kind: fault.kind, group, to: region(fault.to), seconds: fault.lag };
    case 'data-damage':
      return { kind: fault.kind, group, mode: fault.mode, share: fault.share / 100 };
    case 'operator-crash':
      return { kind: fault.kind, ...(fault.step !== undefined && { step: fault.step }) };
    case 'traffic-surge':
      return { kind: fault.kind, factor: fault.factor, ...(fault.population !== undefined && { population: fault.population }) };
    case 'stamp-loss':
    case 'disk-full':
    case 'poison-messages':
    case 'health-lie':
    case 'bad-deployment':
      return fault;
  }
}

/** Stamps of a group that a fault takes away as a whole. */
export function lostStamps(fleet: Fleet, group: string, fault: FaultRequest | undefined): string[] {
  if (fault?.kind === 'stamp-loss') return [fault.stamp];
  if (fault?.kind !== 'region-loss') return [];
  const stamps = fleet.groups.find(({ name }) => name === group)?.stamps ?? [];
  return stamps.filter(({ shape }) => shape.region === fault.region).map(({ id }) => id);
}

/** What earlier steps left behind that an operation may refer to. */
export interface Earlier {
  /** When a step began, in milliseconds since 1970. */
  startOf(step: string): number | undefined;
  /** Id of the restore that a step made. */
  restoreOf(step: string): string | undefined;
}

/**
 * The operation of a file as the engine takes it.
 *
 * @throws StampError DRILL_STEP_MISSING when it refers to a step that left nothing behind
 */
export function operationRequest(group: string, drill: string, operation: DrillOperation, earlier: Earlier): OperationRequest {
  const common = { group, reason: `drill ${drill}` };
  switch (operation.do) {
    case 'evacuate':
    case 'readmit':
    case 'return':
      return { operation: operation.do, stamp: operation.stamp, ...common };
    case 'failover':
      return { operation: 'failover', to: operation.to, allowDataLoss: operation.allowDataLoss, ...common };
    case 'failback':
      return { operation: 'failback', ...common };
    case 'restore': {
      const began = earlier.startOf(operation.before);
      if (began === undefined) throw missing(operation.before, 'never began');
      return { operation: 'restore', at: began - operation.margin * 1000, ...common };
    }
    case 'cutover':
    case 'abandon': {
      const restore = earlier.restoreOf(operation.of);
      if (restore === undefined) throw missing(operation.of, 'restored nothing');
      return { operation: operation.do, restore, ...common };
    }
  }
}

function missing(step: string, why: string): StampError {
  return new StampError('DRILL_STEP_MISSING', `the step ${step} ${why}`, 'Look at the journal of the drill for what went before');
}
