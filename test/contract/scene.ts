import type { Guard, OperationPorts, StampRef } from '../../lib/ports';
import { stampRef } from '../../lib/operations/group-view';
import type { Fleet, StampSpec, TenantGroup } from '../../lib/topology/types';

/** Where the ports lead. */
export type TargetName = 'fakes' | 'wire' | 'moto';

/** What of a world a behaviour needs besides ports. What a target cannot do, it lists with the reason. */
export type Need =
  /** Time passes when it is told to. */
  | 'time'
  /** Regions can be cut off. */
  | 'outage'
  /** AWS runs out of capacity. */
  | 'exhaustion'
  /** Restores fail. */
  | 'failing-restore'
  /** Engine versions can be made to differ. */
  | 'versions'
  /** Items and messages can be put where the engine does not put any. */
  | 'seed';

/** One deployed fleet and the way to it. */
export interface Scene {
  readonly target: TargetName;
  readonly fleet: Fleet;
  readonly ports: OperationPorts;
  /** Milliseconds since 1970 in that world. */
  now(): number;
  later(milliseconds: number): Promise<void>;
  down(region: string): void;
  up(region: string): void;
  exhaust(): void;
  failRestores(reason: string): void;
  setVersion(region: string, cluster: string, version: string): void;
  /** Messages that wait in a stamp's queue, and among its dead letters. */
  queue(stamp: string, messages: { readonly visible: number; readonly dead: number }): void | Promise<void>;
  close(): Promise<void>;
}

export interface Behaviour {
  /** Member of `OperationPorts` that it is about. */
  readonly port: keyof OperationPorts;
  readonly name: string;
  readonly needs?: readonly Need[];
  readonly run: (scene: Scene) => Promise<void>;
}

export const GUARD: Guard = { token: 1, operator: 'jo', operation: 'contract', validUntil: Infinity };

/** A guard whose lease has just run out. */
export function expired({ ports }: Scene): Guard {
  return { ...GUARD, validUntil: ports.clock.monotonic() };
}

export function groupOf({ fleet }: Scene, name: string): TenantGroup {
  const group = fleet.groups.find((each) => each.name === name);
  if (group === undefined) throw new Error(`the fleet has no group ${name}`);
  return group;
}

export function specOf(scene: Scene, id: string): StampSpec {
  const stamp = scene.fleet.groups.flatMap((group) => group.stamps).find((each) => each.id === id);
  if (stamp === undefined) throw new Error(`the fleet has no stamp ${id}`);
  return stamp;
}

export function refOf(scene: Scene, id: string): StampRef {
  const group = scene.fleet.groups.find((each) => each.stamps.some((stamp) => stamp.id === id));
  if (group === undefined) throw new Error(`the fleet has no stamp ${id}`);
  return stampRef(group, specOf(scene, id));
}
