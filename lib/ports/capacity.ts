import type { Guard } from './guard';
import type { StampRef } from './stamp-ref';

/** Bounds of one scaling target and what runs now. */
export interface ScalingReading {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** Running and healthy. */
  readonly running: number;
}

export interface CapacityReading {
  readonly web: ScalingReading;
  readonly worker?: ScalingReading;
  /** EC2 compute only. */
  readonly instances?: ScalingReading;
}

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Bounds to set; what is absent stays as it is. */
export interface CapacityBounds {
  readonly web?: Bounds;
  readonly worker?: Bounds;
  readonly instances?: Bounds;
}

/** Application Auto Scaling, ECS and Auto Scaling of the stamp's own Region: Regional control planes. */
export interface Capacity {
  /** @throws PortError */
  read(stamp: StampRef): Promise<CapacityReading>;
  /** Sets bounds; raising a minimum starts what is missing. Setting what is set already changes nothing. @throws PortError */
  setBounds(change: { readonly stamp: StampRef; readonly bounds: CapacityBounds; readonly guard: Guard }): Promise<void>;
  /** Replaces all tasks of the stamp's services with new ones that read their configuration again. @throws PortError */
  roll(change: { readonly stamp: StampRef; readonly guard: Guard }): Promise<void>;
  /** How the newest deployment of the services stands, and when it began (milliseconds since 1970). @throws PortError */
  rollout(stamp: StampRef): Promise<{ readonly state: 'in-progress' | 'completed' | 'failed'; readonly startedAt: number }>;
}
