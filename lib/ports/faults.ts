/** What can be broken on purpose. Regions are AWS Regions (`us-east-1`), zones are AZ names (`us-east-1a`), durations are seconds as on AWS (a target that runs faster divides them, but for replication lag). */
export type FaultRequest =
  /** All processes of a stamp end at once (`SIGKILL`), its database too, and come back with their disks when the fault ends. */
  | { readonly kind: 'stamp-loss'; readonly stamp: string; readonly mode: 'kill' | 'freeze' }
  /** The same for every stamp, control plane, switch and queue of a Region. */
  | { readonly kind: 'region-loss'; readonly region: string; readonly mode: 'kill' | 'freeze' }
  /** The tasks of one zone of one stamp end, and none starts there. */
  | { readonly kind: 'az-loss'; readonly stamp: string; readonly zone: string }
  /** The writer instance of a group's database ends; its storage stays, and the Region's own failover brings a writer back. */
  | { readonly kind: 'writer-loss'; readonly group: string }
  /** Nothing passes between two Regions, in both directions. `between` are two AWS Regions. */
  | { readonly kind: 'region-partition'; readonly between: readonly [string, string] }
  /** Probes of these checker locations do not reach a Region; without locations none does. */
  | { readonly kind: 'checker-partition'; readonly region: string; readonly locations?: readonly string[] }
  /** Clients in one Region do not reach stamps in another. */
  | { readonly kind: 'client-partition'; readonly population: string; readonly region: string }
  /** Replication into a Region is this late. */
  | { readonly kind: 'slow-replication'; readonly group: string; readonly to: string; readonly seconds: number }
  /** The database of a stamp may write no more: its quota is used up. */
  | { readonly kind: 'disk-full'; readonly stamp: string }
  /** Rows change (`corrupt`) or go (`delete`) in the live data; `end` does not bring them back: a restore does. */
  | { readonly kind: 'data-damage'; readonly group: string; readonly mode: 'corrupt' | 'delete'; readonly share: number }
  /** Messages that no worker can process. */
  | { readonly kind: 'poison-messages'; readonly stamp: string; readonly count: number }
  /** The stamp's health answer says this, whatever is true. */
  | { readonly kind: 'health-lie'; readonly stamp: string; readonly says: 'pass' | 'fail' }
  /** The operator's process is killed (`SIGKILL`) when it has journaled that the step has started; any step without one. */
  | { readonly kind: 'operator-crash'; readonly step?: string }
  /** Clients ask this many times as often. */
  | { readonly kind: 'traffic-surge'; readonly population?: string; readonly factor: number }
  /** New tasks of a stamp start and answer every request with an error, as a broken release does. */
  | { readonly kind: 'bad-deployment'; readonly stamp: string };

export type FaultKind = FaultRequest['kind'];

/** Every kind, in the order of the documentation. */
export const FAULT_KINDS: readonly FaultKind[] = [
  'stamp-loss',
  'region-loss',
  'az-loss',
  'writer-loss',
  'region-partition',
  'checker-partition',
  'client-partition',
  'slow-replication',
  'disk-full',
  'data-damage',
  'poison-messages',
  'health-lie',
  'operator-crash',
  'traffic-surge',
  'bad-deployment',
];

/** A fault that was started. */
export interface Fault {
  readonly id: string;
  readonly request: FaultRequest;
  /** Milliseconds since 1970, just before anything was broken: what a measured RTO and RPO count from. */
  readonly startedAt: number;
  /** Absent while it goes on. */
  readonly endedAt?: number;
}

/** Whether a fault really took hold, seen from outside of what was broken: a kill that killed nobody is no drill. */
export interface FaultCheck {
  readonly holds: boolean;
  /** What was looked at and what was seen, in one line. */
  readonly evidence: string;
}

/** Breaks parts of a target on purpose, and mends them again. */
export interface Faults {
  /** Kinds that this target can do by itself. */
  readonly kinds: readonly FaultKind[];
  /** Ends when the fault was set; {@link check} says whether it holds. @throws PortError `not-found` for what does not exist, `invalid` for a kind the target cannot do, or that is on already */
  start(request: FaultRequest): Promise<Fault>;
  /** @throws PortError `not-found` */
  check(id: string): Promise<FaultCheck>;
  /** Mends it: processes come back with the disks they had. Ends when they have been started; ending twice is one end. @throws PortError `not-found` */
  end(id: string): Promise<Fault>;
  /** Everything that was started, oldest first. */
  list(): Promise<readonly Fault[]>;
}
