/**
 * What can fail. An id is `KIND:ID`, as `verify --fail`, `accept:` and `objectives.survive` write it; two of them joined by `+` are a
 * pair. See docs/proof.md for what each kind means.
 */
export const FAILURE_KINDS = [
  'az',
  'stamp',
  'region',
  'writer',
  'database',
  'queue',
  'deployment',
  'check',
  'checkers',
  'dependency',
  'control',
  'plane',
  'image',
  'secret',
  'data',
  'account',
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Which promise of a group a failure is held against. */
export type ObjectiveName = 'availability' | 'recovery';

export interface Failure {
  readonly kind: FailureKind;
  /** `region:use1`; unique in a fleet. */
  readonly id: string;
  /** One clause for people: `the Region us-east-1 is lost`. */
  readonly what: string;
  readonly takes: Loss;
}

/** Two failures at once, or one. */
export interface FailureSet {
  /** `region:use1` or `region:use1+region:usw2`, parts in byte order. */
  readonly id: string;
  readonly parts: readonly Failure[];
}

/** What a failure takes away. Everything absent is untouched. */
export interface Loss {
  /** AWS Regions with everything in them. */
  readonly regions?: readonly string[];
  /** Availability zones such as `us-east-1a`. */
  readonly zones?: readonly string[];
  /** Whole stamps: load balancer, tasks, worker, and the database member that is theirs alone. */
  readonly stamps?: readonly string[];
  /** Stamps whose writing database instance is gone, while its cluster lives. */
  readonly writers?: readonly string[];
  /** Stamps whose database member is gone with all its instances: a cluster, or one Region's replica of a table. */
  readonly databases?: readonly string[];
  /** Stamps whose queue neither takes nor gives messages. */
  readonly queues?: readonly string[];
  /** Stamps that were given a version that does not work. */
  readonly deployments?: readonly string[];
  /** Stamps whose deep check says failed although they serve. */
  readonly falseAlarms?: readonly string[];
  /** Stamps whose deep check passes whatever happens. */
  readonly blindChecks?: readonly string[];
  /** Locations of health checkers that reach nothing; `majority` is as many as it takes to fail every check. */
  readonly checkers?: readonly string[];
  /** Names of dependencies outside the fleet. */
  readonly dependencies?: readonly string[];
  /** Regions whose switch bucket and control table replica cannot be reached. */
  readonly controls?: readonly string[];
  /** Regions whose control planes refuse every change; `us-east-1` stands for the global ones too. */
  readonly planes?: readonly string[];
  /** Regions whose image registry is away: tasks that pull from it cannot start. */
  readonly images?: readonly string[];
  /** Regions whose secrets and parameters are away: tasks that read them cannot start. */
  readonly secrets?: readonly string[];
  /** Groups whose data is deleted or corrupted, in every replica. */
  readonly data?: readonly string[];
  /** Accounts with everything in them, backups included. */
  readonly accounts?: readonly string[];
}
