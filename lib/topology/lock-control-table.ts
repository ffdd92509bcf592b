import type { ControlTablePin, FleetConfig, FleetLock, RegionCode } from '../config/types';
import type { TopologyFinding, TopologyFindingCode } from './finding-codes';
import { type LockChange, lockChange } from './lock-change';
import { compareText } from './records';

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
  const message = `the control table stays in ${placeOf(controlTable)} for good`;
  return { controlTable, changes: [lockChange('control-table-pinned', controlTable.owner, message)], findings: [] };
}

function checkPin(config: FleetConfig, pin: ControlTablePin): TopologyFinding[] {
  const { control } = config;
  const declared = new Set(config.regions.map(({ code }) => code));
  const gone = [...pin.replicas, ...(pin.witness === undefined ? [] : [pin.witness])].filter((code) => !declared.has(code));
  if (gone.length > 0) {
    const message = `${gone.join(' and ')} holds a part of the control table and is no Region of the fleet any more`;
    const fix = `Put ${gone.join(' and ')} back under regions: the table cannot leave a Region, even when nothing else is there`;
    return [finding('control-table-region-gone', 'error', ['regions'], message, fix)];
  }
  if (![...control.regions, ...control.joining].includes(pin.owner)) {
    const message = `the stack of ${pin.owner} owns the control table, but ${pin.owner} is no control Region any more (${control.regions.join(', ')})`;
    const fix = `Keep ${pin.owner} under control.regions, or under control.joining if its switches shall not count: without it the fleet has no stack that defines the table`;
    return [finding('control-table-owner-left', 'error', ['control', 'regions'], message, fix)];
  }
  if (sameCodes(control.regions, pin.replicas) && control.witness === pin.witness) return [];
  const message = `the control Regions are ${regionsText(control.regions, control.witness)} now, and the control table stays in ${placeOf(pin)}: its Regions cannot change, only switches follow`;
  const fix = 'Nothing to do. If nothing of the fleet was ever deployed, delete fleet.lock.yaml and lock anew';
  return [finding('control-table-stays', 'info', ['control'], message, fix)];
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

function placeOf({ owner, replicas, witness }: ControlTablePin): string {
  return `${regionsText(replicas, witness)}, owned by the stack of ${owner},`;
}

function regionsText(regions: readonly RegionCode[], witness: RegionCode | undefined): string {
  return regions.join(', ') + (witness === undefined ? '' : ` with the witness ${witness}`);
}

function sameCodes(a: readonly RegionCode[], b: readonly RegionCode[]): boolean {
  return [...a].sort(compareText).join() === [...b].sort(compareText).join();
}
