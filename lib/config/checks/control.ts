import { HEALTH_CHECK_METRICS_REGION } from '../../facts/health-check-timing';
import type { Finding } from '../../findings';
import { type CheckContext, fleetPlace, groupPlace, repeated, report } from './context';
import { checkControlTable } from './control-table';

/** Two survive the loss of one control Region, three the loss of two. */
const MIN_CONTROL_REGIONS = 2;
const MAX_CONTROL_REGIONS = 3;

/** Control Regions hold the switches, which come and go with them; the table of lease and journal has rules of its own (design 5, 7). */
export function checkControl(context: CheckContext): Finding[] {
  const { routing } = context.config;
  const findings = [
    ...checkDistinct(context),
    ...checkCount(context),
    ...checkControlTable(context),
    ...checkOnlyRegions(context),
  ];
  if (routing.stackRegion !== HEALTH_CHECK_METRICS_REGION) {
    const message = `routing.stackRegion ${routing.stackRegion} has no metrics of health checks: the alarms on them would never fire`;
    findings.push(
      report('routing-stack-region', fleetPlace('routing', 'stackRegion'), message, `Write ${HEALTH_CHECK_METRICS_REGION}`),
    );
  }
  return findings;
}

function checkDistinct({ config: { control } }: CheckContext): Finding[] {
  const parts = [
    ...control.regions.map((code, index) => ({ code, where: fleetPlace('control', 'regions', index) })),
    ...control.joining.map((code, index) => ({ code, where: fleetPlace('control', 'joining', index) })),
  ];
  return repeated(parts.map((part) => part.code)).map(({ item, index }) => {
    const message = `${item} is twice among the control Regions: one Region would count as two when a loss is survived`;
    const where = parts[index]?.where ?? fleetPlace('control');
    return report('control-not-distinct', where, message, 'Name every Region once, under regions or under joining');
  });
}

/**
 * How many Regions may hold switches once the table is made and no longer limits them. One of them is enough to hold an
 * evacuation, so a fourth buys nothing: it costs a health check per stamp, and every readmission has to reach it.
 */
function checkCount({ config: { control }, lock }: CheckContext): Finding[] {
  const { length } = control.regions;
  if (lock === undefined || (length >= MIN_CONTROL_REGIONS && length <= MAX_CONTROL_REGIONS)) return [];
  const why =
    length < MIN_CONTROL_REGIONS
      ? 'when that one fails, nobody can evacuate a stamp'
      : 'each one more costs a health check per stamp, and every readmission has to reach it';
  const message = `two or three control Regions hold switches, and control.regions has ${length} (${control.regions.join(', ')}): ${why}`;
  const fix = 'Write two or three regions; one that is being added waits under joining and is not counted';
  return [report('control-count', fleetPlace('control', 'regions'), message, fix)];
}

/**
 * A group with a single Region must not share it with the switches, or one event takes the group and a control Region. It still
 * is a warning: the other control Region works on, and one of them is enough to evacuate any other group.
 */
function checkOnlyRegions({ config }: CheckContext): Finding[] {
  return config.groups.flatMap((group) => {
    if (group.placement.mode !== 'single' || !config.control.regions.includes(group.placement.region)) return [];
    const only = group.placement.region;
    const message = `${only} is the only Region of ${group.group} and a control Region: one event takes the group and one of the places it could be switched from`;
    const fix = 'Choose another control Region, or give the group a second Region';
    return [report('control-is-only-region', groupPlace(group, 'placement'), message, fix)];
  });
}
