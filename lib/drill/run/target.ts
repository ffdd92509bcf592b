import type { Faults, OperationPorts, Timeline, Workload } from '../../ports';
import type { Fleet } from '../../topology/types';
import type { DrillTargetName } from '../../config/drill/types';
import type { WorkSample } from '../measure/slowness';
import type { DrillOperator } from './operator';

/** Where a drill runs, and everything that it reaches there. */
export interface DrillTarget {
  readonly name: DrillTargetName;
  /** What the target plays runs so many times as fast as on AWS. 1 on AWS. */
  readonly speed: number;
  /** Milliseconds between two looks at clients, DNS and conditions. */
  readonly lookEvery: number;
  readonly fleet: Fleet;
  /** Read only: what is changed goes through the operator and the faults. */
  readonly ports: OperationPorts;
  readonly operator: DrillOperator;
  readonly faults: Faults;
  readonly workload: Workload;
  /** What the target itself saw, such as probes and checks; without it the timeline has what the runner sees from outside. */
  readonly timeline?: Timeline;
  /**
   * How long the same piece of work took on the machine that the target runs on, from a moment on (milliseconds since 1970). Without it the machine counts as
   * that of the lab's table.
   */
  readonly gauge?: (since: number) => Promise<readonly WorkSample[]>;
  /** Versions and sizes, for the report. */
  readonly environment: Readonly<Record<string, string>>;
}
