import type { Fact } from './fact';

/** A bucket whose objects health checks read. */
export interface SwitchBucketFact extends Fact {
  readonly bucketName: string;
  readonly versioned: boolean;
  /** All four settings of Block Public Access. */
  readonly publicAccessBlocked: boolean;
  /** What anonymous readers may read: patterns of keys, each with the address ranges it is limited to (`[]`: anywhere). */
  readonly anonymousReads: readonly { readonly keys: string; readonly ranges: readonly string[] }[];
  /** Named like a control Region's bucket of stampkit. */
  readonly generated: boolean;
}
