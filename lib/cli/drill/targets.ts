import type { DrillSpec } from '../../config/drill/types';
import type { BoundsAt } from '../../drill/run/run-drill';
import type { DrillTarget } from '../../drill/run/target';
import type { Fleet } from '../../topology/types';
import type { OperationsHost } from '../operations/host';

export interface OpenRequest {
  readonly fleet: Fleet;
  readonly spec: DrillSpec;
  readonly speed: number;
  readonly seed: number;
  readonly host: OperationsHost;
  /** One line for people. */
  readonly say: (line: string) => void;
}

/** A target that is there, until it is closed. */
export interface OpenTarget {
  readonly target: DrillTarget;
  /** What the proof allows for the failure that the drill plays. */
  readonly bounds?: BoundsAt;
  /** Ends what was started for it; leaves no process and no file. */
  readonly close: () => Promise<void>;
}

/** Opens a target. Loaded when a drill runs: neither the lab nor the SDK is needed to read a file. */
export type OpenDrillTarget = (name: 'lab' | 'aws', request: OpenRequest) => Promise<OpenTarget>;

export const openDrillTarget: OpenDrillTarget = async (name, request) => {
  if (name === 'lab') return (await import('./lab-target.js')).openLab(request);
  return (await import('./aws-target.js')).openAws(request);
};
