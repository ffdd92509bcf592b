import type { ParsedRecord } from '../assembly/facts/dns';
import type { ParsedFleet, ParsedStamp } from '../assembly/parsed-fleet';
import { StampError } from '../errors';
import { compareText } from '../order';
import type { PlacementMode, PreferredRole } from '../topology/types';
import type { FleetDemand, GroupDemand, MemberDemand, Objectives } from './demand';
import { canonicalName } from './dns/names';
import { namedFailure } from './failures/named-failure';

/** What an objectives file says, after its schema. */
export interface StatedObjectives {
  readonly assumptions: Readonly<Record<string, number | undefined>>;
  readonly groups: readonly StatedGroup[];
}

export interface StatedGroup {
  readonly name: string;
  readonly record: string;
  readonly stamps: readonly {
    readonly id: string;
    readonly role?: PreferredRole | undefined;
    readonly share?: number | undefined;
  }[];
  readonly objectives: { readonly availability: Objectives; readonly recovery: Objectives; readonly survive: readonly string[] };
  readonly tenants: number;
  readonly peakRequestsPerSecond?: number | undefined;
  readonly requestsPerSecondPerTask?: number | undefined;
  readonly writerGrace: number;
  readonly accept: readonly { readonly failure: string; readonly reason: string }[];
}

/**
 * Demand for an assembly that stampkit did not generate: roles from its records where the file does not say them.
 *
 * @param file what findings call the file
 * @throws StampError STAMP_UNKNOWN when the file names an account and Region that the assembly does not have
 */
export function objectivesDemand(
  { assumptions, groups }: StatedObjectives,
  parsed: ParsedFleet,
  file = 'the objectives file',
): FleetDemand {
  const given = Object.entries(assumptions).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return {
    fleet: '',
    objectivesFile: file,
    regions: [],
    assumptions: Object.fromEntries(given),
    groups: [...groups].sort((a, b) => compareText(a.name, b.name)).map((group) => groupDemand(group, parsed)),
  };
}

function groupDemand(group: StatedGroup, parsed: ParsedFleet): GroupDemand {
  const own = parsed.records.filter(({ Name }) => canonicalName(Name) === canonicalName(group.record));
  const stamps = stampsOf(group, own, parsed);
  const roles = stamps.map((stamp) => statedRole(group, stamp) ?? roleOf(stamp, own, stamps.length));
  const members = stamps.map((stamp, index): MemberDemand => {
    const role = roles[index] ?? 'single';
    return {
      stampId: stamp.id,
      regionCode: stamp.region,
      region: stamp.region,
      account: stamp.account,
      role,
      share: group.stamps.find(({ id }) => id === stamp.id)?.share ?? usualShare(role, stamps.length),
    };
  });
  const { peakRequestsPerSecond: peak, requestsPerSecondPerTask: perTask } = group;
  const regions: Pick<FleetDemand, 'regions'> = { regions: [] };
  return {
    name: group.name,
    recordName: group.record,
    tenants: group.tenants,
    mode: modeOf(roles),
    members,
    availability: group.objectives.availability,
    recovery: group.objectives.recovery,
    survive: group.objectives.survive.map((failure) => namedFailure(failure, regions)),
    accept: group.accept.map(({ failure, reason }) => ({ failure: namedFailure(failure, regions), reason })),
    ...(peak !== undefined && { peakRequestsPerSecond: peak }),
    ...(perTask !== undefined && { requestsPerSecondPerTask: perTask }),
    writerGrace: group.writerGrace,
    dependencies: [],
    data: dataOf(stamps, parsed),
  };
}

/** Clusters and tables are judged; instances without a cluster have no replication that templates tell of. */
function dataOf(stamps: readonly ParsedStamp[], { databaseClusters, tables }: ParsedFleet): GroupDemand['data'] {
  const judged = new Set([...databaseClusters, ...tables].map(({ id }) => id));
  const ids = stamps.flatMap(({ databaseIds }) => databaseIds);
  if (ids.some((id) => judged.has(id))) return 'described';
  return ids.length === 0 ? 'none' : 'external';
}

function stampsOf(group: StatedGroup, own: readonly ParsedRecord[], parsed: ParsedFleet): readonly ParsedStamp[] {
  const known = new Map(parsed.stamps.map((stamp) => [stamp.id, stamp]));
  const named = group.stamps.map(({ id }) => {
    const stamp = known.get(id);
    if (stamp !== undefined) return stamp;
    throw new StampError(
      'STAMP_UNKNOWN',
      `the assembly has no "${id}", which ${group.name} names`,
      `Name one of: ${[...known.keys()].join(', ')}.`,
    );
  });
  const led = [...new Set(own.flatMap(({ leadsTo }) => leadsTo))].flatMap((id) => known.get(id) ?? []);
  return [...(named.length > 0 ? named : led)].sort((a, b) => compareText(a.id, b.id));
}

function statedRole({ stamps }: StatedGroup, { id }: ParsedStamp): PreferredRole | undefined {
  return stamps.find((stamp) => stamp.id === id)?.role;
}

function roleOf({ id }: ParsedStamp, own: readonly ParsedRecord[], stamps: number): PreferredRole {
  const [record] = own.filter(({ leadsTo }) => leadsTo.includes(id));
  if (record?.Failover !== undefined) return record.Failover === 'PRIMARY' ? 'primary' : 'standby';
  return stamps === 1 ? 'single' : 'active';
}

function modeOf(roles: readonly PreferredRole[]): PlacementMode {
  if (roles.length <= 1) return 'single';
  return roles.includes('primary') ? 'active-passive' : 'active-active';
}

function usualShare(role: PreferredRole, stamps: number): number {
  return role === 'standby' ? 0 : role === 'active' ? 1 / stamps : 1;
}
