import type { PlacementMode, PreferredRole } from '../topology/types';

/**
 * What is asked of a fleet: objectives and demand, which no template says. From `stamps/` by {@link fleetDemand}, or from an
 * objectives file for assemblies that stampkit did not generate.
 */
export interface FleetDemand {
  readonly fleet: string;
  /** Name of the file that says it, when that is no `stamps/` folder. */
  readonly objectivesFile?: string;
  /** Regions with a short code; failures are named by it. Others are named in full. */
  readonly regions: readonly { readonly code: string; readonly region: string }[];
  /** Overrides of the table of assumptions. */
  readonly assumptions: Readonly<Record<string, number>>;
  /** Sorted by name. */
  readonly groups: readonly GroupDemand[];
}

/** One pair of objectives. */
export interface Objectives {
  /** Seconds. */
  readonly rto: number;
  /** Seconds. */
  readonly rpo: number;
}

export interface GroupDemand {
  readonly name: string;
  /** What users resolve, without a final dot. */
  readonly recordName: string;
  readonly tenants: number;
  readonly mode: PlacementMode;
  /** In the order of their stamp ids. */
  readonly members: readonly MemberDemand[];
  readonly availability: Objectives;
  readonly recovery: Objectives;
  /** Pairs that must stay inside the availability objective too. */
  readonly survive: readonly string[];
  readonly accept: readonly { readonly failure: string; readonly reason: string }[];
  /** Of the whole group. Absent: capacity is not judged. */
  readonly peakRequestsPerSecond?: number;
  /** What one task takes. Absent: capacity is not judged. */
  readonly requestsPerSecondPerTask?: number;
  /** Seconds for which a silent writer only warns. */
  readonly writerGrace: number;
  readonly dependencies: readonly { readonly name: string; readonly url: string; readonly shared: boolean }[];
  /** Whether the group's engine is one that templates describe; `external` and `none` have nothing to judge. */
  readonly data: 'described' | 'external' | 'none';
  /** What configuration promises of every stamp's backups; absent when it promises nothing. */
  readonly backups?: { readonly copies: number };
  /** Seconds that the oldest message of a queue may have. */
  readonly workLatency?: number;
}

export interface MemberDemand {
  readonly stampId: string;
  readonly regionCode: string;
  readonly region: string;
  readonly account: string;
  readonly role: PreferredRole;
  /** Share of the group's demand that it serves while everything is well, from 0 to 1. */
  readonly share: number;
}
