import { compareText } from '../order';
import type { Fleet, StampSpec, TenantGroup } from '../topology/types';
import { namedFailure } from './failures/named-failure';
import type { FleetDemand, GroupDemand, MemberDemand } from './demand';

/** Objectives and demand of a fleet that `stamps/` describes. */
export function fleetDemand(fleet: Fleet): FleetDemand {
  return {
    fleet: fleet.name,
    regions: fleet.regions.map(({ code, region }) => ({ code, region })),
    assumptions: fleet.assumptions,
    groups: [...fleet.groups].sort((a, b) => compareText(a.name, b.name)).map((group) => groupDemand(group, fleet)),
  };
}

function groupDemand(group: TenantGroup, fleet: Fleet): GroupDemand {
  const stamps = [...group.stamps].sort((a, b) => compareText(a.id, b.id));
  const [first] = stamps;
  const perMinute = first?.values.capacity.requestsPerTargetPerMinute;
  const workLatency = first?.shape.worker?.maxLatency;
  const backup = first?.shape.backup;
  const { engine } = group.database;
  return {
    name: group.name,
    recordName: group.recordName,
    tenants: group.tenants.length,
    mode: group.mode,
    members: stamps.map((stamp) => memberDemand(stamp, stamps, group.routing)),
    availability: group.objectives.availability,
    recovery: group.objectives.recovery,
    survive: group.objectives.survive.map((failure) => namedFailure(failure, fleet)),
    accept: group.accept.map(({ failure, reason }) => ({ failure: namedFailure(failure, fleet), reason })),
    peakRequestsPerSecond: group.peakRequestsPerSecond,
    ...(perMinute !== undefined && { requestsPerSecondPerTask: perMinute / 60 }),
    writerGrace: group.failover.writerGrace,
    dependencies: first?.shape.health.dependencies ?? [],
    data: engine === 'none' || engine === 'external' ? engine : 'described',
    ...(backup !== undefined && { backups: { copies: backup.copies } }),
    ...(workLatency !== undefined && { workLatency }),
  };
}

function memberDemand(stamp: StampSpec, stamps: readonly StampSpec[], routing: TenantGroup['routing']): MemberDemand {
  return {
    stampId: stamp.id,
    regionCode: stamp.regionCode,
    region: stamp.shape.region,
    account: stamp.values.account,
    role: stamp.preferredRole,
    share: usualShare(stamp, stamps, routing),
  };
}

/** By weight where there are weights; otherwise equal shares, which is an assumption (see topology's regional-load.ts). */
function usualShare(stamp: StampSpec, stamps: readonly StampSpec[], routing: TenantGroup['routing']): number {
  switch (stamp.preferredRole) {
    case 'single':
    case 'primary':
      return 1;
    case 'standby':
      return 0;
    case 'active': {
      if (routing?.policy !== 'weighted') return 1 / stamps.length;
      const weightOf = ({ regionCode }: StampSpec): number =>
        Object.hasOwn(routing.weights, regionCode) ? (routing.weights[regionCode] ?? 0) : 0;
      const total = stamps.reduce((sum, other) => sum + weightOf(other), 0);
      return total > 0 ? weightOf(stamp) / total : 1 / stamps.length;
    }
  }
}
