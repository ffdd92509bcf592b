import type { FleetConfig, FleetLock, GroupConfig, RegionCode, Rehoming } from '../config/types';
import { compareText, sortedRecord } from '../order';
import type { TopologyFinding } from './finding-codes';
import { type LockChange, lockChange, LOCK_FILE } from './lock-change';
import { parseStampId } from './names';
import { birthRegion, memberCodes } from './placement';

/** An operator's word that the data of a group now lives elsewhere. */
export interface RehomeRequest {
  readonly group: string;
  readonly region: RegionCode;
  /** Why it moved: goes into the lock, for whoever wonders in a year. */
  readonly reason: string;
}

export interface HomePlan {
  readonly homeRegions: Readonly<Record<string, RegionCode>>;
  /** Oldest first, what was recorded before included. */
  readonly rehomed: readonly Rehoming[];
  readonly changes: readonly LockChange[];
  readonly findings: readonly TopologyFinding[];
}

/**
 * The home Regions: pinned when a group is new, moved only on request, forgotten only when nothing of the group is held.
 *
 * @param heldIds stamps with an address or a tombstone; a group that is gone keeps its home while one of them is left
 */
export function planHomes(
  config: FleetConfig,
  lock: FleetLock | undefined,
  heldIds: readonly string[],
  requests: readonly RehomeRequest[],
): HomePlan {
  const changes: LockChange[] = [];
  const findings: TopologyFinding[] = [];
  const homes = new Map(Object.entries(lock?.homeRegions ?? {}));
  const groups = new Map(config.groups.map((group) => [group.group, group]));
  const rehomed: Rehoming[] = [...(lock?.rehomed ?? [])];

  for (const { group, region, reason } of requests) {
    const from = homes.get(group);
    const problem = rehomeProblem(groups.get(group), from, region, reason);
    if (problem !== undefined) findings.push(impossible(group, region, problem));
    else if (from === region) findings.push(needless(group, region));
    else if (from !== undefined) {
      homes.set(group, region);
      rehomed.push({ group, from, to: region, reason });
      changes.push(lockChange('home-moved', group, `home of ${group} is ${region} instead of ${from}: ${reason}`));
    }
  }

  for (const [name, { placement }] of [...groups].sort(([a], [b]) => compareText(a, b))) {
    const home = homes.get(name);
    const birth = birthRegion(placement);
    if (home === undefined && birth !== undefined) {
      homes.set(name, birth);
      changes.push(lockChange('home-pinned', name, `data of ${name} is born in ${birth}`));
    } else if (home !== undefined && !memberCodes(placement).includes(home)) {
      findings.push(homeLeft(name, home, memberCodes(placement)));
    }
  }

  const held = new Set(heldIds.map((id) => parseStampId(id).group));
  for (const name of [...homes.keys()].sort(compareText)) {
    if (groups.has(name) || held.has(name)) continue;
    homes.delete(name);
    changes.push(lockChange('home-forgotten', name, `${name} is gone and nothing of it is held: its home Region is forgotten`));
  }
  return { homeRegions: sortedRecord(homes), rehomed, changes, findings };
}

function rehomeProblem(
  group: GroupConfig | undefined,
  home: RegionCode | undefined,
  region: RegionCode,
  reason: string,
): string | undefined {
  if (group === undefined) return 'there is no group of that name';
  const members = memberCodes(group.placement);
  if (!members.includes(region)) return `${region} is not one of its Regions (${members.join(', ')})`;
  if (home === undefined) return 'the group is new and has no home yet, so a plain `stampkit lock` gives it one';
  return reason.trim() === '' ? 'no reason is given' : undefined;
}

function impossible(group: string, region: RegionCode, problem: string): TopologyFinding {
  return {
    code: 'rehome-impossible',
    severity: 'error',
    where: { file: LOCK_FILE, path: ['homeRegions', group] },
    message: `${group} cannot be given the home Region ${region}: ${problem}`,
    fix: 'Name a group that the lock knows, one of the Regions of its placement, and the reason',
  };
}

function needless(group: string, region: RegionCode): TopologyFinding {
  return {
    code: 'rehome-needless',
    severity: 'info',
    where: { file: LOCK_FILE, path: ['homeRegions', group] },
    message: `the home of ${group} is ${region} already, so there is nothing to move and no reason to record`,
    fix: `To move it elsewhere, make that Region the preferred one in groups/${group}.yaml first (placement.primary, or the first of placement.regions)`,
  };
}

function homeLeft(name: string, home: RegionCode, members: readonly RegionCode[]): TopologyFinding {
  return {
    code: 'home-region-left',
    severity: 'error',
    where: { file: `groups/${name}.yaml`, path: ['placement'] },
    message: `data of ${name} was born in ${home}, which is none of its Regions any more (${members.join(', ')})`,
    fix: `Put ${home} back, or move the data first and then run \`stampkit lock --rehome ${name} --reason ...\``,
  };
}
