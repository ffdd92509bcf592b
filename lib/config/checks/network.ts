import { anyHolds, type Cidr, cidrContains, cidrsOverlap, freeRanges, parseCidr, parseCidrs } from '../../cidr';
import { entryOf } from '../../entry-of';
import type { Finding } from '../../findings';
import type { FleetConfig, FleetLock, GroupConfig } from '../types';
import { type CheckContext, fleetPlace, groupPlace, memberCodes, report } from './context';

/** The pool and what is set aside of it. */
export function checkFleetNetwork({ config, lock }: CheckContext): Finding[] {
  const { pool, reserved, stampPrefix } = config.network;
  const poolRange = parseCidr(pool);
  const findings: Finding[] = poolRange === undefined ? [invalid(pool, fleetPlace('network', 'pool'))] : [];
  const ranges: Cidr[] = [];
  for (const [index, text] of reserved.entries()) {
    const range = parseCidr(text);
    const where = fleetPlace('network', 'reserved', index);
    if (range === undefined) {
      findings.push(invalid(text, where));
      continue;
    }
    const other = ranges.findIndex((earlier) => cidrsOverlap(earlier, range));
    if (other >= 0) {
      const message = `reserved range ${text} overlaps ${reserved[other] ?? ''}: two owners were told that it is theirs`;
      findings.push(report('reserved-ranges-overlap', where, message, 'Reserve every range once'));
    }
    ranges.push(range);
  }
  if (poolRange === undefined) return findings;
  if (stampPrefix < poolRange.prefix) {
    const message = `a stamp takes a /${stampPrefix}, which does not fit into the pool ${pool}`;
    findings.push(
      report('pool-smaller-than-stamp', fleetPlace('network', 'stampPrefix'), message, 'Widen the pool or raise the prefix'),
    );
    return findings;
  }
  return [...findings, ...checkRoom(config, lock, poolRange, ranges)];
}

function checkRoom(config: FleetConfig, lock: FleetLock | undefined, pool: Cidr, reserved: readonly Cidr[]): Finding[] {
  const wanted = config.groups
    .flatMap((group) => memberCodes(group.placement).map((code) => `${group.group}-${code}`))
    .filter((id) => entryOf(lock?.addresses ?? {}, id) === undefined && entryOf(lock?.tombstones ?? {}, id) === undefined);
  const held = [...Object.values(lock?.addresses ?? {}), ...Object.values(lock?.tombstones ?? {})];
  const free = countFree(pool, config.network.stampPrefix, [...reserved, ...parseCidrs(held)], wanted.length);
  if (wanted.length <= free) return [];
  const message =
    `${config.network.pool} has room for ${free} more stamps of /${config.network.stampPrefix} ` +
    `beside what is reserved, allocated and buried, and ${wanted.length} are wanted`;
  const fix = 'Widen network.pool, raise network.stampPrefix, or release what is gone with `stampkit lock --release STAMP`';
  return [report('pool-exhausted', fleetPlace('network', 'pool'), message, fix)];
}

/** Free ranges of the pool, counted no further than `most`. */
function countFree(pool: Cidr, prefix: number, taken: readonly Cidr[], most: number): number {
  const free = freeRanges(pool, prefix, taken);
  let count = 0;
  while (count < most && free.next().done !== true) count += 1;
  return count;
}

/** Transit gateways of a group. */
export function checkGroupNetwork(group: GroupConfig, { lock }: CheckContext): Finding[] {
  const { egress, transitCidrs, transitGateways } = group.network;
  const members = memberCodes(group.placement);
  const given = Object.keys(transitGateways);
  const findings: Finding[] = [];
  for (const [index, text] of transitCidrs.entries()) {
    const where = groupPlace(group, 'network', 'transitCidrs', index);
    if (parseCidr(text) === undefined) findings.push(invalid(text, where));
    else if (text === '0.0.0.0/0' && egress === 'nat') {
      const message = '0.0.0.0/0 is routed to the transit gateway while egress is nat: a route table takes one default route';
      findings.push(report('transit-default-route', where, message, 'Write egress: endpoints-only, or route narrower ranges'));
    }
  }
  findings.push(...insideOwnStamps(group, lock));
  if (transitCidrs.length > 0) {
    for (const code of members.filter((member) => !given.includes(member))) {
      const message = `${transitCidrs.join(', ')} is routed to a transit gateway, and ${code} has none`;
      const where = groupPlace(group, 'network', 'transitGateways');
      findings.push(report('transit-gateway-missing', where, message, `Add the id of the transit gateway of ${code}`));
    }
  } else if (given.length > 0) {
    const message = `transit gateways are given for ${given.join(', ')}, and no range is routed to them`;
    const where = groupPlace(group, 'network', 'transitGateways');
    findings.push(report('transit-gateway-idle', where, message, 'Name the ranges in transitCidrs, or remove the gateways'));
  }
  for (const code of given.filter((key) => !members.includes(key))) {
    const where = groupPlace(group, 'network', 'transitGateways', code);
    const message = `a transit gateway is given for ${code}, which holds no stamp of ${group.group}`;
    findings.push(report('transit-gateway-not-member', where, message, 'Remove it'));
  }
  return findings;
}

/** True when the group's tasks can open connections to the internet. */
export function reachesInternet({ network }: GroupConfig): boolean {
  return network.egress === 'nat' || network.transitCidrs.includes('0.0.0.0/0');
}

/** A VPC's own range is always local: a route for a part of it is refused. */
function insideOwnStamps(group: GroupConfig, lock: FleetLock | undefined): Finding[] {
  return group.network.transitCidrs.flatMap((text, index) => {
    const range = parseCidr(text);
    const holder = memberCodes(group.placement)
      .map((code) => ({
        id: `${group.group}-${code}`,
        own: parseCidr(entryOf(lock?.addresses ?? {}, `${group.group}-${code}`) ?? ''),
      }))
      .find(({ own }) => own !== undefined && range !== undefined && cidrContains(own, range));
    if (holder === undefined) return [];
    const message = `${text} lies inside the addresses of ${holder.id}, which are local to it`;
    const where = groupPlace(group, 'network', 'transitCidrs', index);
    return [report('transit-cidr-inside-stamp', where, message, 'Route ranges outside of the stamps of this group')];
  });
}

/** True when one of the transit gateway's ranges holds the address. */
export function routedByTransit({ network }: GroupConfig, address: number): boolean {
  return anyHolds(parseCidrs(network.transitCidrs), address);
}

function invalid(text: string, where: Finding['where']): Finding {
  return report(
    'cidr-invalid',
    where,
    `"${text}" is not an IPv4 range`,
    'Write the first address and a prefix, as in 10.20.0.0/16',
  );
}
