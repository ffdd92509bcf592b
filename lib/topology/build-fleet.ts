import type { FleetConfig, FleetLock, GroupConfig, RegionCode, RegionConfig } from '../config/types';
import { StampError } from '../errors';
import { entryOf } from '../entry-of';
import { compareText, deeplySorted, sortedRecord } from '../order';
import type { TopologyFinding } from './finding-codes';
import { planLock } from './addresses';
import { checkNames } from './check-names';
import { controlPlane, fleetRegion } from './control-plane';
import { LOCK_FILE } from './lock-change';
import { groupNames, groupRecordName, stampId, tenantRecordName } from './names';
import { memberCodes } from './placement';
import { stampSpec } from './stamp-spec';
import { stampRangeProblem } from './subnets';
import type { Fleet, StampSpec, TenantGroup } from './types';

export interface BuiltFleet {
  /** Whole only when no finding is an error: a stamp whose range is missing or unusable is left out. */
  readonly fleet: Fleet;
  /** Errors only: why this fleet must not be synthesized. */
  readonly findings: readonly TopologyFinding[];
}

/**
 * The fleet that a configuration and its lock mean. The order of keys and files makes no difference.
 *
 * A lock that is not up to date is an error finding; the fleet is then built as `stampkit lock` would make it, so that it
 * can be shown.
 *
 * @throws StampError UNKNOWN_REGION_CODE when the configuration, or the lock for the control table, names a Region that the
 *   configuration does not declare, which its checks report first
 */
export function buildFleet(config: FleetConfig, lock: FleetLock): BuiltFleet {
  const plan = planLock(config, lock);
  // What is merely odd about the lock is told by those who check or write it.
  const findings = plan.findings.filter(({ severity }) => severity === 'error');
  if (plan.changes.length > 0) findings.push(outdated(plan.changes.map((change) => change.message)));

  const regions = new Map(config.regions.map((region) => [region.code, region]));
  const regionOf = (code: RegionCode): RegionConfig => {
    const region = regions.get(code);
    if (region === undefined) {
      throw new StampError(
        'UNKNOWN_REGION_CODE',
        `no Region has the code ${JSON.stringify(code)}`,
        'Declare it under regions: in fleet.yaml',
      );
    }
    return region;
  };
  const groups = [...config.groups]
    .sort((a, b) => compareText(a.group, b.group))
    .map((group) => tenantGroup(config, group, plan.lock, regionOf, findings));
  const fleet: Fleet = {
    name: config.fleet,
    account: config.account,
    zone: config.zone,
    regions: [...config.regions].sort((a, b) => compareText(a.code, b.code)).map(fleetRegion),
    network: { pool: config.network.pool, stampPrefix: config.network.stampPrefix },
    control: controlPlane(config, plan.lock.controlTable, regionOf),
    routingRegion: config.routing.stackRegion,
    assumptions: sortedRecord(Object.entries(config.assumptions)),
    alarmSubscriptions: config.alarms.subscriptions,
    tags: sortedRecord(Object.entries(config.tags)),
    groups,
  };
  return { fleet, findings: [...findings, ...checkNames(fleet)] };
}

function tenantGroup(
  config: FleetConfig,
  group: GroupConfig,
  lock: FleetLock,
  regionOf: (code: RegionCode) => RegionConfig,
  findings: TopologyFinding[],
): TenantGroup {
  const { group: name, placement, zone } = group;
  const homeRegion = entryOf(lock.homeRegions, name) ?? '';
  const tags = sortedRecord([...Object.entries(config.tags), ...Object.entries(group.tags)]);
  const stamps = memberCodes(placement).flatMap((code): StampSpec[] => {
    const region = regionOf(code);
    const vpcCidr = entryOf(lock.addresses, stampId(name, code));
    // The plan has said why when there is none.
    if (vpcCidr === undefined) return [];
    const problem = stampRangeProblem(vpcCidr, region.azs);
    if (problem !== undefined) {
      findings.push(rangeUnusable(stampId(name, code), problem));
      return [];
    }
    return [stampSpec({ config, group, region, regionOf, homeRegion, vpcCidr, tags })];
  });
  const tenants = [...group.tenants].sort(compareText);
  return {
    name,
    names: groupNames(config.fleet, name),
    tenants,
    account: group.account,
    zone,
    mode: placement.mode,
    ...(placement.mode === 'active-active' && { routing: deeplySorted(placement.routing) }),
    homeRegion,
    objectives: group.objectives,
    failover: group.failover,
    database: deeplySorted(group.database),
    peakRequestsPerSecond: group.compute.peakRequestsPerSecond,
    accept: group.accept,
    drillsAllowed: group.drills.allowed,
    guards: group.guards,
    tags,
    recordName: groupRecordName(name, zone.name),
    tenantRecordNames: tenants.map((tenant) => tenantRecordName(tenant, zone.name)),
    stamps,
  };
}

function outdated(changes: readonly string[]): TopologyFinding {
  const shown = changes.slice(0, 3).join('; ') + (changes.length > 3 ? `; and ${changes.length - 3} more` : '');
  return {
    code: 'lock-outdated',
    severity: 'error',
    where: { file: LOCK_FILE },
    message: `fleet.lock.yaml does not say what the configuration needs: ${shown}`,
    fix: 'Run `npx stampkit lock` and commit fleet.lock.yaml',
  };
}

function rangeUnusable(id: string, problem: string): TopologyFinding {
  return {
    code: 'stamp-range-unusable',
    severity: 'error',
    where: { file: LOCK_FILE, path: ['addresses', id] },
    message: `${id} cannot be built: ${problem}`,
    fix: 'Correct the zones of the Region in fleet.yaml, or give the stamp a range of /16 to /21 by removing, releasing and adding it',
  };
}
