import type { LagReading } from './databases';
import type { Guard } from './guard';

export interface TableReading {
  readonly region: string;
  readonly name: string;
  readonly status: string;
  readonly consistency: 'eventual' | 'strong' | 'none';
  /** All replicas, this one included, sorted by Region. */
  readonly replicas: readonly { readonly region: string; readonly status: string }[];
}

interface Mutation {
  readonly region: string;
  readonly guard: Guard;
}

/** DynamoDB global tables (aws-facts 4.2). */
export interface Tables {
  /** @throws PortError */
  describe(region: string, table: string): Promise<TableReading | undefined>;
  /** `ReplicationLatency` from one Region to another, read in `from`; undefined without data, and always for strong tables. @throws PortError */
  lag(from: string, to: string, table: string): Promise<LagReading | undefined>;
  /** Adds one replica. @throws PortError `conflict` while another change is going on */
  addReplica(change: Mutation & { readonly table: string; readonly replica: string }): Promise<void>;
  /** An empty strongly consistent table with the keys and indexes of `like`. @throws PortError `conflict` when it exists */
  createStrong(
    change: Mutation & {
      readonly table: string;
      readonly like: string;
      readonly replicas: readonly string[];
      readonly witness?: string;
      readonly restore: string;
    },
  ): Promise<void>;
  /** Copies a part of the items that are not in `to` yet (conditional puts) and says how far it is. Safe to repeat. @throws PortError */
  copy(
    change: Mutation & { readonly from: string; readonly to: string },
  ): Promise<{ readonly copied: number; readonly done: boolean }>;
  /** Deletes a table that a restore made, with its replicas. @throws PortError `invalid` without the tag of that restore */
  deleteRestored(change: Mutation & { readonly table: string; readonly restore: string }): Promise<void>;
}
