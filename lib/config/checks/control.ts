import { commonRegionSet, REGION_SETS, STRONG_REGION_COUNT } from '../../facts/region-sets';
import type { Finding } from '../../findings';
import { type CheckContext, fleetPlace, groupPlace, repeated, report } from './context';

/** The only Region with health-check metrics and so with alarms on them (aws-facts 2.8). */
const ROUTING_REGION = 'us-east-1';

/** Control Regions hold switches, lease and journal; their table is strongly consistent, so they obey its rules (design 5). */
export function checkControl(context: CheckContext): Finding[] {
  const { control, routing } = context.config;
  const findings = [...checkDistinct(context), ...checkTableRegions(context), ...checkOnlyRegions(context)];
  if (routing.stackRegion !== ROUTING_REGION) {
    const message = `routing.stackRegion ${routing.stackRegion} has no metrics of health checks: the alarms on them would never fire`;
    findings.push(report('routing-stack-region', fleetPlace('routing', 'stackRegion'), message, `Write ${ROUTING_REGION}`));
  }
  const votes = control.regions.length + (control.witness === undefined ? 0 : 1);
  if (control.regions.length < 2 || votes !== STRONG_REGION_COUNT) {
    const given = `${control.regions.length} (${control.regions.join(', ')})${control.witness === undefined ? '' : ` and the witness ${control.witness}`}`;
    const message = `the control plane needs two Regions and a witness, or three Regions; here are ${given}`;
    findings.push(
      report('control-count', fleetPlace('control', 'regions'), message, 'Write two regions and a witness, or three regions'),
    );
  }
  return findings;
}

function checkDistinct({ config: { control } }: CheckContext): Finding[] {
  const parts = [
    ...control.regions.map((code, index) => ({ code, where: fleetPlace('control', 'regions', index) })),
    ...(control.witness === undefined ? [] : [{ code: control.witness, where: fleetPlace('control', 'witness') }]),
    ...control.joining.map((code, index) => ({ code, where: fleetPlace('control', 'joining', index) })),
  ];
  return repeated(parts.map((part) => part.code)).map(({ item, index }) => {
    const message = `${item} has two parts in the control plane: losing it would take two votes at once`;
    const where = parts[index]?.where ?? fleetPlace('control');
    return report('control-not-distinct', where, message, 'Give every part a Region of its own');
  });
}

function checkTableRegions(context: CheckContext): Finding[] {
  const { control } = context.config;
  const codes = [...control.regions, ...(control.witness === undefined ? [] : [control.witness])];
  const regions = codes.flatMap((code) => context.regionOf(code) ?? []);
  if (commonRegionSet(regions) !== undefined) return [];
  const sets = REGION_SETS.map((set) => `${set.name}: ${set.regions.join(', ')}`).join('; ');
  const message = `${regions.join(', ')} are not in one Region set: the control table is strongly consistent and cannot leave it`;
  return [report('control-outside-region-set', fleetPlace('control', 'regions'), message, `Choose from one set (${sets})`)];
}

/**
 * A group with a single Region must not share it with the switches, or one event takes the group and a control Region. It still
 * is a warning: the other control Region works on, and one of them is enough to evacuate any other group.
 */
function checkOnlyRegions({ config }: CheckContext): Finding[] {
  return config.groups.flatMap((group) => {
    if (group.placement.mode !== 'single' || !config.control.regions.includes(group.placement.region)) return [];
    const only = group.placement.region;
    const message = `${only} is the only Region of ${group.group} and a control Region: one event takes the group and half of the control plane`;
    const fix = 'Choose another control Region, or give the group a second Region';
    return [report('control-is-only-region', groupPlace(group, 'placement'), message, fix)];
  });
}
