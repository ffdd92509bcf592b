import type { Guard } from './guard';

export type SwitchState = 'in-service' | 'evacuated';

/** A switch as one control Region holds it. No object at all: in service, token 0, no `etag`. */
export interface SwitchReading {
  readonly state: SwitchState;
  /** Fencing token of the last writer; 0 when a person wrote it by hand without one. */
  readonly token: number;
  /** Version of the object that a change has to name; absent when there is no object. */
  readonly etag?: string;
  readonly operator?: string;
  readonly reason?: string;
  /** ISO 8601. */
  readonly time?: string;
}

export interface SwitchWrite {
  /** AWS Region of the control bucket. */
  readonly region: string;
  readonly bucket: string;
  readonly stamp: string;
  readonly state: SwitchState;
  readonly reason: string;
  /** ISO 8601. */
  readonly time: string;
  /** `If-Match`; undefined means `If-None-Match: *`. */
  readonly etag: string | undefined;
  readonly guard: Guard;
}

/** The switch objects of the control Regions: S3 conditional writes (aws-facts 15). */
export interface Switches {
  /** @throws PortError `unreachable`, `timeout`, `denied`, `throttled` */
  read(region: string, bucket: string, stamp: string): Promise<SwitchReading>;
  /**
   * One conditional `PutObject`. `conflict`: the object is not the one that was read (412), or a concurrent write won (409).
   *
   * @throws PortError as `read`; with `maybeApplied` when the answer was lost
   */
  write(write: SwitchWrite): Promise<'written' | 'conflict'>;
}
