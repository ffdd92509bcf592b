import { evacuatedToken, switchKey } from '../../lib/topology/names';
import type { Dns } from '../../lib/ports';
import type { Fleet, StampSpec, TenantGroup } from '../../lib/topology/types';
import type { WireAws } from './wire-aws';

/** What Route 53 would answer: failover records over deep checks and switch objects (aws-facts 1.3, design 7), without delays. */
export function dnsAnswers(aws: WireAws, fleet: Fleet): Dns {
  const address = (group: TenantGroup, stamp: StampSpec): string => `192.0.2.${group.stamps.indexOf(stamp) + 1}`;
  const inService = (stamp: StampSpec): boolean => {
    const { region } = stamp.shape;
    if (aws.world.isDown(region)) return false;
    const evacuated = fleet.control.members.some((member) => {
      const object = aws.buckets.buckets.get(member.bucketName)?.objects.get(switchKey(stamp.id));
      return !aws.world.isDown(member.region) && object?.toString().includes(evacuatedToken(stamp.id)) === true;
    });
    return !evacuated;
  };
  const answered = (group: TenantGroup): StampSpec[] => {
    const serving = group.stamps.filter(inService);
    const primary = group.stamps.find((stamp) => stamp.preferredRole === 'primary');
    if (group.mode !== 'active-passive' || primary === undefined) return serving.length > 0 ? serving : [...group.stamps];
    if (serving.includes(primary)) return [primary];
    return serving.length > 0 ? serving.slice(0, 1) : [primary];
  };
  return {
    answers: (name) => {
      for (const group of fleet.groups) {
        const own = group.stamps.find((stamp) => stamp.values.recordName === name);
        const stamps = own !== undefined ? [own] : group.recordName === name ? answered(group) : undefined;
        if (stamps === undefined) continue;
        const addresses = stamps.map((stamp) => address(group, stamp)).sort();
        return Promise.resolve([{ vantage: 'ns-1.example.net', authoritative: true, addresses }]);
      }
      return Promise.resolve([]);
    },
  };
}
