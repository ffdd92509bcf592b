import { entryOf } from '../../entry-of';
import { commonRegionSet, REGION_SETS, STRONG_REGION_COUNT } from '../../facts/region-sets';
import type { Finding, FindingPlace } from '../../findings';
import type { ControlTablePin, RegionCode } from '../types';
import { type CheckContext, fleetPlace, lockPlace, report } from './context';

/**
 * The control table: before the first lock, whether one can be made where the control Regions are; from then on, whether the
 * one that was made keeps what it needs. Its Regions never change (aws-facts 4.2), so a lock turns the rules around: the
 * configuration has to fit the table.
 */
export function checkControlTable(context: CheckContext): Finding[] {
  const pin = context.lock?.controlTable;
  return pin === undefined
    ? checkFirst(context)
    : [...checkPinned(context, pin), ...checkSet(context, lockPlace('controlTable'))];
}

/** Codes of the Regions the table lies in, the witness last: as locked, or as the first lock will make it. */
export function controlTableCodes({ config, lock }: CheckContext): RegionCode[] {
  const { witness } = lock?.controlTable ?? config.control;
  return [...(lock?.controlTable.replicas ?? config.control.regions), ...(witness === undefined ? [] : [witness])];
}

function checkFirst(context: CheckContext): Finding[] {
  const { regions, witness } = context.config.control;
  const findings = checkSet(context, fleetPlace('control', 'regions'));
  if (witness !== undefined && regions.includes(witness)) {
    const message = `${witness} is a control Region and the witness of the control table: losing it would take two votes at once`;
    const fix = 'Choose a witness in a Region of its own';
    findings.push(report('control-not-distinct', fleetPlace('control', 'witness'), message, fix));
  }
  const votes = regions.length + (witness === undefined ? 0 : 1);
  if (regions.length < 2 || votes !== STRONG_REGION_COUNT) {
    const given = `${regions.length} (${regions.join(', ')})${witness === undefined ? '' : ` and the witness ${witness}`}`;
    const message = `the control table is made in two Regions and a witness, or in three Regions; here are ${given}`;
    const fix = 'Write two regions and a witness, or three regions; once the table is locked, more may join';
    findings.push(report('control-count', fleetPlace('control', 'regions'), message, fix));
  }
  return findings;
}

function checkPinned(context: CheckContext, pin: ControlTablePin): Finding[] {
  const { control } = context.config;
  const gone = controlTableCodes(context).filter((code) => !context.regions.has(code));
  if (gone.length > 0) {
    const named = gone.join(' and ');
    const message = `a part of the control table lies in ${named}, which is no Region of the fleet any more`;
    const fix = `Put ${named} back: the table cannot leave a Region, even when nothing else of the fleet is there`;
    return [report('control-table-region-gone', fleetPlace('regions'), message, fix)];
  }
  if (![...control.regions, ...control.joining].includes(pin.owner)) {
    const message = `the stack in ${pin.owner} owns the control table, and ${pin.owner} is no control Region any more: lease and journal would go with the stack`;
    const fix = `Keep ${pin.owner} under control.regions, or under control.joining if its switches shall not count`;
    return [report('control-table-owner-left', fleetPlace('control', 'regions'), message, fix)];
  }
  const moved = [...control.regions].sort().join() !== [...pin.replicas].sort().join();
  if (!moved && control.witness === pin.witness) return [];
  const message =
    `the control table stays in ${placeText(pin.replicas, pin.witness)}, where it was made, and not in ` +
    `${placeText(control.regions, control.witness)}: its Regions cannot change, only switches follow`;
  const fix = 'Nothing to do; if nothing was ever deployed, delete fleet.lock.yaml and run `stampkit lock` to start over';
  return [report('control-table-stays', fleetPlace('control', moved ? 'regions' : 'witness'), message, fix)];
}

function checkSet(context: CheckContext, where: FindingPlace): Finding[] {
  const regions = controlTableCodes(context).flatMap(
    (code) => entryOf(context.lock?.regions ?? {}, code) ?? context.regionOf(code) ?? [],
  );
  if (commonRegionSet(regions) !== undefined) return [];
  const sets = REGION_SETS.map((set) => `${set.name}: ${set.regions.join(', ')}`).join('; ');
  const message = `${regions.join(', ')} are not in one Region set: the control table is strongly consistent and cannot leave it`;
  const fix =
    context.lock === undefined
      ? `Choose from one set (${sets})`
      : `Restore fleet.lock.yaml from version control: no table can be made there (${sets})`;
  return [report('control-outside-region-set', where, message, fix)];
}

function placeText(regions: readonly RegionCode[], witness: RegionCode | undefined): string {
  return regions.join(', ') + (witness === undefined ? '' : ` with the witness ${witness}`);
}
