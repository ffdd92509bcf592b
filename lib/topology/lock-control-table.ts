import type { ControlTablePin, FleetConfig, FleetLock, RegionCode } from '../config/types';
import { compareText } from '../order';
import type { TopologyFinding, TopologyFindingCode } from './finding-codes';
import { type LockChange, lockChange } from './lock-change';

export interface ControlTablePlan {
  readonly controlTable: ControlTablePin;
  readonly changes: readonly LockChange[];
  readonly findings: readonly TopologyFinding[];
}

/**
 * Where the control table lies. The first lock puts it into the control Regions, with the first of them as its owner and the
 * witness there is; no later lock changes a letter of that, because DynamoDB would refuse it (aws-facts 4.2).
 */
export function planControlTable(config: FleetConfig, lock: FleetLock | undefined): ControlTablePlan {
  if (lock !== undefined) return { controlTable: lock.controlTable, changes: [], findings: checkPin(config, lock.controlTable) };
  const { regions, witness } = config.control;
  const controlTable: ControlTablePin = {
    owner: regions[0] ?? '',
    replicas: [...new Set(regions)].sort(compareText),
    ...(witness !== undefined && { witness }),
  };
  const message = `the control table is made in ${regionsText(controlTable.replicas, witness)}, by the stack of ${controlTable.owner}, and stays there`;
  return { controlTable, changes: [lockChange('control-table-pinned', controlTable.owner, message)], findings: [] };
}

function checkPin(config: FleetConfig, pin: ControlTablePin): TopologyFinding[] {
  const { control } = config;
  const declared = new Set(config.regions.map(({ code }) => code));
  const gone = [...pin.replicas, ...(pin.witness === undefined ? [] : [pin.witness])].filter((code) => !declared.has(code));
  if (gone.length > 0) {
    const message = `a part of the control table lies in ${gone.join(' and ')}, which is no Region of the fleet any more`;
    const fix = `Put ${gone.join(' and ')} back: the table cannot leave a Region, even when nothing else of the fleet is there`;
    return [finding('control-table-region-gone', 'error', ['regions'], message, fix)];
  }
  if (![...control.regions, ...control.joining].includes(pin.owner)) {
    const message = `the stack in ${pin.owner} owns the control table, and ${pin.owner} is no control Region any more: lease and journal would go with the stack`;
    const fix = `Keep ${pin.owner} under control.regions, or under control.joining if its switches shall not count`;
    return [finding('control-table-owner-left', 'error', ['control', 'regions'], message, fix)];
  }
  const moved = !sameCodes(control.regions, pin.replicas);
  if (!moved && control.witness === pin.witness) return [];
  const message =
    `the control table stays in ${regionsText(pin.replicas, pin.witness)}, where it was made, and not in ` +
    `${regionsText(control.regions, control.witness)}: its Regions cannot change, only switches follow`;
  const fix = 'Nothing to do; if nothing was ever deployed, delete fleet.lock.yaml and run `stampkit lock` to start over';
  return [finding('control-table-stays', 'info', ['control', moved ? 'regions' : 'witness'], message, fix)];
}

function finding(
  code: TopologyFindingCode,
  severity: TopologyFinding['severity'],
  path: readonly string[],
  message: string,
  fix: string,
): TopologyFinding {
  return { code, severity, where: { file: 'fleet.yaml', path }, message, fix };
}

function regionsText(regions: readonly RegionCode[], witness: RegionCode | undefined): string {
  return regions.join(', ') + (witness === undefined ? '' : ` with the witness ${witness}`);
}

function sameCodes(a: readonly RegionCode[], b: readonly RegionCode[]): boolean {
  return [...a].sort(compareText).join() === [...b].sort(compareText).join();
}
