/** Name of the lock file in a `stamps/` folder. */
export const LOCK_FILE = 'fleet.lock.yaml';

/** What `stampkit lock` did to one entry of `fleet.lock.yaml`. */
export type LockChangeKind =
  | 'address-allocated'
  | 'address-retired'
  | 'address-returned'
  | 'address-released'
  | 'home-pinned'
  | 'home-moved'
  | 'home-forgotten'
  | 'region-pinned'
  | 'control-table-pinned';

export interface LockChange {
  readonly kind: LockChangeKind;
  /** Stamp id, group or Region code. */
  readonly subject: string;
  /** One line for people. */
  readonly message: string;
}

export function lockChange(kind: LockChangeKind, subject: string, message: string): LockChange {
  return { kind, subject, message };
}
