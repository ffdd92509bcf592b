import type { Finding } from '../../findings';
import type { ZoneConfig } from '../types';
import { type CheckContext, groupPlace, report } from './context';

interface ZoneOwner {
  readonly account: string;
  readonly zone: ZoneConfig;
  readonly who: string;
}

/** Hosted zones belong to one account: routing, certificates and stamp records are all written with the group's own account. */
export function checkZoneOwnership({ config }: CheckContext): Finding[] {
  const fleet: ZoneOwner = { account: config.account, zone: config.zone, who: 'the fleet' };
  const byId = new Map<string, ZoneOwner>([[config.zone.hostedZoneId, fleet]]);
  const byName = new Map<string, ZoneOwner>([[config.zone.name, fleet]]);
  return config.groups.flatMap((group) => {
    const { zone, account } = group;
    const self: ZoneOwner = { account, zone, who: `group ${group.group}` };
    const sameId = byId.get(zone.hostedZoneId);
    const sameName = byName.get(zone.name);
    if (sameId === undefined) byId.set(zone.hostedZoneId, self);
    if (sameName === undefined) byName.set(zone.name, self);
    const other = [sameId, sameName].find((owner) => owner !== undefined && owner.account !== account);
    if (other !== undefined) {
      const message = `group ${group.group} lives in account ${account} and uses zone ${zone.name} of ${other.who} in account ${other.account}`;
      const fix = `Give the group a delegated zone of its own: zone: { name: ${group.group}.${config.zone.name}, hostedZoneId: ... }`;
      return [report('account-without-zone', groupPlace(group, 'zone'), message, fix)];
    }
    if (sameId !== undefined && sameId.zone.name !== zone.name) {
      const message = `hosted zone ${zone.hostedZoneId} is ${sameId.zone.name} for ${sameId.who} and ${zone.name} for group ${group.group}`;
      return [report('zone-id-mismatch', groupPlace(group, 'zone', 'hostedZoneId'), message, 'Correct the id or the name')];
    }
    if (sameName !== undefined && sameName.zone.hostedZoneId !== zone.hostedZoneId) {
      const message = `zone ${zone.name} has the ids ${sameName.zone.hostedZoneId} (${sameName.who}) and ${zone.hostedZoneId}: only one of them is delegated`;
      return [report('zone-id-mismatch', groupPlace(group, 'zone', 'hostedZoneId'), message, 'Use the id of the delegated zone')];
    }
    if (zone.name !== config.zone.name && !zone.name.endsWith(`.${config.zone.name}`)) {
      const message = `zone ${zone.name} is not below ${config.zone.name}: its delegation is outside what this fleet's zone can show`;
      return [report('zone-outside-fleet', groupPlace(group, 'zone', 'name'), message, 'Check its delegation by hand')];
    }
    return [];
  });
}
