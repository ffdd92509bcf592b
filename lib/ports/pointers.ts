import type { Guard } from './guard';

export interface PointerReading {
  /** The JSON document that tasks read. */
  readonly value: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** The SSM parameters that say where a stamp's database is (design 6). */
export interface Pointers {
  /** @throws PortError */
  read(region: string, name: string): Promise<PointerReading | undefined>;
  /**
   * Writes when the live version is `version`. SSM has no conditional write: the adapter reads just before, and reads again after.
   *
   * @throws PortError
   */
  write(change: {
    readonly region: string;
    readonly name: string;
    readonly value: string;
    readonly version: number;
    readonly guard: Guard;
  }): Promise<'written' | 'conflict'>;
}

/** CloudFormation, read only, and only after an outage: adoption and re-homing. */
export interface Stacks {
  /** @throws PortError */
  exists(region: string, stack: string): Promise<boolean>;
}
