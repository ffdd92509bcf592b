import type { FleetConfig, FleetLock, RegionCode } from '../config/types';
import type { TopologyFinding } from './finding-codes';
import { type LockChange, lockChange } from './lock-change';
import { parseStampId } from './names';
import { sortedRecord } from './records';
import { birthRegion, memberCodes } from './placement';

export const LOCK_FILE = 'fleet.lock.yaml';

/** What an operator asks `stampkit lock` for by hand. */
export interface LockOptions {
  /** Ids of stamps that are gone for good: their ranges may be handed out again. */
  readonly release?: readonly string[];
  /** Groups whose data now lives elsewhere, with the code of that Region. */
  readonly rehome?: readonly { readonly group: string; readonly region: RegionCode }[];
}

export interface PinPlan {
  readonly regions: Readonly<Record<RegionCode, string>>;
  readonly homeRegions: Readonly<Record<string, RegionCode>>;
  readonly controlTableOwner: RegionCode;
  readonly changes: readonly LockChange[];
  readonly findings: readonly TopologyFinding[];
}

/**
 * The pins of the lock: Region codes, home Regions and the owner of the control table. Decided once and kept, because data
 * and stacks were created by them.
 *
 * @param heldIds stamps with an address or a tombstone; a group that is gone keeps its home while one of them is left
 */
export function planPins(
  config: FleetConfig,
  lock: FleetLock | undefined,
  heldIds: readonly string[],
  options: LockOptions,
): PinPlan {
  const changes: LockChange[] = [];
  const findings: TopologyFinding[] = [];
  if (lock !== undefined && lock.fleet !== config.fleet) {
    findings.push({
      code: 'lock-of-another-fleet',
      severity: 'error',
      where: { file: 'fleet.yaml', path: ['fleet'] },
      message: `fleet.lock.yaml belongs to fleet ${JSON.stringify(lock.fleet)}, not to ${JSON.stringify(config.fleet)}`,
      fix: 'Give the fleet its name back (every stack and resource name starts with it), or start the new fleet in a folder of its own',
    });
  }
  return {
    regions: pinRegions(config, lock, changes, findings),
    homeRegions: pinHomes(config, lock, heldIds, options.rehome ?? [], changes, findings),
    controlTableOwner: pinControlTable(config, lock, changes, findings),
    changes,
    findings,
  };
}

function pinRegions(
  config: FleetConfig,
  lock: FleetLock | undefined,
  changes: LockChange[],
  findings: TopologyFinding[],
): Record<RegionCode, string> {
  const pinned = new Map(Object.entries(lock?.regions ?? {}));
  for (const { code, region } of [...config.regions].sort((a, b) => (a.code < b.code ? -1 : 1))) {
    const before = pinned.get(code);
    if (before === undefined) {
      pinned.set(code, region);
      changes.push(lockChange('region-pinned', code, `${code} stands for ${region} from now on`));
    } else if (before !== region) {
      findings.push({
        code: 'region-code-repointed',
        severity: 'error',
        where: { file: 'fleet.yaml', path: ['regions', code, 'region'] },
        message: `Region code ${code} stands for ${before} since it was locked and cannot be pointed at ${region}`,
        fix: `Write ${before} again, and give ${region} a code of its own`,
      });
    }
  }
  return sortedRecord(pinned);
}

function pinHomes(
  config: FleetConfig,
  lock: FleetLock | undefined,
  heldIds: readonly string[],
  rehome: NonNullable<LockOptions['rehome']>,
  changes: LockChange[],
  findings: TopologyFinding[],
): Record<string, RegionCode> {
  const homes = new Map(Object.entries(lock?.homeRegions ?? {}));
  const groups = new Map(config.groups.map((group) => [group.group, group]));
  for (const { group, region } of rehome) {
    const found = groups.get(group);
    const problem =
      found === undefined
        ? `there is no group of that name`
        : memberCodes(found.placement).includes(region)
          ? undefined
          : `${region} is not one of its Regions (${memberCodes(found.placement).join(', ')})`;
    if (problem !== undefined) {
      findings.push({
        code: 'rehome-impossible',
        severity: 'error',
        where: { file: LOCK_FILE, path: ['homeRegions', group] },
        message: `${group} cannot be given the home Region ${region}: ${problem}`,
        fix: 'Name a group and one of the Regions of its placement',
      });
      continue;
    }
    const before = homes.get(group);
    if (before === region) continue;
    homes.set(group, region);
    const from = before === undefined ? '' : ` instead of ${before}`;
    changes.push(lockChange('home-moved', group, `home of ${group} is ${region}${from}`));
  }
  for (const [name, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const home = homes.get(name);
    const birth = birthRegion(group.placement);
    if (home === undefined && birth !== undefined) {
      homes.set(name, birth);
      changes.push(lockChange('home-pinned', name, `data of ${name} is born in ${birth}`));
    } else if (home !== undefined && !memberCodes(group.placement).includes(home)) {
      findings.push({
        code: 'home-region-left',
        severity: 'error',
        where: { file: `groups/${name}.yaml`, path: ['placement'] },
        message: `data of ${name} was born in ${home}, which is none of its Regions any more (${memberCodes(group.placement).join(', ')})`,
        fix: `Put ${home} back, or move the data first and then run \`stampkit lock --rehome ${name} --reason ...\``,
      });
    }
  }
  const held = new Set(heldIds.map((id) => parseStampId(id).group));
  for (const name of [...homes.keys()].sort()) {
    if (groups.has(name) || held.has(name)) continue;
    homes.delete(name);
    changes.push(lockChange('home-forgotten', name, `${name} is gone and nothing of it is held: its home Region is forgotten`));
  }
  return sortedRecord(homes);
}

function pinControlTable(
  config: FleetConfig,
  lock: FleetLock | undefined,
  changes: LockChange[],
  findings: TopologyFinding[],
): RegionCode {
  const first = config.control.regions[0] ?? '';
  const pinned = lock?.controlTableOwner ?? '';
  if (pinned === '') {
    if (first !== '') changes.push(lockChange('control-table-pinned', first, `the stack of ${first} owns the control table`));
    return first;
  }
  if (!config.control.regions.includes(pinned)) {
    findings.push({
      code: 'control-table-owner-left',
      severity: 'error',
      where: { file: 'fleet.yaml', path: ['control', 'regions'] },
      message: `the stack of ${pinned} owns the control table, but ${pinned} is no control Region any more (${config.control.regions.join(', ')})`,
      fix: `Keep ${pinned} among the control Regions: the table would be deleted or orphaned with its stack`,
    });
  }
  return pinned;
}
