import type { ControlTablePin, FleetConfig, FleetLock, RegionCode, Rehoming } from '../config/types';
import { compareText, sortedRecord } from '../order';
import type { TopologyFinding } from './finding-codes';
import { type LockChange, lockChange } from './lock-change';
import { planControlTable } from './lock-control-table';
import { planHomes, type RehomeRequest } from './lock-homes';

/** What an operator asks `stampkit lock` for by hand. */
export interface LockOptions {
  /** Ids of stamps that are gone for good: their ranges may be handed out again. */
  readonly release?: readonly string[];
  /** Groups whose data now lives elsewhere. */
  readonly rehome?: readonly RehomeRequest[];
}

export interface PinPlan {
  readonly regions: Readonly<Record<RegionCode, string>>;
  readonly homeRegions: Readonly<Record<string, RegionCode>>;
  readonly controlTable: ControlTablePin;
  readonly rehomed: readonly Rehoming[];
  readonly changes: readonly LockChange[];
  readonly findings: readonly TopologyFinding[];
}

/**
 * The pins of the lock: Region codes, home Regions and the place of the control table. Decided once and kept, because data
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
  const regions = pinRegions(config, lock, changes, findings);
  const homes = planHomes(config, lock, heldIds, options.rehome ?? []);
  const table = planControlTable(config, lock);
  return {
    regions,
    homeRegions: homes.homeRegions,
    controlTable: table.controlTable,
    rehomed: homes.rehomed,
    changes: [...changes, ...homes.changes, ...table.changes],
    findings: [...findings, ...homes.findings, ...table.findings],
  };
}

function pinRegions(
  config: FleetConfig,
  lock: FleetLock | undefined,
  changes: LockChange[],
  findings: TopologyFinding[],
): Record<RegionCode, string> {
  const pinned = new Map(Object.entries(lock?.regions ?? {}));
  for (const { code, region } of [...config.regions].sort((a, b) => compareText(a.code, b.code))) {
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
