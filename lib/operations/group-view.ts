import { StampError } from '../errors';
import { entryOf } from '../entry-of';
import type { Fleet, StampSpec, TenantGroup } from '../topology/types';
import type { StampRef } from '../ports';
import type { CapacityFloors } from './plan';
import type { CapacityBounds } from '../ports';

/** A group together with what of its fleet an operation needs. */
export interface GroupView {
  readonly fleet: Fleet;
  readonly group: TenantGroup;
}

/**
 * @throws StampError `UNKNOWN_GROUP`
 */
export function viewOf(fleet: Fleet, name: string): GroupView {
  const group = fleet.groups.find((candidate) => candidate.name === name);
  if (group !== undefined) return { fleet, group };
  throw new StampError(
    'UNKNOWN_GROUP',
    `there is no tenant group ${name}`,
    `Use one of ${fleet.groups.map((candidate) => candidate.name).join(', ')}`,
  );
}

/**
 * @throws StampError `UNKNOWN_STAMP`
 */
export function stampSpec({ group }: GroupView, id: string): StampSpec {
  const stamp = group.stamps.find((candidate) => candidate.id === id);
  if (stamp !== undefined) return stamp;
  throw new StampError(
    'UNKNOWN_STAMP',
    `${group.name} has no stamp ${id}`,
    `Use one of ${group.stamps.map((candidate) => candidate.id).join(', ')}`,
  );
}

/** The stamp in an AWS Region, given by name or by code. */
export function stampIn({ group }: GroupView, region: string): StampSpec | undefined {
  return group.stamps.find((stamp) => stamp.regionCode === region || stamp.shape.region === region);
}

export function stampRef(group: TenantGroup, stamp: StampSpec): StampRef {
  return {
    id: stamp.id,
    group: group.name,
    account: stamp.values.account,
    region: stamp.shape.region,
    names: stamp.values.names,
    recordName: stamp.values.recordName,
    healthPath: stamp.shape.compute.healthPath,
    compute: stamp.shape.compute.kind,
    hasWorker: stamp.shape.worker !== undefined,
  };
}

/** What the stamp's own template asks for. */
export function templateFloors({ values: { capacity } }: StampSpec): CapacityFloors {
  return floors(capacity.minTasks, capacity.workerMinTasks, capacity.minInstances);
}

/** Bounds as the stamp's template has them. */
export function templateBounds({ values: { capacity } }: StampSpec): CapacityBounds {
  return {
    web: { min: capacity.minTasks, max: capacity.maxTasks },
    ...(capacity.workerMinTasks !== undefined &&
      capacity.workerMaxTasks !== undefined && { worker: { min: capacity.workerMinTasks, max: capacity.workerMaxTasks } }),
    ...(capacity.minInstances !== undefined &&
      capacity.maxInstances !== undefined && { instances: { min: capacity.minInstances, max: capacity.maxInstances } }),
  };
}

/**
 * The floor with which a stamp carries the whole peak of its group alone and still survives the loss of a zone: ceil(peak / per task),
 * spread over one zone less than there are (aws-facts 3.6). Never below the template's own, never above its maximum.
 */
export function peakFloors({ group }: GroupView, stamp: StampSpec): CapacityFloors {
  const { capacity } = stamp.values;
  const zones = stamp.shape.availabilityZones.length;
  const perTask = capacity.requestsPerTargetPerMinute / 60;
  const needed = Math.max(1, Math.ceil(Number((group.peakRequestsPerSecond / perTask).toPrecision(12))));
  const perZone = zones <= 1 ? needed : Math.ceil(needed / (zones - 1));
  const web = Math.min(Math.max(capacity.minTasks, perZone * zones), capacity.maxTasks);
  const peers = group.stamps.map((peer) => peer.values.capacity.workerMinTasks ?? 0);
  const worker =
    capacity.workerMinTasks === undefined
      ? undefined
      : Math.min(Math.max(capacity.workerMinTasks, ...peers), capacity.workerMaxTasks ?? capacity.workerMinTasks);
  const instances =
    capacity.minInstances === undefined
      ? undefined
      : Math.min(Math.ceil((capacity.minInstances * web) / capacity.minTasks), capacity.maxInstances ?? capacity.minInstances);
  return floors(web, worker, instances);
}

function floors(web: number, worker: number | undefined, instances: number | undefined): CapacityFloors {
  return { web, ...(worker !== undefined && { worker }), ...(instances !== undefined && { instances }) };
}

/** The engine as operations tell them apart. */
export function engineOf({ group }: GroupView): 'aurora' | 'dynamodb' | 'none' {
  switch (group.database.engine) {
    case 'aurora-postgresql':
    case 'aurora-mysql':
      return 'aurora';
    case 'dynamodb':
      return 'dynamodb';
    case 'external':
    case 'none':
      return 'none';
  }
}

/** AWS Region of a code that the fleet names. */
export function regionOfCode(fleet: Fleet, code: string): string {
  return fleet.regions.find((region) => region.code === code)?.region ?? code;
}

/** The bucket of a control Region, by its code. */
export function controlMember(fleet: Fleet, code: string): Fleet['control']['members'][number] {
  const members = Object.fromEntries(fleet.control.members.map((member) => [member.code, member]));
  const member = entryOf(members, code);
  if (member !== undefined) return member;
  throw new StampError('UNKNOWN_CONTROL_REGION', `${code} is no control Region`, `Use one of ${Object.keys(members).join(', ')}`);
}
