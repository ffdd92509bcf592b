import { entryOf } from '../../entry-of';
import type { Finding } from '../../findings';
import { NUMBER_RANGES } from '../../facts/limits';
import type { ActiveActivePlacement, ActivePassivePlacement, GroupConfig } from '../types';
import { groupPlace, memberCodes, repeated, report } from './context';
import { checkGeolocation } from './geolocation';

/** Where a group's stamps are and which of them answers. */
export function checkPlacement(group: GroupConfig): Finding[] {
  const { placement } = group;
  switch (placement.mode) {
    case 'active-passive':
      return activePassive(group, placement);
    case 'active-active':
      return activeActive(group, placement);
    case 'single': {
      const message = `group ${group.group} lives in ${placement.region} only: its objectives do not apply to the loss of that Region`;
      const fix = 'Nothing, if that is meant; otherwise choose mode active-passive or active-active';
      return [report('single-region-group', groupPlace(group, 'placement', 'mode'), message, fix)];
    }
  }
}

function activePassive(group: GroupConfig, { primary, standby, standbyCapacity }: ActivePassivePlacement): Finding[] {
  const findings: Finding[] = [];
  if (primary === standby) {
    const message = `primary and standby are both ${primary}: nothing is left when ${primary} fails`;
    findings.push(
      report(
        'standby-equals-primary',
        groupPlace(group, 'placement', 'standby'),
        message,
        'Choose another Region for the standby',
      ),
    );
  }
  const where = groupPlace(group, 'placement', 'standbyCapacity');
  if (standbyCapacity <= 0) {
    const message = `standbyCapacity ${standbyCapacity}% runs no task: a target group without targets is unhealthy, so Route 53 would never answer with the standby`;
    findings.push(
      report('standby-capacity-zero', where, message, 'Write 100%, or at least enough to serve until it has scaled out'),
    );
  } else if (standbyCapacity < 100) {
    const message = `standbyCapacity ${standbyCapacity}% cannot take the full load: a failover waits for a scale-out, in the minutes when everybody scales out there`;
    findings.push(report('standby-capacity-reduced', where, message, 'Write 100%, or accept the scale-out in the objective'));
  }
  return findings;
}

function activeActive(group: GroupConfig, placement: ActiveActivePlacement): Finding[] {
  const { regions, routing } = placement;
  const findings = repeated(regions).map(({ item, index }) =>
    report(
      'placement-region-duplicate',
      groupPlace(group, 'placement', 'regions', index),
      `${item} is listed twice: a group has one stamp per Region`,
      `List ${item} once`,
    ),
  );
  if (memberCodes(placement).length === 1) {
    const message = `active-active over ${regions[0] ?? ''} alone has nowhere to go when it fails`;
    findings.push(
      report(
        'active-active-single-region',
        groupPlace(group, 'placement', 'regions'),
        message,
        'Add a Region, or write mode: single',
      ),
    );
  }
  if (routing.policy === 'weighted') findings.push(...checkWeights(group, memberCodes(placement), routing.weights));
  if (routing.policy === 'geolocation') findings.push(...checkGeolocation(group, memberCodes(placement), routing));
  return findings;
}

function checkWeights(group: GroupConfig, members: readonly string[], weights: Readonly<Record<string, number>>): Finding[] {
  const at = (code?: string) => groupPlace(group, 'placement', 'routing', 'weights', ...(code === undefined ? [] : [code]));
  const { min, max } = NUMBER_RANGES.weight;
  const findings: Finding[] = members
    .filter((code) => !Object.hasOwn(weights, code))
    .map((code) => report('weight-missing', at(), `${code} has no weight`, `Give ${code} a weight from ${min} to ${max}`));
  for (const [code, weight] of Object.entries(weights)) {
    if (!members.includes(code)) {
      const message = `${code} has weight ${weight} but holds no stamp of ${group.group}`;
      findings.push(report('weight-not-member', at(code), message, `Remove it, or add ${code} to regions`));
    } else if (!Number.isInteger(weight) || weight < min || weight > max) {
      const message = `weight ${weight} of ${code} is refused by Route 53`;
      findings.push(report('weight-out-of-range', at(code), message, `Write a whole number from ${min} to ${max}`));
    }
  }
  const zero = members.filter((code) => entryOf(weights, code) === 0);
  if (zero.length === members.length) {
    const message = 'every weight is 0: Route 53 then treats all Regions alike, which is not what zeros read like';
    findings.push(report('weights-all-zero', at(), message, 'Give at least one Region a weight above 0'));
  } else {
    findings.push(
      ...zero.map((code) => {
        const message = `${code} has weight 0: it is answered only when every other Region is unhealthy, and then takes all of the load at once`;
        return report('weight-zero', at(code), message, 'Nothing, if it is a last resort; drills should send it traffic');
      }),
    );
  }
  return findings;
}
