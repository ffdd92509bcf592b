import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import type { RoutingEvidence } from '../../ports';
import type { Fleet } from '../../topology/types';
import type { AwsAccess } from '../call/access';

/** Where the control plane of Route 53 is (aws-facts 2.8): the Region that may be the one that failed. */
const CONTROL_PLANE = 'us-east-1';
/** One short attempt: nobody waits for what nothing depends on (R2). Milliseconds. */
const BRIEF = { attempts: 1, timeoutMs: 2_000 };

/** Who holds the deployed PRIMARY record, when the Route 53 API happens to answer. Never throws. */
export function createRoutingEvidence(
  { caller, clients }: Pick<AwsAccess, 'caller' | 'clients'>,
  fleet: Pick<Fleet, 'groups'>,
): RoutingEvidence {
  return {
    primaryHolder: async (name) => {
      const group = fleet.groups.find((candidate) => candidate.name === name);
      if (group === undefined) return undefined;
      const wanted = plain(group.recordName);
      try {
        const client = clients.of(Route53Client, CONTROL_PLANE, group.account);
        const command = new ListResourceRecordSetsCommand({
          HostedZoneId: group.zone.hostedZoneId,
          StartRecordName: group.recordName,
          StartRecordType: 'A',
          MaxItems: 10,
        });
        const place = { service: 'route-53', region: CONTROL_PLANE, call: 'ListResourceRecordSets' };
        const { ResourceRecordSets } = await caller.read(place, (abortSignal) => client.send(command, { abortSignal }), BRIEF);
        const primary = (ResourceRecordSets ?? []).find(
          ({ Name, Type, Failover }) => plain(Name ?? '') === wanted && Type === 'A' && Failover === 'PRIMARY',
        );
        const target = plain(primary?.AliasTarget?.DNSName ?? '');
        return group.stamps.find((stamp) => plain(stamp.values.recordName) === target)?.id;
      } catch {
        return undefined;
      }
    },
  };
}

/** Route 53 answers in lower case, with a dot at the end. */
function plain(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}
