import type { Guard } from './guard';

/** One Region's part of an Aurora global database, as `DescribeGlobalClusters` lists it (aws-facts 4.1). */
export interface GlobalMember {
  /** AWS Region. */
  readonly region: string;
  readonly cluster: string;
  readonly writer: boolean;
  readonly synchronization: 'connected' | 'pending-resync' | 'unknown';
}

export interface GlobalCluster {
  readonly identifier: string;
  readonly status: string;
  readonly engineVersion: string;
  /** A change of the writer that is going on. */
  readonly failover?: {
    readonly status: 'pending' | 'failing-over' | 'switching-over' | 'cancelling';
    readonly toRegion?: string;
  };
  /** Sorted by Region. */
  readonly members: readonly GlobalMember[];
}

export interface AuroraCluster {
  readonly region: string;
  readonly identifier: string;
  /** `available`, `creating`, `promoting`, ... in AWS's words. */
  readonly status: string;
  readonly engineVersion: string;
  readonly instances: readonly { readonly identifier: string; readonly status: string }[];
  readonly writerEndpoint: string;
  readonly readerEndpoint: string;
  readonly port: number;
  /** Global cluster it belongs to; absent when it stands alone. */
  readonly globalCluster?: string;
}

export interface LagReading {
  readonly seconds: number;
  /** When the source last said so, in milliseconds since 1970. */
  readonly at: number;
}

interface Mutation {
  /** AWS Region whose API is called. */
  readonly region: string;
  readonly guard: Guard;
}

/** The target of a change of the writer. */
export interface WriterChange extends Mutation {
  readonly globalCluster: string;
  /** The member that becomes the writer; in `region`. */
  readonly cluster: string;
}

/** A switchover is asked for in the Region of the writer of today, every other change of the writer in that of its target (aws-facts 4.1). */
export interface Switchover extends WriterChange {
  /** AWS Region of the writer of today: the Region whose API is called. `region` stays that of `cluster`. */
  readonly writerRegion: string;
}

export interface ClusterCreation extends Mutation {
  readonly cluster: string;
  /** Existing cluster of the same Region whose network, keys, parameters and scaling the new one takes. */
  readonly like: string;
  readonly globalCluster: string;
  /** Id of the restore it belongs to, written as the tag `stampkit:restore`; absent for a member that is rebuilt. */
  readonly restore?: string;
}

/** Aurora global databases through the RDS API of one Region. All calls are Regional control plane. */
export interface Databases {
  /** As `region` sees it; undefined when there is none of that name. @throws PortError */
  global(region: string, globalCluster: string): Promise<GlobalCluster | undefined>;
  /** @throws PortError */
  cluster(region: string, cluster: string): Promise<AuroraCluster | undefined>;
  /** Last `AuroraGlobalDBRPOLag` of a secondary, read in its own Region; undefined when there is no data point. @throws PortError */
  lag(region: string, cluster: string): Promise<LagReading | undefined>;
  /**
   * `SwitchoverGlobalCluster`, sent to `writerRegion`: loses nothing, needs all members. Returns when accepted.
   *
   * @throws PortError `invalid` when versions differ, or when `writerRegion` has not the writer
   */
  switchover(change: Switchover): Promise<void>;
  /** `FailoverGlobalCluster` with `AllowDataLoss`, sent to the target's Region. Fencing of the old writer is best effort. @throws PortError `invalid` */
  failover(change: WriterChange): Promise<void>;
  /** `RemoveFromGlobalCluster`: the member becomes a writer of its own. @throws PortError */
  removeFromGlobal(change: WriterChange): Promise<void>;
  /** Makes a global cluster around a cluster that stands alone. @throws PortError `conflict` when the name is taken */
  createGlobal(change: WriterChange): Promise<void>;
  /** Makes a secondary cluster of an existing global cluster, without instances. @throws PortError `conflict` */
  addMember(creation: ClusterCreation): Promise<void>;
  /** Gives a cluster the instances that `like` has. @throws PortError */
  addInstances(creation: Mutation & { readonly cluster: string; readonly like: string }): Promise<void>;
  /**
   * Deletes a cluster that a restore made, with instances and, when it is the last member, its global cluster.
   *
   * @throws PortError `invalid` for a cluster without the tag `stampkit:restore` of that restore
   */
  deleteRestored(deletion: Mutation & { readonly cluster: string; readonly restore: string }): Promise<void>;
}
