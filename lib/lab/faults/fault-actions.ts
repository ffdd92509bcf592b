import type { FaultCheck, FaultKind, FaultRequest } from '../../ports';
import type { Processes } from '../host/processes';
import type { LabPlan } from '../plan/lab-plan';

/** What faults are made with. */
export interface FaultWorld {
  readonly plan: LabPlan;
  readonly processes: Processes;
  /** Id of the fault, for what must be found again at its end. */
  readonly id: string;
}

/** How one kind of fault is done, seen and undone. */
export interface FaultAction {
  /** @throws PortError `not-found`, `invalid` */
  readonly start: () => Promise<void>;
  /** Seen from outside of what was broken. */
  readonly check: () => Promise<FaultCheck>;
  readonly end: () => Promise<void>;
}

export type RequestOf<K extends FaultKind> = Extract<FaultRequest, { readonly kind: K }>;
