import type { ResourceKey } from '../resources';

/** `read` changes nothing and may be repeated. `change` is sent once, under a lease. */
export type CallKind = 'read' | 'change';

/** A permission, and what it is limited to. */
export interface Permission {
  /** IAM action such as `rds:FailoverGlobalCluster`. */
  readonly action: string;
  /** What it is granted on. */
  readonly on: readonly ResourceKey[];
  /** Reads what only a running operation reads, such as the data itself: no part of the reader's policy. */
  readonly operatorOnly?: true;
}

/** A call that an adapter may make, and what IAM asks for it. */
export interface CallAction extends Permission {
  /** Service as `CallPlace.service` has it: the name of the SDK's package without `client-`, such as `s3`. */
  readonly service: string;
  /** Operation as AWS spells it, which is the SDK's command without `Command`. */
  readonly call: string;
  readonly kind: CallKind;
  /** What else AWS looks for when it takes this call. */
  readonly also?: readonly Permission[];
}
